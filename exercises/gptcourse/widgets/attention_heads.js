// The heads of the small trained model on a sentence. Its files are loaded when the reader types one.
import { announcer, asset, count, h, save, scroller, watch } from "./picture.js";
import { choice, habits, lines, painted, weightBars } from "./attention_views.js";
import { decimal, matrix, pressed } from "./matrix.js";
import { LONGEST, readSmallModel } from "./small_model.js";
import { spoken } from "./token_tiles.js";

const OWN = "your own";
const HABITS = ["itself", "the token before", "the same token, where it stood earlier", "the token behind that one"];

let smallModel = null; // two pictures on a page load it once

function render({ model, el }) {
  let [loading, failure, pointed, open] = [null, "", null, false];
  let [shown, drawn, names, tiles, tokens, grid] = [null, null, [], [], null, null];

  const listed = model.get("known").filter(({ name }) => name);
  const picker = h("select", { onchange: pick }, ...listed.map(({ name }) => h("option", {}, name)), h("option", {}, OWN));
  const input = h("textarea", { rows: 2, maxLength: model.get("limit"), spellcheck: false, oninput: type });
  const loader = h("button", { type: "button", hidden: true, onclick: () => (input.focus(), load()) }, "Load the model");
  const hint = h("p", { class: "gc-quiet" });
  const verdict = h("p", { class: "gc-note" });

  const thumbs = Array.from({ length: 8 }, (_, n) =>
    h("button", { type: "button", class: "gc-thumb", aria: { label: `Head ${title(n)}` } },
      h("span", { class: "gc-square" }, h("span", { class: "gc-paint" }), h("span", { class: "gc-reader" })), h("span", {}, title(n))));
  const heads = choice({ label: "Head: layer, then number in it", buttons: thumbs, across: 4, pick: (n) => (save(model, "head", n), tell()) });

  const heading = h("p", { class: "gc-title" });
  const row = h("div", { class: "gc-row-of-tokens" });
  const line = lines(row);
  const saying = h("p", { class: "gc-saying" });
  const bars = weightBars();
  const habit = h("dl", { class: "gc-habits" });
  const mean = h("p", { class: "gc-title" });
  const all = pressed("All weights as a matrix", () => ((open = !open), draw()));
  const wide = h("div", {});

  const root = h("div", { class: "gc-picture gc-heads" },
    h("div", { class: "gc-ask" }, h("label", {}, "Sentence ", picker), h("div", { class: "gc-hint" }, hint, loader)),
    h("label", { class: "gc-own" }, h("span", { class: "gc-title" }, "or type your own"), input),
    verdict,
    h("div", { class: "gc-board" },
      h("div", { class: "gc-side" }, h("p", { class: "gc-title" }, "Eight heads, four in layer 0 and four in layer 1: a row reads, a column is read"), heads.element),
      h("div", { class: "gc-main" }, heading, row, saying,
        h("div", { class: "gc-columns" }, bars.element, h("div", {}, mean, habit)))),
    h("div", { class: "gc-bar-row" }, all.button), wide);
  const voice = announcer(root);
  el.append(root);
  row.addEventListener("pointerleave", () => point(null));
  const observer = new ResizeObserver(() => connect());
  observer.observe(row);

  function pick() {
    const one = listed[picker.selectedIndex];
    if (one) change(one.text);
    else input.focus();
  }

  function type() {
    change(input.value);
    if (!shown) load();
  }

  function change(text) {
    pointed = null;
    model.set("at", -1);
    save(model, "text", text);
    tell();
  }

  /** Fetch both files. This is never done by itself: a button was pressed, or another text typed. */
  async function load() {
    if (smallModel || loading) return;
    failure = "";
    loading = Promise.all(["merges", "weights"].map((name) => asset(model, name)));
    draw();
    try {
      smallModel = readSmallModel(...(await loading));
    } catch (error) {
      failure = error.message;
    }
    loading = null;
    if (!root.isConnected) return;
    draw();
    if (smallModel && shown) tell();
    else voice.say(hint.textContent);
  }

  /** Tokens, ids and weights of the text, or null while the model is needed for them. */
  function look() {
    const text = model.get("text");
    const yours = model.get("yours");
    const sent = model.get("known").find((one) => one.text === text);
    const own = yours.text === text && yours.weights.length ? yours.weights : null;
    const scaled = (all) => all.map((head) => head.map((line) => head.map((_, s) => (line[s] ?? 0) / 1000)));
    if (sent) return { ids: sent.ids, tokens: sent.tokens, heads: scaled(own ?? sent.weights), cut: false };
    if (!smallModel || !text) return null;
    const found = smallModel.encode(text);
    const kept = found.slice(0, LONGEST);
    const ids = kept.map(({ id }) => id);
    return { ids, tokens: kept.map(({ bytes }) => bytes), heads: own ? scaled(own) : smallModel.heads(ids), cut: found.length - kept.length };
  }

  /** The token that reads: the one pointed at, else the one that was chosen. */
  function reader() {
    const at = pointed ?? model.get("at");
    return at < 0 || at >= names.length ? names.length - 1 : at;
  }

  function point(at) {
    if (pointed === at) return;
    pointed = at;
    if (shown) drawReader();
  }

  function choose(at) {
    pointed = null;
    save(model, "at", at);
    tell();
  }

  function tell() {
    if (shown) voice.say(`Head ${title(model.get("head"))}. ${saying.textContent}`);
  }

  function draw() {
    const text = model.get("text");
    const found = look();
    const at = listed.findIndex((one) => one.text === text);
    picker.selectedIndex = at < 0 ? listed.length : at;
    if (input.value !== text) input.value = text;
    drawLoading(found);
    drawVerdict(text);
    root.classList.toggle("gc-waiting", !found);
    if (!found) { // the last picture stays, pale, where it is
      shown = null;
      return;
    }
    const fresh = String(found.ids) !== drawn;
    [shown, drawn, names] = [found, String(found.ids), found.tokens.map(spoken)];
    if (fresh) drawTokens();
    thumbs.forEach((thumb, n) => thumb.querySelector(".gc-paint").style.setProperty("mask-image", painted(found.heads[n])));
    heads.mark(model.get("head"));
    drawMatrix();
    drawReader();
  }

  function drawLoading(found) {
    const cut = found?.cut;
    const size = `${count(Math.round(model.get("size") / 1000))} kB`;
    loader.hidden = Boolean(found || smallModel || loading);
    if (cut) hint.textContent = `The model has ${LONGEST} positions: ${cut === 1 ? "the last token is" : `the last ${count(cut)} tokens are`} left out.`;
    else if (smallModel && !model.get("text")) hint.textContent = "Type a sentence: what is drawn is the last one.";
    else if (smallModel) hint.textContent = "Type any sentence. All weights are computed here, in your browser.";
    else if (loading) hint.textContent = `Loading ${size} …`;
    else if (failure) hint.textContent = `The model did not load: ${failure}.`;
    else hint.textContent = `The first letter that you type loads the model, once: ${size}.`;
  }

  function drawVerdict(text) {
    const yours = model.get("yours");
    verdict.hidden = !yours.verdict || yours.text !== text;
    if (verdict.hidden) return;
    const drawn = yours.weights.length ? "The weights drawn are those with which it reads." : "The weights drawn are the model’s.";
    verdict.textContent = `${yours.right ? "✓" : "✗"} ${yours.verdict} ${drawn}`;
    verdict.classList.toggle("gc-bad", !yours.right);
  }

  function drawTokens() {
    const focused = row.contains(document.activeElement);
    tiles = names.map((name, i) => {
      const tile = h("button", { type: "button", class: "gc-tile" }, h("span", { class: "gc-name" }, name), h("span", { class: "gc-weight" }));
      tile.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && point(i));
      return tile;
    });
    tokens?.element.remove();
    tokens = choice({ label: "Tokens: who reads", buttons: tiles, pick: choose });
    row.append(tokens.element);
    if (focused) tiles.at(-1).focus();
  }

  function drawReader() {
    const n = model.get("head");
    const at = reader();
    const T = names.length;
    const weights = shown.heads[n][at];
    tokens.mark(at);
    heading.textContent = `Head ${title(n)}: point at a token to see what it reads`;
    thumbs.forEach((thumb) => {
      thumb.style.setProperty("--at", at);
      thumb.style.setProperty("--T", T);
    });
    tiles.forEach((tile, s) => {
      const later = s > at;
      const leak = later && weights[s] !== 0;
      tile.className = `gc-tile ${s === at ? "gc-asks" : ""} ${leak ? "gc-leak" : later ? "gc-later" : ""}`;
      tile.style.setProperty("--heat", Math.min(Math.max(weights[s], 0), 1));
      tile.lastChild.textContent = later && !leak ? "" : decimal(weights[s]);
      tile.setAttribute("aria-label", `${names[s]}, position ${s}${s === at ? "" : later && !leak ? ", not read" : `, read with ${decimal(weights[s])}`}`);
    });
    const order = weights.map((_, s) => s).sort((a, b) => weights[b] - weights[a] || b - a);
    const where = (s) => (s === at ? "itself" : `“${names[s]}” at ${s}`);
    const said = order.slice(0, 3).filter((s, i) => !i || weights[s] >= Math.min(0.1, weights[order[0]] / 2)).map((s) => `${where(s)} with ${decimal(weights[s])}`);
    saying.textContent = `“${names[at]}” at ${at} reads ${said.join(", ")}.`;
    bars.draw(order.filter((s) => s <= at || weights[s] !== 0), weights, names, at);
    drawHabits(n);
    grid?.mark(at, order[0]);
    connect();
  }

  function drawHabits(n) {
    mean.textContent = `Head ${title(n)} on the mean over this sentence`;
    const values = habits(shown.heads[n], shown.ids);
    habit.replaceChildren(...HABITS.map((name, i) => h("div", {}, h("dt", {}, name), h("dd", {}, values[i] === null ? "no such place" : decimal(values[i])))));
  }

  function drawMatrix() {
    all.set(open);
    wide.replaceChildren();
    grid = null;
    if (!open) return;
    const weights = shown.heads[model.get("head")];
    grid = matrix({ label: `Head ${title(model.get("head"))}: rows read, columns are read`, corner: "q ╲ k", rows: names, columns: names, pick: (t) => choose(t) });
    grid.draw((t, s) => {
      const leak = s > t && weights[t][s] !== 0;
      return { text: decimal(weights[t][s]), heat: weights[t][s], kind: leak ? "gc-bad" : s > t ? "gc-out" : "", words: `${names[t]} reads ${names[s]}: ${decimal(weights[t][s])}` };
    });
    wide.append(scroller("All weights of the head", grid.element));
  }

  function connect() {
    if (shown && row.isConnected) line(tiles, reader(), shown.heads[model.get("head")][reader()]);
  }

  draw();
  const unwatch = [watch(model, ["text", "head", "known"], draw), watch(model, ["yours"], () => (draw(), voice.say(verdict.textContent))), watch(model, ["at"], () => shown && drawReader())];
  return () => {
    unwatch.forEach((undo) => undo());
    observer.disconnect();
    voice.stop();
    root.remove();
  };
}

/** 5 is "1.1": head 1 of layer 1. */
function title(n) {
  return `${Math.floor(n / 4)}.${n % 4}`;
}

export default { render };
