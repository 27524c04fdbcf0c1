"""6.8 convert_openai_weights."""

import re
from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.gpt2_model.convert_openai_weights_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.convert_openai_weights_rare_mistakes import (
    RARE_MISCONCEPTIONS,
)
from gpt2.model import GPT

NAMES = "gives every weight the name that the model asks for"
LAYOUT = "turns the right matrices, and gets every number to its place"
REFUSES = "takes no file that lacks a weight or has another size"
KEEPS = "leaves the file as it was"


def _through_the_file(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """What is in the file decides; `load_state_dict` then says what it lacks."""
    turned = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
    result = {}
    for key, value in sd_hf.items():
        if key.endswith((".attn.bias", ".attn.masked_bias")) or key == "lm_head.weight":
            continue
        key = key if key.startswith("transformer.") else f"transformer.{key}"
        result[key] = value.t().contiguous() if key.endswith(turned) else value
    result["lm_head.weight"] = result["transformer.wte.weight"]
    return result


def _copied_into_a_new_model(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """The names come from a new model, whose weights are overwritten one by one."""
    ours = GPT(config).state_dict()
    for name in ours:
        if name == "lm_head.weight":
            continue
        found = sd_hf.get(name)
        theirs = sd_hf[name.removeprefix("transformer.")] if found is None else found
        if any(part in name for part in ("c_attn.w", "c_proj.w", "c_fc.w")):
            assert theirs.shape[::-1] == ours[name].shape
            ours[name].copy_(theirs.t())
        else:
            assert theirs.shape == ours[name].shape
            ours[name].copy_(theirs)
    return ours


def _loaded(sd_hf: dict[str, Tensor], config: Any) -> Any:
    """Filled by `load_state_dict` itself, and read again."""
    model = GPT(config)
    wanted = {}
    for name, tensor in sd_hf.items():
        bare = name.replace("transformer.", "")
        if re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", bare):
            continue
        matrix = re.fullmatch(r"h\.\d+\.\w+\.c_\w+\.weight", bare) is not None
        wanted[bare] = tensor.permute(1, 0) if matrix else tensor
    wanted.pop("lm_head.weight", None)
    model.transformer.load_state_dict(wanted, strict=True)
    return model.state_dict()


def _by_hand(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """Every name is written out; float64, and matrices by einsum."""
    start = "transformer." if "transformer.wte.weight" in sd_hf else ""
    C = config.n_embd
    new: dict[str, Tensor] = {}

    def take(name: str, *shape: int, turn: bool = False) -> None:
        tensor = sd_hf[start + name].double()
        tensor = torch.einsum("io->oi", tensor) if turn else tensor.clone()
        if tensor.shape != shape:
            raise ValueError(name)
        new["transformer." + name] = tensor

    take("wte.weight", config.vocab_size, C)
    take("wpe.weight", config.block_size, C)
    for i in range(config.n_layer):
        for part, inside, out in (("attn", C, 3 * C), ("mlp", C, 4 * C)):
            first = "c_attn" if part == "attn" else "c_fc"
            back = C if part == "attn" else out
            take(f"h.{i}.{part}.{first}.weight", out, inside, turn=True)
            take(f"h.{i}.{part}.{first}.bias", out)
            take(f"h.{i}.{part}.c_proj.weight", C, back, turn=True)
            take(f"h.{i}.{part}.c_proj.bias", C)
            norm = "ln_1" if part == "attn" else "ln_2"
            take(f"h.{i}.{norm}.weight", C)
            take(f"h.{i}.{norm}.bias", C)
    take("ln_f.weight", C)
    take("ln_f.bias", C)
    new["lm_head.weight"] = new["transformer.wte.weight"].clone()
    return new


def _parameters(sd_hf: dict[str, Tensor], config: Any) -> OrderedDict[str, nn.Parameter]:
    """Through numpy, into an ordered dict of parameters."""
    found = OrderedDict()
    for name in sorted(sd_hf):
        words = name.split(".")
        if words[0] == "transformer":
            words = words[1:]
        if words[0] == "lm_head" or words[-2:] == ["attn", "bias"] or "masked_bias" in words:
            continue
        array = sd_hf[name].numpy()
        array = array.T if words[-2].startswith("c_") and words[-1] == "weight" else array
        found[".".join(["transformer", *words])] = nn.Parameter(torch.tensor(array))
    found["lm_head.weight"] = found["transformer.wte.weight"]
    return found


def _count(n_layer: int, C: int, V: int, N: int) -> int:
    return n_layer * (12 * C * C + 13 * C) + (V + N + 2) * C


def _drawn(d: Draw, n_layer: int, n_head: int, C: int, V: int, N: int) -> dict[str, Any]:
    sizes = {"n_layer": n_layer, "n_head": n_head, "n_embd": C, "vocab_size": V, "block_size": N}
    return {"numbers": d.normal(_count(n_layer, C, V, N)), "sizes": sizes}


def _form(prefix: str, masks: tuple[str, ...] = (), head: bool = False) -> dict[str, Any]:
    return {"prefix": prefix, "masks": list(masks), "head": head}


def _again(d: Draw) -> dict[str, Any]:
    """Return a file of one block, and the sizes of another of two."""
    others = {"n_layer": 2, "n_head": 1, "n_embd": 2, "vocab_size": 3, "block_size": 2}
    return _drawn(d, 1, 2, 4, 5, 3) | {"others": others}


PREFIX = "transformer."
EXERCISE = Exercise(
    id="convert_openai_weights",
    chapter="06-gpt2",
    title="OpenAI's weights",
    reference="gpt2.weights.convert_openai_weights",
    probe="weights.converted",
    minutes=25,
    difficulty=3,
    groups={NAMES: 1, LAYOUT: 2, REFUSES: 1, KEEPS: 1},
    cases=(
        Case(
            "twelve blocks, names without a prefix",
            NAMES,
            lambda d: _drawn(d, 12, 1, 1, 5, 3) | _form("", ("attn.bias",)) | {"by_name": True},
            probe="weights.named",
        ),
        Case(
            "names with a prefix, two masks in each block, and a head",
            NAMES,
            lambda d: (
                _drawn(d, 2, 1, 2, 5, 4) | _form(PREFIX, ("attn.bias", "attn.masked_bias"), True)
            ),
            probe="weights.named",
        ),
        Case(
            "two blocks",
            LAYOUT,
            lambda d: _drawn(d, 2, 2, 4, 7, 5) | _form(""),
            probe="weights.block",
        ),
        Case(
            "as many tokens and positions as channels",
            LAYOUT,
            lambda d: _drawn(d, 1, 2, 4, 4, 4) | _form(PREFIX),
        ),
        Case(
            "a weight missing or cut, and models of other sizes",
            REFUSES,
            lambda d: _drawn(d, 1, 1, 2, 5, 4),
            probe="weights.refused",
        ),
        Case("twice, after another file", KEEPS, _again, probe="weights.converted_again"),
    ),
    misconceptions=(*MISCONCEPTIONS, *RARE_MISCONCEPTIONS),
    variants=(
        Variant("through the names of the file", _through_the_file),
        Variant("copied into a new model's dict", _copied_into_a_new_model),
        Variant("loaded into a new model, strictly", _loaded),
        Variant("every name by hand, float64", _by_hand),
        Variant("numpy, and an ordered dict of parameters", _parameters),
    ),
    hints=(
        "Print `name, tuple(tensor.shape)` for the file and for `GPT(config).state_dict()`, one "
        "beside the other. Which names differ, and which shapes?",
        "`nn.Linear` keeps its weight as (out, in). Four matrices of a block are the other way "
        "round in the file, and one of the four does not show it: it is square. So go by the "
        "name, not by the shape.",
        "Take the names from `config.n_layer`, not from the file: then masks do not come along "
        "and a missing weight is a KeyError. Look each up without `transformer.`, keep it with "
        "it, `.t()` for the four, and end with `lm_head.weight`, which is the token table.",
    ),
)
