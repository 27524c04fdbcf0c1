"""Wrong answers to 6.6 init_weights, the commonest first: how wide the draws are."""

from typing import Any

from torch import nn

from autograder.exercise import Misconception

DRAWN = "nn.init.normal_(module.weight, std=0.02 * scale)"
ROOT = "1 / math.sqrt(2 * model.config.n_layer)"
LAST = 'if name.endswith("c_proj")'
SCALE = f"scale = {ROOT} {LAST} else 1.0"
NORM = 'elif getattr(module, "weight", None) is not None:'
KINDS = "isinstance(module, nn.Linear | nn.Embedding)"


def drawn(text: str) -> tuple[tuple[str, str], ...]:
    """Return the edit that draws weights otherwise."""
    return ((DRAWN, text),)


def _nothing(model: Any) -> None:
    """Find no layer to change."""


def _blocks_by_depth(model: Any) -> None:
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(getattr(module, "weight", None), nn.Parameter):
            nn.init.ones_(module.weight)
        if isinstance(getattr(module, "bias", None), nn.Parameter):
            nn.init.zeros_(module.bias)
    for i, block in enumerate(model.transformer.h):
        for layer in (block.attn.c_proj, block.mlp.c_proj):
            nn.init.normal_(layer.weight, std=0.02 / (2 * (i + 1)) ** 0.5)


MISCONCEPTIONS = (
    Misconception(
        "nothing-changed",
        "The model that was given is as it was.",
        "Its weights are those with which torch's layers start. Is the function that sets them "
        "called, and on this model rather than on a copy?",
        function=_nothing,
    ),
    Misconception(
        "no-smaller-share",
        "The layers that add to the residual stream are drawn like all others.",
        "Each block adds to the stream, and its variance grows with the depth. If you look for "
        "`c_proj`, print the names that you compare with.",
        edits=((SCALE, "scale = 1.0"),),
    ),
    Misconception(
        "one-layer-a-block",
        "The share is that of n_layer additions to the stream.",
        "How often does one block add to it?",
        edits=((ROOT, "1 / math.sqrt(model.config.n_layer)"),),
    ),
    Misconception(
        "no-root",
        "The share is divided by the number of additions, not by its root; or twice by the root.",
        "Variances of independent numbers add up, standard deviations do not.",
        edits=((ROOT, "1 / (2 * model.config.n_layer)"),),
    ),
    Misconception(
        "share-alone",
        "The layers that add to the stream are drawn without the factor 0.02.",
        "Compare the standard deviation of a `c_proj` with the one in the contract.",
        edits=drawn('nn.init.normal_(module.weight, std=scale if "c_proj" in name else 0.02)'),
    ),
    Misconception(
        "mean-for-deviation",
        "The standard deviation of the draws is 1.",
        "The second argument of `nn.init.normal_` is the mean, the third the standard deviation. "
        "Print both for a weight.",
        edits=drawn("nn.init.normal_(module.weight, 0.02 * scale)"),
    ),
    Misconception(
        "mean-shifted",
        "The draws have the mean 0.02.",
        "Print the mean of a weight.",
        edits=drawn("nn.init.normal_(module.weight, mean=0.02, std=0.02 * scale)"),
    ),
    Misconception(
        "variance-for-deviation",
        "0.02 is taken for the variance.",
        "Print the standard deviation of a weight.",
        edits=drawn("nn.init.normal_(module.weight, std=0.02**0.5 * scale)"),
    ),
    Misconception(
        "deviation-squared",
        "The standard deviation is 0.02 squared.",
        "Print the standard deviation of a weight.",
        edits=drawn("nn.init.normal_(module.weight, std=(0.02 * scale) ** 2)"),
    ),
    Misconception(
        "ten-times-too-small",
        "The standard deviation is a tenth of what it should be.",
        "Count the zeros behind the point.",
        edits=drawn("nn.init.normal_(module.weight, std=0.002 * scale)"),
    ),
    Misconception(
        "uniform",
        "The weights are drawn evenly between -0.02 and 0.02.",
        "Draw a histogram of one of them. Which distribution does the contract name?",
        edits=drawn("nn.init.uniform_(module.weight, -0.02 * scale, 0.02 * scale)"),
    ),
    Misconception(
        "uniform-of-the-right-spread",
        "The weights are drawn evenly, though with the right standard deviation.",
        "Draw a histogram of one of them. Which distribution does the contract name?",
        edits=drawn(
            "nn.init.uniform_(module.weight, -0.02 * scale * 3**0.5, 0.02 * scale * 3**0.5)"
        ),
    ),
    Misconception(
        "truncated",
        "Draws that are more than two standard deviations out are thrown away.",
        "BERT does so. Nothing of it stands in the contract.",
        edits=drawn(
            "nn.init.trunc_normal_(module.weight, 0.0, 0.02 * scale, -0.04 * scale, 0.04 * scale)"
        ),
    ),
    Misconception(
        "xavier",
        "The spread depends on the size of the layer (Xavier).",
        "The contract names one number for layers of all sizes.",
        edits=drawn("nn.init.xavier_normal_(module.weight, gain=scale)"),
    ),
    Misconception(
        "kaiming",
        "The spread depends on the size of the layer (Kaiming).",
        "The contract names one number for layers of all sizes.",
        edits=drawn("nn.init.kaiming_normal_(module.weight, a=(2 / scale**2 - 1) ** 0.5)"),
    ),
    Misconception(
        "embeddings-left",
        "Embeddings are left as torch starts them, but for the table that the head shares.",
        "Their standard deviation is 1, fifty times that of the rest. Look at the position table.",
        edits=(
            (KINDS, "isinstance(module, nn.Linear)"),
            (NORM, NORM.replace("is not None", "is not None and module.weight.dim() == 1")),
        ),
    ),
    Misconception(
        "linear-layers-left",
        "Linear layers are left as torch starts them, but for the head, which shares a table.",
        "Look at the standard deviation of `c_attn`: it depends on C.",
        edits=(
            (KINDS, "isinstance(module, nn.Embedding)"),
            (NORM, NORM.replace("is not None", "is not None and module.weight.dim() == 1")),
        ),
    ),
    Misconception(
        "blocks-only",
        "Only layers inside the blocks are drawn.",
        "Look at the standard deviation of the two tables.",
        edits=(
            (KINDS, f'{KINDS} and ".h." in name'),
            (NORM, NORM.replace("is not None", "is not None and module.weight.dim() == 1")),
        ),
    ),
    Misconception(
        "positions-at-half",
        "The position table is drawn with standard deviation 0.01.",
        "OpenAI's code did so. What does the contract say of embeddings?",
        edits=drawn(
            'nn.init.normal_(module.weight, std=0.01 if name.endswith("wpe") else 0.02 * scale)'
        ),
    ),
    Misconception(
        "all-linear-layers-share",
        "All linear layers get the smaller share, not only those that add to the stream.",
        "Which layers of a block end in an addition? Their name tells.",
        edits=((LAST, 'if isinstance(module, nn.Linear) and "h." in name'),),
    ),
    Misconception(
        "everything-shares",
        "All weights get the smaller share.",
        "Which layers of a block end in an addition? Their name tells.",
        edits=((SCALE, f"scale = {ROOT}"),),
    ),
    Misconception(
        "attention-only",
        "Of the two layers that add to the stream, only that of attention gets its share.",
        "How often does one block add to the stream, and what are both layers called?",
        edits=((LAST, 'if name.endswith("attn.c_proj")'),),
    ),
    Misconception(
        "mlp-only",
        "Of the two layers that add to the stream, only that of the MLP gets its share.",
        "How often does one block add to the stream, and what are both layers called?",
        edits=((LAST, 'if name.endswith("mlp.c_proj")'),),
    ),
    Misconception(
        "first-layers-share",
        "The layers that widen get the smaller share, not those that add to the stream.",
        "Follow the arrows in the picture of a block. Whose result goes into the sum?",
        edits=((LAST, 'if name.endswith(("c_attn", "c_fc"))'),),
    ),
    Misconception(
        "share-grows",
        "The layers that add to the stream get more instead of less.",
        "With every block the stream would grow faster.",
        edits=((ROOT, "math.sqrt(2 * model.config.n_layer)"),),
    ),
    Misconception(
        "heads-for-layers",
        "The share is worked out from the number of heads.",
        "Heads lie side by side. What stands on each other?",
        edits=((ROOT, "1 / math.sqrt(2 * model.config.n_head)"),),
    ),
    Misconception(
        "twelve-layers",
        "The share is that of 12 blocks, however many there are.",
        "Does the number come from `model.config`?",
        edits=((ROOT, "1 / math.sqrt(24)"),),
    ),
    Misconception(
        "share-of-the-channels",
        "The share is worked out from the number of channels.",
        "What adds to the stream again and again: channels, or blocks?",
        edits=((ROOT, "1 / math.sqrt(2 * model.config.n_embd)"),),
    ),
    Misconception(
        "share-by-depth",
        "The share of a block depends on how deep it stands.",
        "All blocks have the same, that of n_layer blocks. Look at the first of several.",
        function=_blocks_by_depth,
    ),
    Misconception(
        "projections-at-zero",
        "The layers that add to the stream start at 0.",
        "Some models do so. What does the contract say of `c_proj`?",
        edits=drawn(
            "nn.init.normal_(module.weight, std=0.0 if scale < 1 else 0.02)",
        ),
    ),
    Misconception(
        "all-zero",
        "All weights are 0.",
        "All channels then compute the same, and learn the same.",
        edits=drawn("nn.init.zeros_(module.weight)"),
    ),
)
