"""Probes of chapter 6: text from a model, by draws and by search.

Models that keep a record of what is done with them stand in for a GPT.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from .observing import shape

Outputs = dict[str, Any]
Generate = Callable[..., Any]


class PretendGPT(nn.Module):
    """A model whose answer depends on every token that it is shown, and on its place.

    At each position it adds up place * (id + 1) over all places so far, and gives its V scores in a
    circle that begins at the cube of that. Like a GPT it refuses more than block_size tokens.

    Attributes:
        config: block_size, vocab_size and the other sizes that a GPT has.
        contexts: what it was shown, call by call.
        states: at each call, whether it was in training mode, and whether gradients were on.
    """

    def __init__(self, scores: Tensor, block_size: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = _sizes(block_size, len(scores), dropout)
        self.scores = nn.Parameter(scores)
        self.dropped = nn.Dropout(dropout)
        self.contexts: list[list[list[int]]] = []
        self.states: list[tuple[bool, bool]] = []

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, None]:
        """Return logits (B, T, V) for ids (B, T), and no loss."""
        size = len(self.scores)
        _refuse(idx, size, self.config.block_size)
        places = torch.arange(1, idx.size(1) + 1)
        total = (((idx + 1) * places).cumsum(1) % size).unsqueeze(-1)  # (B, T, 1)
        # A constant for each position changes no favourite, and keeps positions apart.
        logits = self.scores[(total**3 + torch.arange(size)) % size] + total / size
        self.contexts.append(idx.tolist())
        self.states.append((self.training, logits.requires_grad))
        return self.dropped(logits), None


class Bag(nn.Module):
    """A model that says the same after every text, so that its next token can be counted.

    What it says at earlier positions is something else, and so is what it says in training.
    """

    def __init__(self, logits: Tensor, block_size: int = 8) -> None:
        super().__init__()
        self.config = _sizes(block_size, len(logits), 0.0)
        self.logits = logits  # (V,)

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, None]:
        """Return logits (B, T, V) for ids (B, T), and no loss."""
        _refuse(idx, len(self.logits), self.config.block_size)
        said = self.logits.roll(1).repeat(*idx.shape, 1)
        said[:, -1] = self.logits
        return said, None


def _sizes(block_size: int, vocab_size: int, dropout: float) -> SimpleNamespace:
    sizes = {"n_layer": 1, "n_head": 1, "n_embd": 4, "bias": True, "dropout": dropout}
    return SimpleNamespace(block_size=block_size, vocab_size=vocab_size, **sizes)


def _refuse(idx: Any, vocab_size: int, block_size: int) -> None:
    """Raise where a GPT would: at what is not ids (B, T), and at more tokens than it can read."""
    if not isinstance(idx, Tensor) or idx.dim() != 2 or 0 in idx.shape:
        raise ValueError(f"a model takes ids of shape (B, T), not {shape(idx)}")
    if idx.size(1) > block_size:
        raise ValueError(f"{idx.size(1)} tokens, and the model reads at most {block_size}")
    if idx.min() < 0 or idx.max() >= vocab_size:
        raise IndexError(f"the model knows the ids 0 to {vocab_size - 1}")


def generate(
    generate: Generate,
    scores: Tensor,
    idx: Tensor,
    max_new_tokens: int,
    block_size: int,
    eos_id: int | None = None,
) -> Outputs:
    """Write on where one token is certain at each step; `eos_id` goes by name, or is left out."""
    model = PretendGPT(scores, block_size)
    if eos_id is None:
        return {"output": generate(model, idx, max_new_tokens)}
    text = generate(model, idx, max_new_tokens=max_new_tokens, eos_id=eos_id)
    return {"texts": _rows(text)}


def generate_recorded(
    generate: Generate, scores: Tensor, idx: Tensor, max_new_tokens: int, block_size: int
) -> Outputs:
    """Write on, and return what the model was shown at each step."""
    model = PretendGPT(scores, block_size)
    text = generate(model, idx, max_new_tokens)
    return {
        "times that the model ran": len(model.contexts),
        "what it was shown": model.contexts,
        "texts": _rows(text),
    }


def generate_until_the_end(
    generate: Generate,
    scores: Tensor,
    idx: Tensor,
    max_new_tokens: int,
    block_size: int,
    eos_id: int,
    temperature: float = 1.0,
) -> Outputs:
    """Write until all texts have ended, all arguments by position; count how often it asks."""
    model = PretendGPT(scores, block_size)
    text = generate(model, idx, max_new_tokens, temperature, None, None, eos_id, None)
    return {"times that the model ran": len(model.contexts), "texts": _rows(text)}


def generate_with_dropout(
    generate: Generate, scores: Tensor, idx: Tensor, max_new_tokens: int, block_size: int
) -> Outputs:
    """Write with a model that drops most of its numbers in training, and look at its state."""
    found: list[Outputs] = []
    model = PretendGPT(scores, block_size, dropout=0.9)
    for training in (True, False):
        model.train(training)
        model.states.clear()
        torch.set_grad_enabled(mode=True)
        text = generate(model, idx, max_new_tokens)
        dropped = any(training for training, _ in model.states)
        seen = {
            "in training mode before": training,
            "at a call": dropped,
            "afterwards": model.training,
            "gradients at a call": any(gradients for _, gradients in model.states),
            "gradients on afterwards": torch.is_grad_enabled(),
            # What dropout makes of it is another text in every answer, and says nothing more.
            "texts": None if dropped else _rows(text),
        }
        found.append(seen)
    return {"first": found[0], "second": found[1]}


def generate_counted(
    generate: Generate, logits: Tensor, rows: int, knobs: dict[str, Any], by_place: bool = False
) -> Outputs:
    """Draw one token for each of many texts; say which ids came, and of 500 texts how often."""
    V = len(logits)
    prompt = torch.arange(rows * 2).reshape(rows, 2) % V
    model, source = Bag(logits), torch.Generator().manual_seed(0)
    if by_place:
        given = [knobs.get(name) for name in ("temperature", "top_k", "top_p", "eos_id")]
        text = generate(model, prompt, 1, *given, source)
    else:
        text = generate(model, prompt, 1, generator=source, **knobs)
    if not isinstance(text, Tensor) or text.shape != (rows, 3) or text.is_floating_point():
        return {"shape": shape(text)}
    drawn = text[:, -1].tolist()
    outputs: Outputs = {"shape": shape(text), "ids that came": sorted(set(drawn))[: V + 1]}
    if rows >= 500:
        outputs["how often each id came"] = torch.tensor([drawn.count(i) for i in range(V)])
    return outputs


def generate_again(generate: Generate, logits: Tensor, seed: int) -> Outputs:
    """Write with equal generators, with others, twice with one, and with torch's own."""
    model, prompt = Bag(logits, block_size=3), torch.tensor([[0, 1], [2, 0]])
    own = torch.default_generator

    def text(generator: torch.Generator | None) -> Any:
        if generator is None:
            came = generate(model, prompt, 12)
        else:
            came = generate(model, prompt, 12, generator=generator)
        return came.tolist() if isinstance(came, Tensor) else came

    first = torch.Generator().manual_seed(seed)
    one, next_one = text(first), text(first)
    own.manual_seed(seed + 1)  # torch's own random numbers must play no part in these
    again, other = (text(torch.Generator().manual_seed(s)) for s in (seed, seed + 1))
    own.manual_seed(seed)
    without, next_without = text(None), text(None)
    own.manual_seed(seed)
    without_again = text(None)
    return {
        "the same seed gives the same text": one == again,
        "another seed gives the same text": one == other,
        "a second call gives the same text": one == next_one,
        "without a generator, torch's seed gives the same text": without == without_again,
        "without a generator, a second call gives the same text": without == next_without,
    }


def _rows(text: Any) -> Any:
    """Return a batch of ids as lists, which are small in a key, and all else as it is."""
    if not isinstance(text, Tensor) or text.dim() != 2 or text.is_floating_point():
        return text
    return text.tolist()


class Tree:
    """Log-probabilities of the next token that depend on every token of a text and on its place.

    Which row of the table (M, V) holds is the sum of place * (id + 1), modulo M.
    """

    def __init__(self, table: Tensor, places: list[int]) -> None:
        self.table = table
        self.places = places

    def __call__(self, idx: Tensor) -> Tensor:
        """Return log-probabilities (n, V) for ids (n, T)."""
        _refuse(idx, self.table.size(1), len(self.places))
        weights = torch.tensor(self.places[: idx.size(1)])
        return self.table[((idx + 1) * weights).sum(1) % len(self.table)]


def beam_search(
    beam_search: Callable[..., Any],
    tables: Tensor,
    prompts: Tensor,
    num_beams: int,
    max_new_tokens: int,
    eos_id: int | None = None,
    length_penalty: float | None = None,
) -> Outputs:
    """Search several trees, one after the other; what is None is left out."""
    named: dict[str, Any] = {"eos_id": eos_id, "length_penalty": length_penalty}
    named = {name: value for name, value in named.items() if value is not None}
    places = [3 * t + 1 for t in range(prompts.size(1) + max_new_tokens)]
    searches = [
        beam_search(Tree(table, places), prompt, num_beams, max_new_tokens, **named)
        for table, prompt in zip(tables, prompts, strict=True)
    ]
    return {
        "how many came": [len(found) if _is_list(found) else None for found in searches],
        "texts": [_part(found, 1) for found in searches],
        "scores": [_part(found, 0) for found in searches],
    }


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _part(found: Any, which: int) -> Any:
    """Return the scores or the texts of a search; what is no pair comes back as it is."""
    if not _is_list(found):
        return found
    return [
        (_text(pair[1]) if which else pair[0]) if _is_list(pair) and len(pair) == 2 else pair
        for pair in found
    ]


def _text(ids: Any) -> Any:
    """Return ids in one row as a list, which is small in a key; say of all else what it is."""
    if not isinstance(ids, Tensor):
        return f"a {type(ids).__name__}, and not a tensor"
    return ids if ids.dim() != 1 or ids.is_floating_point() else ids.tolist()
