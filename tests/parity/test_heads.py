"""Heads against `nn.MultiheadAttention` and against the formula: values and gradients."""

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from gpt2.attention import causal_mask, scaled_dot_product_attention
from gpt2.flash import attention_sdpa, flash_attention_forward
from gpt2.heads import CausalSelfAttention, MultiHeadAttention, merge_heads, split_heads

B, T, C = 2, 7, 12
BY_HEADS = pytest.mark.parametrize("n_head", [1, 2, 3, 4, 6, 12])
BY_LENGTHS = pytest.mark.parametrize(("n_queries", "n_keys"), [(1, 8), (3, 5), (6, 6)])


def normal(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def torchs_own(n_head: int, bias: bool) -> nn.MultiheadAttention:
    """Return torch's layer with weights and biases that are all different from 0."""
    layer = nn.MultiheadAttention(C, n_head, bias=bias, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for number, parameter in enumerate(layer.parameters()):
            parameter.copy_(normal(*parameter.shape, seed=number + 1) * C**-0.5)
    return layer


def asked(layer: nn.MultiheadAttention, x: Tensor) -> Tensor:
    """Let torch's layer attend to the past; its mask is True where a key may not be read."""
    out: Tensor = layer(x, x, x, attn_mask=~causal_mask(T), need_weights=False)[0]
    return out


def same_gradients(ours: Tensor, theirs: Tensor, pairs: list[tuple[Tensor, Tensor]]) -> None:
    direction = normal(*ours.shape, seed=99)
    mine = torch.autograd.grad((ours * direction).sum(), [a for a, _ in pairs])
    torchs = torch.autograd.grad((theirs * direction).sum(), [b for _, b in pairs])
    for a, b in zip(mine, torchs, strict=True):
        torch.testing.assert_close(a, b)


@BY_HEADS
@pytest.mark.parametrize("bias", [True, False])
def test_causal_self_attention_is_torchs_layer(n_head: int, bias: bool) -> None:
    theirs = torchs_own(n_head, bias)
    config = SimpleNamespace(n_embd=C, n_head=n_head, block_size=9, dropout=0.0, bias=bias)
    ours = CausalSelfAttention(config).double()
    pairs = [
        (ours.c_attn.weight, theirs.in_proj_weight),
        (ours.c_proj.weight, theirs.out_proj.weight),
    ]
    if bias:
        pairs += [
            (ours.c_attn.bias, theirs.in_proj_bias),
            (ours.c_proj.bias, theirs.out_proj.bias),
        ]
    assert len(pairs) == len(list(ours.parameters()))
    with torch.no_grad():
        for a, b in pairs:
            a.copy_(b)
    mine, torchs = (normal(B, T, C).requires_grad_() for _ in range(2))
    a, b = ours(mine), asked(theirs, torchs)
    torch.testing.assert_close(a, b)
    same_gradients(a, b, [*pairs, (mine, torchs)])


@BY_HEADS
def test_several_heads_are_torchs_layer(n_head: int) -> None:
    theirs = torchs_own(n_head, bias=True)
    ours = MultiHeadAttention(C, n_head, block_size=9).double()
    with torch.no_grad():
        theirs.in_proj_bias.zero_()  # a single head has no bias
        ours.proj.weight.copy_(theirs.out_proj.weight)
        ours.proj.bias.copy_(theirs.out_proj.bias)
        parts = theirs.in_proj_weight.chunk(3)  # queries of all heads, keys, values
        for name, part in zip(("query", "key", "value"), parts, strict=True):
            for head, rows in zip(ours.heads, part.chunk(n_head), strict=True):
                getattr(head, name).weight.copy_(rows)
    mine, torchs = (normal(B, T, C).requires_grad_() for _ in range(2))
    a, b = ours(mine), asked(theirs, torchs)
    torch.testing.assert_close(a, b)
    pairs = [(mine, torchs), (ours.proj.weight, theirs.out_proj.weight)]
    same_gradients(a, b, pairs)


def test_several_heads_are_one_layer_of_gpt2() -> None:
    config = SimpleNamespace(n_embd=C, n_head=3, block_size=T, dropout=0.0, bias=True)
    whole = CausalSelfAttention(config)
    single = MultiHeadAttention(C, 3, T)
    with torch.no_grad():
        whole.c_attn.bias.zero_()
        names = ("query", "key", "value")
        rows = [[getattr(head, name).weight for head in single.heads] for name in names]
        whole.c_attn.weight.copy_(torch.cat([torch.cat(part) for part in rows]))
        whole.c_proj.load_state_dict(single.proj.state_dict())
    x = normal(B, T, C).float()
    torch.testing.assert_close(whole(x), single(x))


@BY_HEADS
def test_merging_undoes_splitting(n_head: int) -> None:
    x = normal(B, T, C)
    heads = split_heads(x, n_head)
    assert heads.shape == (B, n_head, T, C // n_head)
    assert torch.equal(merge_heads(heads), x)
    assert torch.equal(merge_heads(heads.contiguous()), x)
    assert torch.equal(split_heads(merge_heads(heads), n_head), heads)


@BY_LENGTHS
@pytest.mark.parametrize("is_causal", [True, False])
def test_the_kernel_is_the_formula(n_queries: int, n_keys: int, is_causal: bool) -> None:
    q = normal(B, 3, n_queries, 4, seed=1)
    k, v = normal(B, 3, n_keys, 4, seed=2), normal(B, 3, n_keys, 4, seed=3)
    mask = causal_mask(n_queries, n_keys) if is_causal else None
    expected = scaled_dot_product_attention(q, k, v, mask)
    torch.testing.assert_close(attention_sdpa(q, k, v, is_causal, 0.5, False), expected)


@BY_LENGTHS
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_tiles_are_the_formula(n_queries: int, n_keys: int, causal: bool, block: int) -> None:
    q = 4 * normal(n_queries, 4, seed=1)
    k, v = 4 * normal(n_keys, 4, seed=2), normal(n_keys, 4, seed=3)
    scores = q @ k.T / 2
    if causal:
        scores = scores.masked_fill(~causal_mask(n_queries, n_keys), -torch.inf)
    out, lse = flash_attention_forward(q, k, v, block, causal)
    torch.testing.assert_close(out, scores.softmax(1) @ v)
    torch.testing.assert_close(lse, scores.logsumexp(1))
    torch.testing.assert_close((scores - lse[:, None]).exp() @ v, out)
