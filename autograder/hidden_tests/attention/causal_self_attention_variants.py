"""Right answers to 5.8 CausalSelfAttention, in other ways."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Variant


class _Classic(nn.Module):
    """Attention by hand, with a float mask in a buffer called bias, cropped to the text."""

    bias: Tensor

    def __init__(self, config: Any) -> None:
        super().__init__()
        assert config.n_embd % config.n_head == 0
        self.c_attn = nn.Linear(config.n_embd, config.n_embd * 3, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.attn_dropout = nn.Dropout(config.dropout)
        self.resid_dropout = nn.Dropout(config.dropout)
        self.n_head, self.n_embd = config.n_head, config.n_embd
        n = config.block_size
        self.register_buffer("bias", torch.tril(torch.ones(n, n)).view(1, 1, n, n))

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
        att = self.attn_dropout(F.softmax(att, dim=-1))
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        out: Tensor = self.resid_dropout(self.c_proj(y))
        return out


class _Permuted(nn.Module):
    """One view for the three parts, an additive mask made on the way, and einsum."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        C, self.heads, self.p = config.n_embd, config.n_head, config.dropout
        self.c_proj = nn.Linear(C, C, config.bias)
        self.c_attn = nn.Linear(C, 3 * C, config.bias)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        q, k, v = self.c_attn(x).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        later = torch.full((T, T), -1e9, dtype=x.dtype, device=x.device).triu(1)
        scores = torch.einsum("bhtd,bhsd->bhts", q, k) / (C / self.heads) ** 0.5 + later
        weights = F.dropout(scores.softmax(dim=3), p=self.p, training=self.training)
        found = torch.einsum("bhts,bhsd->bthd", weights, v).reshape(B, T, C)
        return F.dropout(self.c_proj(found), p=self.p, training=self.training)


class _OneHeadAfterTheOther(nn.Module):
    """Each head takes its rows of the two matrices, and adds its part of the result."""

    seen: Tensor

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.drop = nn.Dropout(config.dropout)
        n = config.block_size
        self.register_buffer("seen", torch.ones(n, n).tril().bool(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        C, T = self.config.n_embd, x.shape[1]
        hs = C // self.config.n_head
        qkv = self.c_attn(x)
        result: Any = 0.0 if self.c_proj.bias is None else self.c_proj.bias
        for start in range(0, C, hs):
            q, k, v = (qkv[..., i + start : i + start + hs] for i in (0, C, 2 * C))
            scores = torch.bmm(q, k.mT) / hs**0.5
            scores = torch.where(self.seen[:T, :T], scores, -torch.inf)
            found = self.drop(torch.softmax(scores, 2)) @ v
            result = result + found @ self.c_proj.weight[:, start : start + hs].T
        out: Tensor = self.drop(result)
        return out


class _MaskForTheKernel(nn.Module):
    """The kernel with a mask of its own, and heads as a second batch dimension."""

    c_attn: nn.Linear
    c_proj: nn.Linear
    mask: Tensor

    def __init__(self, config: Any) -> None:
        super().__init__()
        for name, width in (("c_attn", 3 * config.n_embd), ("c_proj", config.n_embd)):
            setattr(self, name, nn.Linear(config.n_embd, width, bias=bool(config.bias)))
        self.nh = config.n_head
        self.resid = nn.Dropout(p=config.dropout, inplace=True)
        later = torch.full((config.block_size, config.block_size), -math.inf).triu(1)
        self.register_buffer("mask", later)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        parts = torch.split(self.c_attn(x), [C, C, C], -1)
        q, k, v = (
            torch.stack(part.tensor_split(self.nh, -1), 1).flatten(0, 1) for part in parts
        )  # (B * nh, T, hs)
        mask = self.mask[:T, :T].to(x.dtype)
        p = self.resid.p * self.training
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=p)
        y = torch.cat(y.unflatten(0, (B, self.nh)).unbind(1), -1)
        out: Tensor = self.resid(self.c_proj(y))
        return out


VARIANTS = (
    Variant("by hand, with a float mask called bias", _Classic),
    Variant("one view, an additive mask, einsum", _Permuted),
    Variant("one head after the other", _OneHeadAfterTheOther),
    Variant("a mask for the kernel", _MaskForTheKernel),
)
