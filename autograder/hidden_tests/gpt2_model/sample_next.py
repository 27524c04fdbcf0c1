"""6.13 sample_next."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.sample_next_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.sample_next_rare_mistakes import RARE

CERTAIN = "takes one token for each row, never one that is cut off"
DRAWS = "draws with the probabilities of the softmax"
SEED = "takes its randomness from the generator"


def _certain(d: Draw, rows: int, V: int, height: float = 0.0) -> dict[str, Any]:
    """Return rows that leave one token each: another one in each row, the others minus infinity."""
    tokens = d.permutation(V)[:rows].unsqueeze(1)
    logits = torch.full((rows, V), -torch.inf).scatter(1, tokens, d.normal(rows, 1) + height)
    return {"logits": logits, "seed": d.integer(0, 10**6)}


def _far_above(d: Draw, *heights: float) -> dict[str, Any]:
    """Return rows at different heights in which one logit is 80 above the rest."""
    rows = d.normal(len(heights), 9)
    tokens = d.permutation(9)[: len(heights)].unsqueeze(1)
    logits = rows.scatter_add(1, tokens, torch.full((len(heights), 1), 80.0))
    logits = logits + torch.tensor(heights)[d.permutation(len(heights))].unsqueeze(1)
    return {"logits": logits, "seed": d.integer(0, 10**6)}


def _unlike(d: Draw, height: float, rarest: float = 0.0, draws: int = 400) -> dict[str, Any]:
    """Return rows with one token that is nearly sure, with two likely ones, and in between."""
    likely, plain = [0.78, 0.07, 0.06, 0.05, 0.04], [0.55, 0.15, 0.1, 0.1, 0.1]
    probs = torch.tensor([likely, [0.4, 0.4, 0.15, 0.05 - rarest, rarest], plain])
    logits = torch.stack([row[d.permutation(5)] for row in probs]).log()
    return {
        "logits": logits[d.permutation(3)] + height + d.uniform(3, 1, low=-4.0, high=4.0),
        "draws": draws,
        "seed": d.integer(0, 10**6),
    }


def _counts(name: str, inputs: Any) -> Case:
    return Case(name, DRAWS, inputs, probe="filters.counts", frequencies=("how often",))


def _gumbel(logits: Tensor, generator: Generator | None = None) -> Tensor:
    u = torch.rand(logits.shape, generator=generator, dtype=torch.float64)
    return (logits - torch.log(-torch.log(u))).argmax(dim=-1, keepdim=True)


def _race(logits: Tensor, generator: Generator | None = None) -> Tensor:
    probs = torch.softmax(logits, dim=-1)
    waiting = torch.empty_like(probs).exponential_(generator=generator)
    return torch.argmax(probs / waiting, -1, keepdim=True).to(dtype=torch.int)


def _inverse(logits: Tensor, generator: Generator | None = None) -> Tensor:
    steps = (logits - logits.amax(1, keepdim=True)).double().exp().cumsum(1)
    u = torch.rand(len(logits), 1, generator=generator, dtype=torch.float64)
    return torch.searchsorted(steps, u * steps[:, -1:], right=True)


def _row_by_row(logits: Tensor, generator: Generator | None = None) -> Tensor:
    tokens = []
    for row in logits:
        probs = torch.nn.functional.softmax(row, dim=0)
        tokens.append(torch.multinomial(probs, 1, generator=generator))
    return torch.stack(tokens)


def _weights(logits: Tensor, generator: Generator | None = None) -> Tensor:
    shifted = torch.exp(logits - torch.max(logits, dim=-1, keepdim=True)[0])
    return torch.multinomial(shifted, 1, True, generator=generator)


def _numpy(logits: Tensor, generator: Generator | None = None) -> Tensor:
    rng = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
    probs = logits.double().softmax(-1).numpy()
    tokens = [rng.choice(probs.shape[1], p=row / row.sum()) for row in probs]
    return torch.tensor(tokens).reshape(-1, 1)


EXERCISE = Exercise(
    id="sample_next",
    chapter="06-gpt2",
    title="Draw the next token",
    reference="gpt2.filters.sample_next",
    probe="filters.sample_next",
    minutes=8,
    difficulty=1,
    groups={CERTAIN: 1, DRAWS: 2, SEED: 1},
    cases=(
        Case("one token left", CERTAIN, lambda d: _certain(d, 4, 7), tolerance=EXACT),
        Case(
            "one token left, in a square",
            CERTAIN,
            lambda d: _certain(d, 5, 5),
            probe="filters.sample_next_by_name",
            tolerance=EXACT,
        ),
        Case("a batch of one", CERTAIN, lambda d: _certain(d, 1, 9, -300.0), tolerance=EXACT),
        Case(
            "large logits",
            CERTAIN,
            lambda d: _far_above(d, 500.0, -500.0, 0.0, 200.0),
            tolerance=EXACT,
        ),
        Case(
            "at the end of a text",
            CERTAIN,
            lambda d: {
                "logits_of_a_text": torch.stack([_certain(d, 3, 6)["logits"] for _ in "abc"], 1)
            },
            probe="filters.sample_next_default",
            tolerance=EXACT,
        ),
        _counts("3,000 draws for each of three rows", lambda d: _unlike(d, 0.0, draws=3000)),
        _counts("400 draws from positive logits", lambda d: _unlike(d, 9.0, 0.02)),
        _counts("400 draws from large logits", lambda d: _unlike(d, d.number(300, 400))),
        Case(
            "seeds",
            SEED,
            lambda d: {"logits": d.normal(24, 8, std=0.5), "seed": d.integer(0, 10**6)},
            probe="filters.sample_next_again",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE,
    variants=(
        Variant("a race of exponentials, int32", _race),
        Variant("Gumbel noise and argmax", _gumbel),
        Variant("inverse of the cumulative sum", _inverse),
        Variant("row by row", _row_by_row),
        Variant("weights that are not normalised", _weights),
        Variant("numpy, seeded from the generator", _numpy),
    ),
    hints=(
        "A logit is no probability yet. What makes probabilities of a row of logits?",
        "`torch.multinomial(probs, num_samples=1, generator=generator)` draws one index for each "
        "row of `probs`.",
        "Run a softmax along the last dimension, and give its result and the generator to "
        "`torch.multinomial`. Its result is (B, 1) already.",
    ),
)
