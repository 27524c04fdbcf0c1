"""Tokens a second of GPT-2, training and writing, beside the one in transformers.

The same shapes, threads and numbers, and turn by turn in one run, so that what the machine does
besides falls on both. The best turn of each counts.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel

from gpt2.config import GPTConfig
from gpt2.generation import generate, generate_cached
from gpt2.measures import flops_per_token
from gpt2.model import GPT, init_weights
from gpt2.optim import configure_optimizers

SMALL = GPTConfig(block_size=64, vocab_size=65, n_layer=4, n_head=4, n_embd=128)
GPT2 = GPTConfig(block_size=256)
TURNS = 5


def theirs(config: GPTConfig) -> GPT2LMHeadModel:
    """Return their model of the same sizes."""
    sizes = GPT2Config(
        vocab_size=config.vocab_size, n_positions=config.block_size, n_embd=config.n_embd,
        n_layer=config.n_layer, n_head=config.n_head, attn_pdrop=0, embd_pdrop=0, resid_pdrop=0,
        attn_implementation="sdpa", bos_token_id=0, eos_token_id=None,
    )  # fmt: skip
    return GPT2LMHeadModel(sizes)


def ours(config: GPTConfig) -> GPT:
    """Return our model."""
    model = GPT(config)
    init_weights(model)
    return model


def best(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the seconds of each piece of work in its best turn, behind one that warms up."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(TURNS + 1):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            if turn:
                times[name].append(time.perf_counter() - start)
    return {name: min(found) for name, found in times.items()}


def step_of(model: Any, loss_of: Callable[[Tensor], Tensor], idx: Tensor) -> Callable[[], None]:
    """Return a step of training: forward, backward, fused AdamW."""
    optimizer = configure_optimizers(model.train(), 0.1, 1e-4, (0.9, 0.95))

    def step() -> None:
        loss = loss_of(idx)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def training(config: GPTConfig, B: int) -> dict[str, float]:
    """Return seconds a step."""
    a, b = ours(config), theirs(config)
    idx = torch.randint(config.vocab_size, (B, config.block_size))
    return best(
        {
            "gpt2": step_of(a, lambda idx: a(idx[:, :-1], idx[:, 1:])[1], idx),
            "transformers": step_of(
                b, lambda idx: b(idx[:, :-1], labels=idx[:, :-1], shift_labels=idx[:, 1:]).loss, idx
            ),
        }
    )


def writing(config: GPTConfig, T: int, n: int) -> dict[str, float]:
    """Return seconds for n tokens behind T, the most probable each time."""
    a, b = ours(config).eval(), theirs(config).eval()
    idx = torch.randint(config.vocab_size, (1, T))
    more = {"max_new_tokens": n, "do_sample": False, "pad_token_id": 0}
    mask = torch.ones_like(idx)
    return best(
        {
            "gpt2, with cache": lambda: generate_cached(a, idx, n, temperature=0.0),
            "gpt2, without": lambda: generate(a, idx, n, temperature=0.0),
            "transformers, with cache": lambda: b.generate(
                idx, attention_mask=mask, use_cache=True, **more
            ),
            "transformers, without": lambda: b.generate(
                idx, attention_mask=mask, use_cache=False, **more
            ),
        }
    )


def matmul_speed(n: int = 2048) -> float:
    """Return the operations a second of this machine in a product of large matrices."""
    a, b = torch.randn(2, n, n)
    (seconds,) = best({"matmul": lambda: a @ b}).values()
    return 2 * n**3 / seconds


def _print(title: str, rows: dict[str, float], tokens: int, note: str = "") -> None:
    print(f"\n{title:36}{'tokens a second':>16}{'against ours':>14}")
    first = next(iter(rows.values()))
    for label, seconds in rows.items():
        print(f"{label:36}{tokens / seconds:16,.0f}{first / seconds:13.2f}x")
    if note:
        print(note)


def report() -> None:
    """Print all tables."""
    torch.manual_seed(0)
    peak = matmul_speed()
    print(f"\n{torch.get_num_threads()} threads; product of matrices: {peak / 1e9:.0f} GFLOP/s")
    for title, config, B in (
        ("a step: 4 layers, 128 wide, 12 x 64", SMALL, 12),
        ("a step: GPT-2 small, 1 x 256", GPT2, 1),
    ):
        rows = training(config, B)
        tokens = B * (config.block_size - 1)
        speed = tokens / rows["gpt2"] * flops_per_token(config)
        _print(title, rows, tokens, f"share of the product's speed: {speed / peak:.0%}")
    for config, title in (
        (replace(SMALL, block_size=256), "128 tokens behind 16, 4 layers"),
        (GPT2, "128 tokens behind 16, GPT-2 small"),
    ):
        _print(title, writing(config, 16, 128), 128)


if __name__ == "__main__":
    report()
