// What the pictures share. A notebook gets this file written into each picture's module.

const NAMES = { " ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍" };
const COUNT = new Intl.NumberFormat("en-US");

/** Build an element: h("button", { class: "x", onclick: f, aria: { label: "…" } }, "text", child). */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined) continue;
    if (key === "class") element.className = value;
    else if (key === "aria") {
      for (const [name, word] of Object.entries(value)) element.setAttribute(`aria-${name}`, word);
    } else if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat()); // strings become text nodes, never markup
  return element;
}

/** Make white space visible: a space is ␣, a new line ⏎. */
export function visible(symbol) {
  return symbol === "" ? "∅" : Array.from(symbol, (c) => NAMES[c] ?? c).join("");
}

export function count(n) {
  return COUNT.format(n);
}

/** 0.1604 is "16.0 %", never broken at its space; what would show as nothing gets more places. */
export function percent(p) {
  return `${(100 * p).toFixed(p >= 0.001 || p === 0 ? 1 : 3)}\u00a0%`;
}

/** The bits paid when what happened had probability p. */
export function bits(p) {
  return p > 0 ? -Math.log2(p) : Infinity;
}

export function inBits(value) {
  if (!Number.isFinite(value)) return "∞ bits";
  return `${(value + 0).toFixed(2).replace("-0.00", "0.00")} bits`;
}

/** A token drawn as a tile. */
export function tile(symbol, extra = "") {
  return h("span", { class: `gc-tile ${extra}` }, visible(symbol));
}

/** The place of a token that is still to come: as large as its tile, and empty. */
export function blank(symbol, extra = "") {
  return h("span", { class: `gc-tile ${extra} gc-blank` }, h("span", {}, visible(symbol)));
}

/** A box that scrolls sideways if its content is too wide; only then the Tab key stops at it. */
export function scroller(label, child) {
  const box = h("div", { class: "gc-scroller", role: "group", aria: { label } }, child);
  const fit = () => (box.scrollWidth > box.clientWidth ? (box.tabIndex = 0) : box.removeAttribute("tabindex"));
  const observer = new ResizeObserver(fit);
  for (const element of [box, child]) observer.observe(element);
  return box;
}

/** A polite live region. Of messages that come fast only the last is read out. */
export function announcer(parent) {
  const region = h("p", { class: "gc-hidden", role: "status" });
  parent.append(region);
  let timer;
  return {
    say(message) {
      clearTimeout(timer);
      timer = setTimeout(() => (region.textContent = message), 350);
    },
    stop: () => clearTimeout(timer),
  };
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Random numbers in [0, 1): the browser's, or for a seed always the same ones (mulberry32). */
export function generator(seed) {
  if (seed === null || seed === undefined) return Math.random;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

/** Reset, Back, Step and Play for anything that has numbered states. */
export function player({ step, back, reset, canStep, canBack, wait }) {
  let timer = null;
  const act = (f) => () => (pause(), f(), refresh());
  const resetButton = h("button", { type: "button", onclick: act(reset) }, "Reset");
  const backButton = h("button", { type: "button", onclick: act(back) }, "Back");
  const stepButton = h("button", { type: "button", class: "gc-main", onclick: act(step) }, "Step");
  const playButton = h("button", { type: "button", onclick: () => (timer ? pause() : play()) });

  function tick() {
    step();
    refresh();
    if (canStep()) timer = setTimeout(tick, wait());
    else pause();
  }
  function play() {
    if (!canStep()) reset();
    timer = setTimeout(tick, 150);
    refresh();
  }
  function pause() {
    clearTimeout(timer);
    timer = null;
    refresh();
  }
  function refresh() {
    playButton.textContent = timer ? "Pause" : "Play";
    // aria-disabled, not disabled: a button that loses the focus takes the reader's place with it.
    resetButton.setAttribute("aria-disabled", String(!canBack()));
    backButton.setAttribute("aria-disabled", String(!canBack()));
    stepButton.setAttribute("aria-disabled", String(!canStep()));
  }
  refresh();
  const element = h("div", { class: "gc-buttons", role: "group", aria: { label: "Playback" } });
  element.append(resetButton, backButton, stepButton, playButton);
  return { element, refresh, pause, playing: () => timer !== null };
}

/** Call `draw` when a trait changes; returns what undoes it. */
export function watch(model, names, draw) {
  for (const name of names) model.on(`change:${name}`, draw);
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

export function save(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/**
 * The bytes of an asset of the picture, an ArrayBuffer. The site's shim fetches it, Python sends it.
 * With `progress`, the shim calls it with the number of bytes that are there; Python sends all at once.
 */
export function asset(model, name, { patience = 60000, progress = null } = {}) {
  return new Promise((resolve, reject) => {
    let timer;
    function wait() {
      clearTimeout(timer);
      timer = setTimeout(() => end(reject, new Error(`no answer for ${name}`)), patience);
    }
    function answer(content, buffers) {
      if (content?.asset !== name) return;
      if (content.error) return end(reject, new Error(content.error));
      if (content.loaded !== undefined) return wait(), progress?.(content.loaded);
      // What a kernel sends is a view, perhaps into something larger.
      const { buffer, byteOffset, byteLength } = buffers[0];
      end(resolve, buffer.slice(byteOffset, byteOffset + byteLength));
    }
    function end(settle, value) {
      clearTimeout(timer);
      model.off("msg:custom", answer);
      settle(value);
    }
    wait();
    model.on("msg:custom", answer);
    model.send(progress ? { asset: name, progress: true } : { asset: name });
  });
}
