// Attention cell by cell: products, division, mask, softmax, and the weighted sum of the values.
import { announcer, h, player, save, scroller, visible, watch } from "./picture.js";
import { attend } from "./attention.js";
import { WRITTEN, arithmetic } from "./attention_steps.js";
import { decimal, matrix, pressed, workings } from "./matrix.js";

const SAME = 1e-3;

function render({ model, el }) {
  const names = model.get("tokens").map(visible);
  let [at, t, s, c] = [0, 0, 0, 0]; // the step; the query, the key and the channel that are looked at
  let chosen = false; // whether the reader went to a cell: then the stages stay with it
  let sum;

  const T = model.get("q").length;
  const S = names.length;
  const queries = names.slice(S - T);
  // Step by step: each product, the division, the mask, then softmax and values row by row.
  const starts = [0, T * S, T * S + 1, T * S + 2, T * S + 2 + T, T * S + 2 + 2 * T];
  const stages = ["q · k", "÷ √d", "mask", "softmax", "× v"].map((text, i) => pressed(text, () => jump(i)));
  const tabs = h("div", { class: "gc-buttons gc-tabs", role: "group", aria: { label: "Stage" } });
  tabs.append(...stages.map((one) => one.button));
  const toggle = (trait, text) => {
    const box = h("input", { type: "checkbox", onchange: () => save(model, trait, box.checked) });
    return { box, label: h("label", {}, box, text) };
  };
  const scaled = toggle("scaled", "divide by √d");
  const masked = toggle("masked", "mask the future");
  const scores = matrix({ label: "Rows are queries, columns are keys", corner: "q ╲ k", rows: queries, columns: names, pick });
  const values = model.get("v")[0].map((_, i) => String(i));
  const result = matrix({ label: "The output: a row a query, a column a channel", corner: "out", rows: queries, columns: values, pick: pickOut });
  const [scoresTitle, resultTitle, cardTitle] = ["", "", ""].map(() => h("p", { class: "gc-title" }));
  const saying = h("p", { class: "gc-saying" });
  const table = h("div", {});
  // As many lines as the longest table has: what stands below does not move.
  table.style.minHeight = `${1.55 * (2 + Math.max(S, Math.min(WRITTEN, model.get("q")[0].length)))}rem`;
  const verdict = h("div", { class: "gc-note" });
  const buttons = player({
    step: () => go(at + 1), back: () => go(at - 1), reset: () => ((chosen = false), (c = 0), go(0)),
    canStep: () => at < starts[5] - 1, canBack: () => at > 0,
    wait: () => (stage() === 0 ? 500 : 1500),
  });
  const card = h("div", { class: "gc-card" }, cardTitle, saying, scroller("The arithmetic of the cell", table));
  const root = h(
    "div",
    { class: S > 6 || values.length > 6 ? "gc-picture gc-scores gc-large" : "gc-picture gc-scores" },
    tabs,
    h("div", { class: "gc-bar-row" }, buttons.element, scaled.label, masked.label),
    h(
      "div",
      { class: "gc-board" },
      h("div", { class: "gc-main-matrix" }, scoresTitle, scroller("The scores", scores.element)),
      card,
      h("div", { class: "gc-result" }, resultTitle, scroller("The output", result.element)),
    ),
    verdict,
  );
  const voice = announcer(root);
  el.append(root);

  function stage() {
    return starts.findLastIndex((start) => at >= start);
  }

  function go(target) {
    at = Math.min(Math.max(target, 0), starts[5] - 1);
    const i = stage();
    if (i === 0) [t, s] = [Math.floor(at / S), at % S];
    if (i === 2 && !chosen) [t, s] = [Math.floor((T - 1) / 2), S - 1];
    if (i > 2) t = at - starts[i];
    draw();
    if (!buttons.playing()) voice.say(saying.textContent);
  }

  /** Show a stage with all of its cells done. */
  function jump(i) {
    buttons.pause();
    if (!chosen) [t, s] = i === 2 ? [Math.floor((T - 1) / 2), S - 1] : [T - 1, Math.min(1, S - 1)];
    at = starts[i + 1] - 1;
    draw();
    voice.say(saying.textContent);
  }

  function pick(row, column) {
    buttons.pause();
    [t, s, chosen] = [row, column, true];
    const i = stage();
    if (i === 0) at = Math.max(at, t * S + s);
    if (i > 2) at = Math.max(at, starts[i] + t);
    draw();
    voice.say(saying.textContent);
  }

  function pickOut(row, column) {
    buttons.pause();
    [t, c, chosen] = [row, column, true];
    at = Math.max(at, starts[4] + t);
    draw();
    voice.say(saying.textContent);
  }

  function compute() {
    const mask = model.get("masked") ? model.get("mask") : null;
    sum = attend({ q: model.get("q"), k: model.get("k"), v: model.get("v"), scaled: model.get("scaled"), mask });
    draw();
  }

  function draw() {
    const i = stage();
    stages.forEach((one, n) => one.set(n === i));
    scaled.box.checked = model.get("scaled");
    masked.box.checked = model.get("masked");
    scoresTitle.textContent = [
      "Scores: q[t] · k[s]",
      "Scores divided by √d",
      "Scores with the mask",
      "Weights: softmax along each row",
      "Weights",
    ][i];
    resultTitle.textContent = "Output: the weights times the values";
    scores.draw((row, column) => scoreCell(i, row, column));
    scores.mark(t, s);
    result.draw((row, column) => outCell(i, row, column));
    result.mark(t, c);
    result.element.classList.toggle("gc-m-idle", i < 4);
    explain(i);
    compare(i);
    buttons.refresh();
  }

  function scoreCell(i, row, column) {
    const pair = `query ${queries[row]}, key ${names[column]}`;
    const empty = { text: "", words: `${pair}: still to come`, kind: "gc-empty" };
    if (i === 0 && row * S + column > at) return empty;
    const weight = i === 4 || (i === 3 && row <= at - starts[3]);
    const value = (weight ? sum.weights : [sum.products, sum.divided, sum.masked, sum.masked][i])[row][column];
    const out = i > 1 && sum.masked[row][column] === -Infinity;
    const largest = Math.max(...(i === 0 ? sum.products : sum.divided).flat().map(Math.abs)) || 1;
    const kind = `${row === t ? "gc-row" : ""} ${out ? "gc-out" : ""}`;
    const heat = out ? 0 : weight ? value : value / largest;
    return { text: decimal(value), words: `${pair}: ${decimal(value)}`, heat, kind };
  }

  function outCell(i, row, column) {
    const name = `output of ${queries[row]}, channel ${column}`;
    if (i < 4 || row > at - starts[4]) return { text: "", words: `${name}: still to come`, kind: "gc-empty" };
    const value = sum.out[row][column];
    const mine = yours()?.rows?.[row]?.[column];
    const bad = mine !== undefined && !same(mine, value);
    const words = `${name}: ${decimal(value)}${bad ? `, yours ${decimal(mine)}` : ""}`;
    return { text: decimal(value), words, kind: `${row === t ? "gc-row" : ""} ${bad ? "gc-bad" : ""}` };
  }

  /** The arithmetic of the cell that is looked at, as a table and in words. */
  function explain(i) {
    const [q, k, v, scaled, masked] = ["q", "k", "v", "scaled", "masked"].map((trait) => model.get(trait));
    const parts = arithmetic(i, { q, k, v, scaled, masked, names, queries, sum, t, s, c });
    cardTitle.textContent = parts.title;
    table.replaceChildren(workings(parts));
    saying.textContent = parts.words;
  }

  /** What the learner's function returned under the mask that is chosen, or why that is unknown. */
  function yours() {
    return model.get("scaled") ? model.get("yours")[model.get("masked") ? "masked" : "open"] : undefined;
  }

  function same(a, b) {
    if (Number.isNaN(b)) return a === "nan"; // JSON has no nan: it came as text
    return typeof a === "number" && Math.abs(a - b) <= SAME * Math.max(1, Math.abs(b));
  }

  /** Hold the learner's output against the picture's, row by row. */
  function compare(i) {
    const mine = yours();
    const { name } = model.get("yours");
    const line = (row) => row.map((x) => decimal(x)).join(", ");
    const wrong = (mine?.rows ?? []).map((_, row) => row).filter((row) => !mine.rows[row].every((x, n) => same(x, sum.out[row][n])));
    const bad = Boolean(mine?.error) || wrong.length > 0;
    verdict.hidden = !name || (i < 4 && !bad); // that all is well is said beside the output
    verdict.classList.toggle("gc-bad", bad);
    if (!mine) verdict.replaceChildren(`${name} is compared when the division by √d is on.`);
    else if (mine.error) verdict.replaceChildren(`✗ ${mine.error}`);
    else if (!wrong.length) verdict.replaceChildren(`✓ ${name} returned these ${T} rows.`);
    else {
      verdict.replaceChildren(`✗ ${name} returned another output in ${wrong.length} of ${T} rows.`);
      const rows = wrong.map((row) => h("li", {}, `row ${row}: yours ${line(mine.rows[row])}; weights times values ${line(sum.out[row])}`));
      if (i === 4) verdict.append(h("ul", {}, ...rows));
    }
  }

  compute();
  const unwatch = watch(model, ["q", "k", "v", "mask", "scaled", "masked", "yours"], compute);
  return () => {
    buttons.pause();
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
