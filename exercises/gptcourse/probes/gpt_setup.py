"""Probes of chapter 6: how a GPT starts, what sizes it has, and how many numbers it learns."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn

from .setup_model import OwnNorm, Sizes, SmallGPT, fill

Outputs = dict[str, Any]
Change = Callable[..., Any]
ConfigOf = Callable[..., Any]
Count = Callable[..., Any]

# Where the ranges end in which weights are counted, on both sides of 0.
ENDS = (0.003, 0.008, 0.014, 0.023, 0.04, 0.2)
SIZES = ("block_size", "vocab_size", "n_layer", "n_head", "n_embd", "dropout", "bias")


def spread_of_tables(init_weights: Change, **sizes: Any) -> Outputs:
    """Measure the weights that no layer adds to the stream with."""
    model = SmallGPT(Sizes(**sizes))
    init_weights(model)
    names = ("transformer.wte", "transformer.wpe", "attn.c_attn", "mlp.c_fc")
    return _measured(model, names)


def spread_of_projections(init_weights: Change, **sizes: Any) -> Outputs:
    """Measure the weights of the layers that add to the stream, over all blocks."""
    model = SmallGPT(Sizes(**sizes))
    init_weights(model=model)
    return _measured(model, ("attn.c_proj", "mlp.c_proj"))


def what_is_set(init_weights: Change, **sizes: Any) -> Outputs:
    """Look at biases and norms of a model that is new."""
    model = SmallGPT(Sizes(**sizes))
    before = _copied(model)
    init_weights(model)
    biases = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
    return {f"biases of {name}": _words(model, before, name, "bias") for name in biases} | _norms(
        model, before
    )


def trained_before(init_weights: Change, own_norm: bool, shift: float, **sizes: Any) -> Outputs:
    """Look at the norms of a model that has been trained: they are no longer 1 and 0."""
    model = SmallGPT(Sizes(**sizes), norm=OwnNorm if own_norm else nn.LayerNorm)
    fill(model, shift)
    before = _copied(model)
    init_weights(model)
    return _norms(model, before)


def in_place(init_weights: Change, **sizes: Any) -> Outputs:
    """Tell whether a model without biases still has its Parameters, and what is in them."""
    model = SmallGPT(Sizes(**sizes, bias=False))
    old = dict(model.named_parameters(remove_duplicate=False))
    dtypes = {p.dtype for p in old.values()}
    init_weights(model)
    first = _copied(model)
    init_weights(model)
    new = dict(model.named_parameters(remove_duplicate=False))
    drawn = [name for name, p in first.items() if p.dim() == 2]
    blocks = [first.get(f"transformer.h.{i}.mlp.c_fc.weight") for i in (0, 1)]
    kept = {name for name, p in old.items() if new.get(name) is p}
    return {
        "the model has the layers that it had": new.keys() == old.keys(),
        "token table and head are one Parameter": _tied(model),
        "the Parameters of the tables are kept": kept >= _tables(old),
        "the other Parameters are kept": kept >= old.keys() - _tables(old),
        "all are of their old dtype": {p.dtype for p in new.values()} == dtypes,
        "all learn": all(p.requires_grad for p in new.values()),
        "two blocks have the same weights": _equal(*blocks),
        "a second call gives the same weights": all(_equal(first[k], new.get(k)) for k in drawn),
    }


def sizes_of(gpt2_config: ConfigOf, name: str) -> Outputs:
    """Read what differs from model to model."""
    return _attributes(gpt2_config(name), SIZES[2:5])


def what_all_share(gpt2_config: ConfigOf, name: str) -> Outputs:
    """Read what is the same in all four."""
    return _attributes(gpt2_config(name=name), SIZES[:2] + SIZES[5:])


def made_anew(gpt2_config: ConfigOf, name: str) -> Outputs:
    """Ask twice, and spoil the first answer in between."""
    first = gpt2_config(name)
    if hasattr(first, "n_layer"):
        with suppress(AttributeError):  # one that cannot be changed is safe
            first.n_layer = 1
    return _attributes(gpt2_config(name), ("n_layer",))


def side_by_side(gpt2_config: ConfigOf, name: str, other: str) -> Outputs:
    """Ask for one model and then for another, and read the first."""
    first = gpt2_config(name)
    gpt2_config(other)
    return _attributes(first, ("n_layer",))


def no_such_model(gpt2_config: ConfigOf, name: str) -> Outputs:
    """Ask for a model that does not exist."""
    try:
        came = gpt2_config(name)
    except NotImplementedError:
        raise
    except Exception:
        return {f"{name!r} is refused": True, "layers of what came": None}
    layers = getattr(came, "n_layer", "no such attribute")
    return {f"{name!r} is refused": False, "layers of what came": layers}


def all_parameters(count_parameters: Count, **kind: Any) -> Outputs:
    """Count a small GPT."""
    return {"output": count_parameters(_to_count(**kind))}


def parameters_of_a_gpt(count_parameters: Count, **kind: Any) -> Outputs:
    """Count a small GPT in the three ways of asking."""
    model = _to_count(**kind)
    return {
        "count_parameters(model)": count_parameters(model),
        "count_parameters(model, True)": count_parameters(model, True),
        "count_parameters(model, non_embedding=False)": count_parameters(
            model, non_embedding=False
        ),
    }


def parameters_of_gpt2(count_parameters: Count, non_embedding: bool) -> Outputs:
    """Count GPT-2 small itself. Memory that nobody writes to costs nothing."""
    model = SmallGPT(Sizes(6, 5, 12, 1, 4), mask="bias")
    wide = {4: 768, 5: 50257, 6: 1024, 12: 2304, 16: 3072}
    for name, p in list(model.named_parameters()):
        owner = model.get_submodule(name.rpartition(".")[0])
        large = torch.empty([wide[n] for n in p.shape], dtype=torch.float16)
        owner.register_parameter(name.rpartition(".")[2], nn.Parameter(large))
    model.lm_head.weight = model.get_parameter("transformer.wte.weight")
    return {"output": count_parameters(model=model, non_embedding=non_embedding)}


def parameters_of_another_module(count_parameters: Count, C: int, repeats: int) -> Outputs:
    """Count a module that is no GPT: a Parameter of its own, one layer in two places, a buffer."""
    model = nn.Module()
    model.scale = nn.Parameter(torch.ones(C, 2, 3))
    shared = nn.Linear(C, C + 1)
    model.steps = nn.ModuleList([shared, nn.BatchNorm1d(C), *[shared] * repeats])
    return {"output": count_parameters(model)}


def _to_count(tied: bool, frozen: bool, bias: bool, **sizes: Any) -> SmallGPT:
    """Make a model with a mask, which is no parameter; all but an own head may be frozen."""
    model = SmallGPT(Sizes(**sizes, bias=bias), mask="bias", tied=tied)
    if frozen:
        model.transformer.requires_grad_(False)
    return model


def _attributes(config: Any, names: tuple[str, ...]) -> Outputs:
    missing = f"no such attribute of a {type(config).__name__}"
    return {f"config.{name}": getattr(config, name, missing) for name in names}


def _weights(model: nn.Module, name: str, kind: str = "weight") -> list[Any]:
    """Return the weights of all layers whose name ends so; None where one has none."""
    found = [module for path, module in model.named_modules() if path.endswith(name)]
    return [getattr(module, kind, None) for module in found]


def _measured(model: nn.Module, names: tuple[str, ...]) -> Outputs:
    spreads: Outputs = {}
    counts = []
    ends = torch.tensor([*(-end for end in reversed(ENDS)), 0.0, *ENDS])
    for name in names:
        numbers = torch.cat([w.detach().flatten() for w in _weights(model, name)]).float()
        spreads[f"std of {name}.weight"] = float(numbers.std())
        counts.append(torch.bincount(torch.bucketize(numbers, ends), minlength=len(ends) + 1))
    return spreads | {"weights in each range": torch.stack(counts).int()}


def _norms(model: nn.Module, before: dict[str, Tensor]) -> Outputs:
    return {
        f"{kind} of {name}": _words(model, before, name, kind)
        for kind in ("weight", "bias")
        for name in ("ln_1", "ln_2", "ln_f")
    }


def _words(model: nn.Module, before: dict[str, Tensor], name: str, kind: str) -> str:
    """Say in a word what numbers the layers have that are called so."""
    said = set()
    for path, p in model.named_parameters():
        if path.endswith(f"{name}.{kind}"):
            said.add(
                "zeros"
                if not p.any()
                else "ones"
                if bool((p == 1).all())
                else "as they were"
                if _equal(p, before.get(path))
                else "other numbers"
            )
    return " or ".join(sorted(said)) or "there are none"


def _copied(model: nn.Module) -> dict[str, Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def _equal(a: Any, b: Any) -> bool:
    return isinstance(a, Tensor) and isinstance(b, Tensor) and torch.equal(a, b)


def _tables(parameters: dict[str, Any]) -> set[str]:
    return {name for name in parameters if name.split(".")[-2] in ("wte", "wpe", "lm_head")}


def _tied(model: Any) -> bool:
    return bool(model.lm_head.weight is model.get_parameter("transformer.wte.weight"))
