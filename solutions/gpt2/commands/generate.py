"""`python -m gpt2 generate`: lets a model write on."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gpt2 import generation
from gpt2.bpe_tokenizer import BPETokenizer, load_gpt2_tokenizer
from gpt2.model import GPT
from gpt2.pretrained import NAMES, WeightsError, from_pretrained

__all__ = ["generate"]

END = "<|endoftext|>"


@click.command()
@click.argument("prompt", default="")
@click.option("--model", "name", type=click.Choice(NAMES), default="gpt2", show_default=True)
@click.option(
    "--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of safetensors with the model's weights; without it they are downloaded once.",
)  # fmt: skip
@click.option("--tokens", type=click.IntRange(1), default=100, show_default=True,
              help="Write at most this many.")  # fmt: skip
@click.option("--samples", type=click.IntRange(1), default=1, show_default=True,
              help="How many texts to write, at the same time.")  # fmt: skip
@click.option("--temperature", type=click.FloatRange(0), default=0.8, show_default=True,
              help="Below 1: more probable; 0: always the most probable token.")  # fmt: skip
@click.option("--top-k", type=click.IntRange(1), help="Choose among the k best tokens.")
@click.option("--top-p", type=click.FloatRange(0, 1, min_open=True),
              help="Choose among the fewest tokens that have probability p together.")  # fmt: skip
@click.option("--seed", type=int, help="The same seed writes the same text.")
@click.option("--device", help="cpu, cuda, cuda:1, mps; by default a GPU where there is one.")
@click.option("--cache/--no-cache", default=True, show_default=True,
              help="Keep keys and values, so that each token is read once.")  # fmt: skip
def generate(
    prompt: str,
    name: str,
    weights: Path | None,
    tokens: int,
    samples: int,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    seed: int | None,
    device: str | None,
    cache: bool,
) -> None:
    """Let GPT-2 write on behind PROMPT; with no prompt it begins a text of its own."""
    where = _device(device)
    try:
        model = from_pretrained(name, weights, where)
    except WeightsError as error:
        raise click.ClickException(str(error)) from None
    tokenizer = _tokenizer()
    ids = tokenizer.encode(prompt) or tokenizer.encode(END, "all")
    generator = torch.Generator(where)
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    write = generation.generate_cached if cache else generation.generate
    idx = torch.tensor([ids], device=where).repeat(samples, 1)
    (end,) = tokenizer.encode(END, "all")
    with _progress(model, tokens):
        out = write(
            model,
            idx,
            tokens,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            eos_id=end,
            generator=generator,
        )
    for row in out.tolist():
        written = row[len(ids) :]
        if end in written:
            written = written[: written.index(end)]
        click.echo(prompt + tokenizer.decode(written))
        if samples > 1:
            click.echo("---")


def _device(asked: str | None) -> torch.device:
    if asked is None:
        found = torch.accelerator.current_accelerator() if hasattr(torch, "accelerator") else None
        return found or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.zeros(1, device=asked).device
    except (RuntimeError, AssertionError) as error:
        raise click.ClickException(f"--device {asked}: {str(error).splitlines()[0]}") from None


def _tokenizer() -> BPETokenizer:
    """Read GPT-2's vocabulary, which ships with the learner's package as data."""
    folder = files("gptcourse") / "data" / "gpt2"
    encoder, merges = ((folder / name).read_text("utf-8") for name in ("encoder.json", "vocab.bpe"))
    return load_gpt2_tokenizer(encoder, merges)


def _progress(model: GPT, tokens: int) -> Progress:
    """Return a bar on the error stream that counts the calls of the model's last layer."""
    bar = Progress(
        TextColumn("writing"), BarColumn(), MofNCompleteColumn(), TextColumn("tokens"),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = bar.add_task("writing", total=tokens)

    def advance(*_: Any) -> None:
        bar.advance(task)

    model.lm_head.register_forward_hook(advance)
    return bar
