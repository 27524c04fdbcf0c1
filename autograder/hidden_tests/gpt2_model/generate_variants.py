"""Right answers to 6.14 generate in other styles."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.exercise import Variant
from autograder.hidden_tests.gpt2_model.plain_loop import changed
from gpt2.filters import apply_temperature, sample_next, top_k_filter, top_p_filter


@torch.inference_mode()
def _everything_inline(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """None of the chapter's filters: double precision, and draws by exponential noise."""
    B, T = idx.shape
    out = idx.new_full((B, T + max_new_tokens), -1)
    out[:, :T] = idx
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    length = T
    while length < T + max_new_tokens:
        start = max(0, length - model.config.block_size)
        logits = model(out[:, start:length])[0][:, -1, :].double()
        if temperature > 0:
            logits = logits / temperature
        else:
            logits = torch.where(logits < logits.max(1, keepdim=True).values, -torch.inf, 0.0)
        if top_k is not None and top_k < logits.shape[1]:
            logits[logits < torch.kthvalue(-logits, top_k, keepdim=True).values.neg()] = -torch.inf
        p = F.softmax(logits, dim=-1)
        if top_p is not None:
            for row in p:
                mass = 0.0
                for i in row.argsort(descending=True).tolist():
                    mass, row[i] = mass + float(row[i]), row[i] * (mass < top_p)
        noise = torch.empty(p.shape).exponential_(generator=generator).clamp(min=1e-20)
        new = (p / noise).argmax(dim=1)
        if eos_id is not None:
            done = (out[:, T:length] == eos_id).any(1)
            new[done] = eos_id
        out[:, length] = new
        length += 1
        if eos_id is not None and bool((out[:, T:length] == eos_id).any(1).all()):
            break
    for module, mode in modes:
        module.training = mode
    return out[:, :length]


def _lists_of_rows(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Texts as lists of Python's numbers, and the parameters frozen instead of `no_grad`."""
    frozen = [p for p in model.parameters() if p.requires_grad]
    texts, done = idx.tolist(), [False] * len(idx)
    mode = model.training
    model.train(False)
    for p in frozen:
        p.requires_grad_(False)
    for _ in range(max_new_tokens):
        shown = [text[-model.config.block_size :] for text in texts]
        logits, _ = model(torch.tensor(shown))
        logits = apply_temperature(logits[:, -1], temperature)
        logits = top_k_filter(logits, k=top_k) if top_k else logits
        logits = top_p_filter(logits, p=top_p) if top_p else logits
        drawn = sample_next(logits, generator=generator).squeeze(1).tolist()
        for b, text in enumerate(texts):
            text.append(eos_id if done[b] else drawn[b])
            done[b] |= text[-1] == eos_id
        if all(done):
            break
    for p in frozen:
        p.requires_grad_(True)
    model.train(mode)
    return torch.tensor(texts)


def _recursive(
    model: Any,
    idx: Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    eos_id: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """A function that calls itself, and counts down."""
    T, mode = idx.size(1), model.training

    def longer(text: Tensor, left: int) -> Tensor:
        ended = (text[:, T:] == eos_id).any(dim=1, keepdim=True) if eos_id is not None else None
        if left == 0 or (ended is not None and bool(ended.all())):
            return text
        with torch.set_grad_enabled(False):
            scores = model(text[:, -model.config.block_size :])[0]
        scores = apply_temperature(scores[:, -1, :], temperature)
        for cut, how in ((top_k_filter, top_k), (top_p_filter, top_p)):
            scores = cut(scores, how) if how is not None else scores  # type: ignore[arg-type]
        new = sample_next(scores, generator)
        if ended is not None and eos_id is not None:
            new = torch.where(ended, torch.full_like(new, eos_id), new)
        return longer(torch.hstack((text, new)), left - 1)

    try:
        return longer(idx, max_new_tokens) if not model.eval().training else idx
    finally:
        model.train(mode)


VARIANTS = (
    Variant("one plain loop", edits=changed()),
    Variant(
        "top-k before the temperature, which is the same",
        edits=changed(
            (
                "            logits = apply_temperature(logits, temperature)\n"
                "            if top_k is not None:\n"
                "                logits = top_k_filter(logits, top_k)\n",
                "            if top_k is not None:\n"
                "                logits = top_k_filter(logits, top_k)\n"
                "            logits = apply_temperature(logits, temperature)\n",
            )
        ),
    ),
    Variant("no filter of the chapter, into a prepared tensor", _everything_inline),
    Variant("lists of numbers", _lists_of_rows),
    Variant("recursion", _recursive),
)
