// Lines over two axes: ticks where there is room, names at the ends, and a pointer that reads.
import { h } from "./picture.js";

const SPACE = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;
const ROW = 20; // pixels that a row of text needs
const TURN = Math.PI * 2;

/** What marks a line, so that no line is told by its colour alone: a path around (0, 0). */
const corners = (n, from, r) =>
  Array.from({ length: n }, (_, i) => [r * Math.cos(from + (TURN * i) / n), r * Math.sin(from + (TURN * i) / n)]);
const outline = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}Z`;
const SHAPES = {
  circle: outline(corners(16, 0, 4)),
  square: outline(corners(4, TURN / 8, 5)),
  up: outline(corners(3, -TURN / 4, 5.5)),
  diamond: outline(corners(4, 0, 5.5)),
  right: outline(corners(3, 0, 5.5)),
  down: outline(corners(3, TURN / 4, 5.5)),
  star: outline(corners(10, -TURN / 4, 1).map(([x, y], i) => [x * (i % 2 ? 2.6 : 6), y * (i % 2 ? 2.6 : 6)])),
  hexagon: outline(corners(6, 0, 5)),
  bar: outline([[-1.75, -6], [1.75, -6], [1.75, 6], [-1.75, 6]]),
};

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A short piece of a line with its mark, for a legend. */
export function lineKey(kind, shape) {
  const mark = shape ? [drawn("path", { class: `gc-shape ${kind}`, d: SHAPES[shape], transform: "translate(18 9)" })] : [];
  const line = drawn("path", { class: `gc-line ${kind}`, d: "M0,9H36" });
  const paper = drawn("svg", { class: "gc-line-key", viewBox: "0 0 36 18", "aria-hidden": "true" }, line, ...mark);
  return paper;
}

/** At most `most` round numbers from low to high: 1, 2 or 5 times a power of ten apart. */
export function roundNumbers(low, high, most) {
  const least = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((n) => n * power >= least * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Numbers for a logarithmic axis: 1, 2, 5 in each power of ten, or finer ones on a short axis. */
function logNumbers(low, high) {
  if (high / low < 20) return roundNumbers(low, high, 40 * Math.log10(high / low) + 12);
  const powers = Array.from({ length: 40 }, (_, i) => 10 ** (i - 20));
  return powers.flatMap((power) => [1, 2, 5].map((n) => Number((n * power).toPrecision(3)))).filter((x) => x >= low && x <= high);
}

/**
 * `pick(x)` is called when the reader chooses a place on the horizontal axis, `point(x)` while a
 * mouse is over it and `point(null)` when it leaves.
 *
 * `draw(scene)`: an axis `x` or `y` is { low, high, log, title, text }, where text(value, digits)
 * writes a tick, digits being how many the finest has behind its point; `lines` are
 * { points, kind, shape, name, short }, a point with null in it is a gap, and the short name is
 * written where the other has no room; `bands` are { from, to, kind }; `rules` are { x, text };
 * `spots` are { x, y, kind, shape }; `at` is a place; `words` say what is drawn.
 */
export function chart({ pick, point }) {
  const paper = drawn("svg", { "aria-hidden": "true" });
  const plot = h("div", { class: "gc-chart-plot", role: "img" }, paper);
  const [above, below] = [h("p", { class: "gc-title" }), h("p", { class: "gc-title gc-below" })];
  const element = h("div", { class: "gc-chart" }, above, plot, below);
  const pen = document.createElement("canvas").getContext("2d");
  const area = { left: 0, right: 0, top: 0, bottom: 0 };
  let scene = null;
  let down = false;

  const share = (axis, value) =>
    axis.log ? Math.log(value / axis.low) / Math.log(axis.high / axis.low) : (value - axis.low) / (axis.high - axis.low);
  const across = (x) => area.left + (area.right - area.left) * share(scene.x, x);
  const up = (y) => area.bottom - (area.bottom - area.top) * share(scene.y, y);
  const long = (text) => pen.measureText(text).width;

  function draw(next) {
    scene = next;
    above.textContent = scene.y.title;
    below.textContent = scene.x.title;
    plot.setAttribute("aria-label", scene.words);
    paint();
  }

  function paint() {
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    if (!width || !scene) return;
    const style = getComputedStyle(plot);
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const bold = (text) => long(text) * 1.08;
    const ended = scene.lines.filter((line) => line.name && line.points.some(seen));
    const narrow = ended.some((line) => bold(line.name) > width * 0.3);
    const named = ended.map((line) => ({ ...line, name: narrow ? line.short : line.name }));
    area.top = 8 + ROW * scene.rules.length;
    area.bottom = height - ROW - 6;
    const heights = ticks(scene.y, area.bottom - area.top, () => ROW + 8);
    const digits = Math.max(...heights.map((y) => (String(y).split(".")[1] ?? "").length));
    area.left = Math.max(...heights.map((y) => long(scene.y.text(y, digits)))) + 10;
    area.right = width - Math.max(8, long(scene.x.text(scene.x.high)) / 2 + 2, ...named.map((line) => bold(line.name) + 20));
    const places = ticks(scene.x, area.right - area.left, (x) => long(scene.x.text(x)) + 20);
    paper.setAttribute("viewBox", `0 0 ${width} ${height}`);
    paper.replaceChildren(
      ...scene.bands.map(({ from, to, kind }) => drawn("rect", { class: `gc-band ${kind}`, x: across(from), y: area.top, width: Math.max(across(to) - across(from), 0), height: area.bottom - area.top })),
      ...heights.map((y) => drawn("path", { class: "gc-grid", d: `M${area.left},${up(y)}H${area.right}` })),
      ...heights.map((y) => write(scene.y.text(y, digits), area.left - 8, up(y) + 4, "gc-tick-y", { "data-value": y })),
      ...places.map((x) => drawn("path", { class: "gc-grid", d: `M${across(x)},${area.bottom}v5` })),
      ...places.map((x) => write(scene.x.text(x), across(x), area.bottom + ROW, "gc-tick-x", { "data-value": x })),
      ...scene.rules.flatMap(rule),
      within(...scene.lines.map(line)),
      ...scene.lines.flatMap(marks),
      ...cursor(),
      ...names(named),
    );
  }

  /** The ticks of an axis that stand far enough from each other. */
  function ticks(axis, pixels, room) {
    const { low, high, log } = axis;
    const most = Math.max(pixels / Math.max(room(low), room(high)), 1);
    const all = log ? logNumbers(low, high) : roundNumbers(low, high, most);
    let end = -Infinity;
    return all.filter((value) => {
      const at = share(axis, value) * pixels;
      if (log && at < end + room(value)) return false;
      end = at;
      return true;
    });
  }

  function write(text, x, y, kind, more = {}) {
    return drawn("text", { x: x.toFixed(1), y: y.toFixed(1), class: kind, ...more }, text);
  }

  /** An upright line, its text above the plot in a row of its own. */
  function rule({ x, text }, i) {
    const [at, half] = [across(x), long(text) / 2];
    const middle = Math.min(Math.max(at, half + 2), plot.clientWidth - half - 4);
    const y = 4 + ROW * (i + 0.75);
    return [drawn("path", { class: "gc-rule", d: `M${at},${y + 4}V${area.bottom}` }), write(text, middle, y, "gc-rule-text")];
  }

  /** A part of the drawing that shows lines no further than the axes go. */
  function within(...parts) {
    const [width, height] = [area.right - area.left, area.bottom - area.top];
    const box = { x: area.left, y: area.top - 2, width: width + 2, height: height + 4 };
    return drawn("svg", { ...box, viewBox: Object.values(box).join(" ") }, ...parts);
  }

  const there = ([x, y]) => x !== null && y !== null && Number.isFinite(up(y)) && Number.isFinite(across(x));
  const seen = ([x, y]) => there([x, y]) && x >= scene.x.low && x <= scene.x.high;

  function line({ points, kind }) {
    let stroke = "M";
    const d = points.map((one) => {
      if (!there(one)) return (stroke = "M"), "";
      const step = `${stroke}${across(one[0]).toFixed(2)},${up(one[1]).toFixed(2)}`;
      stroke = "L";
      return step;
    });
    return drawn("path", { class: `gc-line ${kind}`, d: d.join("") });
  }

  function mark(x, y, shape, kind) {
    return drawn("path", { class: `gc-shape ${kind}`, d: SHAPES[shape], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
  }

  /** Marks on a line, some way apart, not where the other lines have theirs, and one at its end. */
  function marks({ points, kind, shape }, n) {
    const found = points.filter(seen);
    if (!shape || !found.length) return [];
    let end = across(found[0][0]) - 64 + (n % 4) * 16;
    return found.filter(([x], i) => {
      if (across(x) < end + (i === found.length - 1 ? 14 : 64)) return false;
      end = across(x);
      return true;
    }).map(([x, y]) => mark(across(x), up(y), shape, kind));
  }

  function cursor() {
    if (scene.at === null) return [];
    const at = across(scene.at).toFixed(1);
    const spots = scene.spots.filter(({ x, y }) => seen([x, y]));
    return [
      drawn("path", { class: "gc-cursor", d: `M${at},${area.top}V${area.bottom}` }),
      ...spots.map(({ x, y, kind, shape }) => mark(across(x), up(y), shape ?? "circle", `gc-spot ${kind}`)),
    ];
  }

  /** The names of lines, each behind its end, moved apart where they would cover each other. */
  function names(lines) {
    const ends = lines.map(({ name, kind, points }) => {
      const end = points.findLast(seen);
      return end && { name, kind, x: across(end[0]) + 16, y: up(end[1]) + 4, from: up(end[1]) };
    });
    const placed = ends.filter(Boolean).sort((a, b) => b.y - a.y);
    placed.forEach((one, i) => {
      one.y = Math.min(one.y, area.bottom);
      for (const lower of placed.slice(0, i)) {
        const apart = one.x > lower.x + long(lower.name) * 1.08 || lower.x > one.x + long(one.name) * 1.08;
        if (!apart && one.y > lower.y - ROW + 3) one.y = lower.y - ROW + 3;
      }
    });
    return placed.flatMap(({ name, kind, x, y, from }) => [
      drawn("path", { class: `gc-leader ${kind}`, d: `M${x - 9},${from}L${x - 3},${y - 4}` }),
      write(name, x, y, `gc-name ${kind}`),
    ]);
  }

  const under = (event) => {
    const left = event.clientX - plot.getBoundingClientRect().left;
    const part = Math.min(Math.max((left - area.left) / (area.right - area.left || 1), 0), 1);
    return scene.x.low + part * (scene.x.high - scene.x.low);
  };
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down = true;
    plot.setPointerCapture(event.pointerId);
    pick(under(event));
  });
  plot.addEventListener("pointermove", (event) => {
    if (down) pick(under(event));
    else if (event.pointerType === "mouse") point(under(event));
  });
  for (const end of ["pointerup", "pointercancel"]) plot.addEventListener(end, () => (down = false));
  plot.addEventListener("pointerleave", () => point(null));
  const resized = new ResizeObserver(paint);
  resized.observe(plot);
  return { element, draw, stop: () => resized.disconnect() };
}
