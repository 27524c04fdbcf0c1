// The parts of a GPT: how many parameters each has, and where its box lies.
import { count } from "./picture.js";

/** The parts, with what they hold; `times` is 0 for those that are in no block. */
export function partsOf(L, C, N, V) {
  const part = (key, kind, name, what, formula, terms, times = L) => {
    const one = terms.reduce((n, factors) => n + factors.reduce((a, b) => a * b), 0);
    const sum = terms.map((factors) => factors.map(count).join(" × ")).join(" + ");
    return { key, kind, name, what, formula, one, sum, times, all: one * (times || 1), label: key.split(".").at(-1) };
  };
  const matrix = (rows, columns) => `a matrix of ${count(rows)} × ${count(columns)} and ${count(columns)} biases`;
  return [
    part("wte", "wte", "token table wte", `a vector of ${count(C)} channels for each of ${count(V)} tokens`, "V × C", [[V, C]], 0),
    part("wpe", "wpe", "position table wpe", `a vector of ${count(C)} channels for each of ${count(N)} positions`, "N × C", [[N, C]], 0),
    part("attn.c_attn", "qkv", "attention c_attn", `queries, keys and values, ${matrix(C, 3 * C)}`, "C × 3C + 3C", [[C, 3 * C], [3 * C]]),
    part("attn.c_proj", "out", "attention c_proj", `what mixes the heads, ${matrix(C, C)}`, "C × C + C", [[C, C], [C]]),
    part("mlp.c_fc", "fc", "MLP c_fc", `from C to 4C, ${matrix(C, 4 * C)}`, "C × 4C + 4C", [[C, 4 * C], [4 * C]]),
    part("mlp.c_proj", "back", "MLP c_proj", `from 4C back to C, ${matrix(4 * C, C)}`, "4C × C + C", [[4 * C, C], [C]]),
    part("ln.1_2", "norm", "norms ln_1, ln_2", `two norms, each with ${count(C)} scales and ${count(C)} shifts`, "2 × 2C", [[2, 2 * C]]),
    part("ln_f", "norm", "last norm ln_f", `${count(C)} scales and ${count(C)} shifts`, "2C", [[2 * C]], 0),
  ];
}

/**
 * Return where the tables, the blocks and the last norm lie, in pixels. Blocks lie in strips; a
 * strip with more of them is higher, so that all are equally large and nothing stays empty.
 */
export function layOut(parts, L, width, height) {
  const sizes = Object.fromEntries(parts.map((part) => [part.key, part.all]));
  const all = parts.reduce((n, part) => n + part.all, 0);
  const tables = (width * (sizes.wte + sizes.wpe)) / all;
  const last = (width * sizes.ln_f) / all;
  const across = width - tables - last;
  // Blocks a little wider than high, and rather in strips that are equally long.
  const shape = (n) => Math.abs(Math.log(((across / (L / n)) / (height / n)) / 1.2)) + (L % n ? 0.5 : 0);
  const strips = Array.from({ length: L }, (_, i) => i + 1).reduce((a, b) => (shape(b) < shape(a) ? b : a));
  const blocks = [];
  let y = 0;
  for (let strip = 0; strip < strips; strip++) {
    const n = Math.floor(L / strips) + (strip < L % strips ? 1 : 0);
    const high = (height * n) / L;
    for (let i = 0; i < n; i++) blocks.push({ x: tables + (across * i) / n, y, width: across / n, height: high });
    y += high;
  }
  const cut = (height * sizes.wte) / (sizes.wte + sizes.wpe);
  return {
    wte: { x: 0, y: 0, width: tables, height: cut },
    wpe: { x: 0, y: cut, width: tables, height: height - cut },
    ln_f: { x: width - last, y: 0, width: last, height },
    blocks,
  };
}

/** Return the boxes of all parts. In a block attention is at the left and the MLP at the right. */
export function boxesOf(parts, L, places) {
  const found = [];
  const byKey = Object.fromEntries(parts.map((part) => [part.key, part]));
  const put = (key, block, place) => found.push({ part: key, kind: byKey[key].kind, label: byKey[key].label, block, ...place });
  for (const key of ["wte", "wpe", "ln_f"]) put(key, -1, places[key]);
  const one = (key) => byKey[key].one;
  const inner = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj", "ln.1_2"].reduce((n, key) => n + one(key), 0);
  places.blocks.forEach((place, block) => {
    const norms = (place.height * one("ln.1_2")) / inner;
    put("ln.1_2", block, { ...place, height: norms });
    const high = place.height - norms;
    let x = place.x;
    for (const pair of [["attn.c_attn", "attn.c_proj"], ["mlp.c_fc", "mlp.c_proj"]]) {
      const together = one(pair[0]) + one(pair[1]);
      const width = (place.width * together) / (inner - one("ln.1_2"));
      const top = (high * one(pair[0])) / together;
      put(pair[0], block, { x, y: place.y + norms, width, height: top });
      put(pair[1], block, { x, y: place.y + norms + top, width, height: high - top });
      x += width;
    }
  });
  return found;
}
