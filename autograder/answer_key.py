"""Makes answer keys: runs the reference and every misconception on inputs drawn from a seed."""

from typing import Any

from autograder import reference
from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Implementation
from gptcourse import runner
from gptcourse.compare import fingerprint, same_outcome
from gptcourse.key import AnswerKey, KeyCase, Mistake

__all__ = ["PUBLIC_SEED", "make_key", "outcomes_of"]

PUBLIC_SEED = "public"


def make_key(exercise: Exercise, seed: str = PUBLIC_SEED) -> AnswerKey:
    """Return the answer key of an exercise for a seed; the public seed gives the public key."""
    right = reference.load(exercise)
    wrong = {m.name: reference.implementation(exercise, m) for m in exercise.misconceptions}
    return AnswerKey(
        exercise=exercise.id,
        chapter=exercise.chapter,
        title=exercise.title,
        public=seed == PUBLIC_SEED,
        groups=dict(exercise.groups),
        mistakes=[Mistake(m.name, m.what, m.look) for m in exercise.misconceptions],
        hints=list(exercise.hints),
        shortcuts={shortcut.name: list(shortcut.operators) for shortcut in exercise.forbids},
        cases=[_key_case(exercise, case, seed, right, wrong) for case in exercise.cases],
        stretch=exercise.stretch,
    )


def _key_case(
    exercise: Exercise, case: Case, seed: str, right: Any, wrong: dict[str, Implementation]
) -> KeyCase:
    probe = case.probe or exercise.probe
    inputs = case.inputs(Draw(seed, exercise.id, case.name))
    expected = _quiet(runner.run_case(right, probe, inputs))
    bare = KeyCase(
        name=case.name,
        group=case.group,
        probe=probe,
        inputs=inputs,
        expected=expected,
        mistaken={},
        atol=case.tolerance.atol,
        rtol=case.tolerance.rtol,
        frequencies=list(case.frequencies),
    )
    for name, implementation in wrong.items():
        outcome = _quiet(runner.run_case(implementation, probe, inputs))
        if not same_outcome(outcome, expected, bare):
            bare.mistaken[name] = outcome
    return bare


def _quiet(outcome: dict[str, Any]) -> dict[str, Any]:
    """Keep of an exception its type and a fingerprint: its frames are the solution's text."""
    if "raised" in outcome:
        raised = outcome["raised"]
        outcome["raised"] = {"type": raised["type"], "fingerprint": fingerprint(raised["message"])}
    return outcome


def outcomes_of(implementation: Any, key: AnswerKey) -> dict[str, dict[str, Any]]:
    """Run an implementation on every case of a key, in this process: for code that is trusted."""
    return {
        case.name: runner.run_case(implementation, case.probe, case.inputs, key.watched)
        for case in key.cases
    }
