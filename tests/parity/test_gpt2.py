"""GPT-2 against `transformers`' GPT2LMHeadModel, with weights that are drawn: no download.

They are far from those with which training begins, so that every part matters: scores are large,
norms scale and shift, and gelu is used from end to end.
"""

from itertools import accumulate
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.blocks import MLP, LayerNorm, gelu
from gpt2.config import GPTConfig
from gpt2.embeddings import tie_weights
from gpt2.kv_cache import KVCache, forward_cached
from gpt2.model import GPT, count_parameters, gpt2_config
from gpt2.weights import convert_openai_weights

V, N, B, T = 23, 9, 2, 7
BY_MODEL = pytest.mark.parametrize("name", ["gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"])


@pytest.fixture(scope="module")
def library() -> Any:
    """Import it when the first test asks: that takes longer than all the tests."""
    import transformers

    return transformers


def theirs_like(library: Any, config: GPTConfig) -> Any:
    settings = library.GPT2Config(
        n_positions=config.block_size,
        vocab_size=config.vocab_size,
        n_layer=config.n_layer,
        n_head=config.n_head,
        n_embd=config.n_embd,
        bos_token_id=0,
        eos_token_id=0,
    )
    return library.GPT2LMHeadModel(settings)


def pair(library: Any, dtype: torch.dtype = torch.float64, **sizes: int) -> tuple[GPT, Any]:
    """Return our model and theirs with the same weights."""
    config = GPTConfig(**({"vocab_size": V, "block_size": N} | sizes))
    with torch.device("meta"):  # nobody needs the numbers with which they start
        ours, theirs = GPT(config), theirs_like(library, config)
    ours, theirs = (model.to(dtype).to_empty(device="cpu").eval() for model in (ours, theirs))
    tie_weights(ours)
    theirs.tie_weights()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in theirs.transformer.parameters():
            parameter.normal_(generator=generator)
        for name, parameter in theirs.transformer.h.named_parameters():
            if parameter.dim() == 2 and name.endswith("weight"):
                parameter *= 1.5 * parameter.size(0) ** -0.5  # (in, out), as it is published
    ours.load_state_dict(convert_openai_weights(theirs.state_dict(), config), strict=True)
    return ours, theirs


def texts() -> Tensor:
    return torch.randint(V, (B, T), generator=torch.Generator().manual_seed(2))


def same(got: Tensor, expected: Tensor) -> None:
    """Compare within 1e-5 of the largest number, which is not nothing."""
    largest = expected.abs().max().item()
    assert 1e-3 < largest < 1e5
    assert got.shape == expected.shape
    assert (got - expected).abs().max().item() < 1e-5 * largest


def compare(ours: GPT, theirs: Any) -> None:
    """Compare logits, loss and the gradient of every weight."""
    idx = texts()
    labels = idx.clone()
    labels[0, 3] = -100  # one token does not count
    # They take the next token for the target themselves, and leave the last position out.
    targets = F.pad(labels[:, 1:], (0, 1), value=-100)
    logits, loss = ours(idx, targets)
    assert loss is not None
    expected = theirs(idx, labels=labels, use_cache=False)
    assert logits.std() > 1
    same(logits, expected.logits)
    assert loss.item() == pytest.approx(expected.loss.item(), rel=1e-5)
    loss.backward()
    expected.loss.backward()
    gradients = {name: p.grad for name, p in theirs.named_parameters()}
    wanted = convert_openai_weights(gradients, ours.config)
    got = dict(ours.named_parameters())
    assert {*got, "lm_head.weight"} == set(wanted)
    scale = max(gradient.abs().max().item() for gradient in wanted.values())
    for name, parameter in got.items():
        assert parameter.grad is not None
        # The keys' biases have no influence: their gradient is rounding on both sides.
        a, b = parameter.grad, wanted[name]
        if name.endswith("c_attn.bias"):
            keys = slice(ours.config.n_embd, 2 * ours.config.n_embd)
            assert a[keys].abs().max() < 1e-5 * scale
            a[keys] = b[keys] = 0
        same(a, b)


@BY_MODEL
def test_width_of(name: str, library: Any) -> None:
    published = gpt2_config(name)
    sizes = {"n_layer": 1, "n_head": published.n_head, "n_embd": published.n_embd}
    compare(*pair(library, torch.float32, **sizes))


@BY_MODEL
def test_depth_of(name: str, library: Any) -> None:
    compare(*pair(library, n_layer=gpt2_config(name).n_layer, n_head=2, n_embd=8))


@BY_MODEL
def test_names_shapes_and_count_of(name: str, library: Any) -> None:
    config = gpt2_config(name)
    with torch.device("meta"):  # no numbers: names and shapes alone
        ours, theirs = GPT(config), theirs_like(library, config)
    buffers = {name for name, _ in theirs.named_buffers()}
    assert ours.lm_head.weight is ours.transformer.wte.weight
    state = ours.state_dict()
    assert set(state) == set(theirs.state_dict()) - buffers
    converted = convert_openai_weights(theirs.state_dict(), config)
    assert {n: t.shape for n, t in converted.items()} == {n: t.shape for n, t in state.items()}
    assert count_parameters(ours) == theirs.num_parameters()


@pytest.mark.parametrize("n_head", [1, 3, 12])
def test_every_number_of_heads(n_head: int, library: Any) -> None:
    compare(*pair(library, n_layer=2, n_head=n_head, n_embd=12))


@pytest.mark.parametrize("length", [1, 2, N])
def test_every_length(length: int, library: Any) -> None:
    ours, theirs = pair(library, n_layer=2, n_head=2, n_embd=8)
    idx = torch.arange(3 * length).view(3, length) % V
    same(ours(idx)[0], theirs(idx).logits)


def test_a_file_without_head_and_prefix_is_the_same(library: Any) -> None:
    ours, theirs = pair(library, n_layer=2, n_head=2, n_embd=8)
    bare = convert_openai_weights(theirs.transformer.state_dict(), ours.config)
    assert bare.keys() == ours.state_dict().keys()
    for name, weight in ours.state_dict().items():
        assert torch.equal(bare[name], weight)


@pytest.mark.parametrize("parts", [(T,), (1,) * T, (3, 4), (4, 1, 2), (1, 6)])
def test_cached_logits(parts: tuple[int, ...], library: Any) -> None:
    ours, theirs = pair(library, n_layer=3, n_head=2, n_embd=8)
    idx = texts()
    cache = KVCache(3, B, 2, N, 4, dtype=torch.float64)
    with torch.no_grad():
        got = [forward_cached(ours, part, cache) for part in idx.split(parts, dim=1)]
        whole, past, step_by_step = theirs(idx).logits, None, []
        for part in idx.split(parts, dim=1):
            out = theirs(part, past_key_values=past, use_cache=True)
            past, step_by_step = out.past_key_values, [*step_by_step, out.logits]
    assert [piece.size(1) for piece in got] == list(parts)
    assert cache.pos == [*accumulate(parts)][-1]
    same(torch.cat(got, dim=1), whole)
    same(torch.cat(got, dim=1), torch.cat(step_by_step, dim=1))


def drawn(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def values_and_gradients(ours: nn.Module, theirs: nn.Module, *shape: int, std: float = 1) -> None:
    """Give both modules the same drawn weights, and compare what they compute."""
    with torch.no_grad():
        parameters = list(zip(ours.parameters(), theirs.parameters(), strict=True))
        for seed, (a, b) in enumerate(parameters, start=1):
            assert a.shape == b.shape
            a.copy_(b.copy_(drawn(*b.shape, seed=seed)))
    x, y = (std * drawn(*shape) + std / 2 for _ in range(2))
    got, expected = ours(x.requires_grad_()), theirs(y.requires_grad_())
    torch.testing.assert_close(got, expected)
    upstream = drawn(*got.shape, seed=99)
    mine = torch.autograd.grad(got, [x, *ours.parameters()], upstream)
    torchs = torch.autograd.grad(expected, [y, *theirs.parameters()], upstream)
    for a, b in zip(mine, torchs, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("std", [1e-6, 1e-3, 1.0, 1e3])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("eps", [1e-5, 1e-2])
def test_layer_norm_is_torchs(bias: bool, eps: float, std: float) -> None:
    ours, theirs = LayerNorm(6, eps, bias).double(), nn.LayerNorm(6, eps, bias=bias).double()
    for shape in ((6,), (2, 6), (2, 3, 6)):
        values_and_gradients(ours, theirs, *shape, std=std)


@pytest.mark.parametrize("std", [0.1, 1.0, 4.0, 30.0])
def test_gelu_is_torchs(std: float) -> None:
    x = (std * drawn(100)).requires_grad_()
    got, expected = gelu(x), F.gelu(x, approximate="tanh")
    torch.testing.assert_close(got, expected)
    upstream = drawn(100, seed=99)
    (mine,), (torchs,) = (torch.autograd.grad(y, x, upstream) for y in (got, expected))
    torch.testing.assert_close(mine, torchs)


@pytest.mark.parametrize("bias", [True, False])
def test_mlp_is_torchs_modules_in_a_row(bias: bool) -> None:
    config = GPTConfig(n_embd=6, dropout=0.5, bias=bias)
    wide, narrow = nn.Linear(6, 24, bias=bias), nn.Linear(24, 6, bias=bias)
    theirs = nn.Sequential(wide, nn.GELU(approximate="tanh"), narrow).double()
    for shape in ((6,), (2, 6), (2, 3, 6)):
        values_and_gradients(MLP(config).double().eval(), theirs, *shape)
