"""`python -m gpt2 train`: trains a model on a text, alone or under torchrun."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import save_file

from gpt2.generation import generate_cached
from gpt2.run.corpus import Corpus, CorpusError, read_shards, read_text
from gpt2.run.processes import join
from gpt2.run.recipe import Recipe
from gpt2.run.trainer import CHECKPOINT, CheckpointError, Entry, Trainer

__all__ = ["train"]

Command = TypeVar("Command", bound=Callable[..., Any])

_DEFAULT = Recipe(steps=1)


def _number(name: str, words: str, kind: Any = None) -> Callable[[Command], Command]:
    """Return an option for a number of the recipe, with the recipe's default."""
    default = getattr(_DEFAULT, name)
    option = "--" + name.replace("_", "-")
    return click.option(option, type=kind or type(default), default=default, show_default=True,
                        help=words)  # fmt: skip


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("run"),
              show_default=True, help="Folder for model, log and checkpoint.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), help="Train for so many steps.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True),
              help="Train for so long; the schedule follows the clock.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in the folder.")
@click.option("--eval-every", type=click.IntRange(1), help="Steps between two measures.")
@click.option("--save-every", type=click.IntRange(1), help="Steps between two checkpoints.")
@click.option("--device", help="cpu, cuda or mps; by default a GPU where there is one.")
@click.option("--dtype", type=click.Choice(["float32", "bfloat16"]), default="float32",
              show_default=True, help="In which the model runs forward.")  # fmt: skip
@click.option("--compile", "compiled", is_flag=True, help="Let torch compile the model.")
@_number("n_layer", "Blocks.")
@_number("n_head", "Heads of a block.")
@_number("n_embd", "Channels.")
@_number("block_size", "Context length.")
@_number("dropout", "Share that is dropped.")
@_number("batch", "Rows that a process takes at once.")
@_number("accumulate", "Batches of a step.")
@_number("optimizer", "What moves the blocks' matrices; AdamW moves the rest.",
         click.Choice(["adamw", "muon"]))  # fmt: skip
@_number("lr", "Top of AdamW's learning rate.")
@_number("muon_lr", "Top of Muon's learning rate.")
@_number("end", "End of the learning rate, as a share of its top.")
@_number("warmup", "Share of the run in which the learning rate rises.")
@_number("decay", "Share of the run, at its end, in which it falls.")
@_number("schedule", "Along what it falls.", click.Choice(["linear", "cosine"]))
@_number("weight_decay", "Of matrices.")
@_number("beta2", "Of AdamW.")
@_number("clip", "Longest gradient.")
@_number("seed", "Of weights and batches.")
def train(
    data: Path,
    out: Path,
    resume: bool,
    eval_every: int | None,
    save_every: int | None,
    device: str | None,
    dtype: str,
    compiled: bool,
    **numbers: Any,
) -> None:
    """Train a GPT on DATA: a file of text, read as characters, or a folder of shards.

    Shards are files *train*.npy and *val*.npy of GPT-2's ids, as unsigned 16-bit integers. Give
    --steps or --minutes. Under torchrun each process takes its share.
    """
    try:
        recipe = Recipe(**numbers)
        corpus = read_shards(data) if data.is_dir() else read_text(data)
    except (CorpusError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    if (out / CHECKPOINT).exists() and not resume:
        raise click.ClickException(f"{out} holds a run: --resume goes on with it, --out FOLDER "
                                   "begins another")  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    with join(device) as processes:
        trainer = Trainer(recipe, corpus, out, processes, getattr(torch, dtype), compiled,
                          eval_every, save_every)  # fmt: skip
        if resume:
            try:
                trainer.resume()
            except CheckpointError as error:
                raise click.ClickException(str(error)) from None
        bar = _bar(quiet=not processes.is_first)
        with bar:
            task = bar.add_task("training", total=1.0, loss="")

            def report(share: float, entry: Entry) -> None:
                loss = "  ".join(f"{k} {entry[k]:.3f}" for k in ("train", "val") if k in entry)
                bar.update(task, completed=share, loss=f"step {int(entry['step'])}  {loss}")

            last = trainer.train(report)
        if processes.is_first:
            _write(trainer, corpus, last)


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("training"), BarColumn(), TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(), console=Console(stderr=True, quiet=quiet),
    )  # fmt: skip


def _write(trainer: Trainer, corpus: Corpus, last: Entry) -> None:
    """Write the model and what it takes to use it, and show what it has learned."""
    weights = {name: t.contiguous() for name, t in trainer.model.state_dict().items()}
    del weights["lm_head.weight"]  # it is the token table
    save_file(weights, trainer.out / "model.safetensors")
    about = {"recipe": trainer.recipe.to_dict(), "symbols": corpus.symbols, "result": last}
    (trainer.out / "model.json").write_text(json.dumps(about, ensure_ascii=False, indent=1))
    click.echo(f"validation loss {last['val']:.4f} after {int(last['step'])} steps, "
               f"{last.get('seconds', 0):.0f} s: {trainer.out}")  # fmt: skip
    if corpus.symbols is not None:
        idx = torch.tensor([[0]], device=trainer.processes.device)
        text = generate_cached(trainer.model, idx, 200)[0].tolist()
        click.echo("".join(corpus.symbols[i] for i in text))
