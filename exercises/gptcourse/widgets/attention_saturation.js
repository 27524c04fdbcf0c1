// What becomes of the softmax as q and k grow: the weights, the largest of each row, the tokens read.
import { announcer, h, save, scroller, visible, watch } from "./picture.js";
import { TOKENS_READ, attend, tokensRead } from "./attention.js";
import { decimal, matrix } from "./matrix.js";

function render({ model, el }) {
  const names = model.get("tokens").map(visible);
  const T = names.length;
  const last = model.get("sizes").length - 1;
  let [t, s] = [T - 1, 0];
  let sum;

  const slider = h("input", { type: "range", min: 0, max: last, oninput: () => save(model, "size", Number(slider.value)) });
  const sizeText = h("strong", { class: "gc-size" });
  const toggle = (trait, text) => {
    const box = h("input", { type: "checkbox", onchange: () => save(model, trait, box.checked) });
    return { box, label: h("label", {}, box, text) };
  };
  const scaled = toggle("scaled", "divide by √d");
  const masked = toggle("masked", "mask the future");
  const grid = matrix({
    label: "Weights: rows are queries, columns are keys", corner: "q ╲ k",
    rows: names, columns: names, pick: (row, column) => (([t, s] = [row, column]), read(), voice.say(saying.textContent)),
  });
  const lines = names.map((name) => {
    const parts = { largest: bar(), tokens: bar() };
    const row = h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, parts.largest.box), h("td", {}, parts.tokens.box));
    return { ...parts, row };
  });
  const headings = ["query", "largest weight", "tokens read"].map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "gc-bars" }, h("thead", {}, h("tr", {}, ...headings)), h("tbody", {}, ...lines.map((line) => line.row)));
  const spread = h("p", { class: "gc-spread" });
  const saying = h("p", { class: "gc-saying" });
  const means = h("table", { class: "gc-means" });
  const root = h(
    "div",
    { class: "gc-picture gc-saturation" },
    h("div", { class: "gc-bar-row" }, h("label", {}, "channels d", slider, sizeText), scaled.label, masked.label),
    spread,
    h(
      "div",
      { class: "gc-board" },
      h("div", {}, h("p", { class: "gc-title" }, "Weights: softmax along each row"), scroller("The weights", grid.element)),
      h("div", {}, h("p", { class: "gc-title" }, "What each query reads"), table),
    ),
    saying,
    h("p", { class: "gc-quiet" }, TOKENS_READ),
    h("div", { class: "gc-card" }, h("p", { class: "gc-title" }, "Largest weight and tokens read at each d, means over the queries"), scroller("The means", means)),
  );
  const voice = announcer(root);
  el.append(root);

  function bar() {
    const fill = h("span", {});
    const text = h("span", { class: "gc-number" });
    return { fill, text, box: h("span", { class: "gc-bar" }, h("span", { class: "gc-track" }, fill), text) };
  }

  function at(d, divide) {
    const mask = model.get("masked") ? names.map((_, row) => names.map((__, column) => column <= row)) : null;
    return attend({ q: model.get("q"), k: model.get("k"), d, scaled: divide, mask });
  }

  function draw() {
    const d = model.get("sizes")[model.get("size")];
    sum = at(d, model.get("scaled"));
    slider.value = model.get("size");
    slider.setAttribute("aria-valuetext", `${d} channels`);
    sizeText.textContent = d;
    scaled.box.checked = model.get("scaled");
    masked.box.checked = model.get("masked");
    grid.draw((row, column) => {
      const weight = sum.weights[row][column];
      const out = sum.masked[row][column] === -Infinity;
      const words = `${names[row]} reads ${names[column]}: ${decimal(weight)}`;
      return { text: decimal(weight), heat: weight, kind: out ? "gc-out" : "", words };
    });
    lines.forEach(({ largest, tokens }, row) => {
      const most = Math.max(...sum.weights[row]);
      const reads = tokensRead(sum.weights[row]);
      set(largest, most, decimal(most));
      set(tokens, reads / T, `${decimal(reads, 1)} of ${model.get("masked") ? row + 1 : T}`);
    });
    const size = deviation(sum.products.flat());
    spread.textContent = model.get("scaled")
      ? `The scores q · k have a standard deviation of ${decimal(size)}. Divided by √${d} = ${decimal(Math.sqrt(d))} it is ${decimal(size / Math.sqrt(d))}.`
      : `The scores q · k have a standard deviation of ${decimal(size)}. √${d} is ${decimal(Math.sqrt(d))}.`;
    drawMeans();
    read();
    voice.say(summary(d));
  }

  function set({ fill, text }, share, words) {
    fill.style.setProperty("--p", share);
    text.textContent = words;
  }

  function read() {
    grid.mark(t, s);
    lines.forEach(({ row }, i) => row.classList.toggle("gc-now", i === t));
    const [score, weight] = [sum.masked[t][s], sum.weights[t][s]];
    const best = sum.rows[t].most;
    saying.textContent =
      score === -Infinity
        ? `“${names[s]}” comes after “${names[t]}”: its weight is 0.`
        : score === best
          ? `“${names[s]}” has the row's highest score, ${decimal(score)}, and the weight ${decimal(weight, 4)}.`
          : `The score of “${names[s]}” is ${decimal(score)}, which is ${decimal(best - score)} below the row's highest: its weight is ${decimal(Math.exp(score - best), 4)} times the highest.`;
  }

  function mean(values) {
    return values.reduce((a, b) => a + b, 0) / values.length;
  }

  function deviation(values) {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((x) => (x - middle) ** 2)));
  }

  function both(weights) {
    return [mean(weights.map((row) => Math.max(...row))), mean(weights.map(tokensRead))];
  }

  /** One line a size: the two means without and with the division. */
  function drawMeans() {
    const group = (text) => h("th", { scope: "colgroup", colSpan: 2 }, text);
    const heads = ["largest", "read", "largest", "read"].map((text) => h("th", { scope: "col" }, text));
    const body = model.get("sizes").map((d, i) => {
      const numbers = [false, true].flatMap((divide) => both(at(d, divide).weights).map((x, n) => [decimal(x, n ? 1 : 2), divide]));
      const cells = numbers.map(([text, divide]) => h("td", { class: divide === model.get("scaled") && i === model.get("size") ? "gc-now" : "" }, text));
      return h("tr", {}, h("th", { scope: "row" }, `d = ${d}`), ...cells);
    });
    means.replaceChildren(
      h("thead", {}, h("tr", {}, h("td", {}), group("q · k"), group("q · k ÷ √d")), h("tr", {}, h("td", {}), ...heads)),
      h("tbody", {}, ...body),
    );
  }

  function summary(d) {
    const [most, reads] = both(sum.weights);
    return `${d} channels, ${model.get("scaled") ? "" : "not "}divided: the largest weight is ${decimal(most)} on average, ${decimal(reads, 1)} tokens are read.`;
  }

  draw();
  const unwatch = watch(model, ["q", "k", "size", "scaled", "masked"], draw);
  return () => {
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
