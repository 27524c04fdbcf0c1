// A window slid over a text: features, targets shifted by one, and the examples that they make.
import { announcer, blank, h, player, save, scroller, tile, visible, watch } from "./picture.js";

function render({ model, el }) {
  const batch = model.get("features").length > 0;
  let shown = 1; // how many examples of the window are listed; the last of them is the current one
  let tiles = [];

  const strip = h("div", { class: "gc-strip" });
  const frame = h("div", { class: "gc-frame", role: "slider", tabIndex: 0, aria: { label: "Window over the text" } });
  const pair = h("div", { class: "gc-pair" });
  const verdict = h("p", { class: "gc-verdict" });
  const heading = h("p", { class: "gc-title" });
  const list = h("ol", { class: "gc-examples" });
  const size = h("input", { type: "range", min: 1 });
  const sizeText = h("strong", {});
  const rowPicker = h("select", { onchange: () => save(model, "row", rowPicker.selectedIndex) });
  const buttons = player({
    step: () => go(1),
    back: () => go(-1),
    reset: () => ((shown = 1), batch ? save(model, "row", 0) : slide(0), draw()),
    canStep: () => shown < width() || (batch ? model.get("row") < lastRow() : model.get("start") < last()),
    canBack: () => shown > 1 || (batch ? model.get("row") > 0 : model.get("start") > 0),
    wait: () => 900,
  });

  const hint = h("p", { class: "gc-title" }, "Drag the window over the text, or use the arrow keys");
  const root = h("div", { class: "gc-picture gc-window" });
  if (batch) root.append(h("label", {}, "Row of the batch ", rowPicker));
  else root.append(hint, h("div", { class: "gc-scroller" }, strip));
  root.append(scroller("Features and targets", pair), verdict, h("div", { class: "gc-bar-row" }, buttons.element));
  if (!batch) buttons.element.after(h("label", {}, "block_size", size, sizeText));
  root.append(heading, list);
  const voice = announcer(root);
  el.append(root);

  function width() {
    return current()[0].length;
  }

  /** The last place at which the window still has a target for each feature. */
  function last() {
    return model.get("tokens").length - model.get("block_size") - 1;
  }

  function lastRow() {
    return model.get("features").length - 1;
  }

  /** The features and targets that are looked at. */
  function current() {
    if (batch) return [model.get("features")[model.get("row")], model.get("targets")[model.get("row")]];
    const [start, T] = [model.get("start"), model.get("block_size")];
    return [model.get("tokens").slice(start, start + T), model.get("tokens").slice(start + 1, start + T + 1)];
  }

  /** One example on or back; past the ends the window slides, or the next row of the batch comes. */
  function go(by) {
    const next = shown + by;
    if (next >= 1 && next <= width()) shown = next;
    else {
      shown = by > 0 ? 1 : width();
      if (batch) save(model, "row", model.get("row") + by);
      else slide(model.get("start") + by);
    }
    draw();
    if (!buttons.playing()) voice.say(sentence(shown - 1));
  }

  function slide(start) {
    const bounded = Math.min(Math.max(start, 0), last());
    if (bounded !== model.get("start")) save(model, "start", bounded);
  }

  function sentence(t) {
    const [x, y] = current();
    return `Example ${t + 1}: after ${x.slice(0, t + 1).map(visible).join(" ")} comes ${visible(y[t])}`;
  }

  function build() {
    tiles = model.get("tokens").map((token) => tile(token));
    strip.replaceChildren(h("div", { class: "gc-tokens" }, ...tiles), frame);
    frame.replaceChildren(h("span", { class: "gc-frame-x" }, "features"), h("span", { class: "gc-frame-y" }, "targets"));
    size.max = Math.min(32, model.get("tokens").length - 1);
    const rows = model.get("features").map((_, b) => h("option", {}, String(b)));
    rowPicker.replaceChildren(...rows);
    shown = 1;
    draw();
  }

  function draw() {
    shown = Math.min(shown, width());
    const [x, y] = current();
    drawPair(x, y);
    if (batch) drawVerdict();
    else drawStrip();
    rowPicker.selectedIndex = model.get("row");
    size.value = model.get("block_size");
    sizeText.textContent = model.get("block_size");
    heading.textContent = `One window of ${x.length} ${x.length === 1 ? "token gives 1 training example" : `tokens gives ${x.length} training examples`}`;
    list.replaceChildren(...x.map((_, t) => example(x, y, t)));
    buttons.refresh();
  }

  /** A row of the list; those still to come are blank tiles, so that nothing moves when they fill. */
  function example(x, y, t) {
    const later = t >= shown;
    const part = later ? blank : tile;
    const parts = x.slice(0, t + 1).map((token) => part(token, "gc-x"));
    const arrow = h("span", { class: "gc-arrow" }, "→", h("span", { class: "gc-hidden" }, " comes "));
    const row = h("li", {}, h("span", { class: "gc-so-far" }, ...parts), arrow, part(y[t], "gc-y"));
    row.classList.toggle("gc-later", later);
    row.classList.toggle("gc-now", t === shown - 1);
    if (later) row.setAttribute("aria-hidden", "true");
    return row;
  }

  function drawPair(x, y) {
    const wrong = batch ? unshifted(x, y) : [];
    const cells = (name, tokens, kind) =>
      h("tr", {}, h("th", { scope: "row" }, name), ...tokens.map((token, t) => {
        const cell = h("td", {}, tile(token, kind));
        cell.classList.toggle("gc-now", kind === "gc-y" ? t === shown - 1 : t < shown);
        if (kind === "gc-y" && wrong.includes(t)) {
          cell.classList.add("gc-wrong");
          cell.append(h("span", { aria: { label: "not the next feature" }, role: "img" }, "✗"));
        }
        return cell;
      }));
    const positions = x.map((_, t) => h("th", { scope: "col" }, String(t)));
    const head = h("tr", {}, h("th", { scope: "row" }, "position"), ...positions);
    const rows = [head, cells("features x", x, "gc-x"), cells("targets y", y, "gc-y")];
    pair.replaceChildren(h("table", {}, h("tbody", {}, ...rows)));
  }

  /** The positions t whose target is not the feature at t + 1. */
  function unshifted(x, y) {
    return x.map((_, t) => t).filter((t) => t + 1 < x.length && y[t] !== x[t + 1]);
  }

  function drawVerdict() {
    const rows = model.get("features").map((x, b) => unshifted(x, model.get("targets")[b]));
    const wrong = rows.reduce((n, row) => n + row.length, 0);
    const checked = rows.length * (width() - 1);
    verdict.classList.toggle("gc-bad", wrong > 0);
    verdict.textContent = wrong
      ? `✗ At ${wrong} of ${checked} places in the batch, y[b, t] is not x[b, t + 1].`
      : `✓ At all ${checked} places where it can be seen, y[b, t] is x[b, t + 1].`;
  }

  function drawStrip() {
    const [start, T] = [model.get("start"), model.get("block_size")];
    const [x, y] = [tiles[start], tiles[start + T]];
    const right = (element) => element.offsetLeft + element.offsetWidth;
    frame.style.left = `${x.offsetLeft}px`;
    frame.style.width = `${right(y) - x.offsetLeft}px`;
    frame.style.setProperty("--x", `${right(tiles[start + T - 1]) - x.offsetLeft}px`);
    frame.style.setProperty("--y", `${tiles[start + 1].offsetLeft - x.offsetLeft}px`);
    const box = strip.parentElement;
    box.scrollLeft = x.offsetLeft - Math.max(0, (box.clientWidth - frame.offsetWidth) / 2);
    const range = { min: 0, max: last(), now: start, text: `tokens ${start} to ${start + T}: ${current()[0].map(visible).join(" ")}` };
    for (const [name, value] of Object.entries(range)) frame.setAttribute(`aria-value${name}`, value);
    tiles.forEach((one, i) => one.classList.toggle("gc-outside", i < start || i > start + T));
  }

  frame.addEventListener("keydown", (event) => {
    const start = model.get("start");
    const T = model.get("block_size");
    const targets = {
      ArrowRight: start + 1, ArrowUp: start + 1, ArrowLeft: start - 1, ArrowDown: start - 1,
      PageUp: start + T, PageDown: start - T, Home: 0, End: last(),
    };
    if (!(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    buttons.pause();
    slide(targets[event.key]);
  });

  let grip = null;
  strip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    buttons.pause();
    grip = { x: event.clientX, start: model.get("start"), step: strip.scrollWidth / tiles.length };
    strip.setPointerCapture(event.pointerId);
  });
  strip.addEventListener("pointermove", (event) => {
    if (grip) slide(grip.start + Math.round((event.clientX - grip.x) / grip.step));
  });
  for (const end of ["pointerup", "pointercancel"]) strip.addEventListener(end, () => (grip = null));

  size.addEventListener("input", () => {
    buttons.pause();
    const T = Number(size.value);
    const most = model.get("tokens").length - T - 1;
    if (model.get("start") > most) model.set("start", most);
    save(model, "block_size", T);
  });

  build();
  const resized = new ResizeObserver(() => !batch && drawStrip());
  resized.observe(root);
  const unwatch = watch(model, ["tokens", "features", "targets"], build);
  const unwatchDraw = watch(model, ["block_size", "start", "row"], draw);
  return () => {
    buttons.pause();
    resized.disconnect();
    unwatch();
    unwatchDraw();
    voice.stop();
    root.remove();
  };
}

export default { render };
