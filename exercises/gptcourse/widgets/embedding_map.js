// The rows of an embedding table as a flat map, and what the map hides: the nearest by cosine.
import { announcer, h, percent, save, tile, visible, watch } from "./picture.js";
import { plane } from "./plane.js";

const MATCHES = 6;

function render({ model, el }) {
  const symbols = model.get("symbols");
  const V = symbols.length;
  const C = model.get("channels");
  const k = model.get("neighbours")[0].length;
  const tenth = Math.ceil(V / 10);
  const labels = symbols.map((symbol) => short(symbol, symbols));
  let matches = [];

  const field = h("input", { type: "search", autocomplete: "off", spellcheck: false, oninput: search, onkeydown: enter });
  const results = h("div", { class: "gc-matches" });
  const heading = h("p", { class: "gc-sentence" });
  const list = h("tbody", {});
  const sum = h("p", { class: "gc-quiet" });
  const verdict = h("p", { class: "gc-verdict gc-bad" });
  const places = { tsne: model.get("tsne"), pca: model.get("pca") };
  let view = model.get("view");
  const flat = plane({
    points: places[view],
    labels,
    name: `Map of ${V} tokens. The arrow keys go from token to token, plus and minus zoom.`,
    pick: choose,
  });

  const [across, up] = model.get("shares");
  const axis = (share, text, kind) => h("span", { class: `gc-axis ${kind}`, aria: { hidden: "true" } }, `${text} ${percent(share)}`);
  const axes = [axis(across, "direction 1:", "gc-across"), axis(up, "direction 2:", "gc-up")];
  const lost = h("p", { class: "gc-quiet" });
  const told = {
    pca:
      `Across and up are the two directions in which the ${V} rows, all made equally long, differ most: ${percent(across)} and ${percent(up)} of the variance. ` +
      `The other ${Math.max(0, C - 2)}, with ${percent(Math.max(0, 1 - across - up))}, are not on this map.`,
    tsne:
      "Here t-SNE, a method of drawing, has tried to keep neighbours together. Across and up mean nothing, nor does the distance of two groups. " +
      `The two best straight directions would keep ${percent(across + up)} of the variance of the ${V} rows.`,
  };
  const views = Object.entries({ tsne: "Neighbours together", pca: "Two directions" }).map(([value, text]) =>
    h("button", { type: "button", value, onclick: () => turn(value) }, text));
  const viewGroup = h("div", { class: "gc-buttons", role: "group", aria: { label: "Which map" } }, ...views);
  const chosen = h("div", { class: "gc-bar-row" }, viewGroup);
  chosen.hidden = !places.tsne.length;

  const columns = ["token", "cosine", "on the map"].map((text) => h("th", { scope: "col", class: text === "cosine" ? "gc-wide" : "" }, text));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...columns)), list);
  const root = h(
    "div",
    { class: "gc-picture gc-embeddings" },
    h("div", { class: "gc-bar-row" }, h("label", {}, "Find a token ", field), results, flat.buttons),
    h("div", { class: "gc-sides" },
      h("div", { class: "gc-side" }, chosen, flat.map, lost),
      h("div", { class: "gc-card" }, heading, table, sum, verdict)),
  );
  const voice = announcer(root);
  el.append(root);

  function choose(i) {
    save(model, "at", i);
    voice.say(words());
  }

  /** Show the other map: the same points, at other places. */
  function turn(value) {
    if (value === view) return;
    save(model, "view", value);
    voice.say(`${lost.textContent} ${sum.textContent}`);
  }

  function search() {
    const wanted = field.value.trim().toLowerCase();
    const of = (test) => symbols.map((_, i) => i).filter((i) => wanted && test(visible(symbols[i]).replace(/^␣/, "").toLowerCase()));
    const starts = of((text) => text.startsWith(wanted));
    matches = [...starts, ...of((text) => !text.startsWith(wanted) && text.includes(wanted))];
    results.replaceChildren(
      ...matches.slice(0, MATCHES).map((i) => h("button", { type: "button", onclick: () => choose(i) }, visible(symbols[i]))),
    );
    if (!wanted) results.append(h("span", { class: "gc-quiet" }, "or pick a point of the map"));
    if (wanted && !matches.length) results.append(h("span", { class: "gc-quiet" }, `“${field.value.trim()}” is not on this map of ${V} tokens.`));
    if (matches.length > MATCHES) results.append(h("span", { class: "gc-quiet" }, `and ${matches.length - MATCHES} more`));
    if (wanted) voice.say(matches.length ? `${matches.length} found; Enter picks ${visible(symbols[matches[0]])}` : results.textContent);
  }

  function enter(event) {
    if (event.key === "Enter" && matches.length) choose(matches[0]);
  }

  /** How many points of the map lie at most as far from the picked one as point j does. */
  function rank(j) {
    const points = places[view];
    const [x, y] = points[model.get("at")];
    const far = ([a, b]) => Math.hypot(a - x, b - y);
    return points.filter((point, i) => i !== model.get("at") && i !== j && far(point) < far(points[j])).length + 1;
  }

  function found() {
    const at = model.get("at");
    return model.get("neighbours")[at].map((j, n) => {
      const place = j === at ? 0 : rank(j);
      return { j, place, far: place > tenth, cosine: model.get("cosines")[at][n] / 100 };
    });
  }

  function words() {
    const near = found().map(({ j, cosine }) => `${visible(symbols[j])} ${cosine.toFixed(2)}`);
    return `${visible(symbols[model.get("at")])}. Nearest: ${near.join(", ")}. ${sum.textContent}`;
  }

  function draw() {
    if (view !== model.get("view")) flat.move(places[(view = model.get("view"))]);
    views.forEach((one) => one.setAttribute("aria-pressed", String(one.value === view)));
    lost.textContent = told[view];
    axes.forEach((one) => (view === "pca" ? flat.map.append(one) : one.remove()));
    const at = model.get("at");
    const near = found();
    heading.replaceChildren("Nearest to ", tile(symbols[at], "gc-y"), ` in all ${C} channels`);
    list.replaceChildren(...near.map(line));
    const far = near.filter((one) => one.far).length;
    const others = far === 1 ? "One" : String(far);
    sum.textContent = far
      ? `${others} of these ${k} ${far === 1 ? "lies" : "lie"} far off on the map (dashed): more than a tenth of all tokens, ${tenth}, are nearer there.`
      : `On the map, too, all ${k} are among the nearest tenth, ${tenth} tokens.`;
    const bold = new Set(near.map(({ j }) => j).filter((j) => j !== at));
    flat.draw({ at, bold, lines: near.map(({ j, far }) => [j, far ? "gc-far" : "gc-near"]) });
  }

  function line({ j, place, far, cosine }) {
    const fill = h("span", {});
    fill.style.setProperty("--p", Math.min(Math.max(cosine, 0), 1));
    const name = h("button", { type: "button", class: "gc-go", onclick: () => (choose(j), flat.map.focus({ preventScroll: true })) }, visible(symbols[j]));
    const bar = h("div", { class: "gc-length" }, h("span", { class: "gc-track" }, fill), h("span", {}, cosine.toFixed(2)));
    const where = h("td", { class: far ? "gc-far" : "" }, place ? ordinal(place) : "itself");
    return h("tr", {}, h("td", {}, name), h("td", {}, bar), where);
  }

  const wrong = model.get("wrong");
  verdict.hidden = !wrong;
  verdict.textContent = `✗ For ${wrong} of ${V} tokens the list is not that of the ${k} greatest cosines in order.`;
  search();
  draw();
  const unwatch = watch(model, ["at", "view"], draw);
  return () => {
    unwatch();
    flat.stop();
    voice.stop();
    root.remove();
  };
}

/** A token as a label: without the space in front, unless that would make two of them the same. */
function short(symbol, symbols) {
  const bare = symbol.replace(/^ /, "");
  return bare === symbol || !bare || symbols.includes(bare) ? visible(symbol) : visible(bare);
}

/** 1 is "1st", 12 "12th", 23 "23rd". */
function ordinal(n) {
  const teen = Math.floor(n / 10) % 10 === 1;
  return `${n}${(!teen && { 1: "st", 2: "nd", 3: "rd" }[n % 10]) || "th"}`;
}

export default { render };
