"""7.2 AdamW."""

from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Shortcut, Tolerance
from autograder.hidden_tests.training.adamw_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.adamw_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.training.adamw_variants import VARIANTS

STEPS = Tolerance(
    1e-5,
    1e-5,
    "five steps of 0.1 in float32 in any order of the factors stay within 1e-6; the nearest "
    "mistake is off by more than 2e-4",
)
DECAYING = Tolerance(
    2e-5,
    0.0,
    "whether a parameter decays before or behind its step is lr * lr * weight_decay, 2e-6 at most "
    "in all steps together, and float32 rounds by 1e-6; the nearest mistake is off by 2e-4",
)


def _gradients(d: Draw, *shape: int) -> Tensor:
    """Return numbers of both signs, none near 0, which grow and fall from step to step."""
    sizes = d.uniform(*shape, low=0.5, high=1.5)
    signs = torch.where(d.uniform(*shape) < 0.7, 1.0, -1.0)
    steps = torch.tensor([1.0, 3.0, 0.4, 2.0, 0.7])[: shape[0]]
    return sizes * signs * steps.reshape(-1, *[1] * (len(shape) - 1))


def _steps(d: Draw, steps: int, parameters: int, size: float = 1.0) -> dict[str, Any]:
    """Return large steps without decay."""
    return {
        "weights": d.normal(parameters, 2),
        "gradients": size * _gradients(d, steps, parameters, 2),
        "lr": d.number(0.08, 0.12),
        "weight_decay": 0.0,
    }


def _heavy(d: Draw, *shape: int) -> Tensor:
    """Return parameters so large that it shows how they decay."""
    return d.uniform(*shape, low=2.0, high=4.0) * torch.where(d.uniform(*shape) < 0.5, 1.0, -1.0)


def _small(d: Draw) -> dict[str, Any]:
    """Return gradients of about 1e-7, and one that is 0 throughout."""
    case = _steps(d, 3, 3, 1e-7)
    case["gradients"][:, 1] = 0.0
    return case


def _by_default(d: Draw) -> dict[str, Any]:
    """Return the gradient 0 behind others: the parameter still moves, and decays."""
    case = {"weights": _heavy(d, 2, 2), "gradients": _gradients(d, 4, 2, 2)}
    case["gradients"][3, 1] = 0.0
    return case


def _three_groups(d: Draw) -> dict[str, Any]:
    """Return a group with values of its own, one with some, and one with none."""
    first = {"lr": d.number(1e-3, 1.2e-3), "betas": [0.6, 0.8], "eps": 0.5, "weight_decay": 0.4}
    return {
        "weights": _heavy(d, 3, 2),
        "gradients": _gradients(d, 4, 3, 2),
        "groups": [first, {"weight_decay": 0.0, "eps": 0.1}, {}],
        "lr": d.number(4e-4, 5e-4),
        "weight_decay": d.number(0.6, 0.7),
        # The first step has the rates of the groups as they were made.
        "rates": [[], *d.uniform(3, 3, low=0.0002, high=0.0012).tolist()],
    }


def _missing(d: Draw) -> dict[str, Any]:
    """Return a frozen parameter, and two whose gradients are missing at times."""
    return {
        "weights": _heavy(d, 3, 2),
        "gradients": _gradients(d, 4, 3, 2),
        "lr": d.number(0.0027, 0.003),
        "weight_decay": d.number(0.05, 0.06),
        "left_out": [[0, 1], [1, 2], [2, 2]],
        "frozen": 0,
    }


def _large(d: Draw) -> dict[str, Any]:
    """Return gradients whose squares are more than float32 can hold."""
    case = _steps(d, 4, 2, 1e25) | {"stop": 2}
    return case | {"weights": case["weights"].double(), "gradients": case["gradients"].double()}


MEANS = "steps by the corrected means of gradients and of their squares"
SMALL = "adds eps behind the root, for gradients as small as eps, and for 0"
DECAY = "lets parameters decay by lr times weight_decay, apart from the gradient"
VALUES = "takes the values of each group, as they are at each step"
STATE = "keeps a state for each parameter, which can be saved"

EXERCISE = Exercise(
    id="AdamW",
    chapter="07-training",
    title="AdamW",
    reference="gpt2.optim.AdamW",
    probe="optimizers.adamw",
    minutes=30,
    difficulty=3,
    groups={MEANS: 2, SMALL: 1, DECAY: 1, VALUES: 1, STATE: 1},
    cases=(
        Case(
            "five steps, values by place",
            MEANS,
            lambda d: (
                _steps(d, 5, 2)
                | {"betas": [d.number(0.75, 0.85), d.number(0.9, 0.93)], "eps": 1e-6}
            ),
            probe="optimizers.adamw_by_position",
            tolerance=STEPS,
        ),
        Case("gradients of 1e-7, and of 0", SMALL, _small, tolerance=STEPS),
        Case(
            "nothing given but parameters",
            DECAY,
            _by_default,
            tolerance=DECAYING,
        ),
        Case(
            "three groups, and rates that change",
            VALUES,
            _three_groups,
            probe="optimizers.adamw_with_groups",
            tolerance=DECAYING,
        ),
        Case("gradients that are missing", STATE, _missing, tolerance=DECAYING),
        Case(
            "two optimizers of float64 in turn, saved and resumed",
            STATE,
            _large,
            probe="optimizers.adamw_resumed",
            tolerance=STEPS,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Do one parameter and one step on paper: m and v begin at 0, t at 1. What is left of the "
        "size of g?",
        '`self.param_groups` is a list of dicts: "params", and the values by their names. '
        "`self.state[p]` is an empty dict when p is met first: there m and v begin, and t.",
        "For each p with a gradient: t one up, m and v as in the formula, in place; then "
        "`p.mul_(...)` for the decay, and `p.addcdiv_(m, size, value=...)`, where size is the root "
        "of the corrected v, plus eps.",
    ),
    forbids=(
        # By hand nobody runs these. What else of torch.optim computes, the probe sees.
        Shortcut("torch.optim.AdamW", ("aten::_fused_adamw_", "aten::_fused_adam_")),
    ),
)
