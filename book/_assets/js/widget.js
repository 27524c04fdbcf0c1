// Mounts a picture when it comes near the screen. The module is the one that anywidget runs in
// a notebook; here a model over plain JSON takes the kernel's place.

/** Fetch the file for which the module asks, and answer as the picture's Python would. */
async function fetchAsset(name, assets, tell) {
  try {
    if (!Object.hasOwn(assets, name)) throw new Error(`no asset ${name}`);
    const answer = await fetch(new URL(assets[name], document.baseURI));
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const bytes = tell ? await readTelling(answer.body, tell) : await answer.arrayBuffer();
    return [{ asset: name }, [new DataView(bytes)]];
  } catch (error) {
    return [{ asset: name, error: error.message }, []];
  }
}

/** Read a body to its end, and tell after each piece how many bytes are there. */
async function readTelling(body, tell) {
  const pieces = [];
  let loaded = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces).arrayBuffer();
    pieces.push(value);
    tell((loaded += value.byteLength));
  }
}

function makeModel(state, assets) {
  const listeners = new Map();
  const fire = (event, ...values) => [...(listeners.get(event) ?? [])].forEach((f) => f(...values));
  const model = {
    get: (name) => state[name],
    set(name, value) {
      const changes = typeof name === "object" ? name : { [name]: value };
      let changed = false;
      for (const [key, next] of Object.entries(changes)) {
        if (Object.is(state[key], next)) continue;
        state[key] = next;
        changed = true;
        fire(`change:${key}`, model, next);
      }
      if (changed) fire("change", model);
    },
    save_changes() {}, // there is no kernel to tell
    on(events, listener) {
      for (const event of events.split(/\s+/)) {
        if (!listeners.has(event)) listeners.set(event, new Set());
        listeners.get(event).add(listener);
      }
    },
    off(events, listener) {
      if (!events) return listeners.clear();
      for (const event of events.split(/\s+/)) {
        if (listener) listeners.get(event)?.delete(listener);
        else listeners.delete(event);
      }
    },
    async send({ asset, progress }) {
      const tell = progress ? (loaded) => fire("msg:custom", { asset, loaded }, []) : null;
      fire("msg:custom", ...(await fetchAsset(asset, assets, tell)));
    },
  };
  return model;
}

async function mount(figure) {
  const address = (kind) => new URL(figure.dataset[kind], document.baseURI).href;
  const [module, state] = await Promise.all([
    import(address("module")),
    fetch(address("state")).then((answer) => answer.json()),
  ]);
  const stage = figure.querySelector(".course-widget-stage");
  const el = document.createElement("div");
  const model = makeModel(state, JSON.parse(figure.dataset.assets ?? "{}"));
  await module.default.initialize?.({ model });
  // The still picture stays until the moving one has drawn itself.
  const still = [...stage.childNodes];
  stage.append(el);
  await module.default.render({ model, el });
  still.forEach((node) => node.remove());
  figure.dataset.mounted = "yes";
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      mount(target).catch((error) => console.error(`${target.id}:`, error));
    }
  },
  { rootMargin: "300px" },
);

document.querySelectorAll("figure.course-widget").forEach((figure) => seen.observe(figure));
