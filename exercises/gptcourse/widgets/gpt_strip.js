// A text as a strip of tokens, one of which is looked at; and vectors as strips of channels.
import { decimal } from "./matrix.js";
import { h } from "./picture.js";

/** Buttons for tokens, in one row that scrolls: a single stop of the Tab key, arrow keys inside. */
export function tokenStrip({ label, pick }) {
  const element = h("div", { class: "gc-strip", role: "group", aria: { label } });
  let [tiles, shown, at] = [[], [], -1];
  element.addEventListener("keydown", (event) => {
    const i = tiles.indexOf(document.activeElement);
    const targets = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: tiles.length - 1 };
    if (i < 0 || !(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const target = Math.min(Math.max(targets[event.key], 0), tiles.length - 1);
    pick(target);
    tiles[target].focus();
  });
  element.addEventListener("click", (event) => {
    const i = tiles.indexOf(event.target.closest("button"));
    if (i >= 0) pick(i);
  });

  /** Tokens { id, name, written }: what is there already stays, with the focus that it may have. */
  function draw(tokens) {
    const same = tokens.findIndex(({ id, written }, i) => shown[i]?.id !== id || shown[i].written !== written);
    const first = same < 0 ? tokens.length : same;
    const focused = tiles.slice(first).includes(document.activeElement);
    tiles.splice(first).forEach((tile) => tile.remove());
    for (const { id, name, written } of tokens.slice(first)) {
      const tile = h("button", { type: "button", class: written ? "gc-tile gc-written" : "gc-tile", tabIndex: -1 },
        h("span", { class: "gc-name" }, name), h("span", { class: "gc-id" }, String(id)));
      tiles.push(tile);
      element.append(tile);
    }
    shown = tokens;
    if (focused) tiles.at(-1)?.focus();
  }

  /** Mark the token that is looked at, and shade those that it reads. */
  function mark(now, weights = null) {
    at = now;
    const most = weights ? Math.max(...weights) : 1;
    tiles.forEach((tile, i) => {
      const { name, id } = shown[i];
      const weight = weights?.[i];
      tile.tabIndex = i === at ? 0 : -1;
      tile.setAttribute("aria-pressed", String(i === at));
      tile.style.setProperty("--heat", (weight ?? 0) / most);
      tile.classList.toggle("gc-later", i > at);
      const read = weight === undefined ? "" : `, read with ${decimal(weight)}`;
      const words = `${name}, id ${id}, position ${i}${read}`;
      if (tile.getAttribute("aria-label") !== words) tile.setAttribute("aria-label", words);
    });
    show();
  }

  /** Bring the token that is looked at into the strip; the page itself does not move. */
  function show() {
    const tile = tiles[at];
    if (!tile) return;
    const [left, right] = [tile.offsetLeft, tile.offsetLeft + tile.offsetWidth];
    const room = element.parentElement;
    if (left < room.scrollLeft + 24) room.scrollLeft = left - 24;
    else if (right > room.scrollLeft + room.clientWidth - 24) room.scrollLeft = right - room.clientWidth + 24;
  }

  return { element, draw, mark };
}

/** Numbers from 0 to 1 as a mask, one pixel each: the style sheet says which colour shows through. */
function mask(values) {
  const canvas = h("canvas", { width: values.length, height: 1 });
  const context = canvas.getContext("2d");
  const image = context.createImageData(values.length, 1);
  values.forEach((value, i) => (image.data[4 * i + 3] = Math.round(255 * Math.min(Math.max(value, 0), 1))));
  context.putImageData(image, 0, 0);
  return `url(${canvas.toDataURL()})`;
}

/** A strip of numbers: above zero in one colour, below in another, full at `most`. */
export function numberStrip() {
  const [above, below] = [h("span", { class: "gc-above" }), h("span", { class: "gc-below" })];
  const element = h("span", { class: "gc-numbers", role: "img" }, above, below);
  function draw(values, most, words) {
    const parts = Array.from(values, (x) => x / most);
    above.style.setProperty("mask-image", mask(parts));
    below.style.setProperty("mask-image", mask(parts.map((x) => -x)));
    element.setAttribute("aria-label", words);
  }
  return { element, draw };
}

/** Rows of vectors of one scale, each with its name and its length. */
export function vectorRows(names) {
  const rows = names.map((name) => ({ name: h("span", { class: "gc-title" }, name), strip: numberStrip(), length: h("span", { class: "gc-size" }) }));
  const scale = h("p", { class: "gc-quiet" });
  const element = h("div", { class: "gc-vectors" }, ...rows.flatMap(({ name, strip, length }) => [name, length, strip.element]), scale);
  function draw(vectors, labels = names) {
    const most = Math.max(...vectors.map((vector) => vector.reduce((a, b) => Math.max(a, Math.abs(b)), 0)));
    rows.forEach(({ name, strip, length }, i) => {
      const size = decimal(Math.hypot(...vectors[i]));
      name.textContent = labels[i];
      length.textContent = size;
      strip.draw(vectors[i], most / 2, `${labels[i]}: ${vectors[i].length} channels, length ${size}`);
    });
    scale.textContent = `${vectors[0].length} channels each; below zero is orange, and the colour is full from ±${decimal(most / 2)} on. The number is the vector’s length.`;
  }
  return { element, draw };
}
