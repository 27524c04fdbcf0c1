// A matrix of numbers as a grid that is read cell by cell: with the mouse, a finger or the arrow keys.
import { h } from "./picture.js";

/** 0.5 is "0.50", minus infinity "−∞": a true minus sign, and never a minus before zero. */
export function decimal(x, places = 2) {
  if (typeof x !== "number" || Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  const text = Math.abs(x).toFixed(places);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Build a button that can be pressed in; `set(false)` lets it out. */
export function pressed(text, onclick) {
  const button = h("button", { type: "button", onclick }, text);
  return { button, set: (on) => button.setAttribute("aria-pressed", String(on)) };
}

/**
 * Build a grid with a head for each row and column. `pick(r, c)` is called when the reader goes
 * to a cell. `ends` names columns at the right that are read but not gone to, such as a sum.
 *
 * `draw(cell, end)` fills it: `cell(r, c)` gives { text, words, heat, kind }, where words is what
 * is read out, heat a shade from -1 to 1, and kind some of the classes gc-out (struck out),
 * gc-empty (still to come) and gc-bad; `end(r, i)` gives { text, kind }.
 */
export function matrix({ label, corner = "", rows, columns, ends = [], pick }) {
  let at = [0, 0];
  const head = (role, name) => h("span", { class: "gc-m-head", role, title: name }, name);
  const first = h("span", { class: "gc-m-head gc-m-corner", role: "columnheader" }, corner);
  if (!corner) first.append(h("span", { class: "gc-hidden" }, "row"));
  const columnHeads = columns.map((name) => head("columnheader", name));
  const rowHeads = rows.map((name) => head("rowheader", name));
  const endHeads = ends.map((name) => h("span", { class: "gc-m-head gc-m-end", role: "columnheader" }, name));
  const cells = rows.map((_, r) =>
    columns.map((_, c) => {
      const cell = h("span", { role: "gridcell", tabIndex: -1 });
      cell.addEventListener("click", () => go(r, c, true));
      return cell;
    }),
  );
  const endCells = rows.map(() => ends.map(() => h("span", { role: "gridcell" })));
  const lines = rows.map((_, r) => h("div", { role: "row" }, rowHeads[r], ...cells[r], ...endCells[r]));
  const element = h("div", { class: "gc-matrix", role: "grid", aria: { label } });
  element.append(h("div", { role: "row" }, first, ...columnHeads, ...endHeads), ...lines);
  element.style.setProperty("--columns", columns.length);
  element.style.setProperty("--ends", ends.length);
  element.classList.toggle("gc-m-ended", ends.length > 0);
  element.addEventListener("keydown", key);
  mark(0, 0);

  function key(event) {
    const [r, c] = at;
    const [bottom, right] = [rows.length - 1, columns.length - 1];
    const targets = {
      ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [r, 0], End: [r, right], PageUp: [0, c], PageDown: [bottom, c],
    };
    if (!(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [row, column] = targets[event.key];
    go(Math.min(Math.max(row, 0), bottom), Math.min(Math.max(column, 0), right), true);
  }

  function go(r, c, focus) {
    mark(r, c);
    pick?.(r, c);
    if (focus) cells[r][c].focus();
  }

  /** Make a cell the one that the Tab key stops at, and light up its row and column. */
  function mark(r, c) {
    cells[at[0]][at[1]].tabIndex = -1;
    at = [r, c];
    cells[r][c].tabIndex = 0;
    rowHeads.forEach((one, i) => one.classList.toggle("gc-on", i === r));
    columnHeads.forEach((one, i) => one.classList.toggle("gc-on", i === c));
    cells.forEach((line, i) => line.forEach((cell, j) => cell.classList.toggle("gc-at", i === r && j === c)));
  }

  function fill(cell, { text, words, heat = 0, kind = "" }, base) {
    cell.className = `${base} ${kind}`;
    cell.textContent = text;
    cell.style.setProperty("--heat", Math.min(Math.abs(heat), 1));
    cell.classList.toggle("gc-below", heat < 0);
    if (words) cell.setAttribute("aria-label", words);
  }

  function draw(cell, end) {
    cells.forEach((line, r) => line.forEach((one, c) => fill(one, cell(r, c), "gc-m-cell")));
    endCells.forEach((line, r) => line.forEach((one, i) => fill(one, end(r, i), "gc-m-end")));
    mark(...at);
  }

  return { element, draw, mark, cells, columnHeads };
}

/** A table of an argument: named columns, lines, and a last line that sums up. */
export function workings({ head, lines, now, last, column }) {
  const cell = (tag, text, i) => h(tag, { class: i === column ? "gc-now" : "" }, text);
  const body = lines.map((line, r) =>
    h("tr", { class: r === now ? "gc-now" : "" }, h("th", { scope: "row" }, line[0]), ...line.slice(1).map((text, i) => cell("td", text, i + 1))),
  );
  const table = h("table", { class: "gc-workings" }, h("thead", {}, h("tr", {}, ...head.map((text, i) => {
    const one = cell("th", text, i);
    one.scope = "col";
    return one;
  }))), h("tbody", {}, ...body));
  if (last) table.append(h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, last[0]), ...last.slice(1).map((text, i) => cell("td", text, i + 1)))));
  return table;
}
