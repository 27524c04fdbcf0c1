// The table of bigram counts as a heat map: read a cell, or let chance walk from row to row.
import { announcer, bits, count, generator, h, inBits, percent, reducedMotion } from "./picture.js";
import { save, scroller, tile, visible, watch } from "./picture.js";

const LONGEST_WALK = 40;
const KEPT = 8;

function render({ model, el }) {
  const symbols = model.get("symbols");
  const V = symbols.length;
  const random = generator(model.get("seed"));
  let at = fullest(model.get("counts")); // the cell that is read: row, column
  let sums, walk;
  let timer = null;

  const views = ["counts", "probabilities"].map((view) => {
    const onclick = () => save(model, "view", view);
    return h("button", { type: "button", onclick, value: view }, view === "counts" ? "Counts" : "Probabilities");
  });
  const after = picker("after", (row) => move(row, at[1]));
  const comes = picker("comes", (column) => move(at[0], column));
  const reading = h("strong", {});
  const sum = h("p", { class: "gc-quiet" });
  const followers = h("ol", { class: "gc-followers" });
  const noun = model.get("noun");
  const sampleButton = h("button", { type: "button", class: "gc-main", onclick: sample });
  const hops = h("div", { class: "gc-hops" });
  const path = scroller("The walk", hops);
  const walkSum = h("p", {});
  const ends = h("p", { class: "gc-quiet" });
  const made = h("ol", { class: "gc-made", aria: { label: `Sampled so far, newest first` } });
  const { grid, cells, rows, totals } = buildGrid();
  const legend = h("p", { class: "gc-legend gc-quiet" });

  const viewGroup = h("div", { class: "gc-buttons", role: "group", aria: { label: "What is shown" } }, ...views);
  const sentence = h("p", { class: "gc-sentence" }, "After ", after, " comes ", comes, h("br"), reading);
  const root = h(
    "div",
    { class: V > 40 ? "gc-picture gc-bigrams gc-large" : "gc-picture gc-bigrams" },
    h(
      "div",
      { class: "gc-sampler" },
      h("div", { class: "gc-bar-row" }, sampleButton, ends),
      h("div", { class: "gc-walk" }, path, walkSum),
      made,
    ),
    h("div", { class: "gc-map" }, viewGroup, h("div", { class: "gc-grid-box" }, grid), legend),
    h("div", { class: "gc-card" }, sentence, followers, sum),
  );
  const voice = announcer(root);
  el.append(root);

  function picker(label, onpick) {
    const select = h("select", { aria: { label }, onchange: picked });
    function picked() {
      onpick(select.selectedIndex);
      voice.say(reading.textContent); // a cell of the grid speaks for itself when it gets the focus
    }
    select.append(...symbols.map((symbol) => h("option", {}, visible(symbol))));
    return select;
  }

  function buildGrid() {
    const grid = h("div", { class: "gc-grid", role: "grid", aria: { label: "Bigrams: the row comes first, the column second" } });
    grid.style.setProperty("--columns", V + 1);
    const heads = symbols.map((s) => h("span", { class: "gc-head", role: "columnheader" }, visible(s)));
    const corner = h("span", { class: "gc-head", role: "columnheader" });
    corner.append(h("span", { class: "gc-hidden" }, "first symbol"));
    const total = h("span", { class: "gc-head gc-total", role: "columnheader", aria: { label: "row sum" } }, "sum");
    grid.append(h("div", { role: "row" }, corner, ...heads, total));
    const cells = [], rows = [], totals = [];
    symbols.forEach((symbol, a) => {
      const line = symbols.map((_, b) => {
        const cell = h("span", { class: "gc-cell", role: "gridcell", tabIndex: -1 });
        cell.at = [a, b];
        return cell;
      });
      cells.push(line);
      totals.push(h("span", { class: "gc-total", role: "gridcell" }));
      rows.push(h("div", { role: "row" }, h("span", { class: "gc-head", role: "rowheader" }, visible(symbol)), ...line, totals[a]));
    });
    grid.append(...rows);
    grid.addEventListener("pointermove", (event) => point(event, event.pointerType === "mouse" || event.buttons));
    grid.addEventListener("pointerdown", (event) => point(event, true));
    grid.addEventListener("keydown", key);
    return { grid, cells, rows, totals };
  }

  function point(event, wanted) {
    // A finger keeps sending its events to the cell that it first touched.
    const cell = document.elementFromPoint(event.clientX, event.clientY);
    if (wanted && !timer && cell?.at && grid.contains(cell)) move(...cell.at);
  }

  function key(event) {
    const [row, column] = at;
    const page = Math.ceil(V / 5);
    const targets = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [row, 0], End: [row, V - 1],
      PageUp: [row - page, column], PageDown: [row + page, column],
    };
    if (!(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [r, c] = targets[event.key].map((i) => Math.min(Math.max(i, 0), V - 1));
    move(r, c);
    cells[r][c].focus();
  }

  /** What a cell says, as words. */
  function words(a, b) {
    const times = model.get("counts")[a][b];
    const share = percent(model.get("probabilities")[a][b]);
    return `${count(times)} ${times === 1 ? "time" : "times"}, ${share}`;
  }

  function move(row, column) {
    const [oldRow, oldColumn] = at;
    cells[oldRow][oldColumn].tabIndex = -1;
    cells[oldRow][oldColumn].classList.remove("gc-at");
    rows[oldRow].classList.remove("gc-on");
    at = [row, column];
    cells[row][column].tabIndex = 0;
    cells[row][column].classList.add("gc-at");
    rows[row].classList.add("gc-on");
    after.selectedIndex = row;
    comes.selectedIndex = column;
    reading.textContent = words(row, column);
    drawRow(row);
  }

  function drawRow(row) {
    const shares = model.get("probabilities")[row];
    const best = shares.map((p, i) => i).sort((i, j) => shares[j] - shares[i]).slice(0, 5);
    followers.replaceChildren(
      ...best.map((i) => {
        const fill = h("span", {});
        fill.style.setProperty("--p", shares[i] / (shares[best[0]] || 1));
        return h("li", {}, tile(symbols[i]), h("span", { class: "gc-track" }, fill), h("span", {}, percent(shares[i])));
      }),
    );
    const total = model.get("counts")[row].reduce((x, y) => x + y, 0);
    sum.textContent = `Row “${visible(symbols[row])}”: ${count(total)} in all; its probabilities sum to ${sums[row].toFixed(2)}.`;
  }

  function draw() {
    const view = model.get("view");
    const table = model.get(view);
    sums = model.get("probabilities").map((row) => row.reduce((x, y) => x + y, 0));
    const most = Math.max(...table.map((row) => Math.max(...row))) || 1;
    cells.forEach((line, a) =>
      line.forEach((cell, b) => {
        // The square root keeps rare pairs visible beside the few very frequent ones.
        cell.style.setProperty("--heat", `${Math.round(100 * Math.sqrt(table[a][b] / most))}%`);
        cell.setAttribute("aria-label", `after ${visible(symbols[a])} comes ${visible(symbols[b])}: ${words(a, b)}`);
      }),
    );
    const totalOf = (row) => row.reduce((x, y) => x + y, 0);
    totals.forEach((cell, a) => {
      cell.textContent = view === "counts" ? count(totalOf(table[a])) : sums[a].toFixed(2);
    });
    views.forEach((button) => button.setAttribute("aria-pressed", String(button.value === view)));
    const show = view === "counts" ? count : percent;
    legend.replaceChildren(show(0), h("span", { class: "gc-scale" }), show(most));
    move(...at);
  }

  function begin() {
    walk = { row: model.get("boundary") ?? 0, text: "", total: 0, steps: 0 };
    hops.replaceChildren(h("span", { class: "gc-hop" }, tile(symbols[walk.row])));
    walkSum.replaceChildren();
  }

  function sample() {
    if (timer) return finish();
    begin();
    if (reducedMotion()) return finish();
    sampleButton.textContent = "Skip to the end";
    grid.classList.add("gc-walking");
    timer = setTimeout(advance, 250);
  }

  /** Draw one symbol from the walk's row; returns whether the walk goes on. */
  function draws() {
    const row = model.get("probabilities")[walk.row];
    const whole = sums[walk.row];
    if (!(whole > 0)) return false;
    let left = random() * whole;
    let next = row.findIndex((p) => (left -= p) < 0);
    if (next < 0) next = row.findLastIndex((p) => p > 0); // rounding left a crumb
    const p = row[next] / whole;
    walk.at = [walk.row, next];
    walk.total += bits(p);
    walk.steps += 1;
    hops.append(h("span", { class: "gc-arrow" }, "→"));
    hops.append(h("span", { class: "gc-hop" }, tile(symbols[next], "gc-x"), h("span", {}, percent(p))));
    walk.row = next;
    const ended = next === model.get("boundary");
    if (!ended) walk.text += symbols[next];
    return !ended && walk.steps < LONGEST_WALK;
  }

  /** Mark the cell of the last step in the table. */
  function follow() {
    if (!walk.at) return;
    walk.cell?.classList.remove("gc-drawn");
    walk.cell = cells[walk.at[0]][walk.at[1]];
    walk.cell.classList.add("gc-drawn");
    move(...walk.at);
    path.scrollLeft = path.scrollWidth;
  }

  function advance() {
    timer = null;
    const goesOn = draws();
    follow();
    if (goesOn) timer = setTimeout(advance, 600);
    else end();
  }

  function finish() {
    clearTimeout(timer);
    timer = null;
    while (draws());
    follow();
    end();
  }

  function end() {
    sampleButton.textContent = `Sample a ${noun}`;
    walk.cell?.classList.remove("gc-drawn");
    grid.classList.remove("gc-walking");
    voice.say(`Sampled ${list()}.`);
  }

  /** Write the finished walk under its path and into the list; returns its price in words. */
  function list() {
    const text = visible(walk.text) || "(empty)";
    const price = `${walk.steps} steps, ${inBits(walk.total)}`;
    walkSum.replaceChildren(h("strong", {}, text), h("span", {}, price));
    made.prepend(h("li", {}, h("code", {}, text), ` ${inBits(walk.total)}`));
    while (made.children.length > KEPT) made.lastChild.remove();
    return `${text}: ${price}`;
  }

  sampleButton.textContent = `Sample a ${noun}`;
  const edge = symbols[model.get("boundary")];
  ends.textContent = edge === undefined ? "" : `“${visible(edge)}” stands for both ends of a ${noun}.`;
  draw();
  for (let i = 0; i < KEPT; i += 1) {
    begin(); // some stand there from the start; nobody asked for them, so none is read out
    while (draws());
    list();
  }
  const unwatch = watch(model, ["view", "counts", "probabilities"], draw);
  return () => {
    clearTimeout(timer);
    unwatch();
    voice.stop();
    root.remove();
  };
}

/** The place of the highest count. */
function fullest(counts) {
  let best = [0, 0];
  counts.forEach((row, a) => row.forEach((n, b) => n > counts[best[0]][best[1]] && (best = [a, b])));
  return best;
}

export default { render };
