// The loop as it ran: context in, probabilities out, one symbol put at the end, and again.
import { announcer, blank, h, percent, player, reducedMotion, save } from "./picture.js";
import { tile, visible, watch } from "./picture.js";

const SPEEDS = [0.5, 1, 2, 4];
// What one turn of the loop shows, in order. After the last comes the next turn's first.
const [PREDICT, CHOOSE] = [0, 1];
const PHASES = 2;

function render({ model, el }) {
  let at = 0; // PHASES * turn + phase

  const turnText = h("p", { class: "gc-title" });
  const context = h("div", { class: "gc-context-tiles", role: "img" });
  const machine = h("div", { class: "gc-machine" });
  const bars = h("ol", { class: "gc-top" });
  const saying = h("p", { class: "gc-saying" });
  const speed = h("select", { onchange: () => save(model, "speed", SPEEDS[speed.selectedIndex]) });
  speed.append(...SPEEDS.map((x) => h("option", {}, `${x} ×`)));
  const buttons = player({
    step: () => go(at + 1),
    back: () => go(at - 1),
    reset: () => go(0),
    canStep: () => at < end(),
    canBack: () => at > 0,
    wait: () => 1300 / model.get("speed"),
  });

  const into = arrow("into the model");
  const out = arrow("out of the model");
  const panel = (name, title, ...children) =>
    h("section", { class: `gc-panel gc-panel-${name}` }, h("p", { class: "gc-title" }, title), ...children);
  const back = h("div", { class: "gc-return" }, h("span", {}, "the choice is put at the end of the context"));
  const root = h(
    "div",
    { class: "gc-picture gc-loop" },
    turnText,
    h(
      "div",
      { class: "gc-stage" },
      panel("in", "Context", context),
      into,
      machine,
      out,
      panel("out", "What comes next?", bars),
      back,
    ),
    saying,
    h("div", { class: "gc-bar-row" }, buttons.element, h("label", {}, "Speed", speed)),
  );
  const voice = announcer(root);
  el.append(root);

  function steps() {
    return model.get("steps");
  }

  /** As many tokens as the context ever holds: their places are there from the start. */
  function longest() {
    return 1 + Math.max(...steps().map((step) => step.context.length));
  }

  function end() {
    return PHASES * steps().length;
  }

  function arrow(label) {
    return h("span", { class: "gc-arrow", role: "img", aria: { label } }, "➜");
  }

  function go(target) {
    const next = Math.min(Math.max(target, 0), end());
    const source = next === at + 1 && at % PHASES === CHOOSE ? bars.querySelector(".gc-y") : null;
    const from = source?.getBoundingClientRect();
    at = next;
    draw();
    if (from && chosen(Math.floor(at / PHASES) - 1) !== null) fly(from);
    // While it plays, a sentence every second would drown the reader.
    if (!buttons.playing()) voice.say(saying.textContent);
    else if (at === end()) voice.say(saying.textContent);
  }

  /** Let the newest tile of the context arrive from where it stood among the probabilities. */
  function fly(from) {
    const tile = [...context.querySelectorAll(".gc-tile:not(.gc-blank)")].at(-1);
    if (reducedMotion() || !tile) return;
    const to = tile.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    const frames = [
      { transform: `translate(${x}px, ${y}px)`, zIndex: 2 },
      { transform: `translate(${x / 2}px, ${Math.max(y, 0) + 60}px) scale(1.25)`, offset: 0.5 },
      { transform: "none", zIndex: 2 },
    ];
    tile.animate(frames, { duration: 800 / model.get("speed"), easing: "ease-in-out" });
  }

  function chosen(turn) {
    return steps()[turn]?.choice ?? null;
  }

  function draw() {
    const turn = Math.floor(at / PHASES);
    const phase = at % PHASES;
    const finished = turn === steps().length;
    const step = steps()[turn];
    const tokens = finished ? model.get("output") : step.context;
    const fresh = turn > 0 && phase === PREDICT && chosen(turn - 1) !== null;
    const tiles = tokens.map((token, i) => tile(token, fresh && i === tokens.length - 1 ? "gc-y" : "gc-x"));
    const later = model.get("output").slice(tokens.length, longest());
    context.replaceChildren(...tiles, ...later.map((token) => blank(token)));
    context.setAttribute("aria-label", `${tokens.length} tokens: ${tokens.map(visible).join(" ")}`);
    turnText.textContent = finished
      ? `Done after ${steps().length} turns of the loop`
      : `Turn ${turn + 1} of ${steps().length}`;
    drawMachine(finished, phase, tokens.length);
    drawBars(finished ? steps()[turn - 1] : step, finished ? CHOOSE : phase);
    saying.textContent = sentence(finished, turn, phase);
    speed.selectedIndex = Math.max(0, SPEEDS.indexOf(model.get("speed")));
    into.classList.toggle("gc-lit", !finished && phase === PREDICT);
    out.classList.toggle("gc-lit", !finished && phase === PREDICT);
    back.classList.toggle("gc-lit", phase === CHOOSE || fresh);
    buttons.refresh();
  }

  function drawMachine(finished, phase, length) {
    const reads = finished ? "is not asked again" : `reads ${length} ${length === 1 ? "token" : "tokens"}`;
    machine.replaceChildren(h("strong", {}, "model"), h("span", {}, reads));
    machine.classList.toggle("gc-lit", !finished && phase === PREDICT);
  }

  function drawBars(step, phase) {
    const { top, others, rest, choice } = step;
    const picked = phase === CHOOSE ? top.findIndex(([symbol]) => symbol === choice) : -1;
    const lines = top.map(([symbol, p], i) => {
      const mark = h("span", { class: "gc-mark" }, i === picked ? "✓" : "");
      const line = h("li", {}, tile(symbol, i === picked ? "gc-y" : ""), bar(p), h("span", {}, percent(p)), mark);
      line.classList.toggle("gc-picked", i === picked);
      return line;
    });
    if (others > 0) {
      const name = h("span", { class: "gc-quiet" }, `${others} more`);
      lines.push(h("li", { class: "gc-rest" }, name, bar(rest), h("span", {}, percent(rest)), h("span", {})));
    }
    bars.replaceChildren(...lines);
  }

  function bar(p) {
    const fill = h("span", {});
    fill.style.setProperty("--p", p);
    return h("span", { class: "gc-track" }, fill);
  }

  function sentence(finished, turn, phase) {
    const step = steps()[turn];
    if (finished) return `The loop returned ${model.get("output").length} tokens: ${model.get("output").map(visible).join("")}`;
    const [best, p] = step.top.reduce((a, b) => (b[1] > a[1] ? b : a));
    if (phase === PREDICT) {
      return `${asked(turn)} Each symbol gets a probability; the highest is ${percent(p)}, for “${visible(best)}”.`;
    }
    if (step.choice === null) return "The context did not grow after this call.";
    const how = step.p >= p ? "the most probable symbol" : "not the most probable symbol";
    return `The loop takes “${visible(step.choice)}”, ${how}, at ${percent(step.p)}.`;
  }

  /** What goes into the model at the beginning of a turn. */
  function asked(turn) {
    if (turn === 0) return "The prompt goes into the model.";
    const added = chosen(turn - 1);
    return added === null
      ? "Nothing was put at the end, and the same context goes into the model again."
      : `“${visible(added)}” was put at the end, and the longer context goes into the model.`;
  }

  function restart() {
    buttons.pause();
    at = 0;
    draw();
  }

  draw();
  const unwatch = watch(model, ["steps"], restart);
  const unwatchOutput = watch(model, ["output", "speed"], draw);
  return () => {
    buttons.pause();
    unwatch();
    unwatchOutput();
    voice.stop();
    root.remove();
  };
}

export default { render };
