// Ways to look at weights of attention: a head as a small square, lines between tokens, its habits.
import { decimal } from "./matrix.js";
import { h } from "./picture.js";

const PIXELS = 256;
const LISTED = 5;
const LEAST = 0.02; // a line of less weight would not be seen
const SVG = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;

/** Paint weights as a mask: the style sheet says in which colour they show through. */
export function painted(weights) {
  const T = weights.length;
  const cell = Math.max(1, Math.floor(PIXELS / T));
  const canvas = h("canvas", { width: cell * T, height: cell * T });
  const context = canvas.getContext("2d");
  weights.forEach((row, t) =>
    row.forEach((weight, s) => {
      context.globalAlpha = Math.min(Math.max(weight, 0), 1);
      context.fillRect(s * cell, t * cell, cell, cell);
    }),
  );
  return `url(${canvas.toDataURL()})`;
}

/** Buttons of which one is pressed in: a single stop of the Tab key, and the arrow keys inside. */
export function choice({ label, buttons, across = buttons.length, pick }) {
  const element = h("div", { class: "gc-choice", role: "group", aria: { label } }, ...buttons);
  buttons.forEach((button, i) => button.addEventListener("click", () => pick(i)));
  element.addEventListener("keydown", (event) => {
    const i = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const targets = {
      ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last,
      ArrowUp: across < buttons.length ? i - across : i - 1,
      ArrowDown: across < buttons.length ? i + across : i + 1,
    };
    if (i < 0 || !(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const target = targets[event.key];
    if (target < 0 || target > last) return;
    buttons[target].focus();
    pick(target);
  });
  return {
    element,
    mark(at) {
      buttons.forEach((button, i) => {
        button.tabIndex = i === at ? 0 : -1;
        button.setAttribute("aria-pressed", String(i === at));
      });
    },
  };
}

/** Lines from one of the tokens to those that it reads, behind the tokens. */
export function lines(box) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("gc-lines");
  box.prepend(svg);

  function middle(element, origin) {
    const { left, top, bottom, width } = element.getBoundingClientRect();
    return { x: left + width / 2 - origin.left, top: top - origin.top, bottom: bottom - origin.top };
  }

  return (tiles, at, weights) => {
    svg.replaceChildren();
    if (!tiles[at]) return;
    const origin = box.getBoundingClientRect();
    const to = middle(tiles[at], origin);
    weights.forEach((weight, s) => {
      if (s === at || !(weight >= LEAST)) return;
      const from = middle(tiles[s], origin);
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", curve(to, from));
      path.setAttribute("stroke-width", String(1 + 5 * Math.min(weight, 1)));
      path.setAttribute("stroke-opacity", String(0.3 + 0.7 * Math.min(weight, 1)));
      svg.append(path);
    });
  };
}

/** In one line of text an arch; to another line a bow from the top of the one to the bottom of the other. */
function curve(to, from) {
  if (Math.abs(to.top - from.top) < 4) {
    const rise = Math.min(28, 8 + Math.abs(to.x - from.x) / 14);
    return `M${to.x},${to.top}C${to.x},${to.top - rise} ${from.x},${from.top - rise} ${from.x},${from.top}`;
  }
  const [start, end] = to.top > from.top ? [to.top, from.bottom] : [to.bottom, from.top];
  const half = (start + end) / 2;
  return `M${to.x},${start}C${to.x},${half} ${from.x},${half} ${from.x},${end}`;
}

/**
 * What a head gives on the mean over a sentence: to the token itself, to the one before, and where
 * the same token stood earlier, to it and to what came behind it. null where there is no such place.
 */
export function habits(weights, ids) {
  const mean = (list) => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : null);
  const [itself, before, same, behind] = [[], [], [], []];
  weights.forEach((row, t) => {
    itself.push(row[t]);
    if (t) before.push(row[t - 1]);
    const earlier = ids.slice(0, t).flatMap((id, s) => (id === ids[t] ? [s] : []));
    if (!earlier.length) return;
    same.push(earlier.reduce((sum, s) => sum + row[s], 0));
    const next = earlier.map((s) => s + 1).filter((s) => s < t);
    if (next.length) behind.push(next.reduce((sum, s) => sum + row[s], 0));
  });
  return [itself, before, same, behind].map(mean);
}

/** A table of the tokens read most, with bars; `draw` gets the places in order of their weight. */
export function weightBars() {
  const body = h("tbody", {});
  const heads = ["reads", "weight"].map((text) => h("th", { scope: "col" }, text));
  const element = h("table", { class: "gc-bars" }, h("thead", {}, h("tr", {}, ...heads)), body);

  function entry([name, place, weight]) {
    const fill = h("span", {});
    fill.style.setProperty("--p", Math.min(Math.max(weight ?? 0, 0), 1));
    const bar = h("div", { class: "gc-length" }, h("span", { class: "gc-track" }, fill), h("span", {}, decimal(weight)));
    const words = [h("span", { class: "gc-word" }, name), " ", h("span", { class: "gc-quiet" }, place)];
    return h("tr", {}, h("td", {}, ...words), h("td", {}, weight === null ? "\u00a0" : bar));
  }

  function draw(order, weights, names, at) {
    const entries = order.slice(0, LISTED).map((s) => [names[s], s === at ? "itself" : `at ${s}`, weights[s]]);
    const rest = order.slice(LISTED).reduce((sum, s) => sum + weights[s], 0);
    if (order.length > LISTED) entries.push(["", `${order.length - LISTED} more`, rest]);
    while (entries.length <= LISTED) entries.push(["", "", null]); // what stands below stays there
    body.replaceChildren(...entries.map(entry));
  }

  return { element, draw };
}
