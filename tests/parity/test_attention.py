"""Attention against torch's own: the mean of the past, the mask, the formula, and one head."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.attention import Head, causal_average, causal_mask, scaled_dot_product_attention

SHAPES = {
    "matrices": ((), 4, 6, 16, 3),
    "batch": ((3,), 5, 5, 8, 8),
    "heads": ((2, 3), 4, 7, 16, 16),
    "three dimensions in front": ((2, 1, 2), 3, 2, 5, 4),
    "one query": ((2, 2), 1, 8, 16, 16),
    "one key": ((2,), 3, 1, 4, 2),
}


def inputs(shape: str, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    front, T, S, d, dv = SHAPES[shape]
    sizes = ((T, d), (S, d), (S, dv))
    q, k, v = (torch.randn(*front, *size, dtype=dtype, requires_grad=True) for size in sizes)
    return q, k, v


def mask_of(kind: str, front: tuple[int, ...], T: int, S: int) -> Tensor | None:
    """Make a mask in which each query may read key 0 at least."""
    random = torch.rand(*front, T, S) < 0.5
    random[..., 0] = True
    made: dict[str, Tensor | None] = {
        "none": None,
        "random": random,
        "for all texts": random.reshape(-1, T, S)[0],
        "padding": random[..., :1, :],
        "causal": causal_mask(T, S) if T <= S else None,
    }
    return made[kind]


KINDS = ["none", "random", "for all texts", "padding", "causal"]
# More queries than keys have no place in a text.
PAIRS = [(s, k) for s, (_, T, S, *_) in SHAPES.items() for k in KINDS if k != "causal" or T <= S]


@pytest.mark.parametrize(("shape", "kind"), PAIRS)
def test_values_and_gradients_are_those_of_torch(shape: str, kind: str) -> None:
    front, T, S, _, _ = SHAPES[shape]
    ours, theirs = inputs(shape), inputs(shape)
    allowed = mask_of(kind, front, T, S)
    got = scaled_dot_product_attention(*ours, mask=allowed)
    expected = F.scaled_dot_product_attention(*theirs, attn_mask=allowed)
    torch.testing.assert_close(got, expected)
    direction = torch.randn_like(got)
    got_gradients = torch.autograd.grad((got * direction).sum(), ours)
    expected_gradients = torch.autograd.grad((expected * direction).sum(), theirs)
    for a, b in zip(got_gradients, expected_gradients, strict=True):
        assert a.isfinite().all()
        torch.testing.assert_close(a, b)


def test_float32_is_torchs_within_its_rounding() -> None:
    q, k, v = inputs("heads", torch.float32)
    got = scaled_dot_product_attention(q, k, v)
    assert got.dtype is torch.float32
    assert (got - F.scaled_dot_product_attention(q, k, v)).abs().max() < 2e-6


def test_gradient_is_that_of_finite_differences() -> None:
    allowed = causal_mask(3, 4)

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return scaled_dot_product_attention(q, k, v, mask=allowed)

    sizes = ((3, 5), (4, 5), (4, 2))
    torch.manual_seed(1)
    tensors = [torch.randn(*size, dtype=torch.float64, requires_grad=True) for size in sizes]
    assert torch.autograd.gradcheck(attend, tensors)


@pytest.mark.parametrize("T", [1, 2, 5, 16])
def test_square_mask_is_torchs_additive_one(T: int) -> None:
    additive = nn.Transformer.generate_square_subsequent_mask(T)
    assert torch.equal(causal_mask(T), additive == 0)
    assert torch.equal(causal_mask(T), torch.ones(T, T).tril().bool())


@pytest.mark.parametrize(("T", "S"), [(1, 1), (1, 5), (2, 4), (3, 3), (4, 9)])
def test_mask_of_new_tokens_is_the_last_rows_of_the_whole(T: int, S: int) -> None:
    assert causal_mask(T, S).dtype is torch.bool
    assert torch.equal(causal_mask(T, S), causal_mask(S)[-T:])


def test_mask_is_made_on_the_device() -> None:
    assert causal_mask(2, 3, device="meta").device.type == "meta"


def test_mean_of_the_past_is_attention_of_equal_scores() -> None:
    torch.manual_seed(2)
    x = torch.randn(3, 7, 5, dtype=torch.float64)
    zeros = torch.zeros(3, 7, 1, dtype=torch.float64)
    mean = causal_average(x)
    expected = scaled_dot_product_attention(zeros, zeros, x, mask=causal_mask(7))
    torch.testing.assert_close(mean, expected)
    counts = torch.arange(1, 8)[:, None]
    torch.testing.assert_close(mean, x.cumsum(1) / counts)
    torch.testing.assert_close(mean[:, :4], causal_average(x[:, :4]))
    torch.testing.assert_close(mean[:, -1], x.mean(1))


def torchs_head(head: Head, x: Tensor) -> Tensor:
    q, k, v = head.query(x), head.key(x), head.value(x)
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


@pytest.mark.parametrize("T", [1, 3, 8])
def test_head_is_torchs_attention(T: int) -> None:
    torch.manual_seed(3)
    head = Head(n_embd=6, head_size=4, block_size=8).double()
    x = torch.randn(2, T, 6, dtype=torch.float64, requires_grad=True)
    ours, theirs = head(x), torchs_head(head, x)
    torch.testing.assert_close(ours, theirs)
    wanted = [x, *head.parameters()]
    got = torch.autograd.grad(ours.square().sum(), wanted)
    expected = torch.autograd.grad(theirs.square().sum(), wanted)
    for a, b in zip(got, expected, strict=True):
        torch.testing.assert_close(a, b)


def test_head_in_evaluation_has_no_dropout_and_in_training_keeps_the_mean() -> None:
    torch.manual_seed(4)
    head = Head(n_embd=4, head_size=3, block_size=5, dropout=0.4)
    x = torch.randn(1, 5, 4)
    whole = head.eval()(x)
    torch.testing.assert_close(whole, torchs_head(head, x))
    with torch.no_grad():
        many = head.train()(x.expand(20_000, 5, 4))
    error = many.std(0) / len(many) ** 0.5
    assert ((many.mean(0) - whole[0]).abs() < 6 * error + 1e-6).all()
    assert not torch.equal(many[0], many[1])


def test_head_keeps_a_mask_that_moves_and_is_no_parameter() -> None:
    head = Head(n_embd=4, head_size=3, block_size=5)
    assert [name for name, _ in head.named_buffers()] == ["mask"]
    assert sum(p.numel() for p in head.parameters()) == 3 * 4 * 3
    assert head.to("meta")(torch.empty(2, 5, 4, device="meta")).shape == (2, 5, 3)
    with pytest.raises(RuntimeError):
        Head(n_embd=4, head_size=3, block_size=5)(torch.ones(1, 6, 4))
