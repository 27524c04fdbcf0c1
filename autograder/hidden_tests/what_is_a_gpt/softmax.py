"""1.1 softmax."""

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Shortcut, Tolerance, Variant
from autograder.hidden_tests.what_is_a_gpt.softmax_mistakes import MISCONCEPTIONS
from gptcourse.runner import OWN_CODE

ROW = "turns a row of logits into probabilities"
DIM = "sums to 1 along the dimension you ask for"
LARGE = "survives very large and very small logits"

# At 1000 two neighbouring float32 numbers lie 6e-5 apart, so x - logsumexp(x), a right answer, is
# wrong by as much. The mistakes are nan there, or off by more than 0.1.
AT_1000 = Tolerance(1e-3, 0.0, "logsumexp in float32 at logits of 1000 rounds by 6e-5")


def _row(d: Draw, n: int) -> Tensor:
    """Draw n logits that lie about 1 apart, in random order: probabilities that differ clearly."""
    return d.permutation(n) + d.uniform(n, high=0.2)


def _one_above(d: Draw, height: float) -> Tensor:
    """Draw 4 logits, one of them `height` above the rest."""
    return torch.cat([_row(d, 3), d.uniform(1) + height])[d.permutation(4)]


def _loops(x: Tensor, dim: int = -1) -> Tensor:
    rows = [
        torch.stack([1 / (row - value).exp().sum() for value in row])
        for row in x.movedim(dim, -1).reshape(-1, x.shape[dim])
    ]
    return torch.stack(rows).reshape(x.movedim(dim, -1).shape).movedim(-1, dim)


def _numpy(x: Tensor, dim: int = -1) -> Tensor:
    a = x.numpy().astype(np.float64)
    e = np.exp(a - a.max(axis=dim, keepdims=True))
    return torch.from_numpy(e / e.sum(axis=dim, keepdims=True))


def _logsumexp(x: Tensor, dim: int = -1) -> Tensor:
    return (x - x.logsumexp(dim=dim, keepdim=True)).exp()


def _einsum(x: Tensor, dim: int = -1) -> Tensor:
    moved = x.transpose(dim, -1)
    e = torch.exp(moved - moved.max(-1, keepdim=True).values)
    return torch.einsum("...i,...->...i", e, torch.einsum("...i->...", e) ** -1).transpose(dim, -1)


EXERCISE = Exercise(
    id="softmax",
    chapter="01-what-is-a-gpt",
    title="Softmax",
    reference="gpt2.probability.softmax",
    probe="what_is_a_gpt.softmax",
    minutes=10,
    difficulty=1,
    groups={ROW: 1, DIM: 1, LARGE: 2},
    cases=(
        Case("one row", ROW, lambda d: {"x": d.normal(7, std=2.0)}),
        Case("batch", ROW, lambda d: {"x": d.normal(2, 3, 5, std=2.0)}),
        Case("one logit", ROW, lambda d: {"x": d.normal(3, 1, std=2.0)}),
        Case("square, first dimension", DIM, lambda d: {"x": d.normal(4, 4, std=2.0), "dim": 0}),
        Case(
            "square, last dimension by name",
            DIM,
            lambda d: {"x": d.normal(4, 4, std=2.0), "dim": 1},
            probe="what_is_a_gpt.softmax_by_name",
        ),
        Case("middle dimension", DIM, lambda d: {"x": d.normal(3, 3, 3, std=2.0), "dim": 1}),
        Case(
            "counted from the end", DIM, lambda d: {"x": d.normal(2, 3, 2, 4, std=2.0), "dim": -3}
        ),
        Case(
            "rows at different scales",
            LARGE,
            lambda d: {
                "x": torch.stack([_row(d, 4) + shift for shift in (1000.0, -1000.0, 0.0, 300.0)])
            },
            tolerance=AT_1000,
        ),
        Case(
            "columns at different scales",
            LARGE,
            lambda d: {
                "x": torch.stack([_row(d, 4) + shift for shift in (1000.0, -1000.0, 0.0)], 1),
                "dim": 0,
            },
            tolerance=AT_1000,
        ),
        Case("all very small", LARGE, lambda d: {"x": _row(d, 4) - 1000}, tolerance=AT_1000),
        Case("one 100 above the rest", LARGE, lambda d: {"x": _one_above(d, 100.0)}),
        Case(
            "one 1000 above the rest",
            LARGE,
            lambda d: {"x": _one_above(d, 1000.0)},
            tolerance=AT_1000,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("loops", _loops),
        Variant("numpy in float64", _numpy),
        Variant("logsumexp", _logsumexp),
        Variant("einsum on a transposed view", _einsum),
        Variant(
            "in place on its own copy",
            edits=(
                (
                    "e = (x - x.amax(dim, keepdim=True)).exp()",
                    "e = x.clone().sub_(x.amax(dim, True)).exp_()",
                ),
                ("return e / e.sum(dim, keepdim=True)", "return e.div_(e.sum(dim, True))"),
            ),
        ),
    ),
    hints=(
        "What happens to `exp(x)` at x = 1000? Which constant may you add to all logits of a row?",
        "The largest logit along `dim` should become 0. `amax` has a `keepdim` argument.",
        "Two lines: `e` is the exponential of the shifted logits; divide it by its own sum along "
        "`dim`, with the dimension kept.",
    ),
    forbids=(
        # In inference mode torch's dispatcher sees the outer operators, otherwise the inner ones.
        Shortcut(
            "torch.softmax",
            (
                "aten::_softmax",
                "aten::softmax",
                "aten::special_softmax",
                "aten::_safe_softmax",
                "aten::_masked_softmax",
                "aten::_sparse_softmax",
                "aten::_nested_tensor_softmax_with_shape",
                "quantized::softmax",
            ),
        ),
        Shortcut(
            "torch.log_softmax",
            (
                "aten::_log_softmax",
                "aten::log_softmax",
                "aten::special_log_softmax",
                "aten::_sparse_log_softmax",
            ),
        ),
        # Its gradient is softmax minus one-hot rows, and exp(-loss) one probability.
        Shortcut("torch.nn.functional.cross_entropy", ("aten::cross_entropy_loss",)),
        # With the logits as its mask and the identity as values, attention is softmax.
        Shortcut(
            "torch.nn.functional.scaled_dot_product_attention",
            (
                "aten::scaled_dot_product_attention",
                "aten::_scaled_dot_product_attention_math",
                "aten::_scaled_dot_product_flash_attention_for_cpu",
                "aten::_scaled_dot_product_flash_attention",
                "aten::_scaled_dot_product_efficient_attention",
                "aten::_scaled_dot_product_cudnn_attention",
                "aten::_scaled_dot_product_fused_attention_overrideable",
                "aten::_scaled_dot_product_attention_math_for_mps",
            ),
        ),
        Shortcut(
            "torch.nn.MultiheadAttention",
            ("aten::_native_multi_head_attention", "aten::_transformer_encoder_layer_fwd"),
        ),
        # Inside of one torch.softmax would not be seen.
        Shortcut("operators and tensor classes of your own", (OWN_CODE,)),
    ),
)
