"""Probes of chapter 6: published weights, and what a model could do with the converted ones.

A file is made from one row of numbers, which are cut into its weights one after the other.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]
Convert = Callable[..., Any]
Sizes = dict[str, int]

SAYS = "what load_state_dict says"
FITS = "it fits"
OUTSIDE = "outside of the blocks"


def converted(
    convert_openai_weights: Convert,
    numbers: Tensor,
    sizes: Sizes,
    prefix: str,
    masks: list[str],
    head: bool,
    by_name: bool = False,
) -> Outputs:
    """Convert one file, and see what a model finds in the result."""
    file = _file(numbers, sizes, prefix, masks, head)
    if by_name:
        file = {name: file[name] for name in sorted(file)}
    return _seen(convert_openai_weights(file, _config(sizes)), sizes)


def named(convert_openai_weights: Convert, **file: Any) -> Outputs:
    """Convert one file, and look at names and shapes alone."""
    outputs = converted(convert_openai_weights, **file)
    return {SAYS: outputs[SAYS]}


def block(convert_openai_weights: Convert, **file: Any) -> Outputs:
    """Convert one file, and look at names, shapes, and the numbers of the last block."""
    outputs = converted(convert_openai_weights, **file)
    outputs.pop(OUTSIDE, None)
    return outputs


def converted_again(
    convert_openai_weights: Convert, numbers: Tensor, sizes: Sizes, others: Sizes
) -> Outputs:
    """Convert a file of one block after one of two, twice, and look at what is left of each."""
    earlier = _file(numbers, others, "", [], False)
    file = _file(numbers, sizes, "", ["attn.bias"], True)
    copies = [{name: tensor.clone() for name, tensor in f.items()} for f in (earlier, file)]
    convert_openai_weights(earlier, _config(others))
    config = _config(sizes)
    came = convert_openai_weights(file, config)
    changed = _changed(earlier, copies[0]) | _changed(file, copies[1])
    if not changed:
        came = convert_openai_weights(config=config, sd_hf=file)
    if config != _config(sizes):
        changed.add("config")
    left = [str(name) for name in came if "h.1." in str(name)] if isinstance(came, Mapping) else []
    return {
        "what the calls changed": _some(changed) or "nothing",
        "left from the file before": _some(left) or "nothing",
        "the second result fits too": _seen(came, sizes)[SAYS] == FITS,
    }


def refused(convert_openai_weights: Convert, numbers: Tensor, sizes: Sizes) -> Outputs:
    """Convert files that lack one weight or its rows, and one file for models of other sizes.

    It counts as refused where the function raises or where the model would not take the result.
    """
    file = _file(numbers, sizes, "transformer.", [], False)
    whole = _seen(convert_openai_weights(dict(file), _config(sizes)), sizes)
    taken = ["the whole file"] if whole[SAYS] == FITS else []
    lacking = [
        name
        for name in file
        if _takes(convert_openai_weights, {n: t for n, t in file.items() if n != name}, sizes)
    ]
    if lacking:
        taken.append(f"the file without {_some(lacking)}")
    narrow = [
        name
        for name, tensor in file.items()
        if _takes(convert_openai_weights, file | {name: tensor[:1].clone()}, sizes)
    ]
    if narrow:
        taken.append(f"the file with one row of {_some(narrow)}")
    for name, step in (("vocab_size", 1), ("block_size", 1), ("n_embd", 2), ("n_layer", 1)):
        for other in (sizes[name] + step, sizes[name] - step):
            # A file with more blocks than the model is nobody's mistake.
            if other <= 0 or (name == "n_layer" and other < sizes[name]):
                continue
            if _takes(convert_openai_weights, dict(file), sizes | {name: other}):
                taken.append(f"{name} {sizes[name]} for {other}")
    return {"files that are taken": ", ".join(taken)}


def _takes(convert: Convert, file: dict[str, Tensor], sizes: Sizes) -> bool:
    try:
        return bool(_seen(convert(file, _config(sizes)), sizes)[SAYS] == FITS)
    except Exception:
        return False


def _seen(came: Any, sizes: Sizes) -> Outputs:
    """Compare names and shapes with those of a model, as `load_state_dict` does; then the weights.

    The numbers are handed back only if everything fits.
    """
    if not isinstance(came, Mapping):
        return {SAYS: f"it is not a dict but a {type(came).__name__}"}
    wanted = _shapes(**sizes)
    tensors = {n: t for n, t in came.items() if n in wanted and isinstance(t, Tensor)}
    shapes = {n: tuple(t.shape) for n, t in tensors.items()}
    unfit = [f"{n} {shape} for {wanted[n]}" for n, shape in shapes.items() if shape != wanted[n]]
    problems = {
        "without": _some(n for n in wanted if n not in came),
        "no place for": _some(str(n) for n in came if n not in wanted),
        "no tensor": _some(n for n in came if n in wanted and n not in tensors),
        "of another shape": _some(unfit),
    }
    said = [f"{problem} {names}" for problem, names in problems.items() if names]
    if said:
        return {SAYS: "; ".join(said)}
    block = f"transformer.h.{sizes['n_layer'] - 1}."
    head = tensors.pop("lm_head.weight")
    return {
        SAYS: FITS,
        "the head is the token table": _same(head, tensors["transformer.wte.weight"]),
        OUTSIDE: {n: t for n, t in tensors.items() if ".h." not in n},
        "in the last block": {
            n.removeprefix(block): t for n, t in tensors.items() if n.startswith(block)
        },
    }


def _some(names: Iterable[str]) -> str:
    """Return the first of some names, and how many more there are."""
    found = sorted(names)
    return f"{found[0]} and {len(found) - 1} more" if found[1:] else "".join(found)


def _changed(file: dict[str, Tensor], before: dict[str, Tensor]) -> set[str]:
    other = {n for n, t in before.items() if n in file and not _same(file[n], t)}
    return other | (before.keys() ^ file.keys())


def _same(a: Any, b: Tensor) -> bool:
    return isinstance(a, Tensor) and a.shape == b.shape and torch.equal(a, b)


def _config(sizes: Sizes) -> SimpleNamespace:
    return SimpleNamespace(**sizes, dropout=0.0, bias=True)


@cache
def _shapes(
    n_layer: int, n_head: int, n_embd: int, vocab_size: int, block_size: int
) -> dict[str, tuple[int, ...]]:
    """Return name -> shape of all weights of a GPT, as torch's modules have them."""
    C = n_embd

    def block() -> nn.ModuleDict:
        attn = {"c_attn": nn.Linear(C, 3 * C), "c_proj": nn.Linear(C, C)}
        mlp = {"c_fc": nn.Linear(C, 4 * C), "c_proj": nn.Linear(4 * C, C)}
        inner: dict[str, nn.Module] = {"attn": nn.ModuleDict(attn), "mlp": nn.ModuleDict(mlp)}
        return nn.ModuleDict(inner | {"ln_1": nn.LayerNorm(C), "ln_2": nn.LayerNorm(C)})

    with torch.device("meta"):  # no numbers: only names and shapes are asked for
        stages = {
            "wte": nn.Embedding(vocab_size, C),
            "wpe": nn.Embedding(block_size, C),
            "h": nn.ModuleList(block() for _ in range(n_layer)),
            "ln_f": nn.LayerNorm(C),
        }
        head = nn.Linear(C, vocab_size, bias=False)
    model = nn.ModuleDict({"transformer": nn.ModuleDict(stages), "lm_head": head})
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def _file(
    numbers: Tensor, sizes: Sizes, prefix: str, masks: list[str], head: bool
) -> dict[str, Tensor]:
    """Cut numbers into the weights of a published file, with some of its masks."""
    C, N = sizes["n_embd"], sizes["block_size"]
    shapes: dict[str, tuple[int, ...]] = {"wte.weight": (sizes["vocab_size"], C)}
    shapes["wpe.weight"] = (N, C)
    for layer in range(sizes["n_layer"]):
        for part, shape in {
            "ln_1": (C,),
            "attn.c_attn": (C, 3 * C),
            "attn.c_proj": (C, C),
            "ln_2": (C,),
            "mlp.c_fc": (C, 4 * C),
            "mlp.c_proj": (4 * C, C),
        }.items():
            shapes[f"h.{layer}.{part}.weight"] = shape
            shapes[f"h.{layer}.{part}.bias"] = shape[-1:]
    shapes |= {"ln_f.weight": (C,), "ln_f.bias": (C,)}
    file, start = {}, 0
    for name, shape in shapes.items():
        count = torch.Size(shape).numel()
        file[prefix + name] = numbers[start : start + count].reshape(shape).clone()
        start += count
    for layer in range(sizes["n_layer"]):
        if "attn.bias" in masks:
            mask = torch.ones(N, N).tril().view(1, 1, N, N)
            file[f"{prefix}h.{layer}.attn.bias"] = mask
        if "attn.masked_bias" in masks:
            file[f"{prefix}h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    if head:
        file["lm_head.weight"] = file[f"{prefix}wte.weight"].clone()
    return file
