// The reader's own marks: which exercises are done.
import { load, save } from "./store.js";

const KEY = "gpt2-course.done";

const done = load(KEY);

function showProgress(line) {
  const ids = line.dataset.exercises.split(" ");
  const count = ids.filter((id) => done[id]).length;
  const place = line.querySelector(".course-progress-done");
  const bar = Object.assign(document.createElement("progress"), { max: ids.length, value: count });
  bar.setAttribute("aria-label", "Exercises marked as done");
  place.replaceChildren(bar, `${count} of ${ids.length} done`);
}

function showAll() {
  document.querySelectorAll("[data-exercises]").forEach(showProgress);
}

document.documentElement.classList.add("course-js");
for (const box of document.querySelectorAll("input[data-exercise]")) {
  box.checked = Boolean(done[box.dataset.exercise]);
  box.addEventListener("change", () => {
    done[box.dataset.exercise] = box.checked;
    save(KEY, done);
    showAll();
  });
}
showAll();
