// The arithmetic of one cell at each stage of attention, as a table of its terms and in words.
import { decimal } from "./matrix.js";

export const WRITTEN = 8; // more terms than this are not written out one by one
const SHOWN = 4;

/**
 * Explain a stage (0 product, 1 division, 2 mask, 3 softmax, 4 values) at query t, key s and
 * channel c. `sum` is what `attend` returns; the queries are the last of the tokens `names`.
 * Gives { title, words } and what `workings` draws.
 */
export function arithmetic(stage, at) {
  return [product, division, masking, share, mean][stage](at);
}

function bracket(x) {
  return x < 0 ? `(${decimal(x)})` : decimal(x);
}

function product({ q, k, names, queries, sum, t, s }) {
  const [a, b] = [q[t], k[s]];
  const some = a.length <= WRITTEN ? a.length : SHOWN;
  const lines = a.slice(0, some).map((x, n) => [String(n), decimal(x), decimal(b[n]), decimal(x * b[n])]);
  const terms = a.slice(0, some).map((x, n) => `${n ? bracket(x) : decimal(x)} × ${bracket(b[n])}`);
  const more = a.length - some;
  const rest = a.reduce((total, x, n) => (n < some ? total : total + x * b[n]), 0);
  if (more) lines.push([`${more} more`, "", "", decimal(rest)]);
  if (more) terms.push(`… (${more} more)`);
  const total = decimal(sum.products[t][s]);
  return {
    title: `Query “${queries[t]}”, key “${names[s]}”: one product a channel`,
    head: ["channel", `q[${t}]`, `k[${s}]`, "q × k"],
    lines,
    last: ["sum", "", "", total],
    words: `${terms.join(" + ")} = ${total}.`,
  };
}

function division({ q, names, queries, scaled, sum, t, s }) {
  const d = q[0].length;
  const [from, to] = [sum.products[t][s], sum.divided[t][s]].map((x) => decimal(x));
  return {
    title: `The scores of query “${queries[t]}”, divided by the root of d = ${d}`,
    head: ["key", "q · k", scaled ? `÷ ${decimal(sum.divisor)}` : "as it is"],
    lines: names.map((name, n) => [name, decimal(sum.products[t][n]), decimal(sum.divided[t][n])]),
    now: s,
    words: scaled
      ? `${from} ÷ √${d} = ${from} ÷ ${decimal(sum.divisor)} = ${to}.`
      : `The division is switched off: ${from} stays ${to}.`,
  };
}

function masking({ names, queries, masked, sum, t, s }) {
  const [asks, read] = [`“${queries[t]}”`, `“${names[s]}”`];
  const position = t + names.length - queries.length;
  const why = s > position ? `${read} comes after ${asks}` : `the mask does not let ${asks} read ${read}`;
  const score = decimal(sum.masked[t][s]);
  return {
    title: `What query ${asks} at position ${position} may read`,
    head: ["key", "position", "score", "masked"],
    lines: names.map((name, n) => [name, String(n), decimal(sum.divided[t][n]), decimal(sum.masked[t][n])]),
    now: s,
    words: !masked
      ? "The mask is switched off: every key may be read, those that come later too."
      : sum.masked[t][s] === -Infinity
        ? `Position ${s}: ${why}, so its score becomes −∞, and exp(−∞) is 0.`
        : `Position ${s}: ${asks} may read ${read}, so its score ${score} stays.`,
  };
}

function share({ names, queries, sum, t, s }) {
  const { most, powers, total, weights } = sum.rows[t];
  const power = (n) => decimal(powers[n], 3);
  return {
    title: `Row of query “${queries[t]}”: exp of each score less the largest, ${decimal(most)}`,
    head: ["key", "score", "exp", "weight"],
    lines: names.map((name, n) => [name, decimal(sum.masked[t][n]), power(n), decimal(weights[n], 3)]),
    now: s,
    last: ["sum", "", decimal(total, 3), decimal(weights.reduce((a, b) => a + b, 0), 3)],
    words: `exp(${decimal(sum.masked[t][s])} − ${bracket(most)}) = ${power(s)}, and ${power(s)} ÷ ${decimal(total, 3)} = ${decimal(weights[s], 3)}.`,
  };
}

function mean({ v, names, queries, sum, t, s, c }) {
  const open = names.map((_, n) => n).filter((n) => sum.masked[t][n] !== -Infinity);
  const some = open.length <= WRITTEN ? open : open.slice(0, SHOWN);
  const terms = some.map((n) => `${decimal(sum.weights[t][n], 3)} × ${bracket(v[n][c])}`);
  if (some.length < open.length) terms.push("…");
  return {
    title: `Output of “${queries[t]}”: each row of v times its weight, added up`,
    head: ["key", "weight", ...v[0].map((_, n) => `v ${n}`)],
    lines: names.map((name, n) => [name, decimal(sum.weights[t][n], 3), ...v[n].map((x) => decimal(x))]),
    now: s,
    column: c + 2,
    last: [`out[${t}]`, "", ...sum.out[t].map((x) => decimal(x))],
    words: `Channel ${c}: ${terms.join(" + ")} = ${decimal(sum.out[t][c])}.`,
  };
}
