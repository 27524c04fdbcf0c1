// The tokens of the course's own vocabulary: its bytes, its merges, and one that ends a text.
import { readGpt2 } from "./bpe.js";

export const END_OF_TEXT = "<|endoftext|>";

/** Read a file of merges: `encode` a text into ids, `decode` ids, and the bytes of each id. */
export function readTokenizer(file) {
  const encoder = readGpt2(file);
  // Here the first 256 ids are the bytes in their own order; in GPT-2's file they have another.
  const bytes = encoder.vocab.map((token, id) => (id < 256 ? String.fromCharCode(id) : token));
  const end = bytes.length;
  bytes.push(END_OF_TEXT);

  function encode(text) {
    return encoder.encode(text).map((id) => (id < 256 ? encoder.vocab[id].charCodeAt(0) : id));
  }

  /** All bytes together are read as UTF-8: a character may lie across tokens. U+FFFD stands for what is none. */
  function decode(ids) {
    const all = ids.map((id) => bytes[id]).join("");
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(all, (byte) => byte.charCodeAt(0)));
  }

  return { bytes, end, encode, decode };
}
