// GPT-2's forward pass, one token after the other, with a cache of keys and values.

const NORM_EPS = 1e-5;
const GELU_SCALE = Math.sqrt(2 / Math.PI);

/**
 * y = W x + b. torch keeps W as (out, in): what one output needs lies in a row, in the order in
 * which it is read. Four rows at once share each x, and their sums do not wait for each other.
 */
export function affine(y, weight, bias, x) {
  const n = x.length;
  let o = 0;
  for (; o + 4 <= y.length; o += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    let at = o * n;
    for (let i = 0; i < n; i += 1, at += 1) {
      const value = x[i];
      a += weight[at] * value;
      b += weight[at + n] * value;
      c += weight[at + 2 * n] * value;
      d += weight[at + 3 * n] * value;
    }
    y[o] = a;
    y[o + 1] = b;
    y[o + 2] = c;
    y[o + 3] = d;
  }
  for (; o < y.length; o += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += weight[o * n + i] * x[i];
    y[o] = sum;
  }
  if (bias) for (let j = 0; j < y.length; j += 1) y[j] += bias[j];
  return y;
}

export function normalise(y, x, { weight, bias }) {
  const n = x.length;
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += x[i];
  mean /= n;
  let variance = 0;
  for (let i = 0; i < n; i += 1) variance += (x[i] - mean) ** 2;
  const scale = 1 / Math.sqrt(variance / n + NORM_EPS);
  for (let i = 0; i < n; i += 1) y[i] = (x[i] - mean) * scale * weight[i] + (bias ? bias[i] : 0);
  return y;
}

/** The tanh form of GELU, in place. */
export function geluTanh(x) {
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i];
    x[i] = 0.5 * value * (1 + Math.tanh(GELU_SCALE * (value + 0.044715 * value ** 3)));
  }
  return x;
}

/** The length of a vector. */
export function lengthOf(x) {
  return Math.hypot(...x);
}

/** The weights by their places in the model; an error names the tensor that is missing or has another shape. */
export function arrange(tensors, { block_size: N, vocab_size: V, n_layer, n_embd: C, n_head }) {
  if (C % n_head) throw new Error(`${C} channels for ${n_head} heads`);
  const take = (name, ...shape) => {
    const found = tensors[`transformer.${name}`];
    if (!found) throw new Error(`the file has no transformer.${name}`);
    if (String(found.shape) !== String(shape)) throw new Error(`transformer.${name} has shape (${found.shape}), not (${shape})`);
    return found.data;
  };
  const part = (name, out, ...inner) => ({
    weight: take(`${name}.weight`, out, ...inner),
    bias: tensors[`transformer.${name}.bias`] ? take(`${name}.bias`, out) : null,
  });
  const blocks = Array.from({ length: n_layer }, (_, n) => ({
    norm1: part(`h.${n}.ln_1`, C),
    qkv: part(`h.${n}.attn.c_attn`, 3 * C, C),
    out: part(`h.${n}.attn.c_proj`, C, C),
    norm2: part(`h.${n}.ln_2`, C),
    up: part(`h.${n}.mlp.c_fc`, 4 * C, C),
    down: part(`h.${n}.mlp.c_proj`, C, 4 * C),
  }));
  return { wte: take("wte.weight", V, C), wpe: take("wpe.weight", N, C), blocks, norm: part("ln_f", C) };
}

/**
 * One text as the model reads it. `read(id)` lets one more token in; `length` says how many there
 * are, and may be set to fewer: what comes after is then read anew. All that was computed is kept:
 * `stream(t, s)` is the residual stream at position t, s = 0 what enters the first block, then
 * twice a block, after its attention and after its MLP; `attended(t, layer, head)` the weights
 * with which t reads 0 to t; `logits(t)` those of what comes after t.
 */
export class Reading {
  constructor(weights, config) {
    const { block_size: N, vocab_size: V, n_layer, n_embd: C, n_head } = config;
    Object.assign(this, { weights, N, V, C, heads: n_head, length: 0 });
    const floats = (size) => new Float32Array(size);
    this.keys = weights.blocks.map(() => floats(N * C));
    this.values = weights.blocks.map(() => floats(N * C));
    this.attentions = weights.blocks.map(() => floats(N * n_head * N));
    this.streams = floats(N * (2 * n_layer + 1) * C);
    this.scores = floats(N * V);
    this.spare = { x: floats(C), qkv: floats(3 * C), mixed: floats(C), added: floats(C), wide: floats(4 * C) };
  }

  stream(t, s) {
    const at = (t * (2 * this.weights.blocks.length + 1) + s) * this.C;
    return this.streams.subarray(at, at + this.C);
  }

  attended(t, layer, head) {
    const at = (t * this.heads + head) * this.N;
    return this.attentions[layer].subarray(at, at + t + 1);
  }

  logits(t) {
    return this.scores.subarray(t * this.V, (t + 1) * this.V);
  }

  read(id) {
    const { weights, C, spare } = this;
    const t = this.length;
    if (t >= this.N) throw new Error(`the model can read ${this.N} tokens`);
    if (!(id >= 0 && id < this.V)) throw new Error(`there is no token ${id}`);
    const start = this.stream(t, 0);
    for (let c = 0; c < C; c += 1) start[c] = weights.wte[id * C + c] + weights.wpe[t * C + c];
    weights.blocks.forEach(({ norm1, qkv, out, norm2, up, down }, n) => {
      const [entered, between, left] = [0, 1, 2].map((s) => this.stream(t, 2 * n + s));
      affine(spare.qkv, qkv.weight, qkv.bias, normalise(spare.x, entered, norm1));
      this.keys[n].set(spare.qkv.subarray(C, 2 * C), t * C);
      this.values[n].set(spare.qkv.subarray(2 * C), t * C);
      for (let head = 0; head < this.heads; head += 1) this.attend(t, n, head);
      affine(spare.added, out.weight, out.bias, spare.mixed);
      for (let c = 0; c < C; c += 1) between[c] = entered[c] + spare.added[c];
      affine(spare.wide, up.weight, up.bias, normalise(spare.x, between, norm2));
      affine(spare.added, down.weight, down.bias, geluTanh(spare.wide));
      for (let c = 0; c < C; c += 1) left[c] = between[c] + spare.added[c];
    });
    normalise(spare.x, this.stream(t, 2 * weights.blocks.length), weights.norm);
    affine(this.logits(t), weights.wte, null, spare.x); // the token table is the head too
    this.length = t + 1;
  }

  /** Let one head of a layer read positions 0 to t from the cache: what it finds goes into spare.mixed. */
  attend(t, layer, head) {
    const { C, spare } = this;
    const size = C / this.heads;
    const from = head * size;
    const [keys, values, weights] = [this.keys[layer], this.values[layer], this.attended(t, layer, head)];
    const divisor = Math.sqrt(size);
    let most = -Infinity;
    for (let s = 0; s <= t; s += 1) {
      let product = 0;
      for (let c = from; c < from + size; c += 1) product += spare.qkv[c] * keys[s * C + c];
      weights[s] = product / divisor;
      most = Math.max(most, weights[s]);
    }
    let total = 0;
    for (let s = 0; s <= t; s += 1) {
      weights[s] = Math.exp(weights[s] - most);
      total += weights[s];
    }
    spare.mixed.fill(0, from, from + size);
    for (let s = 0; s <= t; s += 1) {
      weights[s] /= total;
      for (let c = from; c < from + size; c += 1) spare.mixed[c] += weights[s] * values[s * C + c];
    }
  }
}
