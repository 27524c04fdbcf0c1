// Where the parameters of a GPT are: boxes whose areas are counts, for published and other sizes.
import { announcer, count, h, percent, save, watch } from "./picture.js";
import { boxesOf, layOut, partsOf } from "./gpt_parts.js";

const SVG = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;

function render({ model, el }) {
  const models = model.get("models");
  const channels = model.get("channels");
  let parts = [];
  let all = 1;
  let pointed = null; // the box under the mouse: read, not chosen

  const presets = models.map((one) => h("button", { type: "button", onclick: () => resize(one) }, one.name));
  const layers = slider(1, model.get("layers"), (n) => save(model, "n_layer", n));
  const width = slider(0, channels.length - 1, (i) => save(model, "n_embd", channels[i]));
  const sum = h("strong", { class: "gc-sum" });
  const sizes = h("p", {});
  const [paper, field, corner] = ["svg", "g", "g"].map((name) => document.createElementNS(SVG, name));
  paper.append(field, corner);
  paper.setAttribute("aria-hidden", "true"); // the table says it all
  const labels = h("div", { class: "gc-labels", aria: { hidden: "true" } });
  const plot = h("div", { class: "gc-plot" }, paper, labels);
  const scale = h("p", { class: "gc-quiet gc-scale" });
  const saying = h("p", { class: "gc-saying" });
  const body = h("tbody", {});
  const heads = ["part", "in one block", "in all", "share"].map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "gc-parts" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const root = h(
    "div",
    { class: "gc-picture gc-sizes" },
    h("div", { class: "gc-presets", role: "group", aria: { label: "Published models" } }, ...presets),
    h("div", { class: "gc-bar-row" }, h("label", {}, "layers", layers.input, layers.text), h("label", {}, "channels C", width.input, width.text)),
    h("div", {}, h("p", {}, sum, " parameters"), sizes),
    h("div", {}, plot, scale),
    saying,
    table,
    h("p", { class: "gc-quiet" }, "The number of heads is not in the count: heads divide the same matrices among themselves. Nor is the head of the model: it is the token table again. Norms are too small to be seen: the line that shows them is wider than their boxes."),
  );
  const voice = announcer(root);
  const lines = new Map();
  el.append(root);

  plot.addEventListener("click", (event) => {
    const box = boxAt(event);
    if (box) choose(box.part, box.block);
  });
  plot.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") point(boxAt(event));
  });
  plot.addEventListener("pointerleave", () => point(null));
  const observer = new ResizeObserver(() => paint());
  observer.observe(plot);

  function slider(min, max, onchange) {
    const input = h("input", { type: "range", min, max, oninput: () => onchange(Number(input.value)) });
    return { input, text: h("strong", { class: "gc-size" }) };
  }

  function resize({ n_layer, n_embd, block_size }) {
    for (const [name, value] of Object.entries({ n_layer, n_embd, block_size })) save(model, name, value);
  }

  function boxAt({ target }) {
    return target.dataset?.part ? { part: target.dataset.part, block: Number(target.dataset.block) } : null;
  }

  function choose(part, block) {
    save(model, "block", block);
    save(model, "part", part);
    mark();
    voice.say(saying.textContent);
  }

  function point(box) {
    if (box?.part === pointed?.part && box?.block === pointed?.block) return;
    pointed = box;
    mark();
  }

  function draw() {
    const [L, C, N] = ["n_layer", "n_embd", "block_size"].map((name) => model.get(name));
    parts = partsOf(L, C, N, model.get("vocab_size"));
    all = parts.reduce((n, part) => n + part.all, 0);
    const inBlocks = parts.reduce((n, part) => n + (part.times ? part.all : 0), 0);
    layers.input.value = L;
    layers.text.textContent = L;
    const nearest = channels.findLastIndex((n) => n <= C);
    width.input.value = Math.max(nearest, 0);
    width.input.setAttribute("aria-valuetext", `${count(C)} channels`);
    width.text.textContent = count(C);
    const known = models.find((one) => one.n_layer === L && one.n_embd === C && one.block_size === N);
    presets.forEach((button, i) => button.setAttribute("aria-pressed", String(models[i] === known)));
    sum.textContent = count(all);
    sizes.textContent = `${percent(inBlocks / all)} of them in the blocks. ${count(model.get("vocab_size"))} tokens, ${count(N)} positions${known ? `, ${known.n_head} heads` : ""}.${known?.name === "GPT-3" ? " The published figure is 175 billion." : ""}`;
    write();
    paint();
    voice.say(`${count(all)} parameters, ${percent(inBlocks / all)} in the blocks.`);
  }

  /** The table: its rows stay, so that a button keeps the focus while numbers change. */
  function write() {
    for (const part of parts) {
      if (!lines.has(part.key)) {
        const button = h("button", { type: "button", onclick: () => choose(part.key, model.get("block")) }, h("span", { class: `gc-swatch gc-${part.kind}` }), part.name);
        const cells = [0, 1, 2].map(() => h("td", {}));
        lines.set(part.key, { button, cells, row: h("tr", {}, h("th", { scope: "row" }, button), ...cells) });
        body.append(lines.get(part.key).row);
      }
      const texts = [part.times ? count(part.one) : "", count(part.all), share(part.all)];
      lines.get(part.key).cells.forEach((cell, i) => (cell.textContent = texts[i]));
    }
  }

  function share(n) {
    return n / all < 5e-6 ? "< 0.001\u00a0%" : percent(n / all);
  }

  function paint() {
    const { clientWidth: w, clientHeight: height } = plot;
    if (!w || !parts.length) return;
    paper.setAttribute("viewBox", `0 0 ${w} ${height}`);
    const places = layOut(parts, model.get("n_layer"), w, height);
    const boxes = boxesOf(parts, model.get("n_layer"), places);
    const outlines = places.blocks.map((place) => rectangle(place, "gc-outline"));
    field.replaceChildren(...boxes.map((box) => rectangle(box, `gc-box gc-${box.kind}`, box)), ...outlines);
    const first = boxes.filter((box) => box.block <= 0 && box.width > 7.3 * box.label.length + 6 && box.height > 22);
    labels.replaceChildren(...first.map((box) => {
      const text = h("span", { class: `gc-label gc-${box.kind}` }, box.label);
      text.style.translate = `${box.x + 4}px ${box.y + 2}px`;
      return text;
    }));
    frame(w, height);
    mark();
  }

  function rectangle({ x, y, width, height }, kind, { part, block } = {}) {
    const one = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x, y, width, height, class: kind })) one.setAttribute(name, value);
    if (part) Object.assign(one.dataset, { part, block });
    return one;
  }

  /** GPT-2 small at the scale of what is shown, as a dashed frame in the corner. */
  function frame(w, height) {
    const { name, n_layer, n_embd, block_size } = models[0];
    const small = partsOf(n_layer, n_embd, block_size, model.get("vocab_size")).reduce((n, part) => n + part.all, 0);
    const ratio = all / small;
    const side = Math.sqrt(1 / ratio);
    const times = (x) => (x >= 10 ? count(Math.round(x)) : x.toFixed(1));
    const size =
      ratio > 1 ? `At this scale ${name} would fill the dashed corner, 1/${times(ratio)} of it.`
      : ratio < 1 ? `At this scale ${name} would be ${times(1 / ratio)} times as large.`
      : `In larger models a dashed corner shows ${name} at their scale.`;
    scale.textContent = `Area is number of parameters. The drawing is always as large, so its scale changes. ${size}`;
    corner.replaceChildren();
    if (ratio <= 1) return;
    const at = { x: w * (1 - side) - 2, y: height * (1 - side) - 2, width: w * side, height: height * side };
    corner.append(rectangle(at, "gc-frame gc-under"), rectangle(at, "gc-frame"));
  }

  /** Show which box is chosen or pointed at, and say what it holds. */
  function mark() {
    const { part: key, block } = pointed ?? { part: model.get("part"), block: model.get("block") };
    const part = parts.find((one) => one.key === key) ?? parts[0];
    const at = part.times ? Math.min(block, model.get("n_layer") - 1) : -1;
    const same = [];
    for (const one of field.querySelectorAll(".gc-box")) {
      const [on, here] = [one.dataset.part === key, Number(one.dataset.block) === at];
      one.classList.toggle("gc-on", on);
      one.classList.toggle("gc-here", on && here);
      if (on) same.push(one);
    }
    same.sort((a, b) => a.classList.contains("gc-here") - b.classList.contains("gc-here"));
    field.append(...same); // above its neighbours
    for (const [name, { button, row }] of lines) {
      button.setAttribute("aria-pressed", String(name === model.get("part")));
      row.classList.toggle("gc-now", name === key);
    }
    const where = part.times ? ` of block ${at + 1}` : "";
    const times = part.times ? ` ${count(part.times)} blocks have ${count(part.all)} of these,` : " That is";
    saying.replaceChildren(
      h("strong", {}, part.name + where), `: ${part.what}. `,
      h("span", { class: "gc-formula" }, `${part.formula} = ${part.sum} = `, h("strong", {}, count(part.one))), `.${times} ${share(part.all)} of the model.`,
    );
  }

  draw();
  const unwatch = watch(model, ["n_layer", "n_embd", "block_size"], draw);
  const unmark = watch(model, ["part", "block"], mark);
  return () => {
    unwatch();
    unmark();
    observer.disconnect();
    voice.stop();
    root.remove();
  };
}

export default { render };
