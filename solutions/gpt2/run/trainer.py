"""A training run: steps by the recipe, measured, written down, and gone on with."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from gpt2.checkpoint import Checkpoint
from gpt2.model import GPT, init_weights
from gpt2.run.corpus import Corpus
from gpt2.run.optimizers import optimizer_of
from gpt2.run.processes import Processes
from gpt2.run.recipe import Recipe

__all__ = ["CheckpointError", "Entry", "Trainer", "whole_loss"]

CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"
Entry = dict[str, float]


class CheckpointError(Exception):
    """The run cannot be gone on with; the message says why."""


@torch.no_grad()
def whole_loss(model: nn.Module, tokens: Any, T: int, device: torch.device) -> float:
    """Return the loss over a whole text, read in windows of T that do not overlap.

    What is left behind the last whole window, fewer than T tokens, is read in a shorter one.
    """
    was_training = model.training
    model.eval()
    total, rows = 0.0, max(1, 8192 // T)
    whole = (len(tokens) - 1) // T * T
    windows = [(0, whole, T)] if whole else []
    if whole < len(tokens) - 1:
        windows.append((whole, len(tokens) - 1, len(tokens) - 1 - whole))
    for start, end, width in windows:
        x = tokens[start:end].view(-1, width)
        y = tokens[start + 1 : end + 1].view(-1, width)
        for part_x, part_y in zip(x.split(rows), y.split(rows), strict=True):
            logits, _ = model(part_x.to(device).long())
            losses = F.cross_entropy(
                logits.flatten(0, 1).float(), part_y.to(device).flatten().long(), reduction="sum"
            )
            total += losses.item()
    model.train(was_training)
    return total / (len(tokens) - 1)


@dataclass
class Trainer:
    """One run, in its folder.

    Attributes:
        recipe: what it is made of.
        corpus: its text.
        out: its folder.
        processes: who takes part.
        dtype: in which the model runs forward; weights are float32.
        compiled: whether torch compiles the model.
        eval_every: steps between two measures; None: at the end alone.
        save_every: steps between two checkpoints.
    """

    recipe: Recipe
    corpus: Corpus
    out: Path
    processes: Processes
    dtype: torch.dtype = torch.float32
    compiled: bool = False
    eval_every: int | None = None
    save_every: int | None = None

    def __post_init__(self) -> None:
        recipe, device = self.recipe, self.processes.device
        torch.manual_seed(recipe.seed)
        self.model = GPT(recipe.config(self.corpus.vocab_size))
        init_weights(self.model)
        self.model.to(device)
        self.optimizer = optimizer_of(self.model, recipe)
        self.batches = self.corpus.batches(
            recipe.batch, recipe.block_size, recipe.seed,
            self.processes.rank, self.processes.world_size,
        )  # fmt: skip
        self.step = 0
        running: Any = torch.compile(self.model) if self.compiled else self.model
        self.running: nn.Module = self.processes.wrap(running)

    def resume(self) -> None:
        """Go on from the folder's checkpoint.

        Raises:
            CheckpointError: there is none, or it is of another run.
        """
        path = self.out / CHECKPOINT
        try:
            if not self.processes.is_first:
                # Mapped, so that of the first one's file no more is read than the number.
                written = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
                path = self._beside(written["step"])
            self.step = Checkpoint(path).load(self.model, self.optimizer, self.batches)
        except FileNotFoundError as error:
            raise CheckpointError(
                f"there is no {error.filename}: a run goes on with as many processes as it had"
            ) from None
        except (RuntimeError, KeyError, ValueError) as error:
            raise CheckpointError(
                f"the checkpoint in {self.out} is of another run: {error}"
            ) from None

    def train(self, report: Callable[[float, Entry], None]) -> Entry:
        """Train to the end.

        Args:
            report: called after each step with the share that is done and what is known.

        Returns:
            The last entry of the log.
        """
        began = time.monotonic()
        self.running.train()
        entry: Entry = {}
        while (share := self._share(time.monotonic() - began)) < 1:
            rate = self.recipe.rate_at(share)
            for group in self.optimizer.param_groups:
                group["lr"] = rate * group["top"]
            loss = self._one_step()
            self.step += 1
            seconds = round(time.monotonic() - began, 2)
            entry = {"step": self.step, "seconds": seconds, "lr": rate * self.recipe.lr,
                     "train": loss}  # fmt: skip
            if self.eval_every and self.step % self.eval_every == 0:
                entry |= self._measured()
                self._log(entry)
            if self.save_every and self.step % self.save_every == 0:
                self._save()
            report(share, entry)
        if "val" not in entry:
            entry |= {"step": self.step} | self._measured()
            self._log(entry)
        self._save()
        return entry

    def _share(self, seconds: float) -> float:
        if self.recipe.steps is not None:
            return self.step / self.recipe.steps
        assert self.recipe.minutes is not None
        return self.processes.agree(seconds / (60 * self.recipe.minutes))

    def _one_step(self) -> float:
        """Return the mean loss of the step's batches, over all processes."""
        count, device = self.recipe.accumulate, self.processes.device
        self.optimizer.zero_grad()
        total = torch.zeros((), device=device)
        for number in range(count):
            x, y = self.batches.next_batch()
            with self.processes.holding(self.running, last=number == count - 1):
                with torch.autocast(device.type, self.dtype, self.dtype != torch.float32):
                    _, loss = self.running(x.to(device), y.to(device))
                (loss / count).backward()
            total += loss.detach() / count
        nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        self.optimizer.step()
        return self.processes.mean(total.item())

    def _measured(self) -> Entry:
        T = self.recipe.block_size
        return {"val": whole_loss(self.model, self.corpus.val, T, self.processes.device)}

    def _log(self, entry: Entry) -> None:
        if self.processes.is_first:
            with (self.out / LOG).open("a") as file:
                file.write(json.dumps(entry) + "\n")

    def _save(self) -> None:
        """Write the checkpoint. That of the first process comes last, and makes it count."""
        if self.processes.is_first:
            self.processes.wait()
            self._write(self.out / CHECKPOINT)
            self.processes.wait()
            return
        # Each process has sources of randomness, and a place in the text, of its own.
        self._write(self._beside(self.step))
        self.processes.wait()
        self.processes.wait()
        for path in self.out.glob(f"{CHECKPOINT}.{self.processes.rank}-*"):
            if path != self._beside(self.step):
                path.unlink()

    def _write(self, path: Path) -> None:
        Checkpoint(path).save(self.model, self.optimizer, self.step, self.batches)

    def _beside(self, step: int) -> Path:
        return self.out / f"{CHECKPOINT}.{self.processes.rank}-{step}"
