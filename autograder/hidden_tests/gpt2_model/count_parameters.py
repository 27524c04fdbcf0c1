"""6.7 count_parameters."""

import math
from typing import Any

import torch
from torch import nn

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.count_parameters_mistakes import MISCONCEPTIONS


def _set_of_objects(model: Any, non_embedding: bool = False) -> int:
    """Walk over all modules, and keep each Parameter once."""
    unique = {p for module in model.modules() for p in module.parameters(recurse=False)}
    if non_embedding:
        unique = unique - {model.transformer.wpe.weight}
    return sum(math.prod(p.shape) for p in unique)


def _by_name(model: Any, non_embedding: bool = False) -> int:
    """Leave the position table out by its name."""
    count = 0
    for name, parameter in model.named_parameters():
        if non_embedding and name == "transformer.wpe.weight":
            continue
        size = 1
        for n in parameter.shape:
            size *= n
        count += size
    return count


def _method_of_the_model(model: Any, non_embedding: bool = False) -> int:
    n_params = sum(p.nelement() for p in model.parameters())
    if non_embedding:
        rows, columns = model.transformer["wpe"].weight.size()
        n_params -= rows * columns
    return int(n_params)


def _one_vector(model: Any, non_embedding: bool = False) -> int:
    """Lay each Parameter out flat; `reshape` of contiguous numbers copies none."""
    flat = [len(p.reshape(-1)) for p in model.parameters()]
    left_out = len(model.transformer.wpe.weight.flatten()) if non_embedding else 0
    return sum(flat) - left_out


def _by_identity(model: Any, non_embedding: bool = False) -> int:
    named = dict(model.named_parameters(remove_duplicate=False))
    if non_embedding:
        named = {k: v for k, v in named.items() if "wpe" not in k}
    return sum({id(p): p.numel() for p in named.values()}.values())


def _by_memory(model: Any, non_embedding: bool = False) -> int:
    """NumPy's sizes, each address once."""
    sizes = {p.data_ptr(): p.detach().numpy().size for p in model.parameters()}
    if non_embedding:
        del sizes[model.transformer.wpe.weight.data_ptr()]
    return sum(sizes.values())


def _with_torch(model: Any, non_embedding: bool = False) -> int:
    counts = torch.tensor([p.numel() for p in model.parameters()])
    total = int(counts.sum())
    if not non_embedding:
        return total
    wpe: nn.Embedding = model.transformer.wpe
    return total - wpe.num_embeddings * wpe.embedding_dim


def _gpt(d: Draw, n_layer: int, **more: Any) -> dict[str, Any]:
    """Return sizes of which no two are equal, so that no two tables are."""
    return {
        "tied": True,
        "frozen": False,
        "bias": True,
        "n_layer": n_layer,
        "n_head": 1,
        "n_embd": d.integer(5, 8),
        "block_size": d.integer(9, 13),
        "vocab_size": d.integer(14, 19),
    } | more


ONCE = "counts every number that is learned, once"
GPT2 = "finds the 124 million of GPT-2 small"
LESS = "leaves out the position table when asked"
OTHER = "counts frozen parameters, heads of their own, and other modules"

EXERCISE = Exercise(
    id="count_parameters",
    chapter="06-gpt2",
    title="Count the parameters",
    reference="gpt2.model.count_parameters",
    probe="gpt_setup.parameters_of_a_gpt",
    minutes=8,
    difficulty=2,
    groups={ONCE: 1, LESS: 1, GPT2: 1, OTHER: 1},
    cases=(
        Case("two blocks", ONCE, lambda d: _gpt(d, 2), "gpt_setup.all_parameters", EXACT),
        Case(
            "one block without biases",
            ONCE,
            lambda d: _gpt(d, 1, bias=False),
            "gpt_setup.all_parameters",
            EXACT,
        ),
        Case("three ways of asking", LESS, lambda d: _gpt(d, 2), tolerance=EXACT),
        Case(
            "GPT-2 small",
            GPT2,
            lambda _: {"non_embedding": False},
            "gpt_setup.parameters_of_gpt2",
            EXACT,
        ),
        Case("frozen", OTHER, lambda d: _gpt(d, 1, frozen=True), tolerance=EXACT),
        Case("not tied", OTHER, lambda d: _gpt(d, 1, tied=False), tolerance=EXACT),
        Case(
            "no GPT at all",
            OTHER,
            lambda d: {"C": d.integer(4, 9), "repeats": d.integer(1, 4)},
            "gpt_setup.parameters_of_another_module",
            EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("a set of the Parameters of all modules", _set_of_objects),
        Variant("by name, sizes multiplied by hand", _by_name),
        Variant("nelement, and rows times columns", _method_of_the_model),
        Variant("laid out flat", _one_vector),
        Variant("by identity", _by_identity),
        Variant("by address, with NumPy", _by_memory),
        Variant("added by torch", _with_torch),
    ),
    hints=(
        "A module can list what it learns. Which of its methods gives a Parameter once, even if "
        "two layers share it?",
        "`p.numel()` says how many numbers a tensor holds. Sum that over `model.parameters()`.",
        "When `non_embedding` is asked for, subtract the `numel()` of "
        "`model.transformer.wpe.weight` from the sum.",
    ),
)
