// Scaled dot-product attention by its formula, every step of it kept.

export function dot(a, b, d) {
  let sum = 0;
  for (let c = 0; c < d; c += 1) sum += a[c] * b[c];
  return sum;
}

/** The largest score is taken off first, so that exp never overflows; a row of −∞ gives nan. */
export function softmax(row) {
  const most = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return { most, powers, total, weights: powers.map((p) => p / total) };
}

/** Compute each stage for queries q (T, d), keys k (S, d), values v (S, dv); d may cut channels off. */
export function attend({ q, k, v = [], d = q[0].length, scaled = true, mask = null }) {
  const products = q.map((a) => k.map((b) => dot(a, b, d)));
  const divisor = scaled ? Math.sqrt(d) : 1;
  const divided = products.map((row) => row.map((x) => x / divisor));
  const masked = divided.map((row, t) => row.map((x, s) => (!mask || mask[t][s] ? x : -Infinity)));
  const rows = masked.map(softmax);
  const weights = rows.map((row) => row.weights);
  const channels = v.length ? v[0].map((_, c) => c) : [];
  const out = weights.map((row) => channels.map((c) => row.reduce((sum, w, s) => sum + w * v[s][c], 0)));
  return { products, divisor, divided, masked, rows, weights, out };
}

export const TOKENS_READ = "Tokens read: exp of the row’s entropy. It is 1 where one token has all the weight, n where n tokens share it equally.";

/** How many tokens are read, as exp(entropy). */
export function tokensRead(weights) {
  return Math.exp(weights.reduce((sum, w) => (w > 0 ? sum - w * Math.log(w) : sum), 0));
}
