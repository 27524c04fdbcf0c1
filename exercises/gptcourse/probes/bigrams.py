"""Probes of chapter 2."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from .pretend_device import PretendDevice

Outputs = dict[str, Any]


def vocabulary(CharTokenizer: Any, text: str) -> Outputs:
    """Look at the vocabulary, and at the order of the ids, without relying on that order."""
    tokenizer = CharTokenizer(text)
    symbols = list(tokenizer.symbols)
    order = _order_of_ids(tokenizer, text)
    return {
        "vocab_size": tokenizer.vocab_size,
        "characters": sorted(symbols),
        "order of the ids": order,
        "symbols": symbols if order in _KNOWN_ORDERS else None,
    }


def ids(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Encode a string twice, with another tokenizer made in between."""
    tokenizer = CharTokenizer(text)
    order = _order_of_ids(tokenizer, text)
    encoded = tokenizer.encode(s)
    CharTokenizer("".join(chr(ord(character) + 1) for character in reversed(text[:9])))
    again = tokenizer.encode(s)
    # An order that changes from run to run says nothing by its ids: whether they repeat does.
    shown = encoded if order in _KNOWN_ORDERS else None
    return {"order of the ids": order, "ids": shown, "the same ids again": encoded == again}


def round_trip(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Decode what was encoded, and the empty list."""
    tokenizer = CharTokenizer(text)
    return {"text again": tokenizer.decode(tokenizer.encode(s)), "no ids": tokenizer.decode([])}


def unknown_character(CharTokenizer: Any, text: str, s: str) -> Outputs:
    """Encode a string with a character that the vocabulary lacks."""
    tokenizer = CharTokenizer(text)
    tokenizer.encode(text[:3])
    try:
        encoded = tokenizer.encode(s)
    except NotImplementedError:
        raise
    except Exception:
        return {"an unknown character": "raised an exception"}
    return {"an unknown character": "encoded", "ids": len(list(encoded))}


_KNOWN_ORDERS = ("by code point", "by code point, from the last", "as in the text", "by frequency")


def _order_of_ids(tokenizer: Any, text: str) -> str:
    """Say by what the ids are ordered, as far as they tell."""
    seen = list(dict.fromkeys(text))
    known = [character for character in seen if _encodes(tokenizer, character)]
    by_id = sorted(known, key=lambda character: tokenizer.encode(character)[0])
    orders = (
        sorted(by_id),
        sorted(by_id, reverse=True),
        [c for c in seen if c in by_id],
        [c for c, _ in Counter(text).most_common() if c in by_id],
    )
    names = (name for name, order in zip(_KNOWN_ORDERS, orders, strict=True) if order == by_id)
    return next(names, "none of these: " + ", ".join(_KNOWN_ORDERS))


def _encodes(tokenizer: Any, character: str) -> bool:
    try:
        return len(tokenizer.encode(character)) > 0
    except NotImplementedError:
        raise
    except Exception:
        return False


def count_bigrams(count_bigrams: Callable[..., Tensor], ids: Tensor, vocab_size: int) -> Outputs:
    """Count the bigrams of a text."""
    return {"output": count_bigrams(ids, vocab_size)}


def bigram_probs(
    bigram_probs: Callable[..., Tensor], counts: Tensor, smoothing: float | None = None
) -> Outputs:
    """Call bigram_probs with `smoothing` given by name, or left at its default."""
    if smoothing is None:
        return {"output": bigram_probs(counts)}
    return {"output": bigram_probs(counts, smoothing=smoothing)}


def bigram_nll(bigram_nll: Callable[[Tensor, Tensor], float], P: Tensor, ids: Tensor) -> Outputs:
    """Call bigram_nll."""
    return {"output": bigram_nll(P, ids)}


Sample = Callable[[Tensor, int, int, torch.Generator], Tensor]


def sample_bigram(sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int) -> Outputs:
    """Call sample_bigram once: for a P that leaves nothing to chance."""
    return {"output": sample_bigram(P, start_id, n, torch.Generator().manual_seed(seed))}


def transitions(sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int) -> Outputs:
    """Sample one long text and count what came after what."""
    text = sample_bigram(P, start_id, n, torch.Generator().manual_seed(seed))
    V = len(P)
    table = [[0] * V for _ in range(V)]
    for a, b in pairwise(text.flatten().to(torch.int64).tolist()):
        table[a][b] += 1
    return {"transitions": torch.tensor(table)}


def sample_bigram_again(
    sample_bigram: Sample, P: Tensor, start_id: int, n: int, seed: int
) -> Outputs:
    """Sample with equal generators, with different ones, and twice with the same one."""

    def sample(generator: torch.Generator) -> list[int]:
        return list(sample_bigram(P, start_id, n, generator).tolist())

    first = torch.Generator().manual_seed(seed)
    one, next_one = sample(first), sample(first)
    torch.manual_seed(seed + 1)  # torch's own random numbers must play no part
    same, other = sample(torch.Generator().manual_seed(seed)), torch.Generator()
    return {
        "the same seed gives the same text": one == same,
        "another seed gives the same text": one == sample(other.manual_seed(seed + 1)),
        "a second call gives the same text": one == next_one,
    }


GetBatch = Callable[..., tuple[Tensor, Tensor]]


def get_batch(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Return a batch as it is: for a text that has room for one window only."""
    x, y = get_batch(data, batch_size, block_size, generator=_seeded(seed))
    return {"x": x, "y": y}


def places(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Find each token of a batch in a text without repeats, counted from its window's start."""
    x, y = get_batch(data, batch_size, block_size, generator=_seeded(seed))
    place = {token: i for i, token in enumerate(data.tolist())}
    nowhere = -10 * len(data)

    def found(batch: Tensor) -> Tensor:
        flat = [place.get(token, nowhere) for token in batch.flatten().tolist()]
        return torch.tensor(flat).reshape(batch.shape)

    start = found(x[:, :1])
    x_places = found(x) - start
    y_places = found(y) - (start if y.dim() == 2 else start[:, 0])
    return {"places of x": x_places, "places of y": y_places}


def starts(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Count where windows start in data = 0, 1, 2, ..., and where the next of the batch starts."""
    x, _ = get_batch(data, batch_size, block_size, generator=_seeded(seed))
    N = len(data)
    start = x[:, 0].to(torch.int64)
    pairs = torch.bincount(start[:-1] * N + start[1:], minlength=N * N)[: N * N]
    return {
        "starts": torch.bincount(start, minlength=N)[:N],
        "starts of the window after it": pairs.reshape(N, N),
    }


def starts_of_rows(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int, batches: int
) -> Outputs:
    """Count where each row of a batch starts over many batches, in data = 0, 1, 2, ..."""
    generator = _seeded(seed)
    table = torch.zeros(batch_size, len(data), dtype=torch.int64)
    rows = torch.arange(batch_size)
    for _ in range(batches):
        x, _ = get_batch(data, batch_size, block_size, generator=generator)
        table[rows, x[:, 0].to(torch.int64)] += 1
    return {"starts of each row": table}


def get_batch_again(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int, seed: int
) -> Outputs:
    """Draw batches with equal generators, twice with the same one, and with torch's own."""

    def batch(generator: torch.Generator | None) -> list[list[int]]:
        if generator is None:
            return list(get_batch(data, batch_size, block_size)[0].tolist())
        return list(get_batch(data, batch_size, block_size, generator)[0].tolist())

    first = _seeded(seed)
    one, next_one = batch(first), batch(first)
    torch.manual_seed(seed)
    own, next_own = batch(None), batch(None)
    same = batch(_seeded(seed))
    torch.manual_seed(seed)
    return {
        "the same seed gives the same batch": one == same,
        "a second call gives the same batch": one == next_one,
        "torch's own seed gives the same batch": own == batch(None),
        "a second call without a generator gives the same batch": own == next_own,
    }


def get_batch_on_device(
    get_batch: GetBatch, data: Tensor, batch_size: int, block_size: int
) -> Outputs:
    """Ask for a batch on a device that is not the CPU."""
    with PretendDevice("cuda") as cuda:
        x, y = get_batch(data, batch_size, block_size, device="cuda")
        return {"x is on the device": cuda.holds(x), "y is on the device": cuda.holds(y)}


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bigram_language_model(
    BigramLanguageModel: Callable[[int], nn.Module],
    table: Tensor,
    idx: Tensor,
    targets: Tensor | None = None,
) -> Outputs:
    """Give the model a table, whatever it calls it, and run it."""
    V = len(table)
    model = BigramLanguageModel(V)
    outputs: Outputs = {"number of parameters": _n_parameters(model)}
    if _n_parameters(model) != V * V:
        return outputs
    _load(model, table)
    BigramLanguageModel(V)  # a second model must not disturb the first
    logits, loss = model(idx) if targets is None else model(idx, targets)
    return outputs | {"logits": logits, "loss": loss}


def gradient(
    BigramLanguageModel: Callable[[int], nn.Module], table: Tensor, idx: Tensor, targets: Tensor
) -> Outputs:
    """Return the gradient of the loss, a row for the logits that follow each token."""
    V = len(table)
    model = BigramLanguageModel(V)
    outputs: Outputs = {"number of parameters": _n_parameters(model)}
    if _n_parameters(model) != V * V:
        return outputs
    transposed = _load(model, table)
    _, loss = model(idx, targets)
    if not isinstance(loss, Tensor) or not loss.requires_grad:
        return outputs | {"gradient of the table": None}
    torch.autograd.backward(loss)
    parts = [p.grad.to_dense().flatten() for p in model.parameters() if p.grad is not None]
    whole = torch.cat(parts).reshape(V, V)
    return outputs | {"gradient of the table": whole.t() if transposed else whole}


def trained_bigram_language_model(
    BigramLanguageModel: Callable[[int], nn.Module],
    table: Tensor,
    idx: Tensor,
    targets: Tensor,
    steps: int,
) -> Outputs:
    """Train the model by gradient descent and return the loss on the way."""
    model = BigramLanguageModel(len(table))
    outputs: Outputs = {"number of parameters": _n_parameters(model)}
    if _n_parameters(model) != table.numel():
        return outputs
    _load(model, table)
    losses = []
    for _ in range(steps):
        _, loss = model(idx, targets=targets)
        if isinstance(loss, Tensor) and loss.requires_grad:
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for parameter, direction in zip(model.parameters(), gradients, strict=True):
                    parameter.sub_(10.0 * direction)
        losses.append(float(loss.detach()) if isinstance(loss, Tensor) else loss)
    return outputs | {"losses": losses}


def _n_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _load(model: nn.Module, table: Tensor) -> bool:
    """Fill the model's parameters; say whether it keeps the logits that follow a token in columns.

    nn.Embedding and a one-hot row times a matrix keep them in rows, nn.Linear in columns: all
    three are the same model.
    """
    V = len(table)
    _fill(model, table)
    with torch.no_grad():
        rows = model(torch.arange(V)[None])[0]
    if rows.shape != (1, V, V) or not torch.allclose(rows[0].to(table.dtype), table.t()):
        return False
    _fill(model, table.t())
    return True


def _fill(model: nn.Module, table: Tensor) -> None:
    """Copy V * V numbers into the parameters, however many they are spread over."""
    numbers, start = table.flatten(), 0
    with torch.no_grad():
        for parameter in model.parameters():
            part = numbers[start : start + parameter.numel()]
            parameter.copy_(part.reshape(parameter.shape))
            start += parameter.numel()


class _Counted(nn.Module):
    """A bigram model that counts how often it runs."""

    def __init__(self, table: Tensor, scale: float) -> None:
        super().__init__()
        self.table = nn.Parameter(table.clone())
        self.scale = scale
        self.runs = 0

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        self.runs += 1
        logits = self.scale * self.table[idx]
        if targets is None:
            return logits, None
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return logits, loss


TrainStep = Callable[[nn.Module, torch.optim.Optimizer, Tensor, Tensor], float]
OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.5),
    "SGD with momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.2, momentum=0.9),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.1, weight_decay=0.1),
}


def train_step(
    train_step: TrainStep, table: Tensor, scale: float, optimizer: str, x: Tensor, y: Tensor
) -> Outputs:
    """Take one step for each batch in x and y, of shape (steps, B, T); return the losses."""
    model = _Counted(table, scale)
    chosen = OPTIMIZERS[optimizer](model.parameters())
    losses = [train_step(model, chosen, *batch) for batch in zip(x, y, strict=True)]
    return {"losses": losses, "runs of the model": model.runs}


def weights_after(
    train_step: TrainStep,
    table: Tensor,
    scale: float,
    optimizer: str,
    x: Tensor,
    y: Tensor,
    old_gradient: Tensor | None = None,
) -> Outputs:
    """Take one step for each batch in x and y, of shape (steps, B, T); return the weights."""
    model = _Counted(table, scale)
    if old_gradient is not None:
        model.table.grad = old_gradient.clone()
    chosen = OPTIMIZERS[optimizer](model.parameters())
    steps: list[str] = []
    chosen.register_step_post_hook(
        lambda *_: steps.append("with a gradient" if _has_gradient(model) else "without a gradient")
    )
    for batch in zip(x, y, strict=True):
        before = len(steps)
        train_step(model, chosen, *batch)
        if steps[before:] == ["without a gradient"] and _has_gradient(model):
            steps[before] = "before the gradient"
    return {"weights": model.table, "steps of the optimizer": steps}


def _has_gradient(model: _Counted) -> bool:
    return model.table.grad is not None and bool(model.table.grad.any())
