// The small model of the course: two layers of attention without MLP, from its own files.
import { attend } from "./attention.js";
import { readGpt2 } from "./bpe.js";

const HEADS = 4;
export const LONGEST = 64; // positions
const EPSILON = 1e-5;

/** A number of 16 bits: sign, 5 bits of exponent, 10 of fraction. */
export function fromHalf(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}

/** Read a safetensors file with tensors of fp16: `rows(name, from, to)` decodes some of their rows. */
export function readTensors(buffer) {
  const view = new DataView(buffer);
  const size = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)));
  function rows(name, from = 0, to = null) {
    const { shape, dtype, data_offsets: [start] } = header[name];
    if (dtype !== "F16") throw new Error(`${name} is ${dtype}, not F16`);
    const [n, channels] = shape.length === 1 ? [1, shape[0]] : shape;
    const at = (r, c) => 8 + size + start + 2 * (r * channels + c);
    return Array.from({ length: (to ?? n) - from }, (_, r) =>
      Float64Array.from({ length: channels }, (_, c) => fromHalf(view.getUint16(at(from + r, c), true))));
  }
  return { rows, row: (name, r = 0) => rows(name, r, r + 1)[0] };
}

function layerNorm(x, weight, bias) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  return x.map((value, c) => ((value - mean) / Math.sqrt(variance + EPSILON)) * weight[c] + bias[c]);
}

function linear(x, weight, bias) {
  return Float64Array.from(weight, (row, o) => row.reduce((sum, w, c) => sum + w * x[c], bias[o]));
}

/** The model of two files: `encode` a text into { id, bytes }, and the weights of all heads. */
export function readSmallModel(merges, weights) {
  const encoder = readGpt2(new TextDecoder().decode(merges));
  const tensors = readTensors(weights);
  const layers = [0, 1].map((n) => {
    const part = (name) => ({ weight: tensors.rows(`h.${n}.${name}.weight`), bias: tensors.row(`h.${n}.${name}.bias`) });
    return { norm: part("ln_1"), attn: part("attn.c_attn"), proj: part("attn.c_proj") };
  });

  /** In this model the first ids are the bytes in their own order. */
  function encode(text) {
    return encoder.encode(text).map((id) => {
      const bytes = encoder.vocab[id];
      return { id: id < 256 ? bytes.charCodeAt(0) : id, bytes };
    });
  }

  /** The weights of the heads for at most 64 ids, layer 0 first: heads, queries, keys. */
  function heads(ids) {
    const places = tensors.rows("wpe.weight", 0, ids.length);
    let stream = ids.map((id, t) => tensors.row("wte.weight", id).map((x, c) => x + places[t][c]));
    const mask = ids.map((_, t) => ids.map((_, s) => s <= t));
    return layers.flatMap(({ norm, attn, proj }) => {
      const qkv = stream.map((x) => linear(layerNorm(x, norm.weight[0], norm.bias), attn.weight, attn.bias));
      const C = stream[0].length;
      const size = C / HEADS;
      const found = Array.from({ length: HEADS }, (_, head) => {
        const [q, k, v] = [0, 1, 2].map((part) => qkv.map((x) => x.subarray(part * C + head * size, part * C + (head + 1) * size)));
        return attend({ q, k, v, mask });
      });
      const gathered = ids.map((_, t) => Float64Array.from(found.flatMap(({ out }) => [...out[t]])));
      stream = stream.map((x, t) => linear(gathered[t], proj.weight, proj.bias).map((added, c) => x[c] + added));
      return found.map(({ weights }) => weights);
    });
  }

  return { encode, heads };
}
