"""Print what the tables and the heads of the small model have learned."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import cast

import click
import torch
import torch.nn.functional as F
from small_model import BLOCK, CHARACTER, END, Block, SmallModel, V, read_books, split_books
from torch import Tensor

from gpt2.bpe_tokenizer import BPETokenizer, load_gpt2_tokenizer
from gpt2.embeddings import nearest_tokens
from gpt2.heads import split_heads
from gptcourse.datasets import small_model, small_model_words

ASKED = "king mother she said three Emma sea eat not"
ANALOGIES = (
    "man:woman::he man:woman::brother see:saw::hear man:men::thing he:him::they thou:thy::ye"
    " man:woman::him day:days::year come:came::say"
)
SENTENCES = (
    '"I do not know," said Alice. "I do not know," said',
    '"I do not know," said Harriet. "I do not know," said',
    '"Who are you?" said Alice. "I am Emma," said',
)


def tokenizer_of(merges: str) -> BPETokenizer:
    """Return the model's tokenizer, from the text of its merges."""
    ids = {CHARACTER[byte]: byte for byte in range(256)}
    pairs = merges.splitlines()[1:]
    ids |= {pair.replace(" ", ""): 256 + n for n, pair in enumerate(pairs)} | {END: V - 1}
    return load_gpt2_tokenizer(json.dumps(ids), merges)


@torch.no_grad()
def patterns(model: SmallModel, idx: Tensor) -> Tensor:
    """Return the attention weights of all heads, (8, B, T, T), layer 0 first."""
    x = model.wte(idx) + model.wpe(idx.size(1))
    past = torch.ones(idx.size(1), idx.size(1)).tril().bool()
    found = []
    for block in cast("list[Block]", list(model.h)):
        q, k, _ = block.attn.c_attn(block.ln_1(x)).chunk(3, dim=-1)
        q, k = split_heads(q, block.attn.n_head), split_heads(k, block.attn.n_head)
        scores = (q @ k.mT / q.size(-1) ** 0.5).masked_fill(~past, -torch.inf)
        found.append(scores.softmax(dim=-1).transpose(0, 1))
        x = block(x)
    return torch.cat(found)


def head_table(model: SmallModel, idx: Tensor) -> list[str]:
    """Return how much weight each head gives to some places, on the mean over windows (B, T)."""
    weights = patterns(model, idx).double()
    t = torch.arange(idx.size(1))
    same = (idx[:, :, None] == idx[:, None, :]).tril(-1)  # an earlier place of the same token
    after = F.pad(same[:, :, :-1], (1, 0)).tril(-1)  # and the place behind it
    rows = ["head    before  itself  first  same token  behind it  entropy"]
    even = torch.ones_like(weights[:1]).tril() / (t + 1.0)[:, None]
    for n, head in enumerate([even[0], *weights]):
        at_same = (head * same).sum(-1)[same.any(-1)].mean()
        behind = (head * after).sum(-1)[after.any(-1)].mean()
        figures = head[:, t[1:], t[:-1]].mean(), head[:, t, t].mean(), head[:, 1:, 0].mean()
        entropy = torch.special.entr(head).sum(-1).mean()
        name = f"{(n - 1) // 4}.{(n - 1) % 4}   " if n else "(even)"
        rows.append(
            f"{name:<7} {figures[0]:6.3f}  {figures[1]:6.3f}  {figures[2]:5.3f}"
            f"  {at_same:10.3f}  {behind:9.3f}  {entropy:7.2f}"
        )
    return rows


def listed(symbols: list[str], values: Tensor, indices: Tensor) -> str:
    """Return "queen 0.71, lord 0.60" and so on."""
    pairs = zip(indices.tolist(), values.tolist(), strict=True)
    return ", ".join(f"{symbols[i].strip()} {value:.2f}" for i, value in pairs)


def neighbours(E: Tensor, symbols: list[str]) -> list[str]:
    """Return the nearest of some words, and how near two words are on the mean."""
    rows = []
    for word in ASKED.split():
        i = symbols.index(f" {word}")
        near = nearest_tokens(E, i, 8)
        rows.append(f"{word}: {listed(symbols, F.cosine_similarity(E[i][None], E[near]), near)}")
    unit = F.normalize(E, dim=1)
    cosines = (unit @ unit.T)[~torch.eye(len(E), dtype=torch.bool)]
    return [*rows, f"any two of them: mean cosine {cosines.mean():.2f}, std {cosines.std():.2f}"]


def analogies(E: Tensor, symbols: list[str]) -> list[str]:
    """Return what lies nearest to E[b] - E[a] + E[c], rows of length 1, besides a, b and c."""
    unit, rows = F.normalize(E, dim=1), []
    for analogy in ANALOGIES.split():
        a, b, c = (symbols.index(f" {w}") for w in analogy.replace("::", ":").split(":"))
        cosines = unit @ F.normalize(unit[b] - unit[a] + unit[c], dim=0)
        cosines[[a, b, c]] = -torch.inf
        rows.append(f"{analogy}: {listed(symbols, *cosines.topk(4))}")
    return rows


def lengths(wte: Tensor, ids: Tensor) -> list[str]:
    """Return the mean length of the rows of tokens that occur about equally often."""
    times, norms = torch.bincount(ids, minlength=V), wte.norm(dim=1)
    edges = [0, 1, 30, 100, 300, 1000, 10_000, len(ids)]
    rows = []
    for low, high in pairwise(edges):
        kind = (times >= low) & (times < high)
        mean = norms[kind].mean()
        rows.append(f"{low:>6,} times to fewer than {high:>9,}: {kind.sum():>4} tokens, {mean:.2f}")
    return rows


def positions(wpe: Tensor) -> list[str]:
    """Return how alike the rows of two positions are, by how far they are apart."""
    unit = F.normalize(wpe, dim=1)
    cosines = unit @ unit.T
    by_distance = (f"{d}: {cosines.diagonal(d).mean():.2f}" for d in (1, 2, 4, 8, 16, 32, 63))
    pairs = (f"{t} and {t + 1}: {cosines[t, t + 1]:.2f}" for t in (0, 1, 2, 10, 30, 62))
    norms = (f"{t}: {wpe[t].norm():.2f}" for t in (0, 1, 2, 10, 30, 63))
    return [
        "mean cosine by distance   " + "   ".join(by_distance),
        "cosine of neighbours      " + "   ".join(pairs),
        "length of row             " + "   ".join(norms),
    ]


@torch.no_grad()
def looks(model: SmallModel, tokenizer: BPETokenizer, sentence: str) -> list[str]:
    """Return where each head looks from the last token of a sentence."""
    idx = torch.tensor(tokenizer.encode(sentence))
    tokens = [tokenizer.decode([i]) for i in idx.tolist()]
    chances = model(idx[None])[0, -1].softmax(dim=-1)
    names = (f"{name} {chances[tokenizer.encode(name)[0]]:.4f}" for name in (" Alice", " Harriet"))
    rows = ["", "|".join(tokens), "chance of the next token: " + ", ".join(names)]
    for n, head in enumerate(patterns(model, idx[None])[:, 0, -1]):
        values, places = head.topk(4)
        best = zip(places.tolist(), values.tolist(), strict=True)
        rows.append(f"{n // 4}.{n % 4}: " + ", ".join(f"{j}{tokens[j]} {v:.2f}" for j, v in best))
    return rows


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def main(source: Path) -> None:
    """Print facts of the shipped model; SOURCE is what it was trained on."""
    merges, weights = small_model()
    tokenizer, words = tokenizer_of(merges), small_model_words()
    symbols, E = list(words), weights["wte.weight"][list(words.values())]
    model = SmallModel()
    model.load_state_dict(weights)
    books = split_books(read_books(source))
    ids = {name: torch.tensor(tokenizer.encode(text, "all")) for name, text in books.items()}
    windows = ids["val"][: len(ids["val"]) // BLOCK * BLOCK].view(-1, BLOCK)[::5]
    parts = {
        "Nearest by cosine, of 500 words": neighbours(E, symbols),
        "a is to b as c is to ...": analogies(E, symbols),
        "Length of the rows of wte, by frequency": lengths(weights["wte.weight"], ids["train"]),
        "Rows of wpe": positions(weights["wpe.weight"]),
        f"Weights of the heads, mean over {len(windows)} windows": head_table(model, windows),
        "Where the heads look from the last token": [
            line for sentence in SENTENCES for line in looks(model, tokenizer, sentence)
        ],
    }
    for title, lines in parts.items():
        print(title, *lines, sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
