// A game: spread 100 % over six words, pay -log2 of what the true one got; a model does the same.
import { announcer, bits, h, inBits, percent, save, visible, watch } from "./picture.js";

let games = 0; // radio buttons need a name of their own in each game on the page

function render({ model, el }) {
  const game = (games += 1);
  let index, choice, locked, rows;

  const place = h("p", { class: "gc-title" });
  const context = h("p", { class: "gc-context" });
  const options = h("fieldset", { class: "gc-options" });
  const sure = h("input", { type: "range", min: 0, max: 99, value: 50 });
  const sureText = h("strong", {});
  const stake = h("p", { class: "gc-stake" });
  const button = h("button", { type: "button", class: "gc-main", onclick: press });
  const score = h("div", { class: "gc-score" });
  const sureLabel = h("label", {}, h("span", {}, "How sure are you?"), sure, sureText);
  const root = h("div", { class: "gc-picture gc-guess" }, place, context, options);
  root.append(h("div", { class: "gc-bar-row" }, sureLabel, button), stake, score);
  const voice = announcer(root);
  sure.addEventListener("input", drawBet);
  el.append(root);

  const round = () => model.get("rounds")[index];
  const answers = () => model.get("answers");
  const even = () => 1 / round().candidates.length;

  /** The reader's share of each candidate: the rest is split evenly over the words not picked. */
  function bet() {
    const n = round().candidates.length;
    const p = choice === null ? even() : Math.max(Number(sure.value) / 100, even());
    return round().candidates.map((_, i) => (choice === null ? p : i === choice ? p : (1 - p) / (n - 1)));
  }

  function start() {
    index = Math.min(answers().length, model.get("rounds").length - 1);
    ask();
  }

  function ask() {
    choice = null;
    locked = false;
    sure.disabled = false;
    sure.min = Math.floor(100 * even());
    sure.value = 50;
    place.textContent = `Word ${index + 1} of ${model.get("rounds").length}. Which word comes next?`;
    const gap = h("span", { class: "gc-gap", aria: { label: "the missing word" }, role: "img" });
    context.replaceChildren(round().context, gap);
    rows = round().candidates.map(option);
    const legend = h("legend", { class: "gc-hidden" }, "Which word comes next?");
    options.replaceChildren(legend, ...rows.map((row) => row.element));
    root.classList.remove("gc-revealed");
    drawBet();
    drawScore();
  }

  function option(word, i) {
    const input = h("input", { type: "radio", name: `gc-game-${game}`, value: String(i) });
    input.addEventListener("change", () => {
      choice = i;
      drawBet();
    });
    const mark = h("span", { class: "gc-mark" });
    const you = line("you");
    const rival = line("model");
    const lines = h("span", { class: "gc-lines" }, you.element, rival.element);
    const name = h("span", { class: "gc-word" }, visible(word), mark);
    return { element: h("label", { class: "gc-option" }, input, name, lines), input, you, rival, mark };
  }

  function line(who) {
    const fill = h("span", {});
    const number = h("span", { class: "gc-number" });
    const track = h("span", { class: "gc-track" }, fill);
    const element = h("span", { class: `gc-line gc-${who}` }, h("span", {}, who), track, number);
    const show = (p) => {
      fill.style.setProperty("--p", p);
      number.textContent = percent(p);
    };
    return { element, show };
  }

  function drawBet() {
    const shares = bet();
    rows.forEach((row, i) => row.you.show(shares[i]));
    button.setAttribute("aria-disabled", String(choice === null));
    button.textContent = "Lock in";
    const mine = choice === null ? even() : shares[choice];
    sureText.textContent = percent(mine);
    sure.setAttribute("aria-valuetext", percent(mine));
    if (choice === null) {
      stake.textContent = `Pick a word. Knowing nothing, each gets ${percent(even())}.`;
      return;
    }
    const word = round().candidates[choice];
    const other = shares[choice === 0 ? 1 : 0];
    stake.textContent =
      `If “${word}” comes you pay ${inBits(bits(mine))}; if another comes, ${inBits(bits(other))}. ` +
      "Fewer bits are better.";
  }

  function press() {
    if (choice === null) return;
    if (!locked) reveal();
    else if (index + 1 < model.get("rounds").length) {
      index += 1;
      ask();
      rows[0].input.focus({ preventScroll: true });
    } else {
      save(model, "answers", []);
      start();
    }
  }

  function reveal() {
    locked = true;
    const { candidates, truth, model: shares } = round();
    const mine = bits(bet()[truth]);
    const theirs = bits(shares[truth]);
    save(model, "answers", [...answers(), { choice, sure: bet()[choice], bits: mine }]);
    rows.forEach((row, i) => {
      row.input.disabled = true;
      row.rival.show(shares[i]);
      row.element.classList.toggle("gc-truth", i === truth);
      row.mark.textContent = i === truth ? "✓ came next" : i === choice ? "✗ your pick" : "";
    });
    sure.disabled = true;
    root.classList.add("gc-revealed");
    context.lastChild.textContent = candidates[truth];
    context.lastChild.removeAttribute("role");
    context.lastChild.removeAttribute("aria-label");
    const said = `It was “${candidates[truth]}”. You pay ${inBits(mine)}, the model ${inBits(theirs)}.`;
    stake.textContent = said;
    const last = index + 1 === model.get("rounds").length;
    button.textContent = last ? "Play again" : "Next word";
    drawScore();
    voice.say(said);
  }

  function drawScore() {
    const played = answers().map((answer, i) => ({ answer, round: model.get("rounds")[i] }));
    const mean = (cost) => played.reduce((sum, one) => sum + cost(one), 0) / played.length;
    const results = [
      ["you", mean((one) => one.answer.bits)],
      ["model", mean((one) => bits(one.round.model[one.round.truth]))],
      ["guessing evenly", played.length ? mean((one) => bits(1 / one.round.candidates.length)) : bits(even())],
    ];
    const longest = Math.max(...results.map(([, value]) => value || 0)); // before the first answer: NaN
    const words = played.length === 1 ? "1 word" : `${played.length} words`;
    score.replaceChildren(
      h("p", { class: "gc-title" }, `Bits a word${played.length ? `, over ${words}` : ""} (fewer is better)`),
      ...results.map(([who, value]) => {
        const fill = h("span", {});
        fill.style.setProperty("--p", (value || 0) / longest);
        const track = h("span", { class: "gc-track" }, fill);
        const kind = `gc-line gc-${who.split(" ")[0]}`;
        return h("p", { class: kind }, h("span", {}, who), track, h("span", {}, Number.isNaN(value) ? "–" : inBits(value)));
      }),
    );
    if (played.length === model.get("rounds").length) score.append(table(played));
  }

  function table(played) {
    const cells = (tag, ...texts) => h("tr", {}, ...texts.map((text) => h(tag, {}, text)));
    const body = played.map(({ answer, round: { candidates, truth, model: shares } }) =>
      cells("td", candidates[truth], inBits(answer.bits), inBits(bits(shares[truth]))),
    );
    return h("table", {}, h("thead", {}, cells("th", "word", "you", "model")), h("tbody", {}, ...body));
  }

  start();
  const unwatch = watch(model, ["rounds"], start);
  return () => {
    unwatch();
    voice.stop();
    root.remove();
  };
}

export default { render };
