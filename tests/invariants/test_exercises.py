"""The invariants, over every exercise and seed: a new exercise is tested the day it is added."""

import doctest
import math
import re
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder import reference
from autograder.answer_key import PUBLIC_SEED, make_key, outcomes_of
from autograder.exercise import Exercise, Misconception, Variant
from autograder.hidden_tests import CATALOGUE
from gptcourse import runner
from gptcourse.compare import first_difference
from gptcourse.judge import judge
from gptcourse.key import AnswerKey, KeyCase

SEEDS = [PUBLIC_SEED, "one"]
BY_EXERCISE = pytest.mark.parametrize("exercise", CATALOGUE, ids=lambda e: e.id)
BY_SEED = pytest.mark.parametrize("seed", SEEDS)
MISTAKES = [(e, m) for e in CATALOGUE for m in e.misconceptions]
VARIANTS = [(e, v) for e in CATALOGUE for v in e.variants]


@cache
def key_for(exercise_id: str, seed: str) -> AnswerKey:
    """Return the key as a grader or a learner would have it: packed and read again."""
    exercise = next(e for e in CATALOGUE if e.id == exercise_id)
    return AnswerKey.unpack(make_key(exercise, seed).pack())


def answer_id(value: Any) -> str:
    return value.id if isinstance(value, Exercise) else value.name


@BY_EXERCISE
def test_stub_is_not_attempted(exercise: Exercise) -> None:
    namespace = dict(vars(reference.module_of(exercise)))
    exec(reference.stub(exercise), namespace)
    key = key_for(exercise.id, PUBLIC_SEED)
    report = judge(outcomes_of(namespace[exercise.target], key), key)
    assert report.verdict == "not attempted"
    assert report.earned == 0


@BY_SEED
@BY_EXERCISE
def test_reference_gets_full_marks(exercise: Exercise, seed: str) -> None:
    key = key_for(exercise.id, seed)
    report = judge(outcomes_of(reference.load(exercise), key), key)
    assert report.verdict == "passed", report.message
    assert report.earned == report.points == exercise.points > 0


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=answer_id)
def test_mistake_loses_points_and_is_named(exercise: Exercise, mistake: Misconception) -> None:
    for seed in SEEDS:
        key = key_for(exercise.id, seed)
        report = judge(outcomes_of(reference.implementation(exercise, mistake), key), key)
        assert report.earned < report.points, seed
        assert report.message is not None
        assert report.message.misconception == mistake.name, (seed, report.message)


@pytest.mark.parametrize(("exercise", "variant"), VARIANTS, ids=answer_id)
def test_right_variant_gets_full_marks(exercise: Exercise, variant: Variant) -> None:
    for seed in SEEDS:
        key = key_for(exercise.id, seed)
        report = judge(outcomes_of(reference.implementation(exercise, variant), key), key)
        assert report.verdict == "passed", (seed, report.message)


@BY_EXERCISE
def test_there_are_enough_answers_and_words(exercise: Exercise) -> None:
    assert len(exercise.variants) >= 3
    assert len(exercise.misconceptions) >= 2
    assert len(exercise.hints) >= 2
    for mistake in exercise.misconceptions:
        text = f"{mistake.what} {mistake.look}"
        assert mistake.what.endswith((".", "?"))
        assert mistake.look.endswith((".", "?"))
        assert not {"just", "simply", "obviously"} & set(text.lower().split())
        assert "*" not in re.sub(r"`[^`]*`", "", text), "only code between backticks is set"


@BY_SEED
@BY_EXERCISE
def test_tolerance_is_ten_times_the_noise(exercise: Exercise, seed: str) -> None:
    key = key_for(exercise.id, seed)
    for case in key.cases:
        if "outputs" not in case.expected or case.frequencies:
            continue
        torch.set_default_dtype(torch.float64)
        try:
            exact = runner.run_case(reference.load(exercise), case.probe, in_float64(case.inputs))
        finally:
            torch.set_default_dtype(torch.float32)
        noise = worst_ratio(exact["outputs"], case.expected["outputs"], case)
        assert noise <= 0.1, f"{case.name}: noise is {noise:.2f} of the tolerance"


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=answer_id)
def test_tolerance_is_a_tenth_of_the_mistake(exercise: Exercise, mistake: Misconception) -> None:
    for seed in SEEDS:
        distances = [
            outcome_ratio(case.mistaken[mistake.name], case.expected, case)
            for case in key_for(exercise.id, seed).cases
            if mistake.name in case.mistaken
        ]
        assert max(distances, default=0.0) >= 10, seed


@BY_EXERCISE
def test_docstring_is_a_contract(exercise: Exercise) -> None:
    target = reference.load(exercise)
    text = target.__doc__ or ""
    assert max(map(len, reference.stub(exercise).splitlines())) <= 78, "the page's box is no wider"
    assert "Example:" in text
    assert "Shape:" in text or "Args:" in text
    module = reference.module_of(exercise)
    names = dict(vars(module)) | {"torch": torch}
    runner_ = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    tests = doctest.DocTestFinder(recurse=True).find(target, exercise.target, module, names)
    assert sum(len(test.examples) for test in tests) > 0
    for test in tests:
        assert runner_.run(test).failed == 0


def in_float64(value: Any) -> Any:
    """Return the inputs with every float tensor in double precision."""
    if isinstance(value, Tensor):
        return value.double() if value.is_floating_point() else value
    if isinstance(value, dict):
        return {key: in_float64(item) for key, item in value.items()}
    if isinstance(value, list):
        return [in_float64(item) for item in value]
    return value


def outcome_ratio(outcome: dict[str, Any], expected: dict[str, Any], case: KeyCase) -> float:
    """Return how many tolerances two outcomes are apart; infinity if they differ in kind."""
    if "outputs" not in outcome or "outputs" not in expected:
        return math.inf
    if outcome["modified"] != expected["modified"]:
        return math.inf
    difference = first_difference(outcome["outputs"], expected["outputs"], case)
    if difference and difference.kind in ("type", "dtype", "shape", "length", "missing"):
        return math.inf
    ratios = [
        math.inf if name in case.frequencies else worst_ratio(got, expected["outputs"][name], case)
        for name, got in outcome["outputs"].items()
        if name in expected["outputs"]
        and not (name in case.frequencies and _same_counts(got, expected["outputs"][name]))
    ]
    return max(ratios, default=math.inf)


def _same_counts(a: Any, b: Any) -> bool:
    return isinstance(a, Tensor) and a.shape == b.shape and torch.equal(a, b)


def worst_ratio(got: Any, expected: Any, case: KeyCase) -> float:
    """Return the largest |got - expected| / tolerance; infinity if kinds or exact values differ."""
    if isinstance(expected, dict):
        if not isinstance(got, dict) or set(got) != set(expected):
            return math.inf
        return max((worst_ratio(got[k], v, case) for k, v in expected.items()), default=0.0)
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return math.inf
        pairs = zip(got, expected, strict=True)
        return max((worst_ratio(g, e, case) for g, e in pairs), default=0.0)
    if isinstance(expected, float) and isinstance(got, float):
        return worst_ratio(
            torch.tensor(got, dtype=torch.float64), torch.tensor(expected).double(), case
        )
    if isinstance(expected, Tensor) and expected.is_floating_point():
        if not isinstance(got, Tensor) or got.shape != expected.shape:
            return math.inf
        a, b = got.double(), expected.double()
        same = (a == b) | (a.isnan() & b.isnan())
        ratio = ((a - b).abs() / (case.atol + case.rtol * b.abs())).nan_to_num(math.inf, math.inf)
        return float(ratio.masked_fill(same, 0).max()) if ratio.numel() else 0.0
    if isinstance(expected, Tensor):
        return 0.0 if isinstance(got, Tensor) and torch.equal(got, expected) else math.inf
    return 0.0 if got == expected else math.inf
