"""7.1 TokenLoader."""

from typing import Any

import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise
from autograder.hidden_tests.training.token_loader_mistakes import MISCONCEPTIONS as COMMON
from autograder.hidden_tests.training.token_loader_rare_mistakes import MISCONCEPTIONS as RARE
from autograder.hidden_tests.training.token_loader_variants import VARIANTS


def _text(d: Draw, n: int, B: int, T: int, **more: Any) -> dict[str, Any]:
    """Return tokens that count up, so that a place can be read off, from a random one on."""
    return {"tokens": torch.arange(n) + d.integer(10, 90), "B": B, "T": T} | more


def _shuffled(d: Draw, n: int, B: int, T: int, **more: Any) -> dict[str, Any]:
    return {"tokens": d.permutation(n) + 3, "B": B, "T": T} | more


def _around(d: Draw, B: int, T: int, batches: int) -> dict[str, Any]:
    """Return lengths at which an epoch has one batch more or less."""
    size = B * T
    of = [size + 1, batches * size, batches * size + 1, batches * size + 2, batches * size + size]
    return _text(d, (batches + 1) * size, B, T, of=of)


def _ranks(d: Draw, B: int, T: int, world_size: int) -> dict[str, Any]:
    size, whole = B * T, 2 * world_size * B * T
    of = [whole, whole + 1, whole + size + 1, whole + (world_size - 1) * size + 2]
    return _text(d, whole + world_size * size, B, T, world_size=world_size, of=of, number=4)


ORDER = "deals the tokens out in order, with those that come next"
EPOCH = "begins anew when what is left is not enough"
RANKS = "deals a batch to each rank"
STATE = "comes back to a place"
COPIES = "gives int64, and leaves the tokens alone"

EXERCISE = Exercise(
    id="TokenLoader",
    chapter="07-training",
    title="Deal out the tokens",
    reference="gpt2.loader.TokenLoader",
    probe="token_loader.batches",
    minutes=20,
    difficulty=2,
    groups={ORDER: 2, EPOCH: 1, RANKS: 1, STATE: 1, COPIES: 1},
    cases=(
        Case("two rows of three", ORDER, lambda d: _text(d, 40, 2, 3, number=2), tolerance=EXACT),
        Case("one row", ORDER, lambda d: _shuffled(d, 19, 1, 4, number=2), tolerance=EXACT),
        Case(
            "texts of several lengths",
            EPOCH,
            lambda d: _around(d, 2, 2, d.integer(2, 4)),
            probe="token_loader.lengths",
            tolerance=EXACT,
        ),
        Case(
            "one row, and texts of several lengths",
            EPOCH,
            lambda d: _around(d, 1, d.integer(2, 5), 2),
            probe="token_loader.lengths",
            tolerance=EXACT,
        ),
        Case(
            "too few tokens",
            EPOCH,
            lambda d: _text(d, 40, 2, 3, world_size=d.integer(2, 4)),
            probe="token_loader.too_few",
            tolerance=EXACT,
        ),
        Case(
            "three ranks",
            RANKS,
            lambda d: _ranks(d, 1, 2, 3),
            probe="token_loader.ranks",
            tolerance=EXACT,
        ),
        Case(
            "one of three ranks",
            RANKS,
            lambda d: _shuffled(d, 40, 2, 2, rank=d.integer(1, 3), world_size=3, number=2),
            probe="token_loader.one_rank",
            tolerance=EXACT,
        ),
        Case(
            "shortly before the end of an epoch, as one of two ranks",
            STATE,
            lambda d: _text(d, 4 * 6 + 4, 1, 3, rank=1, world_size=2, before=3, after=2),
            probe="token_loader.come_back",
            tolerance=EXACT,
        ),
        Case(
            "in the second epoch",
            STATE,
            lambda d: _text(d, 5 * 4 + 2, 2, 2, rank=0, world_size=1, before=7, after=2),
            probe="token_loader.come_back",
            tolerance=EXACT,
        ),
        Case(
            "tokens of 32 bits",
            COPIES,
            lambda d: _narrow(_text(d, 12, 2, 1, number=1), torch.int32),
            tolerance=EXACT,
        ),
    ),
    misconceptions=(*COMMON, *RARE),
    variants=VARIANTS,
    hints=(
        "How many tokens does a batch need so that the last token of its last row has a target "
        "too? And by how many does the place then move on?",
        "Keep one number: where the current round begins, the same on every rank. Rank r's batch "
        "begins `r * B * T` behind it. Which of its tokens does the last rank need?",
        "A round takes `world_size * B * T` tokens, and its last target is the token behind "
        "these. If `pos + world_size * B * T + 1` is more than there are, `pos` is 0 again. Cut "
        "B * T + 1 tokens into `[:-1]` and `[1:]`, each seen as (B, T).",
    ),
)


def _narrow(inputs: dict[str, Any], dtype: torch.dtype) -> dict[str, Any]:
    return inputs | {"tokens": inputs["tokens"].to(dtype)}
