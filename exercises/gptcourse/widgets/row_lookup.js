// A row drawn out of the table: by a one-hot product, by its index, and what comes back to it.
import { announcer, h, player, reducedMotion, save, scroller, tile, visible, watch } from "./picture.js";
import { decimal, matrix, pressed, workings } from "./matrix.js";

const VIEWS = ["product", "index", "backward"];
const EQUAL = 1e-4;

function render({ model, el }) {
  const table = model.get("table");
  const symbols = model.get("symbols");
  const [V, C] = [table.length, table[0].length];
  const channels = table[0].map((_, c) => String(c));
  const ids = model.get("ids");
  const T = ids.length;
  let done = 1; // how many steps of the view: cells of the output, or its rows
  let [t, c, row] = [0, 0, ids[0]]; // the position, the channel and the row that are looked at

  const tabs = ["one-hot × E", "E[id]", "backward"].map((text, i) => pressed(text, () => save(model, "view", VIEWS[i])));
  const text = h("div", { class: "gc-text", role: "group" });
  const names = symbols.map((symbol, i) => `${i} ${visible(symbol)}`);
  const left = matrix({ label: "The table: a row a token id", corner: "id", rows: names, columns: ["one-hot", ...channels], pick });
  left.element.classList.add("gc-table");
  left.element.style.setProperty("--columns", C); // the first column has a width of its own
  const lines = ids.map((id, i) => `${i} ${visible(symbols[id])}`);
  const right = matrix({ label: "A row a position", corner: "at", rows: lines, columns: channels, pick: pickOut });
  const [leftTitle, rightTitle, cardTitle] = ["", "", ""].map(() => h("p", { class: "gc-title" }));
  const sum = h("div", {});
  const saying = h("p", { class: "gc-saying" });
  const verdict = h("p", { class: "gc-note" });
  const buttons = player({
    step: () => go(done + 1), back: () => go(done - 1), reset: () => go(first()),
    canStep: () => done < end(), canBack: () => done > first(),
    wait: () => (view() === 0 ? 700 : 1600),
  });
  const group = h("div", { class: "gc-buttons gc-tabs", role: "group", aria: { label: "What is shown" } });
  group.append(...tabs.map((one) => one.button));
  const root = h(
    "div",
    { class: "gc-picture gc-lookup" },
    group,
    h("div", { class: "gc-bar-row" }, buttons.element, text),
    h(
      "div",
      { class: "gc-board" },
      h("div", {}, leftTitle, scroller("The table", left.element)),
      h("div", { class: "gc-card" }, cardTitle, saying, scroller("The arithmetic", sum)),
      h("div", {}, rightTitle, scroller("The rows", right.element)),
    ),
    verdict,
  );
  const voice = announcer(root);
  el.append(root);

  function view() {
    return VIEWS.indexOf(model.get("view"));
  }

  function end() {
    return view() === 0 ? T * C : T;
  }

  /** Backward begins with a gradient of zeros, the others with something to look at. */
  function first() {
    return view() === 2 ? 0 : 1;
  }

  function go(target) {
    const next = Math.min(Math.max(target, first()), end());
    const forward = next === done + 1;
    done = next;
    const last = Math.max(done - 1, 0);
    [t, c] = view() === 0 ? [Math.floor(last / C), last % C] : [last, c];
    row = ids[t];
    draw();
    if (forward && view() !== 2 && (view() === 1 || c === C - 1)) slide();
    if (!buttons.playing()) voice.say(saying.textContent);
  }

  function pick(r, column) {
    buttons.pause();
    row = r;
    if (column > 0) c = column - 1;
    if (view() === 0) done = Math.max(done, t * C + c + 1);
    draw(column);
    voice.say(saying.textContent);
  }

  function pickOut(position, column) {
    buttons.pause();
    [t, c, row] = [position, column, ids[position]];
    done = Math.max(done, view() === 0 ? t * C + c + 1 : t + 1);
    draw();
    voice.say(saying.textContent);
  }

  /** Let the row of the output arrive from where it stands in the table. */
  function slide() {
    if (reducedMotion()) return;
    right.cells[t].forEach((cell, i) => {
      const [from, to] = [left.cells[row][i + 1], cell].map((one) => one.getBoundingClientRect());
      const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
      cell.animate([{ transform: start, zIndex: 2 }, { transform: "none", zIndex: 2 }], { duration: 700, easing: "ease-in-out" });
    });
  }

  /** The gradient of the table after so many positions: each adds its row to the row it used. */
  function gradient(positions) {
    const sums = table.map((line) => line.map(() => 0));
    ids.slice(0, positions).forEach((id, i) => model.get("grad")[i].forEach((g, n) => (sums[id][n] += g)));
    return sums;
  }

  function draw(column = c + 1) {
    const at = view();
    const back = at === 2 ? gradient(done) : null;
    tabs.forEach((one, i) => one.set(i === at));
    const tiles = ids.map((id, i) => tile(symbols[id], i === t ? "gc-y" : ""));
    text.replaceChildren(...tiles);
    text.setAttribute("aria-label", `Text: ${ids.map((id) => visible(symbols[id])).join(" ")}`);
    leftTitle.textContent = ["E, and beside it the one-hot row of the token", "E", "Gradient of E"][at];
    left.columnHeads[0].textContent = ["one-hot", "row", "used"][at];
    rightTitle.textContent = back ? "Gradient of the output, as it comes back" : "Output";
    left.draw((r, n) => (n === 0 ? sideCell(r, at) : tableCell(r, n - 1, back)));
    left.mark(row, column);
    right.draw((position, n) => outCell(position, n, at));
    right.mark(t, c);
    const parts = [product, index, backward][at](back);
    cardTitle.textContent = parts.title;
    const most = Math.max(...ids.map((id) => ids.filter((other) => other === id).length));
    sum.style.minHeight = `${1.6 * (2 + [V, T, most][at])}rem`; // what stands below does not move
    sum.replaceChildren(workings(parts));
    saying.textContent = parts.words;
    compare(at);
    buttons.refresh();
  }

  /** Beside the table: the one-hot row, the row that the index points to, or how often a row was used. */
  function sideCell(r, at) {
    const one = Number(r === ids[t]);
    const used = ids.slice(0, done).filter((id) => id === r).length;
    if (at === 2) return { text: `${used} ×`, words: `row ${r}: used ${used} times`, kind: "gc-plain" };
    if (at === 1) return { text: one ? "→" : "", words: `row ${r}${one ? ": this one" : ""}`, kind: "gc-plain" };
    return { text: String(one), heat: one, words: `one-hot entry ${r}: ${one}`, kind: one ? "" : "gc-plain" };
  }

  function tableCell(r, n, back) {
    const value = back ? back[r][n] : table[r][n];
    const mine = back && done === T ? model.get("yours").grad?.[r]?.[n] : undefined;
    const bad = mine !== undefined && !equal(mine, value);
    const lit = back ? back[r].some((x) => x !== 0) : r === ids[t];
    const kind = `${bad ? "gc-bad" : lit ? "gc-row gc-lit" : "gc-plain"} ${n === c && view() === 0 ? "gc-column" : ""}`;
    const words = `row ${r}, channel ${n}: ${short(value)}${bad ? `, yours ${short(mine)}` : ""}`;
    return { text: short(value), words, heat: lit ? value / scale() : 0, kind };
  }

  function outCell(position, n, at) {
    const name = `position ${position}, channel ${n}`;
    const here = position === t ? "gc-row" : "";
    if (at === 2) {
      const g = model.get("grad")[position][n];
      return { text: short(g), words: `${name}: ${short(g)}`, heat: position < done ? g / scale() : 0, kind: here };
    }
    if (at === 0 ? position * C + n >= done : position >= done) return { text: "", words: `${name}: still to come`, kind: "gc-empty" };
    const value = table[ids[position]][n];
    const mine = model.get("yours").rows?.[position]?.[n];
    const bad = mine !== undefined && !equal(mine, value);
    const words = `${name}: ${short(value)}${bad ? `, yours ${short(mine)}` : ""}`;
    return { text: short(value), words, heat: value / scale(), kind: bad ? "gc-bad" : here };
  }

  function scale() {
    return Math.max(...(view() === 2 ? model.get("grad") : table).flat().map(Math.abs)) || 1;
  }

  function short(x) {
    return x === 0 ? "0" : decimal(x);
  }

  function product() {
    const id = ids[t];
    const hot = (r) => Number(r === id);
    const value = decimal(table[id][c]);
    return {
      title: `Output at position ${t}, channel ${c}: one-hot times column ${c} of E`,
      head: ["id", "one-hot", `E[:, ${c}]`, "product"],
      lines: names.map((name, r) => [name, String(hot(r)), decimal(table[r][c]), hot(r) ? value : "0"]),
      now: row,
      last: ["sum", "", "", value],
      words: `${V} products, ${V - 1} of them 0: what is left is E[${id}, ${c}] = ${value}.`,
    };
  }

  function index() {
    const id = ids[t];
    return {
      title: `Position ${t} holds “${visible(symbols[id])}”, which is id ${id}`,
      head: ["position", "id", "row"],
      lines: lines.slice(0, done).map((name, i) => [name, String(ids[i]), `E[${ids[i]}]`]),
      now: t,
      words: `Row ${id} goes out as it is: no product, no sum. The one-hot way took ${V} × ${C} = ${V * C} products for the same row.`,
    };
  }

  function backward(back) {
    const uses = ids.map((_, i) => i).filter((i) => ids[i] === row);
    const so = uses.filter((i) => i < done);
    const where = so.length === 1 ? `position ${so[0]}` : `positions ${so.join(" and ")}`;
    return {
      title: `Row ${row}, “${visible(symbols[row])}”: what each use brings back`,
      head: ["at", ...channels],
      lines: so.map((i) => [lines[i], ...model.get("grad")[i].map((g) => decimal(g))]),
      column: c + 1,
      last: ["sum", ...back[row].map(short)],
      words: so.length
        ? `Row ${row} was used at ${where}: its gradient is ${so.length === 1 ? "the row that came back there" : `the sum of the ${so.length} rows that came back`}.`
        : uses.length
          ? `Nothing has come back to row ${row} yet: its gradient is 0.`
          : `No position holds id ${row}: its gradient stays exactly 0, and a step of training leaves the row where it is.`,
    };
  }

  function equal(a, b) {
    return typeof a === "number" && Math.abs(a - b) <= EQUAL * Math.max(1, Math.abs(b));
  }

  /** Hold what the learner's embedding did against the picture. */
  function compare(at) {
    const { name, rows, grad, error, grad_error } = model.get("yours");
    const [mine, fault, right] = at === 2 ? [grad, error ?? grad_error, gradient(T)] : [rows, error, ids.map((id) => table[id])];
    const wrong = (mine ?? []).map((_, i) => i).filter((i) => !mine[i].every((x, n) => equal(x, right[i][n])));
    const what = at === 2 ? "gradients of rows" : "rows";
    verdict.hidden = !mine && !fault;
    verdict.classList.toggle("gc-bad", Boolean(fault) || wrong.length > 0);
    verdict.textContent = fault
      ? `✗ ${fault}`
      : wrong.length
        ? `✗ ${name} has other ${what} at ${wrong.map((i) => `${i} (yours: ${mine[i].map((x) => short(x)).join(", ")})`).join("; ")}.`
        : `✓ ${name} has the same ${what}.`;
  }

  function restart() {
    buttons.pause();
    done = first();
    [t, c, row] = [0, 0, ids[0]];
    draw();
  }

  restart();
  const unwatch = watch(model, ["view", "table", "grad", "yours"], restart);
  return () => {
    buttons.pause();
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
