"""2.5 sample_bigram."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.bigrams.sample_bigram_mistakes import MISCONCEPTIONS


def _inverse_cdf(P: Tensor, start_id: int, n: int, generator: Generator) -> Tensor:
    steps = P.double().cumsum(1)
    text = torch.empty(n + 1, dtype=torch.int32)
    text[0] = start_id
    for i, u in enumerate(torch.rand(n, generator=generator, dtype=torch.float64)):
        row = steps[text[i]]
        text[i + 1] = torch.searchsorted(row, u * row[-1], right=True).clamp(max=len(P) - 1)
    return text


def _gumbel(P: Tensor, start_id: int, n: int, generator: Generator) -> Tensor:
    noise = -torch.empty(n, len(P)).exponential_(generator=generator).log()
    text = [torch.tensor(start_id)]
    for row in noise:
        text.append((P[text[-1]].log() + row).argmax())
    return torch.stack(text)


def _recursive(P: Tensor, start_id: int, n: int, generator: Generator) -> Tensor:
    head = torch.tensor([start_id])
    if n == 0:
        return head
    if n > 400:  # within Python's depth of recursion
        first = _recursive(P, start_id, 400, generator)
        return torch.cat([first[:-1], _recursive(P, int(first[-1]), n - 400, generator)])
    following = torch.multinomial(P[start_id], num_samples=1, generator=generator).item()
    return torch.cat([head, _recursive(P, int(following), n - 1, generator)])


def _plain_python(P: Tensor, start_id: int, n: int, generator: Generator) -> Tensor:
    table = P.tolist()
    text = [start_id]
    while len(text) < n + 1:
        u, token = torch.rand((), generator=generator).item(), 0
        for token, p in enumerate(table[text[-1]]):  # noqa: B007
            u -= p
            if u < 0:
                break
        text.append(token)
    return torch.as_tensor(text)


def _numpy_chooses(P: Tensor, start_id: int, n: int, generator: Generator) -> Tensor:
    seed = int(torch.randint(2**31, (1,), generator=generator))
    rng, table = np.random.default_rng(seed), P.double().numpy()
    text = np.full(n + 1, start_id)
    for i in range(n):
        row = table[text[i]]
        text[i + 1] = rng.choice(len(row), p=row / row.sum())
    return torch.from_numpy(text)


def _cycle(d: Draw, V: int, n: int) -> dict[str, Any]:
    """Return a P that leaves nothing to chance: each token has one successor, in one ring."""
    return {
        "P": torch.eye(V)[d.cycle(V)],
        "start_id": d.integer(1, V),
        "n": n,
        "seed": d.integer(0, 10**6),
    }


def _chain(d: Draw) -> dict[str, Any]:
    """Return a P with rows that differ strongly, likely and rare pairs, and impossible ones.

    The last column is rare everywhere, so a walk that cuts off the end of a row never goes there.
    """
    rows = torch.tensor([[0.1, 0.8, 0.0, 0.1], [0.0, 0.1, 0.8, 0.1], [0.7, 0.2, 0.0, 0.1]])
    rows = torch.cat([rows[d.permutation(3)], torch.tensor([[0.25, 0.65, 0.1, 0.0]])])
    return {
        "P": rows,
        "start_id": d.integer(0, 4),
        "n": 1800,
        "seed": d.integer(0, 10**6),
    }


def _three(d: Draw) -> Tensor:
    rows = torch.tensor([[0.82, 0.15, 0.03], [0.55, 0.05, 0.4], [0.2, 0.3, 0.5]])
    return rows[d.permutation(3)]


WALK = "walks from each token to the next"
DRAWS = "draws with the model's probabilities"
SEED = "takes its randomness from the generator"

EXERCISE = Exercise(
    id="sample_bigram",
    chapter="02-bigrams",
    title="Sample from the model",
    reference="gpt2.bigrams.sample_bigram",
    probe="bigrams.sample_bigram",
    minutes=15,
    difficulty=2,
    groups={WALK: 2, DRAWS: 1, SEED: 1},
    cases=(
        Case("a ring of five", WALK, lambda d: _cycle(d, 5, 12), tolerance=EXACT),
        Case("a ring of forty", WALK, lambda d: _cycle(d, 40, 50), tolerance=EXACT),
        Case("no token to draw", WALK, lambda d: _cycle(d, 5, 0), tolerance=EXACT),
        Case(
            "1,800 tokens",
            DRAWS,
            _chain,
            probe="bigrams.transitions",
            frequencies=("transitions",),
        ),
        Case(
            "1,800 of three kinds",
            DRAWS,
            lambda d: _chain(d) | {"P": _three(d), "start_id": d.integer(0, 3)},
            probe="bigrams.transitions",
            frequencies=("transitions",),
        ),
        Case(
            "1,800 of two kinds, one rare",
            DRAWS,
            lambda d: _chain(d) | {"P": torch.tensor([[0.96, 0.04], [0.6, 0.4]]), "start_id": 0},
            probe="bigrams.transitions",
            frequencies=("transitions",),
        ),
        Case(
            "seeds",
            SEED,
            lambda d: _chain(d) | {"n": 40},
            probe="bigrams.sample_bigram_again",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("inverse of the cumulative sum, int32", _inverse_cdf),
        Variant("Gumbel noise and argmax", _gumbel),
        Variant("recursion", _recursive),
        Variant("plain Python", _plain_python),
        Variant("numpy, seeded from the generator", _numpy_chooses),
    ),
    hints=(
        "Keep the text as a list that grows. Which row of P belongs to its last token?",
        "`torch.multinomial(row, 1, generator=generator)` draws one index with the probabilities "
        "in `row`.",
        "n times: take the row of the last token, draw from it, append the drawn id. In the end "
        "turn the list, `start_id` first, into a tensor.",
    ),
)
