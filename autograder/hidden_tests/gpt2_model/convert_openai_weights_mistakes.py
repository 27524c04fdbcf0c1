"""Wrong answers to 6.8 convert_openai_weights, the commonest first."""

from typing import Any

from torch import Tensor

from autograder.exercise import Misconception
from gpt2.model import GPT

TURNED = "weight.t() if name.endswith(_TRANSPOSED) else weight"
FOUND = "weight = published[name]  # a KeyError names what is missing"
HEAD = 'converted["lm_head.weight"] = converted["transformer.wte.weight"]'
START = "    converted = {}\n"
BARE = 'name.removeprefix("transformer."): tensor for name, tensor in sd_hf.items()'
KEPT = 'converted[f"transformer.{name}"]'


def _not_strict(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """What fits is loaded, and the rest stays as a new model has it."""
    turned = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
    renamed = {
        f"transformer.{name.removeprefix('transformer.')}": t.t() if name.endswith(turned) else t
        for name, t in sd_hf.items()
        if name != "lm_head.weight"
    }
    model = GPT(config)
    model.load_state_dict(renamed, strict=False)
    return model.state_dict()


def _model_returned(sd_hf: dict[str, Tensor], config: Any) -> Any:
    _not_strict(sd_hf, config)
    return GPT(config)


def _broadcast(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """Each weight is copied into that of a new model, which repeats what is too small."""
    turned = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
    ours = GPT(config).state_dict()
    for name, held in ours.items():
        short = "wte.weight" if name == "lm_head.weight" else name.removeprefix("transformer.")
        t = sd_hf[short] if short in sd_hf else sd_hf[f"transformer.{short}"]
        held.copy_(t.t() if name.endswith(turned) else t)
    return ours


MISCONCEPTIONS = (
    Misconception(
        "not-transposed",
        "No matrix is transposed.",
        "`load_state_dict` complains of the shapes of three of a block's four matrices, and says "
        "nothing of the fourth. What shape has that one?",
        edits=((TURNED, "weight"),),
    ),
    Misconception(
        "square-matrix-left",
        "`attn.c_proj` is not transposed: it is square, and fits as it lies.",
        "Everything loads, and the model talks nonsense. Compare its numbers with those of the "
        "file, not its shape.",
        edits=((TURNED, f"{TURNED[:-12]} and weight.size(0) != weight.size(1) else weight"),),
    ),
    Misconception(
        "everything-transposed",
        "Every matrix is transposed, the two tables too.",
        "A table has one row a token or a position, in the file as in `nn.Embedding`.",
        edits=((TURNED, "weight.t() if weight.dim() == 2 else weight"),),
    ),
    Misconception(
        "masks-kept",
        "`attn.bias` and `attn.masked_bias` come along.",
        "They are masks that old code kept beside the weights. `load_state_dict` names what the "
        "model has no place for.",
        edits=(
            (
                START,
                "    converted = {\n"
                '        f"transformer.{n}": t for n, t in published.items() if n[:2] != "lm"\n'
                "    }\n",
            ),
        ),
    ),
    Misconception(
        "missing-not-noticed",
        "What the file lacks keeps the numbers with which a new model starts.",
        "`strict=False`, or a copy of what happens to be there, loads half a model without a "
        "word. Take one weight out of the file and try.",
        function=_not_strict,
    ),
    Misconception(
        "shapes-not-compared",
        "A weight with too few rows is repeated until it fits.",
        "`copy_` broadcasts: one number fills a whole row without a word. Compare the shapes "
        "before you copy.",
        function=_broadcast,
    ),
    Misconception(
        "no-head",
        "`lm_head.weight` is missing.",
        "The file may leave it out, because it is a weight that the file has under another name. "
        "The model's dict lists it all the same.",
        edits=((HEAD, "pass"),),
    ),
    Misconception(
        "head-from-the-file",
        "`lm_head.weight` is read from the file, which may not have it.",
        "Most published files leave it out. Which weight is it?",
        edits=((HEAD, 'converted["lm_head.weight"] = published["lm_head.weight"]'),),
    ),
    Misconception(
        "head-of-its-own",
        "`lm_head.weight` has numbers of its own and not those of the token table.",
        "They are one and the same weight in GPT-2: when the dict is loaded, what comes last "
        "takes the place of both.",
        edits=(
            (
                HEAD,
                'converted["lm_head.weight"] = (\n'
                '        converted["transformer.wte.weight"].clone().normal_(std=0.02)\n'
                "    )",
            ),
        ),
    ),
    Misconception(
        "names-as-published",
        "The names begin with `wte`, `wpe` or `h`, as the file may have them.",
        "In the model they are inside of `transformer`. Print some names of `GPT(config)`.",
        edits=((KEPT, "converted[name]"),),
    ),
    Misconception(
        "prefix-expected",
        "Every name of the file is expected to begin with `transformer.`.",
        "The contract says that it may or may not. Look at the key in the KeyError.",
        edits=((FOUND, 'weight = sd_hf[f"transformer.{name}"]'),),
    ),
    Misconception(
        "prefix-not-expected",
        "No name of the file is expected to begin with `transformer.`.",
        "The contract says that it may or may not. Look at the key in the KeyError.",
        edits=((BARE, "name: tensor for name, tensor in sd_hf.items()"),),
    ),
    Misconception(
        "prefix-cut-blindly",
        "The first word of each name is cut off, whatever it is.",
        "Of `wte.weight` only `weight` is left. The file may come without `transformer.`.",
        edits=((BARE, 'name.partition(".")[2]: tensor for name, tensor in sd_hf.items()'),),
    ),
    Misconception(
        "bias-of-c-attn-dropped",
        "The bias of `c_attn` is dropped together with the masks.",
        "`h.0.attn.c_attn.bias` ends in `attn.bias` as well. Where does the mask's name differ?",
        edits=(
            (
                f"        {FOUND}",
                f'        if name.endswith("attn.bias"):\n            continue\n        {FOUND}',
            ),
        ),
    ),
    Misconception(
        "only-one-mask-dropped",
        "`attn.bias` is left out and `attn.masked_bias` is not.",
        "There are files that have both. Neither is a weight.",
        edits=(
            (
                START,
                "    converted = {\n"
                '        f"transformer.{n}": t for n, t in published.items() if "masked" in n\n'
                "    }\n",
            ),
        ),
    ),
    Misconception(
        "mlp-not-transposed",
        "The two matrices of attention are transposed, and those of the network are not.",
        "All four of a block are (in, out) in the file. Compare the shapes.",
        edits=(
            (TURNED, 'weight.t() if name.endswith(_TRANSPOSED) and "attn" in name else weight'),
        ),
    ),
    Misconception(
        "c-proj-not-transposed",
        "`c_attn` and `c_fc` are transposed, and the two `c_proj` are not, or they are twice.",
        "All four of a block are (in, out) in the file. Compare the shapes.",
        edits=(
            (TURNED, 'weight.t() if name.endswith(_TRANSPOSED) and "proj" not in name else weight'),
        ),
    ),
    Misconception(
        "reshaped",
        "The matrices get their shape by `view` or `reshape`.",
        "The shape is right and the numbers are dealt out anew, row by row. Follow one column of "
        "the old matrix.",
        edits=((TURNED, TURNED.replace("weight.t()", "weight.reshape(weight.shape[::-1])")),),
    ),
    Misconception(
        "transposed-in-place",
        "The matrices of the file are themselves transposed.",
        "A second model made from the same file gets them the wrong way round. `t_` and an "
        "assignment to `.data` change what others hold too.",
        edits=((TURNED, TURNED.replace("weight.t()", "weight.t_()")),),
    ),
    Misconception(
        "model-returned",
        "A model is returned, not a dict.",
        "The contract asks for what `load_state_dict` takes.",
        function=_model_returned,
    ),
)
