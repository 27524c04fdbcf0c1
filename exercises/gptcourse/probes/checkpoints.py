"""Probes of chapter 7: a run that is saved, and one that goes on from there.

What is in the file is the answer's own affair. So nothing is read there: the run is compared with
one that was never interrupted, and the folder is looked at from outside.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .checkpointed_run import AsIfFromAGPU, Run, same

Outputs = dict[str, Any]
Checkpoint = Callable[[Any], Any]


def goes_on(
    Checkpoint: Checkpoint,
    weights: Tensor,
    tokens: Tensor,
    before: int,
    after: int,
    optimizer: str = "AdamW",
    generator: bool = True,
    used: int = 0,
) -> Outputs:
    """Save a run after some steps, and let another, which took `used` steps, go on from there."""
    with _folder() as folder:
        _seed(1)
        run = Run(weights[0], tokens, optimizer, generator)
        run.go(before)
        checkpoint = Checkpoint(str(folder / "run.pt"))
        checkpoint.save(run.model, run.optimizer, before, run.loader, *run.generators())
        saved = run.parts()
        losses = run.go(after)
        _seed(2)
        other = Run(weights[1], tokens, optimizer, generator, lr=0.5, seed=2)
        other.go(used)
        checkpoint = Checkpoint(folder / "run.pt")
        came = checkpoint.load(other.model, other.optimizer, other.loader, *other.generators())
        now = other.parts()
        others_losses = other.go(after)
    return {
        "steps done": came,
        "not as it was saved": _unlike(now, saved),
        "losses of the next steps": others_losses,
        "losses to the bit": others_losses == losses,
        "weights at the end to the bit": same(other.parts(), run.parts()),
    }


def the_saved_run(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor, steps: int) -> Outputs:
    """Save a run, in both modes of its model, and say what saving has changed in it."""
    outputs: Outputs = {}
    with _folder() as folder:
        _seed(1)
        run = Run(weights[0], tokens)
        run.go(steps)
        for name in ("training", "evaluation"):
            run.model.train(name == "training")
            before, parameters = run.parts(), list(run.model.parameters())
            gradients = [p.grad.clone() for p in parameters]
            checkpoint = Checkpoint(folder / "run.pt")
            checkpoint.save(
                model=run.model,
                optimizer=run.optimizer,
                step=steps,
                loader=run.loader,
                rng=run.generator,
            )
            kept = zip(run.model.parameters(), parameters, strict=True)
            outputs |= {
                f"changed in {name}": _unlike(run.parts(), before),
                f"mode after {name}": "training" if run.model.training else "evaluation",
                f"Parameters in {name} are the same": all(p is q for p, q in kept),
                f"gradients in {name} unchanged": same([p.grad for p in parameters], gradients),
            }
    return outputs


def two_times(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor) -> Outputs:
    """Save once, and come back to it twice, in the same objects."""
    with _folder() as folder:
        run = Run(weights[0], tokens)
        run.go(1)
        checkpoint = Checkpoint(folder / "run.pt")
        checkpoint.save(run.model, run.optimizer, 1, run.loader, rng=run.generator)
        saved, came, back = run.parts(), [], []
        for _ in range(2):
            run.go(1)
            came.append(
                checkpoint.load(
                    model=run.model,
                    optimizer=run.optimizer,
                    loader=run.loader,
                    rng=run.generator,
                )
            )
            back.append(_unlike(run.parts(), saved))
    return {"steps done": came, "not as it was saved": back}


def files(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor, names: list[str]) -> Outputs:
    """Save runs under several names in one folder, each twice: the second time replaces."""
    with _folder() as folder:
        run = Run(weights[0], tokens)
        checkpoints = [
            Checkpoint(str(folder / name) if i % 2 else folder / name)
            for i, name in enumerate(names)
        ]
        replaced = []
        for i, (name, checkpoint) in enumerate(zip(names, checkpoints, strict=True)):
            checkpoint.save(run.model, run.optimizer, i, run.loader)
            run.go(1)
            with _kept(folder / name) as first:
                checkpoint.save(run.model, run.optimizer, 10 + i, run.loader)
                replaced.append(first is not None and _number(folder / name) not in (None, first))
        there = sorted(os.listdir(folder))
        missing = [name for name in names if name not in there]
        steps = [c.load(run.model, run.optimizer, run.loader) for c in checkpoints]
    return {
        "files that are missing": missing,
        "files beside them": len(there) - len(names) + len(missing),
        "steps done": steps,
        "a new file took the place of the older": replaced,
    }


def cut_short(
    Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor, steps: int, trouble: str
) -> Outputs:
    """Save well, then badly, then well again; say what can be loaded in between and at the end."""
    with _folder() as folder:
        run = Run(weights[0], tokens)
        run.go(steps)
        checkpoint = Checkpoint(folder / "run.pt")
        checkpoint.save(run.model, run.optimizer, steps, run.loader)
        saved = run.parts()
        run.go(1)
        run.loader.trouble = trouble
        try:
            checkpoint.save(run.model, run.optimizer, steps + 1, run.loader)
        except NotImplementedError:
            raise
        except Exception:
            pass
        run.loader.trouble = ""
        other = Run(weights[1], tokens, seed=2)
        steps_done, loaded = None, True
        try:
            steps_done = Checkpoint(folder / "run.pt").load(
                other.model, other.optimizer, other.loader
            )
        except NotImplementedError:
            raise
        except Exception:
            loaded = False
        now = other.parts()
        run.go(1)
        Checkpoint(folder / "run.pt").save(run.model, run.optimizer, steps + 2, run.loader)
        last = checkpoint.load(other.model, other.optimizer, other.loader)
    return {
        "the older checkpoint can be loaded": loaded,
        "steps done": steps_done,
        "its weights are those of the older one": same(now["model"], saved["model"]),
        "steps done after one more": last,
    }


def into_what_is_there(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor) -> Outputs:
    """Load into a model whose head is its table, and take one more step with it."""
    with _folder() as folder:
        run = Run(weights[0], tokens)
        run.go(1)
        Checkpoint(folder / "run.pt").save(run.model, run.optimizer, 1, run.loader)
        other = Run(weights[1], tokens, seed=2)
        parameters = list(other.model.parameters())
        Checkpoint(folder / "run.pt").load(other.model, other.optimizer, other.loader)
        now = list(other.model.parameters())
        before = [p.detach().clone() for p in now]
        held = [p for group in other.optimizer.param_groups for p in group["params"]]
        other.go(1)
    return {
        "the model has the Parameters that it had": _are(now, parameters),
        "the optimizer holds these": {id(p) for p in held} == {id(p) for p in parameters},
        "the head is still the table": other.model.head.weight is other.model.table.weight,
        "a step moves each": [not torch.equal(p, q) for p, q in zip(now, before, strict=True)],
    }


def another_model(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor) -> Outputs:
    """Load what was saved into models that have other parameters."""
    outputs: Outputs = {}
    with _folder() as folder:
        run = Run(weights[0], tokens)
        run.go(1)
        Checkpoint(folder / "run.pt").save(run.model, run.optimizer, 1, run.loader)
        for kind in ("another name", "one more", "one less"):
            other = Run(weights[1], tokens, kind=kind)
            checkpoint = Checkpoint(folder / "run.pt")
            try:
                checkpoint.load(other.model, other.optimizer, other.loader)
            except NotImplementedError:
                raise
            except Exception:
                outputs[f"{kind}: raises an exception"] = True
            else:
                outputs[f"{kind}: raises an exception"] = False
    return outputs


def from_a_gpu(Checkpoint: Checkpoint, weights: Tensor, tokens: Tensor, steps: int) -> Outputs:
    """Load a file that says of its tensors that they were on a GPU that is not here."""
    with _folder() as folder:
        run = Run(weights[0], tokens)
        run.go(steps)
        checkpoint = Checkpoint(folder / "run.pt")
        with AsIfFromAGPU():
            checkpoint.save(run.model, run.optimizer, steps, run.loader)
        other = Run(weights[1], tokens, seed=2)
        came = checkpoint.load(other.model, other.optimizer, other.loader)
    return {
        "steps done": came,
        "model as it was saved": same(other.parts()["model"], run.parts()["model"]),
        "devices": sorted({p.device.type for p in other.model.parameters()}),
    }


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="checkpoint-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _seed(seed: int) -> None:
    torch.default_generator.manual_seed(seed)


@contextmanager
def _kept(path: Path) -> Iterator[int | None]:
    """Keep a file open: while it is, no other gets its number. Windows gives none twice."""
    if os.name == "nt" or not path.is_file():
        yield _number(path)
    else:
        with path.open("rb"):
            yield _number(path)


def _number(path: Path) -> int | None:
    """Return the number that the system gives to a file, whatever it is called."""
    return path.stat().st_ino if path.is_file() else None


def _unlike(parts: dict[str, Any], others: dict[str, Any]) -> str:
    return ", ".join(name for name in parts if not same(parts[name], others[name])) or "nothing"


def _are(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))
