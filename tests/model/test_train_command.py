"""`python -m gpt2 train`: alone and under torchrun, killed and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from gpt2.model import GPT, init_weights
from gpt2.run.corpus import CorpusError, read_shards, read_text
from gpt2.run.recipe import Recipe
from gpt2.run.trainer import whole_loss

TEXT = "the quick brown fox jumps over the lazy dog, and the dog is not amused. " * 100
ENV = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
SIZES = ["--n-layer", "2", "--n-head", "2", "--n-embd", "16", "--block-size", "16", "--batch", "4"]
ONE = [sys.executable, "-m", "gpt2", "train"]
TWO = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
       "-m", "gpt2", "train"]  # fmt: skip


def run(command: list[str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *words], capture_output=True, text=True, timeout=300, env=ENV, check=False
    )


def log(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    return path


def test_it_learns_and_leaves_a_model(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = run(ONE, str(text), "--out", str(out), "--steps", "80", "--eval-every", "40", *SIZES)
    assert done.returncode == 0, done.stderr
    entries = log(out)
    assert [entry["step"] for entry in entries] == [40, 80]
    assert entries[-1]["val"] < entries[0]["val"] < 3.0
    assert f"{entries[-1]['val']:.4f}" in done.stdout
    about = json.loads((out / "model.json").read_text())
    recipe = Recipe.from_dict(about["recipe"])
    model = GPT(recipe.config(len(about["symbols"])))
    weights = load_file(out / "model.safetensors")
    model.load_state_dict(weights | {"lm_head.weight": weights["transformer.wte.weight"]})
    corpus = read_text(text)
    val = whole_loss(model, corpus.val, recipe.block_size, torch.device("cpu"))
    assert val == pytest.approx(entries[-1]["val"], abs=1e-5)


@pytest.mark.parametrize(
    ("command", "optimizer"), [(ONE, "muon"), (TWO, "adamw")], ids=["alone", "torchrun"]
)
def test_killed_and_gone_on_with_is_uninterrupted(
    text: Path, tmp_path: Path, command: list[str], optimizer: str
) -> None:
    options = ["--steps", "40", "--save-every", "8", "--dropout", "0.1", *SIZES,
               "--optimizer", optimizer]  # fmt: skip
    whole = run(command, str(text), "--out", str(tmp_path / "whole"), *options)
    assert whole.returncode == 0, whole.stderr
    out = tmp_path / "killed"
    # Stopped behind the first checkpoint by a process group that ends at once.
    process = subprocess.Popen(
        [*command, str(text), "--out", str(out), *options],
        env=ENV, start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (out / "checkpoint.pt").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    refused = run(command, str(text), "--out", str(out), *options)
    assert refused.returncode != 0
    assert "--resume" in refused.stderr
    again = run(command, str(text), "--out", str(out), "--resume", *options)
    assert again.returncode == 0, again.stderr
    assert log(out)[-1]["val"] == log(tmp_path / "whole")[-1]["val"]
    kept = sorted(path.name for path in out.glob("checkpoint*"))
    assert kept == ["checkpoint.pt"] + ["checkpoint.pt.1-40"] * (command is TWO)


def test_another_run_is_not_gone_on_with(text: Path, tmp_path: Path) -> None:
    options = [str(text), "--out", str(tmp_path / "run"), "--steps", "2", *SIZES]
    assert run(ONE, *options).returncode == 0
    other = run(ONE, *options, "--resume", "--n-embd", "32")
    assert other.returncode == 1
    assert "is of another run" in other.stderr
    assert "Traceback" not in other.stderr


def test_shards_are_read_in_order(tmp_path: Path) -> None:
    for name, first in (("a_train_0", 0), ("a_train_1", 50), ("a_val_0", 100)):
        np.save(tmp_path / f"{name}.npy", np.arange(first, first + 50, dtype=np.uint16))
    corpus = read_shards(tmp_path)
    assert corpus.train[:].tolist() == list(range(100))
    assert corpus.train[48:53].tolist() == list(range(48, 53))
    assert corpus.val[:].tolist() == list(range(100, 150))
    x, _ = corpus.batches(1, 8, 0, rank=1, world_size=2).next_batch()
    assert x.tolist() == [list(range(8, 16))]
    np.save(tmp_path / "a_train_2.npy", np.arange(3.0))
    with pytest.raises(CorpusError, match="uint16"):
        read_shards(tmp_path)


def test_the_whole_text_is_measured() -> None:
    torch.manual_seed(0)
    model = GPT(Recipe(steps=1, n_layer=1, n_head=2, n_embd=8, block_size=5).config(7)).train()
    init_weights(model)
    tokens = torch.randint(7, (23,))
    total = 0.0
    with torch.no_grad():
        for start in range(0, 22, 5):
            x, y = tokens[start : min(start + 5, 22)], tokens[start + 1 : start + 6]
            total += model(x[None], y[None])[1].item() * len(y)
    found = whole_loss(model, tokens, 5, torch.device("cpu"))
    assert found == pytest.approx(total / 22, abs=1e-6)
    assert model.training


def test_what_cannot_be_is_refused(tmp_path: Path, text: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("short")
    for words, said in (
        ([str(text)], "give either steps or minutes"),
        ([str(short), "--steps", "1"], "at least 1,000"),
        ([str(text), "--steps", "1", "--n-head", "3"], "3 heads do not divide 128 channels"),
        ([str(tmp_path), "--steps", "1"], "no file *train*.npy"),
    ):
        done = run(ONE, *words, "--out", str(tmp_path / "out"))
        assert done.returncode == 1, words
        assert said in done.stderr
        assert "Traceback" not in done.stderr
