// Points on a plane with labels where there is room; zoomed by buttons, keys, wheel and fingers.
import { h, reducedMotion } from "./picture.js";

const FARTHEST_ZOOM = 12;
const MARGIN = 28; // pixels between the outermost points and the edge
const FINGER = 26; // how near to a point a press must be to mean it
const TRAVEL = 900; // milliseconds from one map to another
const SVG_SPACE = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG_SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * `points` are [x, y] with y upwards; `labels` their texts, the first ones the more important.
 * `pick(i)` is called when the reader means point i. `draw(scene)` draws: `scene.at` is the point
 * that is picked, `scene.lines` are [i, class], lines from it; `scene.bold` is a set of points.
 * `move(points)` lets all points travel to other places.
 */
export function plane({ points, labels, name, pick }) {
  let left, right, low, high;
  const view = { x: 0, y: 0, zoom: 1 };
  const widths = new Map(); // of the labels, in pixels
  const pen = document.createElement("canvas").getContext("2d");
  let scene = { at: 0, lines: [], bold: new Set() };
  let width = 0, height = 0, scale = 1, frame = 0;

  const strokes = svg("g", {});
  const dots = points.map(() => svg("circle", { class: "gc-dot" }));
  const names = svg("g", {});
  const drawing = svg("svg", { "aria-hidden": "true" }, strokes, svg("g", {}, ...dots), names);
  const map = h("div", { class: "gc-plane", role: "application", tabIndex: 0, aria: { label: name } }, drawing);
  const control = (label, sign, onclick) => h("button", { type: "button", aria: { label }, title: label, onclick }, sign);
  const closer = control("Zoom in", "+", () => zoom(1.6));
  const away = control("Zoom out", "−", () => zoom(1 / 1.6));
  const whole = h("button", { type: "button", onclick: () => zoom(0) }, "Whole map");
  const buttons = h("div", { class: "gc-buttons", role: "group", aria: { label: "Zoom" } }, closer, away, whole);

  const place = ([x, y]) => [width / 2 + (x - view.x) * scale, height / 2 - (y - view.y) * scale];

  /** Zoom by a factor around a place in pixels, or back to the whole map. */
  function zoom(factor, px, py) {
    if (px === undefined) [px, py] = middle();
    const before = scale;
    view.zoom = Math.min(Math.max(view.zoom * factor, 1), FARTHEST_ZOOM);
    fit();
    view.x += (px - width / 2) * (1 / before - 1 / scale);
    view.y -= (py - height / 2) * (1 / before - 1 / scale);
    redraw();
  }

  /** What a button zooms around: the point that is picked, if it can be seen. */
  function middle() {
    const [px, py] = place(points[scene.at]);
    return px >= 0 && px <= width && py >= 0 && py <= height ? [px, py] : [width / 2, height / 2];
  }

  function fit() {
    [left, right] = extent(points.map(([x]) => x));
    [low, high] = extent(points.map(([, y]) => y));
    const room = Math.min((width - 2 * MARGIN) / (right - left || 1), (height - 2 * MARGIN) / (high - low || 1));
    scale = Math.max(room, 1e-6) * view.zoom;
  }

  /** Keep the view over the points: at zoom 1 all of them are in it. */
  function hold() {
    const slack = 1 - 1 / view.zoom;
    const within = (value, a, b) => Math.min(Math.max(value, (a + b) / 2 - ((b - a) / 2) * slack), (a + b) / 2 + ((b - a) / 2) * slack);
    view.x = within(view.x, left, right);
    view.y = within(view.y, low, high);
  }

  /** Bring a point into the view. */
  function show(i) {
    const [px, py] = place(points[i]);
    if (px > MARGIN && px < width - MARGIN && py > MARGIN && py < height - MARGIN) return;
    [view.x, view.y] = points[i];
  }

  function redraw() {
    if (!width) return;
    hold();
    const at = points.map(place);
    dots.forEach((dot, i) => {
      dot.setAttribute("cx", at[i][0].toFixed(1));
      dot.setAttribute("cy", at[i][1].toFixed(1));
      const kind = i === scene.at ? "gc-picked" : scene.bold.has(i) ? "gc-bold" : "";
      dot.setAttribute("class", `gc-dot ${kind}`);
      dot.setAttribute("r", kind ? 5.5 : width > 440 ? 3 : 2.25);
    });
    const [x1, y1] = at[scene.at];
    strokes.replaceChildren(
      ...scene.lines.map(([i, kind]) => svg("line", { class: kind, x1, y1, x2: at[i][0], y2: at[i][1] })),
    );
    write(at);
    const open = view.zoom > 1.001;
    map.classList.toggle("gc-zoomed", open);
    for (const button of [away, whole]) button.setAttribute("aria-disabled", String(!open));
    closer.setAttribute("aria-disabled", String(view.zoom >= FARTHEST_ZOOM));
  }

  /** Write the labels, the important ones first, each only where it covers no other. */
  function write(at) {
    const style = getComputedStyle(names);
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const measured = (label) => widths.get(label) ?? widths.set(label, pen.measureText(label).width).get(label);
    const tall = parseFloat(style.fontSize) * 1.25;
    const first = [scene.at, ...scene.bold];
    const rest = labels.map((_, i) => i).filter((i) => !scene.bold.has(i) && i !== scene.at);
    const box = map.getBoundingClientRect();
    const notes = [...map.querySelectorAll(":scope > span")].map((note) => note.getBoundingClientRect());
    const taken = notes.map((note) => [note.left - box.left, note.top - box.top, note.width, note.height]);
    names.replaceChildren();
    for (const i of [...first, ...rest]) {
      const [px, py] = at[i];
      if (px < 0 || py < 0 || px > width || py > height) continue;
      const special = i === scene.at || scene.bold.has(i);
      const wide = measured(labels[i]) * (special ? 1.12 : 1) + 4;
      const spots = [[px + 7, py - tall / 2], [px - 7 - wide, py - tall / 2], [px - wide / 2, py - tall - 6], [px - wide / 2, py + 6]];
      const spot = spots.find(([x, y]) => x > 0 && x + wide < width && y > 0 && y + tall < height &&
        !taken.some(([a, b, w, t]) => x < a + w && a < x + wide && y < b + t && b < y + tall));
      if (!spot) continue;
      taken.push([...spot, wide, tall]);
      const kind = i === scene.at ? "gc-picked" : special ? "gc-bold" : "";
      names.append(svg("text", { class: kind, x: spot[0] + 2, y: spot[1] + tall * 0.76 }, labels[i]));
    }
  }

  /** The point that lies nearest to a place in pixels, if one is within reach. */
  function nearby(px, py) {
    const away = points.map((point) => Math.hypot(place(point)[0] - px, place(point)[1] - py));
    const i = away.indexOf(Math.min(...away));
    return away[i] <= FINGER ? i : null;
  }

  /** The next point in a direction: near, and not far to the side. */
  function next(dx, dy) {
    const [x, y] = points[scene.at];
    let best = null, least = Infinity;
    points.forEach(([a, b], i) => {
      const along = (a - x) * dx + (b - y) * dy;
      const aside = Math.abs((a - x) * dy) + Math.abs((b - y) * dx);
      if (along > 0 && aside <= along && along + 2 * aside < least) [best, least] = [i, along + 2 * aside];
    });
    return best;
  }

  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turn = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const factor = { "+": 1.6, "=": 1.6, "-": 1 / 1.6, 0: 0 }[event.key];
    if (!turn && factor === undefined) return;
    event.preventDefault();
    if (factor !== undefined) return zoom(factor);
    const i = next(...turn);
    if (i !== null) pick(i);
  });

  const held = new Map(); // the pointers that are down, and where
  let moved = false;
  const inside = ({ clientX, clientY }) => {
    const box = map.getBoundingClientRect();
    return [clientX - box.left - map.clientLeft, clientY - box.top - map.clientTop];
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!held.size) moved = false;
    held.set(event.pointerId, inside(event));
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) return;
    const [x, y] = inside(event);
    const [a, b] = held.get(event.pointerId);
    if (!moved && held.size === 1 && Math.hypot(x - a, y - b) < 6) return;
    moved = true;
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, [x, y]);
    if (other) {
      const spread = (px, py) => Math.hypot(px - other[0], py - other[1]) || 1;
      return zoom(spread(x, y) / spread(a, b), (x + other[0]) / 2, (y + other[1]) / 2);
    }
    view.x -= (x - a) / scale;
    view.y += (y - b) / scale;
    redraw();
  });
  map.addEventListener("pointerup", (event) => {
    if (!held.delete(event.pointerId) || moved) return;
    const i = nearby(...inside(event));
    if (i !== null) pick(i);
  });
  map.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  // The wheel alone scrolls the page; with Ctrl, which is what a pinch on a touchpad sends, it zooms.
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 200), ...inside(event));
  }, { passive: false });

  const resized = new ResizeObserver(() => {
    [width, height] = [map.clientWidth, map.clientHeight];
    fit();
    redraw();
  });
  resized.observe(map);
  function draw(next) {
    scene = next;
    if (width) show(scene.at);
    redraw();
  }

  /** Let each point go to another place. */
  function move(to) {
    const [from, began] = [points, performance.now()];
    cancelAnimationFrame(frame);
    function tick(now) {
      const s = Math.min(Math.max((now - began) / TRAVEL, 0), 1);
      const part = s * s * (3 - 2 * s);
      points = from.map(([x, y], i) => [x + (to[i][0] - x) * part, y + (to[i][1] - y) * part]);
      view.zoom = 1;
      fit();
      redraw();
      if (s < 1) frame = requestAnimationFrame(tick);
    }
    tick(reducedMotion() ? Infinity : began);
  }

  function stop() {
    cancelAnimationFrame(frame);
    resized.disconnect();
  }
  return { map, buttons, draw, move, stop };
}

function extent(values) {
  return [Math.min(...values), Math.max(...values)];
}
