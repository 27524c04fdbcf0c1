// Answers a question of the page with the reason that stands in its folded list.
import { load, save } from "./store.js";

const KEY = "gpt2-course.quiz";
const answers = load(KEY);

function mount(quiz) {
  const radios = [...quiz.querySelectorAll("input[type=radio]")];
  const reasons = [...quiz.querySelectorAll("details li")];
  const status = quiz.querySelector("[role=status]");
  const folded = quiz.querySelector("details");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "course-button", textContent: "Check" });
  status.before(button);
  folded.hidden = true;

  const chosen = () => radios.findIndex((radio) => radio.checked);

  function answer() {
    const reason = reasons[chosen()];
    const right = reason.dataset.right === "yes";
    const verdict = document.createElement("strong");
    verdict.textContent = right ? "Right." : "Not this one.";
    const why = reason.querySelector(".course-why").cloneNode(true);
    status.dataset.right = reason.dataset.right;
    status.replaceChildren(verdict, " ", why);
    folded.hidden = !right; // the other reasons are no spoiler any more
  }

  function withdraw() {
    status.replaceChildren();
    button.disabled = chosen() < 0;
  }

  radios.forEach((radio) => radio.addEventListener("change", withdraw));
  button.addEventListener("click", () => {
    answers[quiz.dataset.quiz] = chosen();
    save(KEY, answers);
    answer();
  });

  const kept = answers[quiz.dataset.quiz];
  if (radios[kept]) {
    radios[kept].checked = true;
    answer();
  }
  button.disabled = chosen() < 0;
}

document.querySelectorAll("[data-quiz]").forEach(mount);
