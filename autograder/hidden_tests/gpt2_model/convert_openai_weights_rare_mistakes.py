"""Rarer wrong answers to 6.8 convert_openai_weights."""

from typing import Any

from torch import Tensor

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.convert_openai_weights_mistakes import (
    BARE,
    FOUND,
    HEAD,
    KEPT,
    START,
    TURNED,
)
from gpt2.model import GPT

NAMES = '["wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"]'
BLOCKS = "range(config.n_layer)"


def _by_order(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    """The first weight of the file is taken for the first of the model, and so on."""
    ours = GPT(config).state_dict()
    weights = [
        t.t() if "c_" in name and t.dim() == 2 else t
        for name, t in sd_hf.items()
        if not name.endswith((".attn.bias", ".masked_bias")) and name != "lm_head.weight"
    ]
    converted = dict(zip(list(ours)[:-1], weights, strict=True))
    converted["lm_head.weight"] = converted["transformer.wte.weight"]
    return converted


def _prefix_twice(sd_hf: dict[str, Tensor], config: Any) -> dict[str, Tensor]:
    turned = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
    converted = {}
    for name, t in sd_hf.items():
        if not name.endswith((".attn.bias", ".masked_bias")) and name != "lm_head.weight":
            converted[f"transformer.{name}"] = t.t() if name.endswith(turned) else t
        if name.endswith("wte.weight"):
            converted["lm_head.weight"] = t
    return converted


RARE_MISCONCEPTIONS = (
    Misconception(
        "prefix-twice",
        "`transformer.` is put in front of names that begin with it already.",
        "There are names such as `transformer.transformer.wte.weight`. The file may come with it "
        "or without.",
        function=_prefix_twice,
    ),
    Misconception(
        "all-biases-dropped",
        "Every name that ends in `bias` is dropped, with the masks.",
        "All layers have lost their biases. How do the names of the masks end, as a whole?",
        edits=((FOUND, f'if name.endswith("bias"):\n            continue\n        {FOUND}'),),
    ),
    Misconception(
        "biases-of-attention-dropped",
        "Every bias inside of `attn` is dropped, with the masks.",
        "`c_attn` and `c_proj` have lost theirs. How do the names of the masks end, as a whole?",
        edits=(
            (
                FOUND,
                'if "attn" in name and name.endswith("bias"):\n'
                f"            continue\n        {FOUND}",
            ),
        ),
    ),
    Misconception(
        "prefix-on-the-head",
        "The head is called `transformer.lm_head.weight`.",
        "In the model it stands beside `transformer`, not inside.",
        edits=((HEAD, HEAD.replace('["lm_head', '["transformer.lm_head')),),
    ),
    Misconception(
        "by-order",
        "The weights are matched by their order and not by their names.",
        "Nobody promises an order. Files sort their names, and then `h.10` comes before `h.2`.",
        function=_by_order,
    ),
    Misconception(
        "twelve-blocks",
        "There are 12 blocks, whatever `config.n_layer` says.",
        "Only the smallest of the four models has so many. Look for that number in your code.",
        edits=((BLOCKS, "range(12)"),),
    ),
    Misconception(
        "blocks-from-one",
        "The blocks are counted from 1.",
        "The first one is called `h.0` in the file and in the model.",
        edits=((BLOCKS, "range(1, config.n_layer + 1)"),),
    ),
    Misconception(
        "ten-blocks-at-most",
        "The number of a block is taken for one digit.",
        "`h.10` and `h.11` are missing, and something stands in the place of `h.1`. GPT-2 has 12 "
        "blocks and more.",
        edits=(
            (KEPT, 'converted["transformer." + re.sub(r"^h.(.)[0-9]*", r"h.\\1", name)]'),
            (START, "    import re\n\n" + START),
        ),
    ),
    Misconception(
        "first-block-everywhere",
        "Every block gets the weights of the first.",
        "Look at which block's name you ask the file for inside of the loop.",
        edits=(
            (
                FOUND,
                'rest = name.split(".", 2)\n'
                '        weight = published[f"h.0.{rest[2]}" if rest[0] == "h" else name]',
            ),
        ),
    ),
    Misconception(
        "last-norm-missing",
        "`ln_f`, the norm behind the last block, is missing.",
        "It is in the file and in the model, beside the blocks.",
        edits=((NAMES, '["wte.weight", "wpe.weight"]'),),
    ),
    Misconception(
        "tables-exchanged",
        "The table of tokens and that of positions change places.",
        "`wte` has V rows and `wpe` has N. With V = N nothing complains.",
        edits=(
            (
                FOUND,
                'other = {"wte.weight": "wpe.weight", "wpe.weight": "wte.weight"}\n'
                "        weight = published[other.get(name, name)]",
            ),
        ),
    ),
    Misconception(
        "norms-exchanged",
        "The two norms of a block change places.",
        "They have the same shape, so nothing complains. `ln_1` stands in front of attention.",
        edits=(
            (
                FOUND,
                'one, two = ".ln_1.", ".ln_2."\n'
                "        old = name.replace(one, two) if one in name else name.replace(two, one)\n"
                "        weight = published[old]",
            ),
        ),
    ),
    Misconception(
        "head-transposed",
        "The head is the transpose of the token table.",
        "`nn.Linear` keeps (out, in), and the head goes from C to V: which shape is that?",
        edits=((HEAD, f"{HEAD}.t()"),),
    ),
    Misconception(
        "cut-to-size",
        "Tables that are too long are cut until they fit.",
        "A file for another model is taken without a word. Cutting the position table is an "
        "exercise of its own.",
        edits=(
            (
                FOUND,
                'lengths = {"wte.weight": config.vocab_size, "wpe.weight": config.block_size}\n'
                "        weight = published[name][: lengths.get(name)]",
            ),
        ),
    ),
    Misconception(
        "file-emptied",
        "The weights are taken out of the file's dict.",
        "Nothing is left of it for a second model. Look for `pop` and `del`.",
        edits=((BARE, 'n.removeprefix("transformer."): sd_hf.pop(n) for n in list(sd_hf)'),),
    ),
    Misconception(
        "masks-deleted",
        "The masks are deleted from the file's own dict.",
        "Whoever gave you the file misses them afterwards. Look for `pop` and `del`.",
        edits=(
            (
                START,
                START
                + "    for n in [n for n in sd_hf if n.endswith(('.attn.bias', '.masked_bias'))]:\n"
                "        del sd_hf[n]\n",
            ),
        ),
    ),
    Misconception(
        "head-put-into-the-file",
        "The head is written into the file's own dict.",
        "Whoever gave you the file finds a name more in it. Which dict do you return?",
        edits=((HEAD, f'{HEAD}\n    sd_hf["lm_head.weight"] = converted["lm_head.weight"]'),),
    ),
    Misconception(
        "names-counted",
        "The names of the file are counted, and masks or a head are not expected among them.",
        "Published files hold more names than the model has weights, or fewer. Look at the count "
        "that you assert.",
        edits=((START, f"{START}    assert len(sd_hf) == 12 * config.n_layer + 4\n"),),
    ),
    Misconception(
        "names-of-the-model",
        "The file is asked for the names of the model, all of them.",
        "It may have them without `transformer.`, and it may have no `lm_head.weight`. Look at "
        "the key in the KeyError.",
        edits=(
            (FOUND, 'weight = sd_hf[f"transformer.{name}"]'),
            (HEAD, 'converted["lm_head.weight"] = sd_hf["lm_head.weight"]'),
        ),
    ),
    Misconception(
        "one-dict-for-all-calls",
        "All calls fill one and the same dict.",
        "After a larger model its blocks are still there. A default value is made once, when "
        "`def` runs.",
        edits=(
            (
                "    config: GPTConfig,\n",
                "    config: GPTConfig,\n    converted: dict[str, Tensor] = {},\n",
            ),
            (START, ""),
        ),
    ),
    Misconception(
        "arrays-returned",
        "The values are arrays of NumPy, not tensors.",
        "`load_state_dict` copies tensors only.",
        edits=((KEPT + " = " + TURNED, f"{KEPT} = ({TURNED}).numpy()"),),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "A dict that is filled and not returned is lost.",
        edits=(("    return converted", "    return None"),),
    ),
)
