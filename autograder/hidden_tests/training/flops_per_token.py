"""7.11 flops_per_token, a stretch."""

from typing import Any

import numpy as np
import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.training.flops_per_token_mistakes import MISCONCEPTIONS


def _matrix_by_matrix(config: Any) -> Any:
    """List the shapes of all matrices and multiply them out."""
    C = config.n_embd
    matrices = [(3 * C, C), (C, C), (4 * C, C), (C, 4 * C)] * config.n_layer
    matrices.append((config.vocab_size, C))
    weights = sum(rows * columns for rows, columns in matrices)
    scores = 0
    for _ in range(config.n_layer):
        for _ in range(config.n_head):
            scores += 2 * 2 * (C // config.n_head) * config.block_size
    return 3 * (2 * weights + scores)


def _everything_and_less(config: Any) -> Any:
    """Count all parameters, and take away those that are not multiplied with anything."""
    T, V, L, C = config.block_size, config.vocab_size, config.n_layer, config.n_embd
    biases = 0 if not config.bias else L * (3 * C + C + 4 * C + C + 2 * C) + C
    norms = L * 2 * C + C
    total = V * C + T * C + L * (C * 3 * C + C * C + 2 * 4 * C * C) + biases + norms
    N = total - biases - norms - T * C
    return 6 * N + 12 * L * T * C


def _per_sequence(config: Any) -> Any:
    """Count a whole row forward, three times that for a step, and divide by its tokens."""
    T, C = config.block_size, config.n_embd
    layer = 2 * T * C * (3 * C) + 2 * T * T * C + 2 * T * T * C + 2 * T * C * C
    layer += 2 * T * C * (4 * C) * 2
    forward = layer * config.n_layer + 2 * T * C * config.vocab_size
    return 3 * forward // T


def _on_meta(config: Any) -> Any:
    """Ask torch's own modules for the sizes, without memory for them."""
    C, hs = config.n_embd, config.n_embd // config.n_head
    with torch.device("meta"):
        one = torch.nn.TransformerEncoderLayer(C, config.n_head, 4 * C)
        head = torch.nn.Linear(C, config.vocab_size, bias=False)
    block = sum(p.numel() for p in one.parameters() if p.dim() == 2)
    N = config.n_layer * block + head.weight.numel()
    return 6 * N + 12 * config.n_layer * config.n_head * hs * config.block_size


def _numpy(config: Any) -> Any:
    C = np.int64(config.n_embd)
    per_layer = np.array([12 * C, 2 * config.block_size]).sum() * C * 6
    return per_layer * config.n_layer + 6 * C * config.vocab_size


def _sizes(d: Draw, **more: Any) -> dict[str, Any]:
    """Return sizes of which no two are equal, with several layers and heads."""
    n_head = d.integer(2, 5)
    return {
        "block_size": d.integer(30, 60) * 2,
        "vocab_size": d.integer(200, 400) + 1,
        "n_layer": d.integer(5, 9),
        "n_head": n_head,
        "n_embd": n_head * d.integer(6, 12),
    } | more


FORMULA = "counts the operations of any model"
GPT2 = "counts those of GPT-2"
LEFT_OUT = "leaves out what is not multiplied"

EXERCISE = Exercise(
    id="flops_per_token",
    chapter="07-training",
    title="What a token costs",
    reference="gpt2.measures.flops_per_token",
    probe="training_numbers.flops_per_token",
    minutes=10,
    difficulty=2,
    groups={FORMULA: 1, GPT2: 1, LEFT_OUT: 1},
    cases=(
        Case(
            "three small models",
            FORMULA,
            lambda d: {"sizes": [_sizes(d), _sizes(d), _sizes(d, n_layer=1, n_head=1)]},
            tolerance=EXACT,
        ),
        Case(
            "GPT-2 small, medium and XL",
            GPT2,
            lambda _: {
                "sizes": [
                    {},
                    {"n_layer": 24, "n_head": 16, "n_embd": 1024},
                    {"n_layer": 48, "n_head": 25, "n_embd": 1600},
                ]
            },
            tolerance=EXACT,
        ),
        Case(
            "with and without biases and dropout",
            LEFT_OUT,
            lambda d: {"sizes": [(s := _sizes(d)) | {"bias": False}, s | {"dropout": 0.3}]},
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("matrix by matrix", _matrix_by_matrix),
        Variant("everything, and less", _everything_and_less),
        Variant("a row, divided by its tokens", _per_sequence),
        Variant("torch's modules on meta", _on_meta),
        Variant("numpy", _numpy),
    ),
    hints=(
        "Which matrices does a block have, and what are their shapes in terms of C? Which matrix "
        "comes behind the last block?",
        "The projections to q, k and v have `3 * C * C` weights, the one behind the heads `C * C`, "
        "and the two layers of the MLP `4 * C * C` each. The head has a row for each token.",
        "N is `12 * C * C` for each block, and `vocab_size * C`. The second term of the formula is "
        "not part of N.",
    ),
    stretch=True,
)
