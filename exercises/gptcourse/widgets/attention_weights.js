// Weights of attention as they are: a row that does not sum to 1, a weight on the future.
import { announcer, h, save, scroller, visible, watch } from "./picture.js";
import { decimal, matrix } from "./matrix.js";
import { TOKENS_READ, tokensRead } from "./attention.js";

const ENOUGH = 1e-3; // how far a sum may be from 1

function render({ model, el }) {
  const names = model.get("tokens").map(visible);
  const T = model.get("weights")[0].length;
  const S = names.length;
  const queries = names.slice(S - T);
  let [t, s] = [T - 1, 0];

  const picker = h("select", { onchange: () => save(model, "head", picker.selectedIndex) });
  const grid = matrix({
    label: "Weights: rows are queries, columns are keys", corner: "q ╲ k",
    rows: queries, columns: names, ends: ["sum", "read"],
    pick: (row, column) => (([t, s] = [row, column]), draw()),
  });
  const saying = h("p", { class: "gc-saying" });
  const verdict = h("p", { class: "gc-note" });
  const root = h("div", { class: "gc-picture gc-weights" });
  if (model.get("weights").length > 1) root.append(h("label", {}, "Head ", picker));
  root.append(h("div", { class: "gc-board" }, scroller("The weights", grid.element), h("div", {}, saying, verdict, h("p", { class: "gc-quiet" }, TOKENS_READ))));
  const voice = announcer(root);
  el.append(root);

  function draw() {
    const heads = model.get("weights");
    const weights = heads[model.get("head")].map((row) => row.map(Number)); // nan came as text
    picker.replaceChildren(...heads.map((_, i) => h("option", {}, String(i))));
    picker.selectedIndex = model.get("head");
    const sums = weights.map((row) => row.reduce((a, b) => a + b, 0));
    const future = (row, column) => model.get("causal") && column > row + S - T;
    const leaks = (row, column) => future(row, column) && weights[row][column] !== 0;
    const off = (row) => !(Math.abs(sums[row] - 1) <= ENOUGH);
    grid.draw(
      (row, column) => {
        const weight = weights[row][column];
        const kind = leaks(row, column) ? "gc-bad" : future(row, column) ? "gc-out" : row === t ? "gc-row" : "";
        const words = `${queries[row]} reads ${names[column]}: ${decimal(weight)}`;
        return { text: decimal(weight), heat: weight || 0, kind, words };
      },
      (row, i) => {
        if (i) return { text: off(row) ? "" : decimal(tokensRead(weights[row]), 1) };
        return { text: `${off(row) ? "✗ " : ""}${decimal(sums[row])}`, kind: off(row) ? "gc-bad" : "" };
      },
    );
    grid.mark(t, s);
    const late = future(t, s) ? ", which comes later" : "";
    saying.textContent = `“${queries[t]}” reads “${names[s]}”${late}, with weight ${decimal(weights[t][s], 4)}.`;
    judge(weights.flatMap((row, r) => row.filter((_, n) => leaks(r, n))).length, sums.filter((_, r) => off(r)).length);
  }

  function judge(leaking, wrong) {
    const said = [];
    if (wrong) said.push(`✗ ${wrong} of ${T} rows do not sum to 1.`);
    if (leaking) said.push(`✗ ${leaking} ${leaking === 1 ? "weight on a later token is" : "weights on later tokens are"} not 0.`);
    if (!said.length) said.push(`✓ Each row sums to 1${model.get("causal") ? ", and no weight is on a later token" : ""}.`);
    verdict.classList.toggle("gc-bad", wrong + leaking > 0);
    verdict.textContent = said.join(" ");
    voice.say(verdict.textContent);
  }

  draw();
  const unwatch = watch(model, ["weights", "head", "causal"], draw);
  return () => {
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
