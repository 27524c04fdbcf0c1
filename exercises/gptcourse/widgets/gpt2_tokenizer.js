// GPT-2's tokenizer on two texts side by side. Its vocabulary is loaded when the reader asks for it.
import { encodeUtf8, readGpt2 } from "./bpe.js";
import { announcer, asset, count, h, save, watch } from "./picture.js";
import { hex, tokenTile } from "./token_tiles.js";

const SHOWN = { text: "text and ids", bytes: "bytes and ids", ids: "ids alone" };
const OWN = "your own texts";

let gpt2 = null; // the encoder: two pictures on a page load it once

function render({ model, el }) {
  let loading = null;
  let failure = "";

  const presets = model.get("presets");
  const picker = h("select", { onchange: pick }, ...presets.map(({ name }) => h("option", {}, name)), h("option", {}, OWN));
  const shown = h("select", { onchange: () => save(model, "show", shown.value) });
  shown.append(...Object.entries(SHOWN).map(([value, words]) => h("option", { value }, words)));
  const note = h("p", { class: "gc-note" });
  const button = h("button", { type: "button", onclick: () => load() });
  const hint = h("p", { class: "gc-quiet" });
  const sides = ["First text", "Second text"].map((name, i) => side(name, i));
  const root = h(
    "div",
    { class: "gc-picture gc-gpt2" },
    h("div", { class: "gc-bar-row" }, h("label", {}, "Compare ", picker), h("label", {}, "Tiles show ", shown)),
    note,
    h("div", { class: "gc-columns" }, ...sides.map(({ element }) => element)),
    h("div", { class: "gc-bar-row" }, button, hint),
  );
  const voice = announcer(root);

  function side(name, i) {
    const input = h("textarea", { rows: 3, maxLength: model.get("limit"), spellcheck: false, dir: "auto" });
    input.addEventListener("input", () => type(i, input.value));
    const numbers = h("p", { class: "gc-numbers" });
    const tokens = h("div", { class: "gc-tokens", role: "group" });
    const verdict = h("p", { class: "gc-verdict" });
    const field = h("label", {}, h("span", { class: "gc-title" }, name), input);
    const element = h("section", {}, field, numbers, tokens, verdict);
    return { element, input, numbers, tokens, verdict };
  }

  function pick() {
    const preset = presets[picker.selectedIndex];
    if (!preset) return;
    save(model, "texts", [...preset.texts]);
    voice.say(sides.map(({ numbers }) => numbers.textContent).join("; "));
  }

  function type(i, text) {
    save(model, "texts", model.get("texts").map((old, j) => (j === i ? text : old)));
    if (gpt2 || known(text)) voice.say(sides[i].numbers.textContent);
    else load(sides[i].numbers);
  }

  /** Fetch the merges. This is never done by itself: a button was pressed, or another text typed. */
  async function load(toRead = null) {
    if (gpt2 || loading) return;
    failure = "";
    loading = asset(model, "merges");
    draw();
    try {
      gpt2 = readGpt2(new TextDecoder().decode(await loading));
    } catch (error) {
      failure = error.message;
    }
    loading = null;
    if (!root.isConnected) return;
    draw();
    voice.say(toRead && gpt2 ? toRead.textContent : hint.textContent);
  }

  /** The exact ids that Python sent, for the texts it knows. */
  function known(text) {
    return model.get("known").find((one) => one.text === text);
  }

  /** The tokens of a text as { id, bytes }, or null if the vocabulary is needed for them. */
  function tokensOf(text) {
    if (text === "") return [];
    const sent = known(text);
    if (gpt2) return gpt2.encode(text).map((id) => ({ id, bytes: gpt2.vocab[id] }));
    if (!sent) return null;
    const bytes = encodeUtf8(text);
    let end = 0;
    return sent.ids.map((id, i) => ({ id, bytes: bytes.slice(end, (end += sent.sizes[i])) }));
  }

  function draw() {
    const texts = model.get("texts");
    const at = presets.findIndex((preset) => preset.texts.every((text, i) => text === texts[i]));
    picker.selectedIndex = at < 0 ? presets.length : at;
    shown.value = model.get("show");
    note.textContent = presets[at]?.note ?? "";
    texts.forEach((text, i) => drawSide(sides[i], text, presets[at]?.langs?.[i]));
    drawLoading();
  }

  function drawLoading() {
    const size = `${count(Math.round(model.get("size") / 1000))} kB`;
    button.textContent = gpt2 ? "GPT-2’s vocabulary is loaded" : `Load GPT-2’s vocabulary (${size})`;
    button.setAttribute("aria-disabled", String(Boolean(gpt2 || loading)));
    if (gpt2) hint.textContent = `${count(gpt2.vocab.length)} tokens from bytes, and one special token: type any text.`;
    else if (loading) hint.textContent = `Loading ${size} …`;
    else if (failure) hint.textContent = `It did not load: ${failure}. The button tries again.`;
    else hint.textContent = "The texts of the list need nothing. The first letter that you type loads it, once.";
  }

  function drawSide({ input, numbers, tokens, verdict }, text, lang) {
    if (input.value !== text) input.value = text;
    input.lang = lang ?? "";
    const found = tokensOf(text);
    const characters = Array.from(text).length;
    const sizes = [[characters, "character"], [encodeUtf8(text).length, "byte"]];
    if (found) sizes.push([found.length, "token"]);
    const parts = sizes.map(([n, word]) => h("span", {}, h("strong", {}, count(n)), n === 1 ? ` ${word}` : ` ${word}s`));
    const each = found?.length ? (characters / found.length).toFixed(2) : null;
    if (each) parts.push(h("span", {}, h("strong", {}, each), " characters per token"));
    numbers.replaceChildren(...parts.flatMap((part, i) => (i ? [" ", part] : [part])));
    tokens.classList.toggle("gc-waiting", !found);
    if (!found) tokens.replaceChildren(h("span", { class: "gc-quiet" }, "These tokens need GPT-2’s vocabulary."));
    else drawTokens(tokens, found, differences(text, found, verdict));
    if (!found) verdict.hidden = true;
    const label = found ? `${count(found.length)} tokens: ${found.map(({ id }) => id).join(", ")}` : "No tokens yet";
    tokens.setAttribute("aria-label", label);
    if (tokens.scrollHeight > tokens.clientHeight) tokens.tabIndex = 0;
    else tokens.removeAttribute("tabindex");
  }

  /** Tiles; where a character is split over several of them, they stand over that character. */
  function drawTokens(box, found, wrong) {
    const groups = [];
    found.forEach((token, i) => {
      const inside = /^[\x80-\xbf]/.test(token.bytes); // begins in the middle of a character
      if (inside && groups.length) groups.at(-1).push({ ...token, i });
      else groups.push([{ ...token, i }]);
    });
    box.replaceChildren(
      ...groups.map((group) => {
        const tiles = group.map(({ id, bytes, i }) => idTile(id, bytes, i, i === wrong));
        if (tiles.length === 1) return tiles[0];
        const whole = tokenTile(group.map(({ bytes }) => bytes).join(""), { extra: "gc-whole" });
        return h("span", { class: "gc-group" }, h("span", { class: "gc-group-tiles" }, ...tiles), whole);
      }),
    );
  }

  function idTile(id, bytes, i, wrong) {
    const mode = model.get("show");
    const number = h("span", { class: "gc-id" }, String(id));
    const bare = h("span", { class: `gc-tile gc-token gc-colour-${i % 6}` }, String(id));
    const parts = mode === "ids" ? [bare] : [tokenTile(bytes, { colour: i, asHex: mode === "bytes" }), number];
    return h("span", { class: wrong ? "gc-one gc-wrong" : "gc-one", title: `${id}: bytes ${hex(bytes)}` }, ...parts);
  }

  /** Say how the ids that Python sent differ from the exact ones; return the first place, or -1. */
  function differences(text, found, verdict) {
    const sent = model.get("encoded")[text];
    const name = model.get("encode_name");
    verdict.hidden = !sent;
    verdict.classList.remove("gc-bad");
    if (!sent) return -1;
    const ids = found.map(({ id }) => id);
    const same = sent.ids?.length === ids.length && ids.every((id, i) => id === sent.ids[i]);
    verdict.textContent = `✓ ${name} gives the same ids.`;
    if (same) return -1;
    verdict.classList.add("gc-bad");
    verdict.textContent = `✗ ${name} raised ${sent.error}`;
    if (sent.error) return -1;
    const at = [...ids, null].findIndex((id, i) => id !== (sent.ids[i] ?? null));
    const here = (list) => list[at] ?? "nothing";
    verdict.textContent = `✗ ${name} gives ${count(sent.ids.length)} ids. At position ${at} it has ${here(sent.ids)}, GPT-2 has ${here(ids)}.`;
    return at;
  }

  el.append(root);
  draw();
  const unwatch = watch(model, ["texts", "show", "known", "encoded"], draw);
  return () => {
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
