"""5.2 causal_mask."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.attention.causal_mask_mistakes import MISCONCEPTIONS

SQUARE = "lets a position read itself and those before it"
CACHED = "takes the queries for the last T of S positions"
KIND = "is bool, on the device asked for"


def _aranges(T: int, S: int | None = None, device: Any = None) -> Tensor:
    S = S or T
    i = torch.arange(S - T, S, device=device)
    return torch.arange(S, device=device).unsqueeze(0) <= i.unsqueeze(1)


def _loops(T: int, S: int | None = None, device: Any = None) -> Tensor:
    if S is None:
        S = T
    mask = torch.zeros(T, S, dtype=torch.bool, device=device)
    for t in range(T):
        for s in range(S):
            if s <= t + (S - T):
                mask[t, s] = True
    return mask


def _last_rows(T: int, S: int | None = None, device: Any = None) -> Tensor:
    whole = torch.tril(torch.ones(S or T, S or T, device=device)) == 1
    return whole[-T:, :]


def _lists(T: int, S: int | None = None, device: Any = None) -> Tensor:
    n = T if S is None else S
    rows = [[s - t <= n - T for s in range(n)] for t in range(T)]
    return torch.tensor(rows, device=device)


def _numpy(T: int, S: int | None = None, device: Any = None) -> Tensor:
    S = T if S is None else S
    return torch.from_numpy(~np.triu(np.ones((T, S), dtype=bool), k=S - T + 1)).to(device)


def _transformer(T: int, S: int | None = None, device: Any = None) -> Tensor:
    S = T if S is None else S
    additive = nn.Transformer.generate_square_subsequent_mask(S)
    return (additive == 0)[S - T :].to(device or "cpu")


def _old_and_new(T: int, S: int | None = None, device: Any = None) -> Tensor:
    """Write the two parts side by side: what is in the cache, and what is new."""
    old = torch.ones((T, (S or T) - T), dtype=torch.uint8, device=device)
    new = torch.tril(torch.ones((T, T), dtype=torch.uint8, device=device))
    return torch.cat([old, new], dim=1).bool()


def _cached(d: Draw) -> dict[str, int]:
    T = d.integer(2, 6)
    return {"T": T, "S": T + d.integer(2, 5)}


EXERCISE = Exercise(
    id="causal_mask",
    chapter="05-attention",
    title="The causal mask",
    reference="gpt2.attention.causal_mask",
    probe="attention.causal_mask",
    minutes=10,
    difficulty=2,
    groups={SQUARE: 1, CACHED: 2, KIND: 1},
    cases=(
        Case("square", SQUARE, lambda d: {"T": d.integer(4, 8)}, tolerance=EXACT),
        Case("one position", SQUARE, lambda d: {"T": 1}, tolerance=EXACT),
        Case("S equal to T", SQUARE, lambda d: dict.fromkeys("TS", d.integer(3, 7)), None, EXACT),
        Case(
            "by name, S is None",
            SQUARE,
            lambda d: {"T": d.integer(3, 7), "S": None},
            probe="attention.causal_mask_by_name",
            tolerance=EXACT,
        ),
        Case("one new token", CACHED, lambda d: {"T": 1, "S": d.integer(4, 8)}, None, EXACT),
        Case("some new tokens", CACHED, _cached, tolerance=EXACT),
        Case(
            "one old token, by name",
            CACHED,
            lambda d: {"T": (T := d.integer(3, 6)), "S": T + 1},
            probe="attention.causal_mask_by_name",
            tolerance=EXACT,
        ),
        Case(
            "more than a thousand old tokens",
            CACHED,
            lambda d: {"T": 3, "S": 1024 + d.integer(4, 9)},
            probe="attention.causal_mask_counted",
            tolerance=EXACT,
        ),
        Case(
            "another device",
            KIND,
            lambda d: {"T": 2, "S": 4},
            probe="attention.causal_mask_on_device",
            tolerance=EXACT,
        ),
        Case("data type", KIND, lambda d: {"T": d.integer(3, 5), "S": 6}, None, EXACT),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("two aranges", _aranges),
        Variant("loops", _loops),
        Variant("the last rows of a square", _last_rows),
        Variant("nested lists", _lists),
        Variant("numpy's triu", _numpy),
        Variant("torch's additive mask, compared", _transformer),
        Variant("what is kept and what is new", _old_and_new),
    ),
    hints=(
        "Draw the table for T = 2 and S = 4 on paper. The two queries are positions 2 and 3: what "
        "may each read?",
        "Query t is position t + (S - T). Compare that with the positions 0 to S - 1 of the keys.",
        "`torch.ones(T, S, dtype=torch.bool, device=device).tril(diagonal)` keeps what lies on a "
        "diagonal and below. It starts at the upper left corner; by how much has it to move to "
        "the right?",
    ),
)
