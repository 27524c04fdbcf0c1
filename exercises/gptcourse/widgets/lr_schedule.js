// The learning rate of each step: up in a line, along half a cosine, flat afterwards.
import { announcer, count, h, percent, save, watch } from "./picture.js";
import { chart, lineKey } from "./chart.js";

// What the slider of max_lr gives: about as far from each other on a logarithmic scale.
const TOPS = [-5, -4, -3, -2].flatMap((power) => [1, 1.5, 2, 3, 4, 6, 8].map((n) => Number(`${n}e${power}`))).concat(0.1);
const SETTINGS = ["max_lr", "share", "warmup_steps", "max_steps"];
const DENSE = 2000; // with more steps than this, not every one is drawn

/** Three digits, without a power of ten: 0.000546. */
function decimals(x) {
  if (x === null) return "not a number";
  if (x === 0) return "0";
  const places = Math.max(2 - Math.floor(Math.log10(Math.abs(x))), 0);
  const text = x.toFixed(Math.min(places, 20));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The learning rate of a step. */
function rateAt(step, { top, end, rise, until }) {
  if (step < rise) return (top * (step + 1)) / rise;
  if (step >= until) return end;
  const turn = (Math.PI * (step - rise)) / (until - rise);
  return end + ((top - end) * (Math.cos(turn) + 1)) / 2;
}

function render({ model, el }) {
  const last = model.get("last");
  const name = model.get("function");
  const first = model.get("start");
  let pointed = null; // the step under the mouse: read, not chosen

  const top = slider("max_lr", 0, TOPS.length - 1, (i) => set({ max_lr: TOPS[i] }));
  const share = slider("min_lr", 0, 100, (n) => set({ share: n / 100 }));
  const rise = slider("warmup_steps", 0, last, (n) => set({ warmup_steps: n, max_steps: Math.max(n, model.get("max_steps")) }));
  const until = slider("max_steps", 1, last, (n) => set({ max_steps: n, warmup_steps: Math.min(n, model.get("warmup_steps")) }));
  const step = slider("step", 0, last, (n) => save(model, "step", n));
  const reset = h("button", { type: "button", onclick: () => known() || set(first) }, "Reset");
  const picture = chart({ pick: (x) => save(model, "step", Math.round(x)), point });
  const parts = h("p", { class: "gc-parts" }, part("gc-rise", "1 up in a line"), part("gc-fall", "2 along half a cosine"), part("gc-flat", "3 flat"));
  const lines = h("p", { class: "gc-parts" }, lineName("gc-formula-line", null, "the formula"), lineName("gc-own", "diamond", name));
  const saying = h("p", { class: "gc-saying" });
  const own = h("p", { class: "gc-verdict" });
  const root = h(
    "div",
    { class: "gc-picture gc-schedule" },
    h("div", { class: "gc-sliders" }, top.label, share.label, rise.label, until.label),
    parts,
    lines,
    picture.element,
    h("div", { class: "gc-bar-row" }, step.label, reset),
    saying,
    own,
  );
  const voice = announcer(root);
  el.append(root);

  function slider(text, min, max, onchange) {
    const input = h("input", { type: "range", min, max, aria: { label: text }, oninput: () => onchange(Number(input.value)) });
    const value = h("strong", { class: "gc-value" });
    return { input, value, label: h("label", {}, h("span", { class: "gc-word" }, text), input, value) };
  }

  function part(kind, text) {
    return h("span", {}, h("span", { class: `gc-swatch ${kind}`, aria: { hidden: "true" } }), text);
  }

  function lineName(kind, shape, text) {
    return h("span", { class: "gc-line-name" }, lineKey(kind, shape), text);
  }

  function set(values) {
    for (const [trait, value] of Object.entries(values)) model.set(trait, value);
    model.save_changes();
  }

  const same = (values) => SETTINGS.every((trait) => model.get(trait) === values[trait]);
  const known = () => same(first);

  function settings() {
    const [max_lr, part, warmup_steps, max_steps] = SETTINGS.map((trait) => model.get(trait));
    return { top: max_lr, end: Number((max_lr * part).toPrecision(12)), rise: warmup_steps, until: max_steps };
  }

  /** What the function gave for these settings: [step, rate]; null if it was not asked for them. */
  function given() {
    return same(model.get("asked")) ? model.get("values") : null;
  }

  /** The steps at which the function and the formula give different values. */
  function differences(values, now) {
    const near = (a, b) => a !== null && Math.abs(a - b) <= 1e-6 * Math.max(now.top, Math.abs(b));
    return values.filter(([it, rate]) => !near(rate, rateAt(it, now)));
  }

  /** Whether the function has a line of its own: it gave other values, and some are numbers. */
  function apart(wrong) {
    return wrong.length > 0 && given().some(([, rate]) => rate !== null);
  }

  /** Steps from one to another; not all of them if they are many. */
  function between(from, to) {
    const stride = Math.max(Math.ceil(last / DENSE), 1);
    const steps = [];
    for (let it = from; it < to; it += stride) steps.push(it);
    return [...new Set([...steps, to])];
  }

  function draw() {
    const now = settings();
    const nearest = TOPS.findLastIndex((x) => x <= now.top * 1.0001);
    show(top, Math.max(nearest, 0), decimals(now.top));
    show(share, Math.round(model.get("share") * 100), `${decimals(now.end)} (${Math.round(model.get("share") * 100)}\u00a0%)`);
    show(rise, now.rise, count(now.rise));
    show(until, now.until, count(now.until));
    reset.setAttribute("aria-disabled", String(known()));
    const values = given();
    const wrong = values ? differences(values, now) : [];
    lines.hidden = !apart(wrong);
    own.textContent = verdict(values, wrong, now);
    own.classList.toggle("gc-differs", wrong.length > 0);
    read();
    const talk = `max_lr ${decimals(now.top)}, min_lr ${decimals(now.end)}, ${ends(now).join(", ")}.`;
    voice.say(`${talk} ${wrong.length ? own.textContent : ""}`);
  }

  function show({ input, value }, n, text) {
    input.value = n;
    input.setAttribute("aria-valuetext", text);
    value.textContent = text;
  }

  function verdict(values, wrong, now) {
    if (!values) return `This line is drawn by the formula. ${name} was asked for the first settings: Reset shows them.`;
    const trouble = model.get("trouble");
    if (trouble) return `${name} raised ${trouble}. The line is drawn by the formula.`;
    const all = values.length === last + 1 ? `each of the ${count(last + 1)} steps` : `each of ${count(values.length)} steps from 0 to ${count(last)}`;
    if (!wrong.length) return `✓ ${name} gives these values, at ${all}.`;
    const [it, rate] = wrong[0];
    return `✗ ${name} gives other values at ${count(wrong.length)} of ${count(values.length)} steps. The first is step ${count(it)}: ${decimals(rate)}, and the line is at ${decimals(rateAt(it, now))}.`;
  }

  function ends(now) {
    return [now.rise ? `warm-up ends: step ${count(now.rise)}` : "no warm-up", `cosine ends: step ${count(now.until)}`];
  }

  /** The smallest round number that is no lower. */
  function roof(x) {
    const power = 10 ** Math.floor(Math.log10(x));
    return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10].find((n) => n * power >= x * 0.9999) * power;
  }

  function read() {
    const now = settings();
    const at = pointed ?? Math.min(model.get("step"), last);
    const values = given() ?? [];
    const wrong = apart(differences(values, now));
    const rates = values.map(([, rate]) => rate).filter((rate) => rate !== null);
    const [low, high] = wrong ? [Math.min(0, ...rates), Math.max(now.top, ...rates)] : [0, now.top];
    const pieces = [[0, now.rise], [now.rise, now.until], [now.until, last]];
    const kinds = ["gc-rise", "gc-fall", "gc-flat"];
    const points = pieces.flatMap(([from, to]) => (to > from || from === last ? between(from, to).map((it) => [it, rateAt(it, now)]) : []));
    const spots = [{ x: at, y: rateAt(at, now), kind: "gc-formula-line" }];
    const mine = values.find(([it]) => it === at);
    if (wrong && mine) spots.push({ x: at, y: mine[1], kind: "gc-own", shape: "diamond" });
    picture.draw({
      x: { low: 0, high: last, title: "step (it), from 0", text: count },
      y: { low, high: roof(high), title: "learning rate lr of the step", text: decimals },
      bands: pieces.map(([from, to], i) => ({ from, to, kind: kinds[i] })),
      rules: [{ x: now.rise, text: ends(now)[0] }, { x: now.until, text: ends(now)[1] }],
      lines: [{ points, kind: "gc-formula-line" }, ...(wrong ? [{ points: values, kind: "gc-own", shape: "diamond" }] : [])],
      spots,
      at,
      words: `The learning rate over ${count(last)} steps. ${ends(now).join(", ")}.`,
    });
    show(step, Math.min(model.get("step"), last), count(model.get("step")));
    say(at, now, wrong && mine ? mine[1] : undefined);
  }

  function say(at, now, mine) {
    const rate = rateAt(at, now);
    const where =
      at < now.rise ? `Warm-up, ${count(at + 1)} of ${count(now.rise)} steps`
      : at >= now.until ? "Flat, at min_lr"
      : `${percent((at - now.rise) / (now.until - now.rise))} of the way along the cosine`;
    saying.replaceChildren(
      h("strong", {}, `Step ${count(at)}: lr = ${decimals(rate)}`), `, ${percent(rate / now.top)} of max_lr. ${where}.`,
      mine === undefined ? "" : ` ${name} gives ${decimals(mine)}.`,
    );
  }

  function point(x) {
    const at = x === null ? null : Math.round(x);
    if (at === pointed) return;
    pointed = at;
    read();
  }

  function chosen() {
    pointed = null;
    read();
    voice.say(saying.textContent);
  }

  draw();
  const unwatch = watch(model, [...SETTINGS, "values", "asked", "trouble"], draw);
  const unread = watch(model, ["step"], chosen);
  return () => {
    unwatch();
    unread();
    picture.stop();
    voice.stop();
    root.remove();
  };
}

export default { render };
