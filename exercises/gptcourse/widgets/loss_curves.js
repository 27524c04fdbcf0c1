// Validation losses of real runs, over steps or seconds: the reader chooses which to compare.
import { announcer, count, h, save, scroller, watch } from "./picture.js";
import { chart, lineKey } from "./chart.js";

// A line is told by its colour, its dashes (in the style sheet) and its marks.
const MARKS = ["circle", "square", "up", "diamond", "down", "hexagon", "bar", "right"];
const AXES = [["steps", "steps"], ["seconds", "seconds"]];
const PARTS = [["whole", "the whole run"], ["second", "its second half"]];
const SCALES = [[false, "linear"], [true, "logarithmic"]];
const LETTERS = "ABCDEFGHI";
let drawings = 0; // radio buttons need a name of their own in each picture on the page

function loss(value) {
  if (value === null) return "not a number";
  return Math.abs(value) < 100 ? value.toFixed(3) : count(Math.round(value));
}

function render({ model, el }) {
  const number = (drawings += 1);
  const runs = model.get("runs").map((run, i) => {
    const kind = run.mine ? "gc-mine" : `gc-run-${i}`;
    return { ...run, kind, letter: LETTERS[i], shape: run.mine ? "star" : MARKS[i] };
  });
  let pointed = null; // the place under the mouse: read, not chosen

  const axis = choice("axis", "Horizontal axis", AXES, (value) => {
    model.set("at", null);
    save(model, "axis", value);
  });
  const part = choice("part", "Shown", PARTS, (value) => save(model, "part", value));
  const scale = choice("logarithmic", "Loss axis", SCALES, (value) => save(model, "logarithmic", value));
  const picture = chart({ pick: (x) => save(model, "at", nearest(x)), point });
  const slider = h("input", { type: "range", min: 0, oninput: () => save(model, "at", places()[Number(slider.value)]) });
  const word = h("span", {});
  const place = h("strong", { class: "gc-place" });
  const column = h("th", { scope: "col" });
  const heads = [h("th", { scope: "col" }, "run"), column, ...["above the lowest", "at the end"].map((text) => h("th", { scope: "col" }, text))];
  const rows = runs.map(row);
  const table = h("table", { class: "gc-runs" }, h("thead", {}, h("tr", {}, ...heads)), ...rows.map(({ group }) => group));
  const root = h(
    "div",
    { class: "gc-picture gc-loss" },
    h("div", { class: "gc-choices" }, axis.element, scale.element, part.element),
    picture.element,
    h("label", { class: "gc-cursor-row" }, word, slider, place),
    scroller("The runs", table),
    model.get("protocol") ? h("p", { class: "gc-quiet" }, model.get("protocol")) : "",
  );
  const voice = announcer(root);
  el.append(root);

  function choice(trait, legend, options, onchange) {
    const name = `gc-loss-${number}-${trait}`;
    const inputs = options.map(([value]) => h("input", { type: "radio", name, value: String(value), onchange: () => onchange(value) }));
    const labels = options.map(([, text], i) => h("label", {}, inputs[i], text));
    const element = h("fieldset", {}, h("legend", { class: "gc-title" }, legend), ...labels);
    return { element, set: (value) => options.forEach(([one], i) => (inputs[i].checked = one === value)) };
  }

  /** A run's line in the table: whether it is drawn, how, and what it had reached. */
  function row(run, i) {
    const box = h("input", { type: "checkbox", onchange: () => toggle(i) });
    const label = h("label", {}, box, lineKey(run.kind, run.shape), h("span", { class: "gc-letter" }, run.letter), h("span", { class: "gc-run" }, run.name));
    const cells = [0, 1].map(() => h("td", {}));
    const first = h("tr", {}, h("th", { scope: "row" }, label), ...cells, h("td", {}, loss(run.final)));
    const about = run.what ? [h("tr", { class: "gc-what" }, h("td", { colSpan: 4 }, run.what))] : [];
    return { box, cells, group: h("tbody", {}, first, ...about) };
  }

  function toggle(i) {
    const shown = model.get("shown");
    save(model, "shown", shown.includes(i) ? shown.filter((n) => n !== i) : [...shown, i].sort((a, b) => a - b));
  }

  const along = () => (model.get("axis") === "steps" ? 0 : 1);
  const unit = () => (model.get("axis") === "steps" ? "step" : "second");
  const chosenRuns = () => model.get("shown").map((i) => runs[i]).filter(Boolean);
  const timed = (run) => run.points.some((point) => point[along()] !== null);

  const measures = () => chosenRuns().flatMap((run) => run.points.map((point) => point[along()])).filter((x) => x !== null);

  /** Where the horizontal axis begins and ends. */
  function ends() {
    const high = Math.max(0, ...measures()) || 1;
    return model.get("part") === "whole" ? [0, high] : [high / 2, high];
  }

  /** All places on the axis at which one of the runs that are drawn was measured. */
  function places() {
    const [low] = ends();
    return [...new Set(measures())].filter((x) => x >= low).sort((a, b) => a - b);
  }

  function nearest(x) {
    const all = places();
    return all.length ? all.reduce((best, one) => (Math.abs(one - x) < Math.abs(best - x) ? one : best)) : null;
  }

  /** The place that is read: the last measure no later than the one chosen. */
  function chosenPlace() {
    const all = places();
    const at = pointed ?? model.get("at");
    return all.length ? (at === null ? all.at(-1) : all.findLast((x) => x <= at) ?? all[0]) : null;
  }

  /** What a run had reached at a place: its last measure until then. */
  function reached(run, at) {
    return run.points.findLast((point) => point[along()] !== null && point[along()] <= at);
  }

  function draw() {
    axis.set(model.get("axis"));
    scale.set(model.get("logarithmic"));
    part.set(model.get("part"));
    rows.forEach(({ box }, i) => (box.checked = model.get("shown").includes(i)));
    const all = places();
    slider.max = Math.max(all.length - 1, 0);
    word.textContent = unit();
    slider.setAttribute("aria-label", unit());
    read();
    voice.say(said());
  }

  function range() {
    const [left] = ends();
    const values = chosenRuns().flatMap((run) => run.points.filter((point) => point[along()] !== null && point[along()] >= left).map(([, , value]) => value));
    const numbers = values.filter((value) => value !== null && (value > 0 || !model.get("logarithmic")));
    const [low, high] = numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [1, 4];
    if (model.get("logarithmic")) return { low: low / 1.03, high: high * 1.03, log: true };
    const more = (high - low) * 0.04 || 0.5;
    return { low: low - more, high: high + more, log: false };
  }

  function read() {
    const [at, all, k] = [chosenPlace(), places(), along()];
    const [low, high] = ends();
    const shown = chosenRuns().filter(timed);
    const found = new Map(shown.map((run) => [run, at === null ? undefined : reached(run, at)]));
    const spots = [...found].filter(([, point]) => point).map(([run, point]) => ({ x: point[k], y: point[2], kind: run.kind, shape: run.shape })).filter(({ x }) => x >= low);
    const index = all.indexOf(at);
    if (pointed === null) slider.value = Math.max(index, 0);
    const where = at === null ? "no run is shown" : `${unit()} ${amount(at)}`;
    slider.setAttribute("aria-valuetext", where);
    place.textContent = at === null ? "" : amount(at);
    column.textContent = at === null ? "loss" : `loss at ${where}`;
    picture.draw({
      x: { low, high, title: k ? "seconds of training" : "step", text: count },
      y: { ...range(), title: `validation loss in nats${model.get("logarithmic") ? ", logarithmic axis" : ""}`, text: (y, digits) => y.toFixed(digits) },
      bands: [], rules: [],
      lines: shown.map((run) => ({ points: run.points.map((point) => [point[k], point[2]]), kind: run.kind, shape: run.shape, name: short(run.name), short: run.letter })),
      spots, at,
      words: shown.length ? `Validation loss over ${model.get("axis")}. ${said()}` : "No run is shown.",
    });
    write(found, at);
  }

  function short(name) {
    return name.length > 26 ? `${name.slice(0, 25)}…` : name;
  }

  function amount(x) {
    return along() && x < 100 ? x.toFixed(1) : count(Math.round(x));
  }

  /** The numbers of the table, and which is the lowest. */
  function write(found, at) {
    const best = Math.min(...[...found.values()].map((point) => point?.[2] ?? Infinity));
    runs.forEach((run, i) => {
      const [now, above] = rows[i].cells;
      const point = found.get(run);
      const off = !model.get("shown").includes(i);
      rows[i].group.classList.toggle("gc-off", off);
      now.classList.toggle("gc-best", point?.[2] === best);
      if (off || !point) {
        now.textContent = off ? "" : timed(run) ? "not yet" : "no times";
        above.textContent = "";
        return;
      }
      const late = point[along()] < at ? h("span", { class: "gc-late" }, ` at ${amount(point[along()])}`) : "";
      now.replaceChildren(loss(point[2]), late);
      above.textContent = point[2] === null ? "" : point[2] === best ? "lowest" : `+${(point[2] - best).toFixed(3)}`;
    });
  }

  function said() {
    const at = chosenPlace();
    if (at === null) return "No run is shown.";
    const parts = chosenRuns().filter(timed).map((run) => [run.name, reached(run, at)]);
    return `At ${unit()} ${amount(at)}: ${parts.map(([name, point]) => `${name} ${point ? loss(point[2]) : "not yet"}`).join(", ")}.`;
  }

  function point(x) {
    const at = x === null ? null : nearest(x);
    if (at === pointed) return;
    pointed = at;
    read();
  }

  function chosen() {
    pointed = null;
    read();
    voice.say(said());
  }

  draw();
  const unwatch = watch(model, ["shown", "axis", "part", "logarithmic"], draw);
  const unread = watch(model, ["at"], chosen);
  return () => {
    unwatch();
    unread();
    picture.stop();
    voice.stop();
    root.remove();
  };
}

export default { render };
