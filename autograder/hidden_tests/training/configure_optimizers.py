"""7.3 configure_optimizers."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.configure_optimizers_mistakes import MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-6, 0.0, "float32 rounds 1 - lr * weight_decay by 6e-8; the nearest mistake is off by 1e-3"
)


def _by_name(
    model: nn.Module, weight_decay: float, lr: float, betas: tuple[float, float]
) -> torch.optim.AdamW:
    """Names to parameters, then two lists."""
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    decay = [p for p in named.values() if len(p.shape) > 1]
    rest = [p for p in named.values() if len(p.shape) <= 1]
    groups: list[dict[str, Any]] = [{"params": decay}, {"params": rest, "weight_decay": 0}]
    return torch.optim.AdamW(groups, lr, betas, weight_decay=weight_decay)


def _group_for_each(
    model: nn.Module, weight_decay: float, lr: float, betas: tuple[float, float]
) -> torch.optim.AdamW:
    groups = [
        {
            "params": [p],
            "lr": lr,
            "betas": betas,
            "weight_decay": weight_decay * (p.ndim > 1),
            "name": name,
        }
        for name, p in model.named_parameters()
        if p.requires_grad
    ]
    return torch.optim.AdamW(groups, foreach=True)


def _by_modules(
    model: nn.Module, weight_decay: float, lr: float, betas: tuple[float, float]
) -> torch.optim.AdamW:
    """From module to module, each parameter once, by its id."""
    seen: set[int] = set()

    def trained() -> Iterator[nn.Parameter]:
        for module in model.modules():
            for p in module.parameters(recurse=False):
                if p.requires_grad and id(p) not in seen:
                    seen.add(id(p))
                    yield p

    kinds: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for p in trained():
        kinds[len(p.size()) >= 2].append(p)
    made = torch.optim.AdamW([{"params": kinds[False]}], lr=lr, betas=betas, weight_decay=0.0)
    made.add_param_group({"params": kinds[True], "weight_decay": weight_decay})
    return made


class _Mine(torch.optim.AdamW):
    """A class of one's own is a torch.optim.AdamW too."""


def _own_class(
    model: nn.Module, weight_decay: float, lr: float, betas: tuple[float, float]
) -> torch.optim.AdamW:
    def is_flat(p: nn.Parameter) -> bool:
        return p.shape.numel() == max(p.shape, default=1) and p.dim() < 2

    ps = list(filter(lambda p: p.requires_grad, model.parameters()))
    flat, others = filter(is_flat, ps), (p for p in ps if not is_flat(p))
    both = zip((flat, others), (0.0, weight_decay), strict=True)
    groups = [{"params": list(some), "weight_decay": decay} for some, decay in both]
    return _Mine([group for group in groups if group["params"]], lr=lr, betas=betas)


def _given(d: Draw, model: str) -> dict[str, Any]:
    """Return a model and values, none of which is torch's or the course's own."""
    return {
        "model": model,
        "weight_decay": d.number(0.2, 0.3),
        "lr": d.number(0.02, 0.05),
        "betas": [d.number(0.6, 0.8), d.number(0.85, 0.94)],
    }


def _frozen(d: Draw) -> dict[str, Any]:
    names = ["wpe.weight", d.shuffled(["h.0.ln_1.bias", "h.0.c_fc.bias"])[0]]
    return _given(d, "untied") | {"frozen": names, "by_position": True}


GPT = "lets the matrices of a GPT decay, and nothing else"
SHAPES = "goes by shapes, whatever the names"
HELD = "holds every parameter that is trained, once, with the values given"

EXERCISE = Exercise(
    id="configure_optimizers",
    chapter="07-training",
    title="What decays",
    reference="gpt2.optim.configure_optimizers",
    probe="optimizer_groups.configure_optimizers",
    minutes=15,
    difficulty=2,
    groups={GPT: 1, SHAPES: 1, HELD: 1},
    cases=(
        Case("one table at both ends", GPT, lambda d: _given(d, "tied"), tolerance=TOLERANCE),
        Case("names that mislead", SHAPES, lambda d: _given(d, "odd"), tolerance=TOLERANCE),
        Case("frozen parameters", HELD, _frozen, tolerance=TOLERANCE),
        Case("matrices alone", HELD, lambda d: _given(d, "matrices"), tolerance=TOLERANCE),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("by name, rest as the default", _by_name),
        Variant("a group for each parameter", _group_for_each),
        Variant("from module to module", _by_modules),
        Variant("a class of one's own", _own_class),
        Variant("the rate as a tensor", edits=(("lr=lr,", "lr=torch.tensor(lr),"),)),
    ),
    hints=(
        "What do the weight of a linear layer and that of a layer norm differ in, whatever their "
        "names are? `print([(n, p.shape) for n, p in model.named_parameters()])`.",
        "`p.dim()` says how many dimensions a parameter has, `p.requires_grad` whether it is "
        "trained. An optimizer takes a list of dicts in place of a list of parameters.",
        'Two dicts, each with "params" and "weight_decay": one for those of two dimensions or '
        "more, one with 0.0 for the others. What holds for both, lr and betas, goes to "
        "`torch.optim.AdamW` beside the list.",
    ),
)
