// 24 blocks, three places for the norm: how large the stream is, and the gradient that comes back.
import { announcer, count, h, save, watch } from "./picture.js";

const PLACES = [
  ["pre", "in front of each layer", "x + f(LN(x))"],
  ["post", "behind each sum", "LN(x + f(x))"],
  ["none", "nowhere", "x + f(x)"],
];
// One scale for all choices, so that they can be compared; what leaves it is marked and written.
const STREAM_AXIS = { low: 0, high: 2 };
const GRADIENT_AXIS = { low: -3, high: 2 };
let placements = 0; // radio buttons need a name of their own in each picture on the page

/** JSON has no number for what has overflowed. */
function measured(x) {
  return typeof x === "number" ? x : x === "inf" ? Infinity : NaN;
}

/** 5.12, 1,230 or 4.04 × 10⁸; "not a number" where float32 has given up. */
function size(value) {
  const x = measured(value);
  if (Number.isNaN(x)) return "not a number";
  if (x === Infinity) return "∞";
  if (x === 0) return "0";
  if (x >= 0.001 && x < 1e5) return x >= 1000 ? count(Math.round(x)) : x.toFixed(x < 0.1 ? 4 : x < 100 ? 2 : 0);
  const [digits, power] = x.toExponential(1).split("e");
  const raised = Array.from(String(Number(power)), (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
  return `${digits} × 10${raised}`;
}

function render({ model, el }) {
  const number = (placements += 1);
  let pointed = null;
  const last = model.get("runs")[0].stream.length;

  const places = choice("place", "Where the norm stands", PLACES.map(([place, name, formula]) => [place, name, h("span", { class: "gc-formula" }, formula)]));
  const times = choice("times", "Weights", [...new Set(model.get("runs").map((run) => run.times))].map((n) => [n, n === 1 ? "torch's" : `times ${n}`]));
  const above = chart("Stream after each block: standard deviation", STREAM_AXIS, false);
  const below = chart("Gradient in front of each block: root mean square", GRADIENT_AXIS, true);
  const slider = h("input", { type: "range", min: 1, max: last, oninput: () => save(model, "block", Number(slider.value)) });
  const sliderText = h("strong", { class: "gc-size" });
  const saying = h("p", { class: "gc-saying" });
  const broken = h("p", { class: "gc-broken" }, "Striped: not a number any more. In float32, products of numbers this large are more than it can hold.");
  const root = h(
    "div",
    { class: "gc-picture gc-norms" },
    h("div", { class: "gc-choices" }, places.element, times.element),
    above.element,
    below.element,
    h("p", { class: "gc-legend" }, key("gc-whole", "the gradient"), key("gc-straight", "the part that comes straight down, through no layer"), key("gc-off", "beyond the scale")),
    broken,
    h("label", {}, "block", slider, sliderText),
    saying,
    h("p", { class: "gc-quiet" }, "The axes are logarithmic. The input has a standard deviation of 1; the gradient starts behind the last block with a root mean square of 1 and runs to the left."),
  );
  const voice = announcer(root);
  el.append(root);

  function choice(trait, legend, options) {
    const name = `gc-norms-${number}-${trait}`;
    const inputs = options.map(([value]) => h("input", { type: "radio", name, value: String(value), onchange: () => save(model, trait, value) }));
    const labels = options.map(([, text, more], i) => h("label", {}, inputs[i], h("span", {}, text), more ?? ""));
    const element = h("fieldset", { class: `gc-${trait}` }, h("legend", { class: "gc-title" }, legend), ...labels);
    return { element, set: (value) => options.forEach(([one], i) => (inputs[i].checked = one === value)) };
  }

  function key(kind, text) {
    return h("span", {}, h("span", { class: `gc-key ${kind}`, aria: { hidden: "true" } }), text);
  }

  /** A title, an axis with powers of ten, and a column a block. */
  function chart(title, axis, straight) {
    const share = (x) => (Math.log10(x) - axis.low) / (axis.high - axis.low);
    const ticks = Array.from({ length: axis.high - axis.low + 1 }, (_, i) => {
      const line = h("span", { class: axis.low + i === 0 ? "gc-tick gc-one" : "gc-tick" }, h("span", {}, count(10 ** (axis.low + i))));
      line.style.setProperty("--at", i / (axis.high - axis.low));
      return line;
    });
    const columns = Array.from({ length: last }, () => {
      const parts = { bar: h("span", { class: "gc-bar" }), mark: straight ? h("span", { class: "gc-mark" }) : null };
      return { ...parts, column: h("span", { class: "gc-column" }, parts.bar, parts.mark ?? "") };
    });
    const plot = h("div", { class: "gc-plot", role: "img" }, h("div", { class: "gc-ticks" }, ...ticks), h("div", { class: "gc-columns" }, ...columns.map(({ column }) => column)));
    const numbers = Array.from({ length: last }, (_, i) => h("span", { class: (i + 1) % 4 && i ? "gc-odd" : "" }, i + 1));
    const text = h("p", { class: "gc-ends" });
    const element = h("div", { class: straight ? "gc-chart gc-tall" : "gc-chart" }, h("p", { class: "gc-title" }, title), text, plot, h("div", { class: "gc-numbers", aria: { hidden: "true" } }, ...numbers));
    const where = (event) => {
      const box = plot.lastChild.getBoundingClientRect();
      return Math.min(Math.max(Math.ceil((last * (event.clientX - box.left)) / box.width), 1), last);
    };
    plot.addEventListener("click", (event) => save(model, "block", where(event)));
    plot.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") point(where(event));
    });
    plot.addEventListener("pointerleave", () => point(null));

    /** Give an element its place; say whether the value is beyond an end of the axis. */
    function put(element, value) {
      const x = measured(value);
      const at = Number.isNaN(x) ? 1 : share(Math.max(x, 1e-300));
      element.style.setProperty("--to", Math.min(Math.max(at, 0), 1));
      element.classList.toggle("gc-nan", Number.isNaN(x));
      element.classList.toggle("gc-over", at > 1);
      element.classList.toggle("gc-under", at < -0.001 && x < 0.99);
    }
    function draw(values, marks, words) {
      columns.forEach(({ bar, mark }, i) => {
        bar.style.setProperty("--from", share(1));
        put(bar, values[i]);
        if (mark) put(mark, marks[i]);
      });
      text.textContent = words;
      plot.setAttribute("aria-label", `${title}. ${words}`);
    }
    return { element, draw, light: (n) => columns.forEach(({ column }, i) => column.classList.toggle("gc-now", i + 1 === n)) };
  }

  function run() {
    return model.get("runs").find((one) => one.place === model.get("place") && one.times === model.get("times"));
  }

  function draw() {
    const { stream, gradient, straight } = run();
    places.set(model.get("place"));
    times.set(model.get("times"));
    const first = (values) => size(values[0]);
    above.draw(stream, null, `${first(stream)} after block 1, ${size(stream[last - 1])} after block ${last}.`);
    below.draw(gradient, straight, `1 behind block ${last}, ${first(gradient)} in front of block 1. The part that comes straight down: ${first(straight)}.`);
    broken.hidden = ![...stream, ...gradient].some((x) => Number.isNaN(measured(x)));
    read();
    voice.say(`Stream: ${first(stream)} after block 1, ${size(stream[last - 1])} after block ${last}. Gradient in front of block 1: ${first(gradient)}, straight down ${first(straight)}.`);
  }

  function read() {
    const n = pointed ?? model.get("block");
    const { stream, gradient, straight } = run();
    slider.value = model.get("block");
    slider.setAttribute("aria-valuetext", `block ${model.get("block")}`);
    sliderText.textContent = model.get("block");
    saying.replaceChildren(
      h("strong", {}, `Block ${n}.`), " Stream after it: ", h("strong", {}, size(stream[n - 1])), ". Gradient in front of it: ",
      h("strong", {}, size(gradient[n - 1])), ". The part that comes straight down: ", h("strong", {}, size(straight[n - 1])), ".",
    );
    for (const one of [above, below]) one.light(n);
  }

  function point(n) {
    if (n === pointed) return;
    pointed = n;
    read();
  }

  function chosen() {
    read();
    voice.say(saying.textContent);
  }

  draw();
  const unwatch = watch(model, ["runs", "place", "times"], draw);
  const unread = watch(model, ["block"], chosen);
  return () => {
    unwatch();
    unread();
    voice.stop();
    root.remove();
  };
}

export default { render };
