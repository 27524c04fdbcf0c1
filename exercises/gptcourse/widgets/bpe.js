// Byte-pair encoding, exactly as the course's Python: training, encoding, GPT-2's file of merges.
// Bytes are a string of characters 0 to 255: such strings join and compare as Python's bytes do.

// GPT-2's own pattern. \s of JavaScript is not the white space of Unicode, so it is spelled out.
const PATTERN =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

/** The pieces of a text that merges may not cross. */
export function pretokenize(text) {
  return text.match(PATTERN) ?? [];
}

/** The bytes of a text in UTF-8. */
export function encodeUtf8(text) {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += BYTES[byte];
  return bytes;
}

/** The text that the bytes are, or null if they are no UTF-8. */
export function decodeUtf8(bytes) {
  try {
    return STRICT.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Replace a pair of neighbours by one new token, from left to right. */
export function merge(ids, [left, right], newId) {
  const merged = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      merged.push(newId);
      i += 1;
    } else merged.push(ids[i]);
  }
  return merged;
}

/**
 * Learn merges step by step. `vocab` has the bytes of each id; `words` the distinct pieces as ids,
 * `frequencies` how often each comes, and `order` which word each piece of the text is.
 */
export class Training {
  constructor(text) {
    this.vocab = [...BYTES];
    this.merges = []; // { pair, id, count } in the order they were learned
    const places = new Map();
    this.order = pretokenize(text).map((piece) => {
      if (!places.has(piece)) places.set(piece, places.size);
      return places.get(piece);
    });
    this.words = Array.from(places.keys(), (piece) => Array.from(encodeUtf8(piece), (c) => c.charCodeAt(0)));
    this.frequencies = this.words.map(() => 0);
    for (const word of this.order) this.frequencies[word] += 1;
    this.past = [];
  }

  /** The pairs and their counts, the one to be merged next in front. */
  ranking() {
    const found = new Map();
    this.words.forEach((word, w) => {
      for (let i = 0; i + 1 < word.length; i++) {
        const key = word[i] * 0x10000 + word[i + 1];
        const entry = found.get(key) ?? { pair: [word[i], word[i + 1]], count: 0 };
        entry.count += this.frequencies[w];
        found.set(key, entry);
      }
    });
    return [...found.values()].sort((a, b) => b.count - a.count || this.#order(a.pair, b.pair));
  }

  /** Of pairs equally frequent the greatest as a pair of bytes comes first. */
  #order(a, b) {
    for (const i of [0, 1]) {
      const [one, other] = [this.vocab[a[i]], this.vocab[b[i]]];
      if (one !== other) return one > other ? -1 : 1;
    }
    return a[0] - b[0] || a[1] - b[1];
  }

  /** Merge the first pair of the ranking. Returns false if there is none. */
  step() {
    const [best] = this.ranking();
    if (!best) return false;
    const id = this.vocab.length;
    const [left, right] = best.pair;
    this.past.push(this.words);
    this.words = this.words.map((word) => (word.includes(left) ? merge(word, best.pair, id) : word));
    this.vocab.push(this.vocab[left] + this.vocab[right]);
    this.merges.push({ ...best, id });
    return true;
  }

  back() {
    this.words = this.past.pop();
    this.vocab.pop();
    this.merges.pop();
  }

  /** How many tokens the text has now. */
  length() {
    return this.words.reduce((n, word, w) => n + word.length * this.frequencies[w], 0);
  }
}

/**
 * Encode with a vocabulary: `vocab` has the bytes of each id, `merges` are pairs of bytes, the one
 * learned first in front.
 */
export class Encoder {
  constructor(vocab, merges) {
    this.vocab = vocab;
    this.ids = new Map(vocab.map((bytes, id) => [bytes, id]));
    this.rules = new Map(); // a pair of ids, as one number -> its rank, and what it becomes
    merges.forEach(([left, right], rank) => {
      const key = this.ids.get(left) * 0x100000 + this.ids.get(right);
      this.rules.set(key, { rank, id: this.ids.get(left + right) });
    });
  }

  /** An encoder of merges alone: the 256 bytes are its first ids, unless they have another order. */
  static ofMerges(merges, bytes = BYTES) {
    return new Encoder([...bytes, ...merges.map(([left, right]) => left + right)], merges);
  }

  encode(text) {
    return pretokenize(text).flatMap((piece) => this.#piece(encodeUtf8(piece)));
  }

  /** Merge the pair that was learned first, everywhere in the piece, until no pair was learned. */
  #piece(bytes) {
    let ids = Array.from(bytes, (byte) => this.ids.get(byte));
    for (;;) {
      let [best, at] = [null, 0];
      for (let i = 0; i + 1 < ids.length; i++) {
        const rule = this.rules.get(ids[i] * 0x100000 + ids[i + 1]);
        if (rule && (!best || rule.rank < best.rank)) [best, at] = [rule, i];
      }
      if (!best) return ids;
      ids = merge(ids, [ids[at], ids[at + 1]], best.id);
    }
  }
}

/** Read GPT-2's vocab.bpe, in which each byte is a character that can be seen. */
export function readGpt2(file) {
  const seen = (byte) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  const codes = BYTES.map((_, byte) => byte);
  const unseen = codes.filter((byte) => !seen(byte));
  // GPT-2's first ids are the bytes in this order.
  const bytes = [...codes.filter(seen), ...unseen].map((byte) => BYTES[byte]);
  const byteOf = new Map(codes.filter(seen).map((byte) => [byte, BYTES[byte]])); // by character
  unseen.forEach((byte, n) => byteOf.set(256 + n, BYTES[byte]));
  function token(written) {
    let token = "";
    for (let i = 0; i < written.length; i++) token += byteOf.get(written.charCodeAt(i));
    return token;
  }
  const lines = file.split("\n").slice(1).filter(Boolean);
  return Encoder.ofMerges(lines.map((line) => line.split(" ").map(token)), bytes);
}
