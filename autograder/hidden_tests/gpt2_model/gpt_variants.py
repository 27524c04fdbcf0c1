"""Right answers to 6.5 GPT, in other ways."""

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant
from gpt2.blocks import Block, LayerNorm
from gpt2.embeddings import tie_weights

Pair = tuple[Tensor, Tensor | None]


class _Assertion(nn.Module):
    """A dict of parts, the table taken from the head, an assertion, and flat views."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        assert config.vocab_size is not None
        self.config = config
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(config.vocab_size, config.n_embd),
                "wpe": nn.Embedding(config.block_size, config.n_embd),
                "drop": nn.Dropout(config.dropout),
                "h": nn.ModuleList([Block(config) for _ in range(config.n_layer)]),
                "ln_f": LayerNorm(config.n_embd, bias=config.bias),
            }
        )
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        entrance: Any = self.transformer
        entrance.wte.weight = self.lm_head.weight

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> Pair:
        parts: Any = self.transformer
        _, t = idx.size()
        assert t <= self.config.block_size, "too many tokens"
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = parts.drop(parts.wte(idx) + parts.wpe(pos))
        for block in parts.h:
            x = block(x)
        logits = self.lm_head(parts.ln_f(x))
        loss = None
        if targets is not None:
            loss = F.cross_entropy(
                logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-100
            )
        return logits, loss


class _Body(nn.Module):
    """The part of a GPT before the head, as a module with attributes and a buffer."""

    position_ids: Tensor

    def __init__(self, config: Any) -> None:
        super().__init__()
        C = config.n_embd
        self.wte, self.wpe = nn.Embedding(config.vocab_size, C), nn.Embedding(config.block_size, C)
        self.h = nn.Sequential(*(Block(config) for _ in range(config.n_layer)))
        self.ln_f = nn.LayerNorm(C, eps=1e-5, bias=config.bias)
        self.p = config.dropout
        self.register_buffer("position_ids", torch.arange(config.block_size)[None])

    def forward(self, idx: Tensor) -> Tensor:
        if idx.shape[-1] > self.position_ids.shape[-1]:
            raise IndexError("the text is too long")
        at = self.position_ids[:, : idx.shape[-1]].expand_as(idx)
        stream = F.dropout(self.wte(idx) + self.wpe(at), self.p, self.training)
        out: Tensor = self.ln_f(self.h(stream))
        return out


class _HeadFirst(nn.Module):
    """The head is registered first, the body is a module, and the loss is by hand."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.transformer = _Body(config)
        self.config = config
        tie_weights(self)

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> list[Any]:
        logits = self.lm_head(self.transformer(idx))
        if targets is None:
            return [logits, None]
        counts = targets != -100
        right = logits.log_softmax(-1).gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
        return [logits, -(right * counts).sum() / counts.sum()]


class _Functional(nn.Module):
    """Tables used as matrices, slices of the position table, the head by the token table."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = copy.copy(config)
        V, N, C = config.vocab_size, config.block_size, config.n_embd
        self.transformer = nn.Module()
        self.transformer.wte = nn.Embedding(V, C)
        self.transformer.wpe = nn.Embedding(N, C)
        self.transformer.h = nn.ModuleDict({str(i): Block(config) for i in range(config.n_layer)})
        self.transformer.ln_f = LayerNorm(C, 1e-5, config.bias)
        self.lm_head = nn.Linear(C, V, False)
        self.lm_head.weight = self.transformer.wte.weight
        self.drop = nn.Dropout(config.dropout, inplace=True)

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> Pair:
        body: Any = self.transformer
        table, T = body.wte.weight, idx.shape[1]
        if len(body.wpe.weight) < T:
            raise ValueError(T)
        x = self.drop(torch.stack([table[row] for row in idx]) + body.wpe.weight[:T])
        for i in range(self.config.n_layer):
            x = body.h[str(i)](x)
        logits = torch.einsum("btc,vc->btv", body.ln_f(x), table)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.transpose(1, 2), targets)


class _TextAfterText(nn.Module):
    """One text after the other, with the loss in float64 over the targets that count."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config, self.N = config, config.block_size
        self.transformer = parts = nn.ModuleDict()
        for name, rows in (("wpe", config.block_size), ("wte", config.vocab_size)):
            parts[name] = nn.Embedding(rows, config.n_embd)
        parts["ln_f"] = nn.LayerNorm(config.n_embd, bias=config.bias)
        blocks = nn.ModuleList()
        for _ in range(config.n_layer):
            blocks.append(Block(config))
        parts["h"] = blocks
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        tie_weights(self)

    def _read(self, text: Tensor) -> Tensor:
        tables: Any = self.transformer
        x = tables["wte"](text) + tables["wpe"](torch.cumsum(torch.ones_like(text), 0) - 1)
        x = F.dropout(x, self.config.dropout, training=self.training)[None]
        for block in tables["h"]:
            x = block(x)
        out: Tensor = self.lm_head(tables["ln_f"](x))[0]
        return out

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> Pair:
        if idx.shape[1] > self.N:
            raise RuntimeError
        logits = torch.stack([self._read(text) for text in idx])
        if targets is None:
            return logits, None
        known = targets >= 0
        scores, right = logits[known].double(), targets[known]
        losses = scores.logsumexp(-1) - scores[torch.arange(len(right)), right]
        return logits, losses.mean()


VARIANTS = (
    Variant("a dict of parts, an assertion, flat views", _Assertion),
    Variant("the head first, a body with a buffer", _HeadFirst),
    Variant("tables as matrices, the head by einsum", _Functional),
    Variant("one text after the other", _TextAfterText),
)
