// Byte-pair encoding learned from the reader's own text, one merge a step.
import { Training, encodeUtf8, merge } from "./bpe.js";
import { announcer, count, h, player, save, watch } from "./picture.js";
import { spoken, tokenTile } from "./token_tiles.js";

const PAIRS = 8; // rows in the table of pairs

function render({ model, el }) {
  let training = new Training(model.get("text"));
  let judged = {}; // what was compared last, and the words for it

  const text = h("textarea", { rows: 2, maxLength: model.get("limit"), spellcheck: false, dir: "auto" });
  const used = h("span", { class: "gc-quiet" });
  const numbers = h("p", { class: "gc-numbers" });
  const saying = h("p", { class: "gc-saying" });
  const tokens = h("div", { class: "gc-tokens", role: "group" });
  const pairs = h("table", { class: "gc-pairs" });
  const list = h("ol", { class: "gc-merges" });
  const merges = h("div", { class: "gc-merges-box", role: "group", tabIndex: 0, aria: { label: "Merges so far" } }, list);
  const verdict = h("p", { class: "gc-verdict" });
  const buttons = player({
    step: () => go(1),
    back: () => go(-1),
    reset: () => restart(),
    canStep: () => training.ranking().length > 0,
    canBack: () => training.merges.length > 0,
    wait: () => 1100,
  });

  const key = (kind, words) => h("span", {}, h("span", { class: `gc-tile gc-key ${kind}`, aria: { hidden: "true" } }), words);
  const root = h(
    "div",
    { class: "gc-picture gc-bpe" },
    h("div", { class: "gc-field" }, h("label", {}, h("span", { class: "gc-title" }, "Your text"), text), used),
    h("div", { class: "gc-bar-row" }, buttons.element, numbers),
    saying,
    tokens,
    h("p", { class: "gc-keys gc-quiet" }, key("gc-next", "merged next"), key("gc-new", "merged last"), h("span", {}, "a gap: no merge crosses it")),
    h(
      "div",
      { class: "gc-columns" },
      h("section", {}, h("p", { class: "gc-title" }, "Most frequent pairs"), pairs),
      h("section", {}, h("p", { class: "gc-title" }, "Merges so far"), merges),
    ),
    verdict,
  );
  const voice = announcer(root);

  function start() {
    training = new Training(model.get("text"));
    tokens.style.minHeight = "";
  }

  /** Begin again with another text. */
  function restart() {
    buttons.pause();
    if (text.value !== model.get("text")) text.value = model.get("text");
    used.textContent = `${count(Array.from(text.value).length)} of ${count(model.get("limit"))} characters`;
    start();
    draw();
    keepHeight();
  }

  /** The text needs most room at first: what stands under it stays in its place. */
  function keepHeight() {
    if (!training.merges.length) tokens.style.minHeight = `${tokens.offsetHeight}px`;
  }

  function go(by) {
    if (by > 0) training.step();
    else if (training.merges.length) training.back();
    draw();
    if (!buttons.playing() || !training.ranking().length) voice.say(saying.textContent);
  }

  const bytesOf = (id) => training.vocab[id];
  const tileOf = (id, extra = "") => tokenTile(bytesOf(id), { colour: id < 256 ? null : id, extra });
  const plural = (n, one, many) => (n === 1 ? one : many);

  function draw() {
    const ranking = training.ranking();
    numbers.replaceChildren(
      h("span", {}, h("strong", {}, count(training.length())), plural(training.length(), " token in the text", " tokens in the text")),
      h("span", {}, h("strong", {}, count(training.vocab.length)), " in the vocabulary"),
    );
    saying.textContent = sentence(ranking);
    drawTokens(ranking[0]?.pair);
    drawPairs(ranking);
    drawMerges();
    drawVerdict();
    buttons.refresh();
  }

  function sentence([best, second]) {
    const n = training.merges.length + 1;
    if (!best && !training.words.length) return "There is no text: type some.";
    if (!best) return `No pair is left after ${count(n - 1)} ${plural(n - 1, "merge", "merges")}: each piece of the text is one token.`;
    const [left, right] = best.pair.map((id) => `“${spoken(bytesOf(id))}”`);
    const times = best.count === 1 ? "once" : `${count(best.count)} times`;
    const tie = second?.count === best.count ? " Others are as frequent; it is the greatest of them as a pair of bytes." : "";
    return `Merge ${n}: ${left} before ${right} comes ${times}. Together they become token ${training.vocab.length}.${tie}`;
  }

  function drawTokens(pair) {
    const newest = training.merges.at(-1)?.id;
    const words = training.words.map((word) => drawnWord(word, pair, newest));
    // The same piece comes many times: each time a copy.
    tokens.replaceChildren(...training.order.map((w) => words[w].cloneNode(true)));
    tokens.setAttribute("aria-label", `The text as ${training.length()} tokens`);
  }

  /** A piece; what the next merge takes, from left to right, stands in a frame. */
  function drawnWord(word, pair, newest) {
    const NEXT = -1;
    const drawn = [];
    let i = 0;
    for (const id of pair ? merge(word, pair, NEXT) : word) {
      const one = (id) => tileOf(id, id === newest ? "gc-new" : "");
      if (id === NEXT) drawn.push(h("span", { class: "gc-next" }, one(word[i]), one(word[i + 1])));
      else drawn.push(one(id));
      i += id === NEXT ? 2 : 1;
    }
    return h("span", { class: "gc-piece" }, ...drawn);
  }

  function drawPairs(ranking) {
    const head = h("tr", {}, ...["pair", "becomes", "count"].map((name) => h("th", { scope: "col" }, name)));
    const rows = ranking.slice(0, PAIRS).map(({ pair, count: n }, i) => {
      const [left, right] = pair;
      const both = tokenTile(bytesOf(left) + bytesOf(right));
      const cells = [h("td", {}, h("span", { class: i ? "gc-two" : "gc-two gc-next" }, tileOf(left), tileOf(right))), h("td", {}, both), h("td", {}, count(n))];
      return h("tr", {}, ...cells);
    });
    const more = ranking.length - rows.length;
    const caption = h("caption", {}, rows.length ? (more > 0 ? `and ${count(more)} more` : "") : "none");
    const height = `${Math.min(PAIRS, Math.max(1, rows.length))}`;
    pairs.style.setProperty("--rows", height);
    pairs.replaceChildren(caption, h("tbody", {}, head, ...rows));
  }

  function drawMerges() {
    const rows = training.merges.map(({ pair, id, count: n }) => {
      const times = h("span", { class: "gc-quiet" }, `${count(n)} ×`);
      const sum = h("span", { class: "gc-sum" }, tileOf(pair[0]), "+", tileOf(pair[1]), "→", tileOf(id));
      return h("li", {}, h("span", { class: "gc-id" }, String(id)), sum, times);
    });
    list.replaceChildren(...rows);
    if (!rows.length) list.append(h("li", { class: "gc-quiet" }, "None yet: the vocabulary is the 256 bytes."));
    merges.scrollTop = merges.scrollHeight;
  }

  /** What Python's merges are beside ours, if they are of this very text. */
  function drawVerdict() {
    const learned = model.get("learned");
    const ours = learned && learned.text === model.get("text");
    if (ours && judged.learned !== learned) judged = { learned, words: judge(learned) };
    verdict.hidden = !ours;
    verdict.textContent = ours ? judged.words : "";
    verdict.classList.toggle("gc-bad", ours && !judged.words.startsWith("✓"));
  }

  text.addEventListener("input", () => save(model, "text", text.value));

  el.append(root);
  restart();
  let width = root.clientWidth;
  const resized = new ResizeObserver(() => {
    if (width === root.clientWidth) return;
    width = root.clientWidth;
    tokens.style.minHeight = "";
    keepHeight();
  });
  resized.observe(root);
  const unwatch = watch(model, ["text"], restart);
  const unwatchLearned = watch(model, ["learned"], drawVerdict);
  return () => {
    buttons.pause();
    unwatch();
    unwatchLearned();
    resized.disconnect();
    voice.stop();
    root.remove();
  };
}

/** Where the merges that Python sent first differ from ours, in words. */
function judge({ text, name, merges, complete, error }) {
  if (error) return `✗ ${name} raised ${error}`;
  const training = new Training(text);
  const words = (bytes) => bytes.map((token) => `“${spoken(token)}”`).join(" before ");
  const bytesOf = (pair) => pair.map((id) => training.vocab[id]);
  for (let i = 0; ; i++) {
    const ranking = training.ranking();
    const best = ranking[0];
    const most = best && `${words(bytesOf(best.pair))}, ${count(best.count)} ×`;
    if (i === merges.length) {
      if (complete && best) return `✗ ${name} ends after ${count(i)} merges. A pair is left then: ${most}.`;
      return `✓ ${name} learned the same ${count(i)} merges.`;
    }
    const theirs = merges[i].map((codes) => String.fromCharCode(...codes));
    if (!best) return `✗ Merge ${i + 1} of ${name} is ${words(theirs)}. No pair is left at that point.`;
    if (bytesOf(best.pair).join("\u0100") !== theirs.join("\u0100")) {
      const found = ranking.find(({ pair }) => bytesOf(pair).join("\u0100") === theirs.join("\u0100"));
      const how = found?.count === best.count ? "the greatest of the pairs equally frequent" : "the most frequent pair";
      return `✗ Merge ${i + 1} of ${name} is ${words(theirs)}, ${count(found?.count ?? 0)} ×. At that point ${how} is ${most}.`;
    }
    training.step();
  }
}

export default { render };
