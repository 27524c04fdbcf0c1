"""One of each picture, on small real inputs; the browser, the notebook and axe all see these."""

import math

import torch

from gptcourse.widgets import (
    BigramTable,
    BPESteps,
    EmbeddingMap,
    Gpt2Tokenizer,
    GuessNextWord,
    LossCurves,
    LRSchedule,
    Picture,
    TokenLoop,
    TrainingWindow,
)

from .samples_matrices import MATRICES

LINES = (
    "to be, or not to be: that is the question.\n"
    "whether it is nobler in the mind to suffer\n"
    "the slings and arrows of outrageous fortune,\n"
    "or to take arms against a sea of troubles.\n"
)
SYMBOLS = sorted(set(LINES))


def ids_of(text: str) -> torch.Tensor:
    return torch.tensor([SYMBOLS.index(c) for c in text])


def bigram_counts() -> torch.Tensor:
    ids, size = ids_of(LINES), len(SYMBOLS)
    return torch.bincount(ids[:-1] * size + ids[1:], minlength=size * size).view(size, size)


def share(counts: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    smooth = counts + smoothing + 1e-9
    return smooth / smooth.sum(dim=1, keepdim=True)


def next_logits(ids: torch.Tensor) -> torch.Tensor:
    return share(bigram_counts(), 0.01).log()[ids]


def greedy(model, prompt, max_new_tokens):
    for _ in range(max_new_tokens):
        prompt = torch.cat([prompt, model(prompt)[:, -1:].argmax(-1)], dim=1)
    return prompt


def game() -> GuessNextWord:
    rounds = [
        {
            "context": "to be, or not to be: that is <the> ",
            "candidates": ["arrows", "fortune", "mind", "question", "sea", "slings"],
            "model": [0.1, 0.1, 0.2, 0.4, 0.1, 0.1],
            "truth": 3,
        },
        {
            "context": "the slings and arrows of outrageous ",
            "candidates": ["arms", "fortune", "mind", "sea", "take", "whether"],
            "model": [0.25, 0.25, 0.125, 0.125, 0.125, 0.125],
            "truth": 1,
        },
    ]
    return GuessNextWord(rounds)


def window() -> TrainingWindow:
    return TrainingWindow(LINES, block_size=8)


def batch(shift: int = 1) -> TrainingWindow:
    ids = ids_of(LINES)
    x = torch.stack([ids[i : i + 6] for i in (0, 20, 40)])
    y = torch.stack([ids[i + shift : i + shift + 6] for i in (0, 20, 40)])
    return TrainingWindow.from_batch(x, y, SYMBOLS)


def loop() -> TokenLoop:
    return TokenLoop.from_model(next_logits, ids_of("to")[None], SYMBOLS, 4, generate=greedy)


def table() -> BigramTable:
    return BigramTable(bigram_counts(), SYMBOLS, probs=share, boundary="\n", noun="line", seed=7)


def large_table() -> BigramTable:
    """65 symbols: the size of tiny Shakespeare's alphabet."""
    counts = torch.arange(65 * 65).view(65, 65) % 97
    return BigramTable(counts, [chr(0x41 + i) for i in range(65)])


def embeddings() -> EmbeddingMap:
    """Each symbol's row is the chances of what comes next."""
    return EmbeddingMap(share(bigram_counts(), 0.1), SYMBOLS, at="t")


def flat_rate(it, max_lr, min_lr, warmup_steps, max_steps):
    """The top for all steps: no schedule, so that the picture has two lines."""
    return max_lr


def curves() -> LossCurves:
    """Three runs, one of which breaks, and a log of one's own."""
    runs = [
        {"name": "slow", "what": "Small steps.", "points": [[10, 1, 3.9], [20, 2.5, 3.2]]},
        {"name": "broken <b>", "points": [[10, 1, 3.5], [20, 2, math.nan], [30, 3, 4]], "final": 4},
        {"name": "quick", "what": "Large steps.", "points": [[10, 1, 3], [30, 4, 2.5]]},
    ]
    mine = [{"step": 15, "lr": 0.1, "val": 3.3}, {"step": 30, "lr": 0.1, "val": 2.8}]
    return LossCurves(runs, mine, protocol="Numbers that nobody measured.")


ALL = {
    "guess_next_word": game,
    "training_window": window,
    "training_batch": batch,
    "wrong_batch": lambda: batch(shift=0),
    "token_loop": loop,
    "bigram_table": table,
    "large_table": large_table,
    "embedding_map": embeddings,
    "loss_curves": curves,
    "lr_schedule": lambda: LRSchedule(flat_rate, warmup_steps=10, max_steps=80),
    "bpe_steps": lambda: BPESteps(merges=[(b"w", b"e")]),
    "gpt2_tokenizer": lambda: Gpt2Tokenizer("sums", encode=lambda text: [len(text)]),
    **MATRICES,
}


def sample(name: str) -> Picture:
    return ALL[name]()
