// A GPT that runs in the page: it reads a prompt and writes on, and each stage can be opened.
import { choice } from "./attention_views.js";
import { Reading, arrange, lengthOf } from "./gpt_model.js";
import { fallsOn, filterLogits } from "./gpt_sampling.js";
import { blockStage, drawStage, embeddingStage, logitsStage } from "./gpt_stages.js";
import { tokenStrip } from "./gpt_strip.js";
import { readTokenizer } from "./gpt_tokenizer.js";
import { readSafetensors } from "./gpt_weights.js";
import { decimal } from "./matrix.js";
import { announcer, asset, count, generator, h, percent, player, save, scroller, watch } from "./picture.js";
import { spoken } from "./token_tiles.js";

const PAUSE = 70; // milliseconds between tokens: as fast as one reads
const KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]; // and 0, all of them
const TRAITS = ["prompt", "temperature", "top_k", "top_p", "seed"];
const OWN = "your own";
const ELSEWHERE = "This picture runs a GPT. Its weights are not in the installed package: the picture lives on the course’s site, at the end of the chapter on training.";

let gpt = null; // { weights, tokens }: two pictures on a page load it once

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function render({ model, el }) {
  const config = model.get("config");
  const size = model.get("size");
  const root = h("div", { class: "gc-picture gc-gpt" });
  const voice = announcer(root);
  el.append(root);
  let end = () => {};
  if (!config.n_layer) root.append(h("p", {}, ELSEWHERE));
  else if (gpt) open();
  else offer();
  return () => {
    end();
    voice.stop();
    root.remove();
  };

  /** A button that says what it loads. Nothing is loaded before it is pressed. */
  function offer() {
    const { n_layer, n_head, n_embd, block_size, vocab_size } = config;
    const sizes = `${n_layer} blocks, ${n_head} heads, ${n_embd} channels, ${block_size} positions, ${count(vocab_size)} tokens`;
    const words = `Load the model (${megabytes(size)} MB)`;
    const button = h("button", { type: "button", class: "gc-main", onclick: load }, words);
    const bar = h("progress", { max: size, value: 0, hidden: true, aria: { label: "Loading the model" } });
    const note = h("p", { class: "gc-quiet" }, "It is loaded once, from this site, and runs in your browser.");
    const box = h("div", { class: "gc-offer" }, h("p", {}, `A GPT-2 in small: ${sizes}.`), h("div", { class: "gc-bar-row" }, button, bar), note);
    root.append(box);
    let busy = false;

    async function load() {
      if (busy) return;
      busy = true;
      button.setAttribute("aria-disabled", "true");
      bar.hidden = false;
      const there = { merges: 0, weights: 0 };
      const progress = (name) => (bytes) => {
        if (!busy) return; // the other file has failed, and the note says so
        there[name] = bytes;
        bar.value = there.merges + there.weights;
        note.textContent = `${megabytes(bar.value)} of ${megabytes(size)} MB`;
      };
      try {
        const [merges, weights] = await Promise.all(Object.keys(there).map((name) => asset(model, name, { progress: progress(name) })));
        gpt = { weights: arrange(readSafetensors(weights), config), tokens: readTokenizer(new TextDecoder().decode(merges)) };
        if (gpt.tokens.bytes.length !== config.vocab_size) throw new Error(`${gpt.tokens.bytes.length} tokens for ${config.vocab_size} rows`);
      } catch (error) {
        gpt = null;
        busy = false;
        bar.hidden = true;
        button.setAttribute("aria-disabled", "false");
        note.textContent = `The model did not load: ${error.message}. The button tries again.`;
        return voice.say(note.textContent);
      }
      if (!root.isConnected) return;
      const focused = box.contains(document.activeElement);
      box.remove();
      open();
      if (focused) root.querySelector(".gc-buttons .gc-main").focus();
      voice.say("The model is loaded.");
    }
  }

  function open() {
    const { tokens } = gpt;
    const reading = new Reading(gpt.weights, config);
    let [ids, begun, at, stage, head, cut] = [[], 0, 0, config.n_layer + 2, 0, 0];
    let [random, numbers, times, found] = [null, [], [], null]; // found: what is left at position `at`
    const nameOf = (id) => (id === tokens.end ? tokens.bytes[id] : spoken(tokens.bytes[id]));

    const listed = model.get("prompts");
    const picker = h("select", { onchange: () => (listed[picker.selectedIndex] === undefined ? input.focus() : save(model, "prompt", listed[picker.selectedIndex])) });
    picker.append(...[...listed, OWN].map((text) => h("option", {}, text)));
    const input = h("textarea", { rows: 2, maxLength: model.get("limit"), spellcheck: false });
    input.addEventListener("input", () => save(model, "prompt", input.value));
    const seed = h("input", { type: "number", min: 0, max: 2 ** 32 - 1, step: 1 });
    seed.addEventListener("change", () => {
      seed.value = Number(seed.value) >>> 0;
      save(model, "seed", Number(seed.value));
    });
    const buttons = player({
      step, reset: begin, wait: () => PAUSE,
      back: () => (ids.pop(), (reading.length = ids.length), show(ids.length - 1)),
      canStep: () => ids.length < reading.N && ids.at(-1) !== tokens.end || ids.length === begun,
      canBack: () => ids.length > begun,
    });
    const kept = [...new Set([...KEPT, model.get("top_k") || 1])].sort((a, b) => a - b);
    const sliders = [
      slider("Temperature", "temperature", { min: 0, max: 2, step: 0.05 }, (x) => x, (x) => decimal(x)),
      slider("Top-k", "top_k", { min: 0, max: kept.length, step: 1 }, (i) => kept[i] ?? 0, (k) => (k ? count(k) : "all"), (k) => (k ? kept.findIndex((one) => one >= k) : kept.length)),
      slider("Top-p", "top_p", { min: 0.05, max: 1, step: 0.05 }, (x) => x, (x) => decimal(x)),
    ];
    const text = h("p", { class: "gc-text" });
    const note = h("p", { class: "gc-quiet gc-count" });
    const strip = tokenStrip({ label: "Tokens and their ids: which one is looked at", pick: (t) => (show(t), voice.say(`Position ${t}, “${nameOf(ids[t])}”`)) });
    const layers = Array.from({ length: config.n_layer }, (_, n) => n);
    const stages = [embeddingStage(), ...layers.map((n) => blockStage(n, config.n_head, (one) => ((head = one), show(at)))), logitsStage(), drawStage()];
    const tabs = ["Embedding", ...layers.map((n) => `Block ${n}`), "Logits", "Draw"].map((name) =>
      h("button", { type: "button", class: "gc-tab" }, h("span", {}, name), h("span", { class: "gc-size" })));
    const path = choice({ label: "Stages, from the token to the draw", buttons: tabs, pick: (n) => ((stage = n), show(at)) });
    const panel = h("div", {});
    root.append(
      h("div", { class: "gc-ask" }, h("label", {}, "Prompt ", picker), h("label", { class: "gc-own" }, h("span", { class: "gc-title" }, "or type your own"), input)),
      h("div", { class: "gc-sliders" }, ...sliders.map(({ element }) => element)),
      h("div", { class: "gc-bar-row" }, buttons.element, h("label", {}, "Seed ", seed)),
      h("div", {}, text, note),
      h("div", { class: "gc-inside" }, h("p", { class: "gc-title" }, "Choose a token, then a stage: what the model computed there"),
        scroller("Tokens", strip.element), path.element, panel),
    );

    function slider(label, trait, range, read, words, write = (x) => x) {
      const value = h("strong", {});
      const field = h("input", { type: "range", ...range });
      field.addEventListener("input", () => save(model, trait, Math.round(100 * read(Number(field.value))) / 100));
      const draw = () => {
        field.value = write(model.get(trait));
        value.textContent = words(model.get(trait));
        field.setAttribute("aria-valuetext", value.textContent);
      };
      return { element: h("label", { class: "gc-slider" }, `${label} `, field, value), draw };
    }

    /** Read a prompt; of the one before, what both begin with stays in the cache. */
    function begin() {
      const all = tokens.encode(model.get("prompt"));
      const wanted = all.length ? all.slice(-reading.N / 2) : [tokens.end]; // which ends a text, and so begins one
      cut = all.length - wanted.length;
      const other = wanted.findIndex((id, i) => id !== ids[i]);
      reading.length = Math.min(other < 0 ? wanted.length : other, reading.length);
      for (const id of wanted.slice(reading.length)) reading.read(id);
      [ids, begun, random, numbers] = [wanted, wanted.length, generator(model.get("seed")), []];
      show(ids.length - 1);
    }

    /** The random number for what comes after position t; null where the prompt goes on. Back and Step give it again. */
    function numberAt(t) {
      const n = t + 1 - begun;
      if (n < 0) return null;
      while (numbers.length <= n) numbers.push(random());
      return numbers[n];
    }

    function settings() {
      return { temperature: model.get("temperature"), topK: model.get("top_k"), topP: model.get("top_p") };
    }

    function step() {
      const last = ids.length - 1;
      if (at !== last) found = filterLogits(reading.logits(last), settings());
      const { ids: order, shares } = found;
      const rank = fallsOn(shares, numberAt(last));
      const began = performance.now();
      reading.read(order[rank]);
      times = [...times.slice(-19), performance.now() - began];
      ids.push(order[rank]);
      show(ids.length - 1);
      voice.say(`“${nameOf(ids.at(-1))}”, drawn with ${percent(shares[rank])}`);
    }

    function show(t) {
      at = t;
      const names = ids.map(nameOf);
      strip.draw(ids.map((id, i) => ({ id, name: names[i], written: i >= begun })));
      found = filterLogits(reading.logits(at), settings());
      const block = stage - 1;
      strip.mark(at, layers.includes(block) ? reading.attended(at, block, head) : null);
      path.mark(stage);
      tabs.forEach((tab, n) => (tab.lastChild.textContent = sizeAt(n)));
      stages[stage].draw({ t: at, ids, names, reading, head, found, nameOf, number: numberAt(at), next: ids[at + 1] ?? null, settings: settings() });
      if (panel.firstChild !== stages[stage].element) panel.replaceChildren(stages[stage].element);
      drawText();
      buttons.refresh();
    }

    /** What stands under a stage's name: the length of the vector that leaves it, or how many tokens. */
    function sizeAt(n) {
      if (n <= layers.length) return `length ${decimal(lengthOf(reading.stream(at, 2 * n)), 1)}`;
      return n === layers.length + 1 ? `${count(reading.V)} tokens` : `${count(found.afterP)} left`;
    }

    function drawText() {
      const prompt = begun === 1 && ids[0] === tokens.end ? "" : tokens.decode(ids.slice(0, begun));
      text.replaceChildren(h("span", { class: "gc-given" }, prompt), h("span", {}, tokens.decode(ids.slice(begun))));
      const parts = [`${ids.length} of ${reading.N} positions are used`];
      if (cut) parts.push(`of the prompt the first ${count(cut)} tokens are left out`);
      if (times.length) parts.push(`${decimal(times.reduce((a, b) => a + b, 0) / times.length, 1)} ms a token`);
      if (ids.length === reading.N) parts.push("the model has no place for more");
      else if (ids.length > begun && ids.at(-1) === tokens.end) parts.push("it ended the text");
      note.textContent = `${parts.join("; ")}.`;
    }

    function drawControls() {
      const known = listed.indexOf(model.get("prompt"));
      picker.selectedIndex = known < 0 ? listed.length : known;
      if (input.value !== model.get("prompt")) input.value = model.get("prompt");
      if (document.activeElement !== seed) seed.value = model.get("seed");
      sliders.forEach((one) => one.draw());
    }

    const restart = () => (buttons.pause(), drawControls(), begin());
    const unwatch = [watch(model, ["prompt", "seed"], restart), watch(model, TRAITS.slice(1, 4), () => (drawControls(), show(at)))];
    end = () => (buttons.pause(), unwatch.forEach((undo) => undo()));
    restart();
  }
}

export default { render };
