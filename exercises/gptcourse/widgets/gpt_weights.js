// A model's file: what safetensors keeps, as arrays of 32 bits that arithmetic is fast on.

/**
 * Numbers of 16 bits as numbers of 32: sign, 5 bits of exponent, 10 of fraction.
 *
 * Moved to their places in 32 bits they are 2 ** 112 too small, since the exponents are counted
 * from -127 there and from -15 here; the product is exact, of the smallest numbers too.
 */
export function singles(halves) {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i += 1) bits[i] = ((halves[i] & 0x8000) << 16) | ((halves[i] & 0x7fff) << 13);
  const numbers = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i += 1) {
    if ((halves[i] & 0x7c00) !== 0x7c00) numbers[i] *= 2 ** 112;
    else numbers[i] = halves[i] & 0x3ff ? NaN : halves[i] & 0x8000 ? -Infinity : Infinity;
  }
  return numbers;
}

/** The tensors of a safetensors file by name, { shape, data }: its header's size, JSON, raw numbers. */
export function readSafetensors(buffer) {
  if (buffer.byteLength < 8) throw new Error("the file is cut short");
  const view = new DataView(buffer);
  const size = Number(view.getBigUint64(0, true));
  if (8 + size > buffer.byteLength) throw new Error("the file is cut short, or no safetensors file");
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)));
  const tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: [start, end] } = entry;
    if (dtype !== "F16" && dtype !== "F32") throw new Error(`${name} is ${dtype}, neither F16 nor F32`);
    if (8 + size + end > buffer.byteLength) throw new Error(`the file is cut short in ${name}`);
    // A copy begins where an array may begin, wherever the tensor lay.
    const raw = buffer.slice(8 + size + start, 8 + size + end);
    tensors[name] = { shape, data: dtype === "F32" ? new Float32Array(raw) : singles(new Uint16Array(raw)) };
  }
  return tensors;
}
