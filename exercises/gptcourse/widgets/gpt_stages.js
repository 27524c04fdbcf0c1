// The stages of a GPT at one position: what enters, what each block adds, the logits, the draw.
import { choice, weightBars } from "./attention_views.js";
import { numberStrip, vectorRows } from "./gpt_strip.js";
import { fallsOn } from "./gpt_sampling.js";
import { decimal } from "./matrix.js";
import { count, h, percent, scroller } from "./picture.js";

const CANDIDATES = 10;

/** A share as a bar with its number. */
function bar(share, text, kind = "") {
  const fill = h("span", {});
  fill.style.setProperty("--p", Math.min(Math.max(share, 0), 1));
  return h("div", { class: `gc-length ${kind}` }, h("span", { class: "gc-track" }, fill), h("span", {}, text));
}

function table(label, heads) {
  const body = h("tbody", {});
  const element = h("table", { class: "gc-candidates" }, h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)))), body);
  function draw(rows) {
    body.replaceChildren(...rows.map(({ cells, kind = "" }) => h("tr", { class: kind }, ...cells.map((cell) => h("td", {}, cell)))));
  }
  return { element: scroller(label, element), draw };
}

/** Two rows of tables are added: what enters the first block. */
export function embeddingStage() {
  const saying = h("p", {});
  const rows = vectorRows(["the token’s row", "the position’s row", "their sum"]);
  const element = h("div", { class: "gc-panel" }, saying, rows.element);
  function draw({ t, ids, names, reading }) {
    const { weights, C } = reading;
    const cut = (all, row) => all.subarray(row * C, (row + 1) * C);
    saying.textContent = `“${names[t]}” is token ${count(ids[t])} and stands at position ${t}: a row of each table.`;
    rows.draw([cut(weights.wte, ids[t]), cut(weights.wpe, t), reading.stream(t, 0)], [`row ${count(ids[t])} of wte`, `row ${t} of wpe`, "sum: enters block 0"]);
  }
  return { element, draw };
}

/** One block: whom each of its heads reads, and what it adds to the residual stream. */
export function blockStage(layer, heads, pickHead) {
  const strips = Array.from({ length: heads }, () => numberStrip());
  const buttons = strips.map(({ element }, head) => {
    element.setAttribute("aria-hidden", "true");
    return h("button", { type: "button", class: "gc-head", aria: { label: `Head ${layer}.${head}` } }, h("span", {}, `${layer}.${head}`), element);
  });
  const pick = choice({ label: `Heads of block ${layer}`, buttons, pick: pickHead });
  const saying = h("p", { class: "gc-saying" });
  const bars = weightBars();
  const rows = vectorRows(["enters", "attention adds", "the MLP adds", "leaves"]);
  const element = h("div", { class: "gc-panel" },
    h("div", { class: "gc-pair" },
      h("div", {}, h("p", { class: "gc-title" }, "What each head reads, from position 0 to this one; in full colour what it reads most"), pick.element),
      h("div", {}, saying, bars.element)),
    h("p", { class: "gc-title" }, `The residual stream in block ${layer}`), rows.element);

  function draw({ t, names, reading, head }) {
    strips.forEach((strip, n) => {
      const row = reading.attended(t, layer, n);
      strip.draw(row, Math.max(...row), "");
    });
    pick.mark(head);
    const weights = [...reading.attended(t, layer, head)];
    const order = weights.map((_, s) => s).sort((a, b) => weights[b] - weights[a] || b - a);
    const best = order[0] === t ? "itself" : `“${names[order[0]]}” at ${order[0]}`;
    saying.textContent = `Head ${layer}.${head}: “${names[t]}” at ${t} reads ${best} most. The tokens above are shaded by these weights.`;
    bars.draw(order, weights, names, t);
    const [entered, between, left] = [0, 1, 2].map((s) => reading.stream(t, 2 * layer + s));
    rows.draw([entered, between.map((x, c) => x - entered[c]), left.map((x, c) => x - between[c]), left]);
  }
  return { element, draw };
}

/** The logits after the last norm and the head, and their softmax. */
export function logitsStage() {
  const saying = h("p", { class: "gc-saying" });
  const list = table("The highest logits", ["token", "id", "logit", "probability"]);
  const element = h("div", { class: "gc-panel" }, saying, list.element);
  function draw({ t, names, found, nameOf, reading }) {
    const { ids, logits, plain } = found;
    saying.textContent = `What may come after “${names[t]}” at ${t}: ${count(reading.V)} logits, from ${decimal(logits[logits.length - 1])} to ${decimal(logits[0])}, and their softmax.`;
    const rows = Array.from(ids.subarray(0, CANDIDATES), (id, rank) => ({
      cells: [nameOf(id), String(id), decimal(logits[rank]), bar(plain[rank], percent(plain[rank]))],
    }));
    const rest = plain.subarray(CANDIDATES).reduce((a, b) => a + b, 0);
    rows.push({ cells: [`${count(ids.length - CANDIDATES)} more`, "", "", bar(rest, percent(rest))], kind: "gc-rest" });
    list.draw(rows);
  }
  return { element, draw };
}

/** What temperature, top-k and top-p leave, and on what the random number falls. */
export function drawStage() {
  const saying = h("p", { class: "gc-saying" });
  const parts = h("div", { class: "gc-parts" });
  const needle = h("span", { class: "gc-needle" });
  const line = h("div", { class: "gc-line", role: "img" }, parts, needle);
  const ends = h("div", { class: "gc-ends gc-quiet", aria: { hidden: "true" } }, h("span", {}, "0"), h("span", {}, "the shares of what is left, end to end"), h("span", {}, "1"));
  const list = table("What is left and what is cut off", ["token", "softmax", "with temperature", "left to draw from"]);
  const element = h("div", { class: "gc-panel" }, saying, line, ends, list.element);

  function draw(view) {
    const { found, nameOf, number, next } = view;
    const { ids, plain, warm, afterK, afterP, shares } = found;
    const rank = number === null ? -1 : fallsOn(shares, number);
    saying.textContent = sayDraw(view, rank);
    drawLine(view, rank);
    const stands = next === null ? -1 : ids.indexOf(next);
    const cells = (r) => {
      const left = r < afterP ? bar(shares[r], percent(shares[r])) : `cut off by ${r < afterK ? "top-p" : warm[r] === 0 ? "temperature 0" : "top-k"}`;
      return [nameOf(ids[r]), percent(plain[r]), percent(warm[r]), left];
    };
    const special = stands >= 0 ? stands : rank;
    const listed = Array.from({ length: CANDIDATES }, (_, r) => r);
    listed.push(special >= CANDIDATES ? special : CANDIDATES); // the token that stands there is never left out
    list.draw(listed.map((r) => ({ cells: cells(r), kind: r === special ? "gc-drawn" : r < afterP ? "" : "gc-cut" })));
  }

  function drawLine({ found: { ids, shares }, nameOf, number }, rank) {
    const shown = Math.min(shares.length, 40);
    const segments = Array.from(shares.subarray(0, shown), (share, r) => {
      const segment = h("span", { class: r === rank ? "gc-hit" : "" }, share > 0.08 ? nameOf(ids[r]) : "");
      segment.style.setProperty("flex-grow", share);
      return segment;
    });
    const rest = shares.subarray(shown).reduce((a, b) => a + b, 0);
    if (rest > 0) {
      const segment = h("span", { class: rank >= shown ? "gc-hit" : "gc-many" }, "");
      segment.style.setProperty("flex-grow", rest);
      segments.push(segment);
    }
    parts.replaceChildren(...segments);
    needle.hidden = number === null;
    needle.style.setProperty("--at", number ?? 0);
    line.setAttribute("aria-label", number === null ? "No number is drawn here" : `The number ${decimal(number, 4)} falls on ${nameOf(ids[rank])}`);
  }
  return { element, draw };
}

/** The draw in words. `next` is the token that stands behind the position already, if one does. */
function sayDraw({ found, nameOf, number, next, settings: { temperature, topK, topP } }, rank) {
  const { ids, warm, afterK, afterP, shares } = found;
  const V = ids.length;
  const sum = (n) => warm.subarray(0, n).reduce((a, b) => a + b, 0);
  const kept = [];
  if (temperature === 0) kept.push("Temperature 0 leaves the greatest logit alone.");
  else if (topK > 0 && afterK < V) kept.push(`Top-k leaves ${count(afterK)} of ${count(V)} tokens, which have ${percent(sum(afterK))} together.`);
  if (topP < 1 && temperature > 0) kept.push(`Top-p leaves ${count(afterP)}.`);
  if (!kept.length) kept.push(`All ${count(V)} tokens may be drawn.`);
  if (number === null) kept.push(`The prompt goes on with “${nameOf(next)}”: nothing is drawn here.`);
  else {
    const [id, falls] = [ids[rank], `The number ${decimal(number, 4)} falls on “${nameOf(ids[rank])}”, ${percent(shares[rank])} of the line`];
    if (next === null) kept.push(`${falls}: Step puts it at the end.`);
    else if (next === id) kept.push(`${falls}, which stands there.`);
    else kept.push(`${falls}. “${nameOf(next)}” stands there, drawn when the sliders stood elsewhere.`);
  }
  return kept.join(" ");
}
