// From logits to a token: temperature, then top-k, then top-p, then a draw.

/** Shares of 1 for logits in falling order; those behind the first `n` are left out. */
function sharesOf(logits, n, divisor = 1) {
  const powers = Float64Array.from(logits.subarray(0, n), (x) => Math.exp((x - logits[0]) / divisor));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/**
 * What is left of logits, and what each step cuts off. Tokens are in falling order, so that what
 * stays stands in front: `ids` and `logits` of all of them; `plain`, their probabilities as the
 * model gives them; `warm`, with the temperature; `afterK` and `afterP`, how many are left; and
 * `shares`, the probabilities of those that are left. A topK of 0 and a topP of 1 cut nothing.
 */
export function filterLogits(raw, { temperature, topK, topP }) {
  const ids = Uint32Array.from(raw, (_, id) => id).sort((a, b) => raw[b] - raw[a] || a - b);
  const logits = Float64Array.from(ids, (id) => raw[id]);
  const V = logits.length;
  const plain = sharesOf(logits, V);
  // At temperature 0 stands the limit: the greatest has all, and equals share it.
  const greatest = logits.findIndex((x) => x !== logits[0]);
  const ties = greatest < 0 ? V : greatest;
  const warmed = (n) => (temperature > 0 ? sharesOf(logits, n, temperature) : new Float64Array(n).fill(1 / ties).fill(0, Math.min(ties, n)));
  const warm = warmed(V);
  let afterK = topK > 0 ? Math.min(topK, V) : V;
  while (afterK < V && logits[afterK] === logits[afterK - 1]) afterK += 1; // equals stay together
  if (temperature === 0) afterK = Math.min(afterK, ties);
  const kept = temperature > 0 ? sharesOf(logits, afterK, temperature) : new Float64Array(afterK).fill(1 / afterK);
  let afterP = afterK;
  if (topP < 1) {
    afterP = 0;
    for (let before = 0; afterP < afterK && before < topP; afterP += 1) before += kept[afterP];
  }
  const left = kept.subarray(0, afterP).reduce((a, b) => a + b, 0);
  return { ids, logits, plain, warm, afterK, afterP, shares: kept.slice(0, afterP).map((share) => share / left) };
}

/** The place in the order on which a number from 0 to 1 falls, the shares laid end to end. */
export function fallsOn(shares, number) {
  let end = 0;
  for (let rank = 0; rank < shares.length; rank += 1) {
    end += shares[rank];
    if (number < end) return rank;
  }
  return shares.length - 1; // rounding can leave the sum a little under 1
}
