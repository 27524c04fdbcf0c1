// Tokens drawn as tiles. A token need not be a text: bytes that are no character alone are in hex.
import { decodeUtf8 } from "./bpe.js";
import { h, visible } from "./picture.js";

const COLOURS = 6;
const UNSEEN = /^[\p{C}\p{Z}\p{DI}]$/u;

/** Cut bytes into what can be read: { text } of whole characters, { hex } of single bytes. */
export function readable(bytes) {
  const parts = [];
  for (let i = 0; i < bytes.length; ) {
    const length = lengthOfCharacter(bytes.charCodeAt(i));
    const text = length && i + length <= bytes.length ? decodeUtf8(bytes.slice(i, i + length)) : null;
    if (text === null) parts.push({ hex: hex(bytes[i]) });
    else if (UNSEEN.test(text) && visible(text) === text) parts.push({ hex: codePoint(text) });
    else parts.push({ text });
    i += text === null ? 1 : length;
  }
  return parts;
}

/** What a byte says about its character: how many bytes it has; 0 if it begins none. */
function lengthOfCharacter(byte) {
  if (byte < 0x80) return 1;
  return byte < 0xc0 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")).join(" ");
}

function codePoint(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A token in words, for a sentence or a screen reader. */
export function spoken(bytes) {
  return readable(bytes).map(({ text, hex }) => (text === undefined ? `[${hex}]` : visible(text))).join("");
}

/** A tile for a token. Its colour follows from `colour`, a number; without one it has none. */
export function tokenTile(bytes, { colour = null, extra = "", asHex = false } = {}) {
  const kind = colour === null ? "" : `gc-colour-${colour % COLOURS}`;
  const parts = asHex ? [{ hex: hex(bytes) }] : readable(bytes);
  const children = [];
  let run = ""; // letters that join, as in Hindi and Arabic, must stand in one text node
  const flush = () => (run && children.push(h("span", {}, run)), (run = ""));
  for (const { text, hex } of parts) {
    if (text !== undefined) run += children.length || run || !/^\p{M}/u.test(text) ? visible(text) : `◌${text}`;
    else {
      flush();
      children.push(h("span", { class: "gc-hex" }, hex));
    }
  }
  flush();
  return h("span", { class: `gc-tile gc-token ${kind} ${extra}` }, ...children);
}
