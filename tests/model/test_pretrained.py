"""OpenAI's weights: downloaded once, gone on with, checked, and read from a file."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save, save_file
from torch import Tensor

from gpt2 import pretrained
from gpt2.config import GPTConfig
from gpt2.model import GPT, init_weights
from gpt2.pretrained import WeightsError, from_pretrained
from tests.model.hub import Hub

SMALL = GPTConfig(block_size=16, vocab_size=50257, n_layer=2, n_head=2, n_embd=8)
TURNED = ("c_attn.weight", "c_proj.weight", "c_fc.weight")


def published(model: GPT) -> dict[str, Tensor]:
    """Return the weights of a model in the layout and with the names of OpenAI's file."""
    state = {name.removeprefix("transformer."): t for name, t in model.state_dict().items()}
    del state["lm_head.weight"]
    state = {n: t.t().contiguous() if n.endswith(TURNED) else t for n, t in state.items()}
    mask = torch.ones(1, 1, 16, 16).tril()
    return state | {f"h.{n}.attn.bias": mask.clone() for n in range(2)}


@pytest.fixture
def model() -> GPT:
    torch.manual_seed(0)
    model = GPT(SMALL)
    init_weights(model)
    return model.eval()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the name "gpt2" to a small model, so that its file is small."""
    known = pretrained.gpt2_config

    def config(name: str) -> GPTConfig:
        return SMALL if name == "gpt2" else known(name)

    monkeypatch.setattr(pretrained, "gpt2_config", config)


@pytest.fixture
def hub(model: GPT, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    constants = pytest.importorskip("huggingface_hub.constants", reason="not installed")
    with Hub(save(published(model))) as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.address)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE",
            hub.address + "/{repo_id}/resolve/{revision}/{filename}",
        )  # fmt: skip
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        yield hub


def same(a: GPT, b: GPT) -> bool:
    idx = torch.tensor([[3, 1, 4, 1, 5]])
    return torch.equal(a(idx)[0], b(idx)[0])


def test_it_is_downloaded_once(hub: Hub, model: GPT) -> None:
    assert same(from_pretrained("gpt2"), model)
    asked = len(hub.requests)
    assert [method for method, _ in hub.requests].count("GET") == 1
    assert same(from_pretrained("gpt2"), model)
    assert len(hub.requests) == asked


def test_a_download_that_was_cut_off_goes_on(hub: Hub, model: GPT) -> None:
    # It is written to the disk 10 MB at a time.
    hub.offer(save(published(model) | {"filler": torch.zeros(6_000_000)}))
    hub.cut_after = 15_000_000
    try:
        loaded = from_pretrained("gpt2")
    except WeightsError:
        loaded = from_pretrained("gpt2")
    assert same(loaded, model)
    assert any(asked.startswith("bytes=") for _, asked in hub.requests)


def test_what_is_not_what_was_announced_is_deleted(hub: Hub, tmp_path: Path) -> None:
    hub.announced = "0" * 64
    with pytest.raises(WeightsError, match="damaged"):
        from_pretrained("gpt2")
    assert not list((tmp_path / "cache").rglob("*.safetensors"))
    with pytest.raises(WeightsError, match="damaged"):
        from_pretrained("gpt2")


def test_a_file_needs_no_network(tmp_path: Path, model: GPT) -> None:
    path = tmp_path / "weights.safetensors"
    save_file(published(model), path)
    loaded = from_pretrained("gpt2", path)
    assert same(loaded, model)
    assert not loaded.training
    assert loaded.lm_head.weight is loaded.transformer["wte"].weight
    assert all(parameter.is_contiguous() for parameter in loaded.parameters())


def test_it_can_be_trained_on(tmp_path: Path, model: GPT) -> None:
    path = tmp_path / "weights.safetensors"
    save_file(published(model), path)
    loaded = from_pretrained("gpt2", path)
    idx = torch.tensor([[3, 1, 4, 1, 5]])
    loaded(idx, idx)[1].backward()
    assert all(parameter.grad is not None for parameter in loaded.parameters())


def test_other_weights_are_refused(tmp_path: Path, model: GPT) -> None:
    path = tmp_path / "weights.safetensors"
    save_file(published(model), path)
    with pytest.raises(WeightsError, match=r"is not gpt2-medium"):
        from_pretrained("gpt2-medium", path)
    state = published(model)
    del state["h.1.mlp.c_fc.bias"]
    save_file(state, path)
    with pytest.raises(WeightsError, match=r"h\.1\.mlp\.c_fc\.bias"):
        from_pretrained("gpt2", path)
    path.write_bytes(b"no weights at all")
    with pytest.raises(WeightsError, match="not a file of safetensors"):
        from_pretrained("gpt2", path)
    with pytest.raises(WeightsError, match="there is no file"):
        from_pretrained("gpt2", tmp_path / "nowhere")
    with pytest.raises(WeightsError, match="gpt2-xl"):
        from_pretrained("gpt3")


def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gpt2", "generate", *words],
        capture_output=True, text=True, timeout=300, env=os.environ | more, check=False,
    )  # fmt: skip


def test_the_command_writes(tmp_path: Path) -> None:
    torch.manual_seed(0)
    real = GPT(GPTConfig())
    init_weights(real)
    path = tmp_path / "weights.safetensors"
    save_file(published(real), path)
    options = ("--weights", str(path), "--tokens", "5", "--seed", "1")
    first = command("To be", *options)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("To be")
    assert len(first.stdout.strip()) > len("To be")
    again = command("To be", *options, "--no-cache")
    assert again.stdout == first.stdout
    path.write_bytes(b"")
    broken = command("To be", *options)
    assert broken.returncode == 1
    assert "not a file of safetensors" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_the_command_says_what_is_wrong() -> None:
    assert "--weights" in command("--help").stdout
    asked = command("x", "--weights", os.devnull, "--device", "abacus")
    assert asked.returncode == 1
    assert asked.stderr.startswith("Error: --device abacus:")
    assert command("x", "--temperature", "-1").returncode == 2
