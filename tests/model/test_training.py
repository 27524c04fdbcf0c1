"""Training: AdamW beside torch's, and identities: accumulated, resumed, dealt out to ranks."""

import copy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gpt2.checkpoint import Checkpoint
from gpt2.config import GPTConfig
from gpt2.loader import TokenLoader
from gpt2.loop import TrainConfig, train
from gpt2.measures import flops_per_token
from gpt2.model import GPT, init_weights
from gpt2.muon import Muon
from gpt2.optim import AdamW, clip_grad_norm, configure_optimizers, get_lr
from gpt2.steps import amp_train_step, estimate_loss, grad_accum_step

# Of ten steps; another machine rounds otherwise, by less than a thousandth.
GOLDEN = [2.4213, 2.3846, 2.3689, 2.1517, 2.0753, 1.9955, 1.8925, 1.8171, 1.7633, 1.6758]
TINY = GPTConfig(block_size=8, vocab_size=11, n_layer=2, n_head=2, n_embd=16)


def tiny(dropout: float = 0.0) -> GPT:
    torch.manual_seed(0)
    config = copy.copy(TINY)
    config.dropout = dropout
    model = GPT(config)
    init_weights(model)
    return model


def tokens(n: int = 2000) -> Tensor:
    """Return a text that can be learned: each token is the one two before it, plus one."""
    ids = [3, 7]
    while len(ids) < n:
        ids.append((ids[-2] + 1) % 11)
    return torch.tensor(ids)


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("scale", [1.0, 1e-8])
def test_adamw_is_torchs_over_a_hundred_steps(decay: float, scale: float) -> None:
    torch.manual_seed(0)
    ours = [nn.Parameter(torch.randn(5, 4)), nn.Parameter(torch.randn(4))]
    theirs = [nn.Parameter(p.detach().clone()) for p in ours]
    a = AdamW([{"params": ours[:1], "lr": 0.02}, {"params": ours[1:]}], lr=0.01, weight_decay=decay)
    b = torch.optim.AdamW(
        [{"params": theirs[:1], "lr": 0.02}, {"params": theirs[1:]}],
        lr=0.01, weight_decay=decay, betas=(0.9, 0.95),
    )  # fmt: skip
    for step in range(100):
        for p, q in zip(ours, theirs, strict=True):
            p.grad = scale * torch.randn_like(p) if step % 3 or p.dim() == 2 else None
            q.grad = None if p.grad is None else p.grad.clone()
        a.step()
        b.step()
    for p, q in zip(ours, theirs, strict=True):
        torch.testing.assert_close(p, q, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5)])
def test_muon_is_torchs(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    ours = nn.Parameter(torch.randn(shape))
    theirs = nn.Parameter(ours.detach().clone())
    a = Muon([ours], lr=0.02, weight_decay=0.1)
    b = torch.optim.Muon([theirs], lr=0.02, weight_decay=0.1, momentum=0.95)
    for _ in range(10):
        ours.grad = torch.randn(shape)
        theirs.grad = ours.grad.clone()
        a.step()
        b.step()
    # torch computes the products in bfloat16.
    torch.testing.assert_close(ours, theirs, rtol=0, atol=5e-3)


def test_fifty_tensors_of_gpt2_small_decay() -> None:
    with torch.device("meta"):
        model = GPT(GPTConfig())
    decayed, others = configure_optimizers(model, 0.1, 1e-3, (0.9, 0.95)).param_groups
    assert len(decayed["params"]) == 50
    assert sum(p.numel() for p in decayed["params"]) == 124_318_464
    assert (decayed["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert len(others["params"]) == 98


@pytest.mark.parametrize("max_norm", [0.01, 1.0, 100.0])
def test_clipping_is_torchs(max_norm: float) -> None:
    model = tiny()
    batch = tokens(81)
    model(batch[:-1].view(10, 8), batch[1:].view(10, 8))[1].backward()
    other = copy.deepcopy(model)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert p.grad is not None
        q.grad = p.grad.clone()
    norm = clip_grad_norm((p for p in model.parameters()), max_norm)
    expected = nn.utils.clip_grad_norm_(other.parameters(), max_norm)
    assert norm == pytest.approx(expected.item())
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-4, atol=1e-8)


def test_the_schedule_at_its_borders() -> None:
    assert get_lr(0, 6e-4, 6e-5, 715, 19073) == pytest.approx(6e-4 / 715)
    assert get_lr(714, 6e-4, 6e-5, 715, 19073) == get_lr(715, 6e-4, 6e-5, 715, 19073) == 6e-4
    assert get_lr(19073, 6e-4, 6e-5, 715, 19073) == get_lr(10**6, 6e-4, 6e-5, 715, 19073) == 6e-5
    assert get_lr(5, 1.0, 0.1, 5, 5) == 0.1
    assert get_lr(0, 1.0, 0.1, 0, 5) == 1.0


def test_small_batches_make_a_large_one() -> None:
    model = tiny()
    x, y = tokens(96).view(12, 8), tokens(97)[1:].view(12, 8).clone()
    y[:5, 2:] = -100
    whole, parts = copy.deepcopy(model), copy.deepcopy(model)
    a = torch.optim.SGD(whole.parameters(), lr=1.0)
    b = torch.optim.SGD(parts.parameters(), lr=1.0)
    one = grad_accum_step(whole, a, [(x, y)])
    many = grad_accum_step(parts, b, [(x[:4], y[:4]), (x[4:5], y[4:5]), (x[5:], y[5:])])
    assert many == pytest.approx(one, abs=1e-6)
    for p, q in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-5, atol=1e-6)


def test_ranks_share_an_epoch() -> None:
    for n in (48, 49, 50, 60):
        text = torch.arange(n)
        ranks = [TokenLoader(text, 2, 4, rank, 3) for rank in range(3)]
        one = TokenLoader(text, 6, 4)
        for _ in range(5):
            dealt = torch.cat([loader.next_batch()[1] for loader in ranks])
            assert torch.equal(dealt, one.next_batch()[1])


def test_ten_steps_have_the_losses_that_they_had() -> None:
    model, loader = tiny(), TokenLoader(tokens(), 4, 8)
    optimizer = configure_optimizers(model, 0.1, 1e-2, (0.9, 0.95))
    losses = []
    for _ in range(10):
        _, loss = model(*loader.next_batch())
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    assert losses == pytest.approx(GOLDEN, abs=1e-3)


def test_resumed_is_uninterrupted_to_the_bit(tmp_path: Path) -> None:
    def run(model: GPT, loader: TokenLoader, optimizer: torch.optim.Optimizer, steps: int) -> None:
        for _ in range(steps):
            _, loss = model(*loader.next_batch())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def start(seed: int) -> tuple[GPT, TokenLoader, torch.optim.Optimizer]:
        model = tiny(dropout=0.3)
        torch.manual_seed(seed)
        return (
            model,
            TokenLoader(tokens(), 4, 8),
            configure_optimizers(model, 0.1, 1e-2, (0.9, 0.95)),
        )

    whole = start(1)
    run(*whole, 10)
    first = start(1)
    run(*first, 5)
    checkpoint = Checkpoint(tmp_path / "run.pt")
    checkpoint.save(first[0], first[2], 5, first[1])
    second = start(2)
    assert checkpoint.load(second[0], second[2], second[1]) == 5
    run(*second, 5)
    for p, q in zip(whole[0].parameters(), second[0].parameters(), strict=True):
        assert torch.equal(p, q)
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]


def test_mixed_precision_keeps_the_weights_in_32_bits() -> None:
    model = tiny()
    seen = []
    model.transformer["h"][0].mlp.register_forward_hook(lambda *a: seen.append(a[2].dtype))  # type: ignore[index, union-attr]
    optimizer = configure_optimizers(model, 0.1, 1e-2, (0.9, 0.95))
    x, y = TokenLoader(tokens(), 4, 8).next_batch()
    losses = [
        amp_train_step(model, optimizer, None, x, y, "cpu", torch.bfloat16) for _ in range(20)
    ]
    assert losses[-1] < losses[0]
    assert set(seen) == {torch.bfloat16}
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_it_learns() -> None:
    model = tiny(dropout=0.1).train()
    loaders = {name: TokenLoader(tokens(), 8, 8) for name in ("train", "val")}
    cfg = TrainConfig(150, 1e-2, 1e-3, 10, eval_every=100, eval_iters=5)
    log = train(model, cfg, loaders)
    assert [entry["step"] for entry in log] == [100, 150]
    assert log[-1]["val"] < 0.5
    assert model.training
    loaders["val"].reset()
    first = estimate_loss(model, {"val": loaders["val"]}, 3)
    loaders["val"].reset()
    assert estimate_loss(model, {"val": loaders["val"]}, 3) == first


def test_the_operations_of_gpt2_small() -> None:
    # 12 blocks of 12 C^2 and the head of 50,257 rows, six times; and attention.
    assert flops_per_token(GPTConfig()) == 6 * (84_934_656 + 38_597_376) + 12 * 12 * 768 * 1024
