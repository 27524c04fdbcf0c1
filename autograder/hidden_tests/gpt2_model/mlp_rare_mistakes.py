"""Wrong answers to 6.2 MLP that are met less often."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Misconception

BEND = 'F.gelu(self.c_fc(x), approximate="tanh")'
RESULT = "self.dropout(self.c_proj(hidden))"
C_FC = "self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)"
C_PROJ = "self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)"
DROPOUT = "nn.Dropout(config.dropout)"


class _Matrix(nn.Module):
    """A linear layer whose matrix is (in, out)."""

    def __init__(self, size_in: int, size_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(size_in, size_out) * 0.02)
        self.bias = nn.Parameter(torch.zeros(size_out))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight + self.bias


class _AsByOpenAI(nn.Module):
    def __init__(self, config: Any) -> None:
        super().__init__()
        self.c_fc = _Matrix(config.n_embd, 4 * config.n_embd)
        self.c_proj = _Matrix(4 * config.n_embd, config.n_embd)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.dropout(self.c_proj(F.gelu(self.c_fc(x), approximate="tanh")))
        return out


RARE = (
    Misconception(
        "dropout-twice",
        "There is a dropout between the layers, and another at the end.",
        "The contract has one.",
        edits=((BEND, f"self.dropout({BEND})"),),
    ),
    Misconception(
        "dropout-before-the-bias",
        "The bias of the second layer is added after the dropout.",
        "In training no channel of the result is 0.",
        edits=(
            (
                RESULT,
                "self.dropout(F.linear(hidden, self.c_proj.weight))\n"
                "        if self.c_proj.bias is not None:\n"
                "            out = out + self.c_proj.bias",
            ),
        ),
    ),
    Misconception(
        "share-that-is-kept",
        "config.dropout is taken for the share that is kept.",
        "`nn.Dropout(p)` drops the share p, and so does the contract.",
        edits=((DROPOUT, "nn.Dropout(1 - config.dropout)"),),
    ),
    Misconception(
        "dropout-written-down",
        "A share of 0.1 is dropped, whatever the config says.",
        "With dropout = 0 two calls in training should agree.",
        edits=((DROPOUT, "nn.Dropout(0.1)"),),
    ),
    Misconception(
        "half-is-dropped",
        "Half of the channels are dropped, whatever the config says.",
        "`nn.Dropout` and `F.dropout` drop half unless they are told a share.",
        edits=((DROPOUT, "nn.Dropout()"),),
    ),
    Misconception(
        "dropout-not-scaled-up",
        "What is left after the dropout is not scaled up.",
        "On average the result is then smaller in training than in evaluation.",
        edits=(
            (
                RESULT,
                "self.c_proj(hidden)\n"
                "        out = out * (torch.rand_like(out) >= self.dropout.p * self.training)",
            ),
        ),
    ),
    Misconception(
        "whole-vectors-dropped",
        "The dropout takes away all channels of a position together.",
        "Each channel is dropped or kept by itself.",
        edits=(
            (RESULT, "self.c_proj(hidden)\n        out = out * self.dropout(out[..., :1] * 0 + 1)"),
        ),
    ),
    Misconception(
        "one-draw-for-the-batch",
        "What is dropped is drawn once, for all texts of the batch.",
        "Which shape does your random mask have?",
        edits=((RESULT, "self.c_proj(hidden)\n        out = out * self.dropout(out[:1] * 0 + 1)"),),
    ),
    Misconception(
        "one-draw-for-a-text",
        "What is dropped is drawn once for a text, and is the same at all its positions.",
        "Which shape does your random mask have?",
        edits=(
            (
                RESULT,
                "self.c_proj(hidden)\n"
                "        mask = torch.ones_like(out[..., :1, :] if out.dim() > 1 else out)\n"
                "        out = out * self.dropout(mask)",
            ),
        ),
    ),
    Misconception(
        "stored-as-by-openai",
        "The matrices have their sizes the other way round, as in OpenAI's files.",
        "The contract asks for `nn.Linear`, whose weight has the shape (out, in).",
        function=_AsByOpenAI,
    ),
    Misconception(
        "one-bias-alone",
        "Of the two layers only the first follows config.bias.",
        "Count the parameters of each layer for bias=False.",
        edits=((C_PROJ, C_PROJ.replace(", bias=config.bias", "")),),
    ),
    Misconception(
        "other-bias-alone",
        "Of the two layers only the second follows config.bias.",
        "Count the parameters of each layer for bias=False.",
        edits=((C_FC, C_FC.replace(", bias=config.bias", "")),),
    ),
    Misconception(
        "second-without-bias",
        "The second layer never has a bias.",
        "GPT-2's weights bring one for each layer.",
        edits=((C_PROJ, C_PROJ.replace("config.bias", "False")),),
    ),
    Misconception(
        "first-without-bias",
        "The first layer never has a bias.",
        "GPT-2's weights bring one for each layer.",
        edits=((C_FC, C_FC.replace("config.bias", "False")),),
    ),
    Misconception(
        "sizes-exchanged",
        "The sizes of the linear layers are exchanged: in for out.",
        "`nn.Linear` takes the size that comes in first, then the size that goes out.",
        edits=(
            (
                C_FC,
                C_FC.replace(
                    "config.n_embd, 4 * config.n_embd", "4 * config.n_embd, config.n_embd"
                ),
            ),
            (
                C_PROJ,
                C_PROJ.replace(
                    "4 * config.n_embd, config.n_embd", "config.n_embd, 4 * config.n_embd"
                ),
            ),
        ),
    ),
    Misconception(
        "norm-of-its-own",
        "There is a layer norm with parameters of its own.",
        "The block has the norms. Compare your list of parameters with the contract.",
        edits=(
            (C_FC, f"self.ln = nn.LayerNorm(config.n_embd)\n        {C_FC}"),
            ("self.c_fc(x)", "self.c_fc(self.ln(x))"),
        ),
    ),
    Misconception(
        "gated",
        "There is a third layer, that gates the hidden channels.",
        "Later models have it. GPT-2 has two layers.",
        edits=(
            (C_FC, f"{C_FC}\n        {C_FC.replace('c_fc', 'c_gate')}"),
            (BEND, f"{BEND} * self.c_gate(x)"),
        ),
    ),
    Misconception(
        "layers-in-a-list",
        "The layers are in an ordinary list, and the module does not know them.",
        "`parameters()` is empty, so nothing would be trained.",
        edits=(
            (C_FC, C_FC.replace("self.c_fc = ", "self.layers = [") + "]"),
            (C_PROJ, C_PROJ.replace("self.c_proj = ", "self.layers += [") + "]"),
            ("self.c_fc(x)", "self.layers[0](x)"),
            ("self.c_proj(hidden)", "self.layers[1](hidden)"),
        ),
    ),
    Misconception(
        "mixes-positions",
        "The layers work along the positions, not along the channels.",
        "Change one vector of x, and look at the results of the other positions.",
        edits=(("self.c_fc(x)", "self.c_fc(x.transpose(-2, -1)).transpose(-2, -1)"),),
    ),
    Misconception(
        "changes-x",
        "x is changed in place.",
        "`x += ...` and functions that end in _ write into the stream that the block still needs. "
        "And does a sum belong here?",
        edits=((RESULT, f"x.add_({RESULT})"),),
    ),
    Misconception(
        "gradient-cut",
        "No gradient reaches the first layer.",
        "`detach`, `.data` or `no_grad` cuts the graph: what stands in front never learns.",
        edits=((BEND, f"{BEND}.detach()"),),
    ),
    Misconception(
        "three-dimensions-only",
        "`forward` takes (B, T, C) and no other number of dimensions.",
        "(..., C) may be a single vector.",
        edits=((BEND, f"{BEND}\n        B, T, C = x.shape"),),
    ),
    Misconception(
        "hidden-returned-too",
        "The result and the hidden channels are returned, as a pair.",
        "The contract asks for one tensor.",
        edits=(("return out", "return out, hidden"),),
    ),
    Misconception(
        "hidden-returned",
        "The hidden channels are returned.",
        "The second layer should narrow them again to C.",
        edits=(("return out", "return hidden"),),
    ),
    Misconception(
        "no-super",
        "`super().__init__()` is missing.",
        "`nn.Module` has to set itself up before it can take in layers.",
        edits=(("        super().__init__()\n", ""),),
    ),
)
