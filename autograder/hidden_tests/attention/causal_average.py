"""5.1 causal_average."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.attention.causal_average_mistakes import MISCONCEPTIONS

PAST = "gives each position the mean of itself and all before it"
SHAPES = "does so whatever B, T and C are"
KIND = "keeps the precision and the device of x"

IN_FLOAT64 = Tolerance(
    1e-12, 1e-12, "float64 and other orders of summation differ by 1e-16; float32 by 1e-8"
)


def _loops(x: Tensor) -> Tensor:
    B, T, _ = x.shape
    out = torch.zeros_like(x)
    for b in range(B):
        for t in range(T):
            out[b, t] = x[b, : t + 1].mean(0)
    return out


def _cumsum(x: Tensor) -> Tensor:
    counts = torch.arange(1, x.shape[1] + 1, device=x.device)
    return x.cumsum(dim=1) / counts[:, None]


def _softmax(x: Tensor) -> Tensor:
    T = x.shape[1]
    tril = torch.tril(torch.ones(T, T, device=x.device))
    wei = torch.zeros((T, T), device=x.device, dtype=x.dtype)
    wei = wei.masked_fill(tril == 0, float("-inf"))
    return torch.nn.functional.softmax(wei, dim=-1) @ x


def _einsum(x: Tensor) -> Tensor:
    t = torch.arange(x.size(1), device=x.device)
    weights = (t[None, :] <= t[:, None]).double() / (t[:, None] + 1)
    return torch.einsum("ts,bsc->btc", weights, x.double())


def _numpy(x: Tensor) -> Tensor:
    a = x.detach().cpu().numpy()
    counts = np.arange(1, a.shape[1] + 1, dtype=a.dtype)
    return torch.from_numpy(np.cumsum(a, axis=1) / counts[:, None]).to(x.device)


def _running(x: Tensor) -> Tensor:
    rows = [x[:, 0]]
    for t, new in enumerate(x.unbind(1)[1:], start=2):
        rows.append(rows[-1] + (new - rows[-1]) / t)
    return torch.stack(rows, dim=1)


def _double(d: Draw) -> dict[str, Tensor]:
    """Draw numbers that float32 cannot hold: 52 bits of them are random."""
    return {"x": d.normal(2, 4, 3).double() + d.normal(2, 4, 3).double() * 1e-8}


EXERCISE = Exercise(
    id="causal_average",
    chapter="05-attention",
    title="The mean of the past",
    reference="gpt2.attention.causal_average",
    probe="attention.causal_average",
    minutes=10,
    difficulty=1,
    groups={PAST: 2, SHAPES: 1, KIND: 1},
    cases=(
        Case("a few vectors", PAST, lambda d: {"x": d.normal(2, 5, 3)}),
        Case("one long row", PAST, lambda d: {"x": d.normal(1, 9, 2)}),
        Case("as many positions as channels", SHAPES, lambda d: {"x": d.normal(3, 4, 4)}),
        Case("as many positions as rows", SHAPES, lambda d: {"x": d.normal(4, 4, 3)}),
        Case("one position", SHAPES, lambda d: {"x": d.normal(2, 1, 3)}),
        Case(
            "after shorter vectors",
            SHAPES,
            lambda d: {"x": d.normal(2, 6, 1)},
            probe="attention.causal_average_again",
        ),
        Case(
            "float64",
            KIND,
            _double,
            probe="attention.causal_average_in_double",
            tolerance=IN_FLOAT64,
        ),
        Case(
            "another device",
            KIND,
            lambda d: {"x": d.normal(2, 3, 2)},
            probe="attention.causal_average_on_device",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("loops", _loops),
        Variant("cumsum over counts", _cumsum),
        Variant("softmax of 0 and -inf", _softmax),
        Variant("einsum in float64", _einsum),
        Variant("numpy", _numpy),
        Variant("a running mean", _running),
    ),
    hints=(
        "For one row and one position: which slice of `x[b]` is averaged, and does it hold "
        "position t itself?",
        "A mean is a weighted sum. Write the weights of all positions as a T by T table, a row "
        "for each position that asks: which entries are 0, and what does a row sum to?",
        "`torch.ones(T, T).tril()` has ones where a position may read. Divide each row by its "
        "sum, with the dimension kept, and multiply: (T, T) @ (B, T, C). Dtype and device of the "
        "table are those of x.",
    ),
)
