"""Wrong answers to 6.6 init_weights: biases, norms, and what becomes of the objects."""

from typing import Any

from torch import nn

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.init_weights_mistakes import DRAWN, KINDS, NORM, drawn

ONES = "nn.init.ones_(module.weight)  # a layer norm, whoever wrote it"
BIASED = 'if getattr(module, "bias", None) is not None:'
ZEROS = "nn.init.zeros_(module.bias)"
EACH = "for name, module in model.named_modules():"


def _not_the_last_norm(model: Any) -> None:
    """Go through the blocks, and forget what stands behind them."""
    n = 2 * model.config.n_layer
    for name, p in model.named_parameters():
        if p.dim() == 2:
            nn.init.normal_(p, std=0.02 / n**0.5 if "c_proj" in name else 0.02)
        elif ".h." in name:
            nn.init.constant_(p, float(name.endswith("weight")))


RARE_MISCONCEPTIONS = (
    Misconception(
        "biases-left",
        "The biases of linear layers are left as torch starts them.",
        "They are small random numbers. Print one.",
        edits=((BIASED, f"if not {KINDS} and {BIASED.removeprefix('if ')}"),),
    ),
    Misconception(
        "biases-drawn",
        "Biases are drawn like weights.",
        "Print one. What does the contract say of them?",
        edits=((ZEROS, "nn.init.normal_(module.bias, std=0.02)"),),
    ),
    Misconception(
        "linear-biases-drawn",
        "The biases of linear layers are drawn like weights.",
        "Print one. What does the contract say of them?",
        edits=((ZEROS, f"(nn.init.normal_ if {KINDS} else nn.init.zeros_)(module.bias)"),),
    ),
    Misconception(
        "biases-are-ones",
        "Biases are 1.",
        "Print one. What does the contract say of them?",
        edits=((ZEROS, "nn.init.ones_(module.bias)"),),
    ),
    Misconception(
        "biases-of-projections-left",
        "The biases of the layers that add to the stream are left.",
        "Is a bias set in each branch of your code?",
        edits=((BIASED, f"{BIASED[:-1]} and not name.endswith('c_proj'):"),),
    ),
    Misconception(
        "norms-left",
        "Layer norms are left as they are.",
        "In a new model that is right already. One that has been trained keeps what it learned.",
        edits=((ONES, "continue"),),
    ),
    Misconception(
        "norm-weights-left",
        "The weights of layer norms are left as they are; their biases are set.",
        "In a new model that is right already. One that has been trained keeps what it learned.",
        edits=((ONES, "pass"),),
    ),
    Misconception(
        "norm-biases-left",
        "The biases of layer norms are left as they are; their weights are set.",
        "In a new model that is right already. One that has been trained keeps what it learned.",
        edits=((BIASED, f"if {KINDS} and {BIASED.removeprefix('if ')}"),),
    ),
    Misconception(
        "norms-of-torch-only",
        "Layer norms are known by torch's class, and one of another class is left.",
        "You wrote such a class yourself. What else tells a norm from the other layers?",
        edits=((NORM, "elif isinstance(module, nn.LayerNorm):"),),
    ),
    Misconception(
        "norms-of-torch-only-all-of-them",
        "A layer norm that is not of torch's class is passed over, weight and bias.",
        "You wrote such a class yourself. What else tells a norm from the other layers?",
        edits=(
            (NORM, "elif isinstance(module, nn.LayerNorm):"),
            (
                BIASED,
                f"if not hasattr(module, 'eps') and not {KINDS}:\n            continue\n"
                f"        {BIASED}",
            ),
        ),
    ),
    Misconception(
        "norms-drawn",
        "The weights of layer norms are drawn like all others.",
        "A norm whose weight is near 0 switches its branch off. What does the contract say?",
        edits=((ONES, "nn.init.normal_(module.weight, std=0.02)"),),
    ),
    Misconception(
        "norms-and-biases-drawn",
        "Every Parameter is drawn, biases and layer norms too.",
        "Which of them have one dimension only? Look for them in the contract.",
        edits=(
            (ONES, "nn.init.normal_(module.weight, std=0.02)"),
            (ZEROS, "nn.init.normal_(module.bias, std=0.02)"),
        ),
    ),
    Misconception(
        "norms-at-zero",
        "The weights of layer norms are 0.",
        "Whatever comes in, nothing comes out. What does the contract say?",
        edits=((ONES, "nn.init.zeros_(module.weight)"),),
    ),
    Misconception(
        "last-norm-left",
        "The norm behind the last block is left as it is.",
        "In a new model that is right already. Print the names that your loop comes by.",
        function=_not_the_last_norm,
    ),
    Misconception(
        "bias-always-there",
        "The code takes it for granted that each linear layer has a bias.",
        "`lm_head` has none, and there `bias` is None.",
        edits=((BIASED, f"if {KINDS.replace(' | nn.Embedding', '')}:"),),
    ),
    Misconception(
        "embedding-without-bias",
        "The code asks an embedding for its bias.",
        "It has none, not even one that is None.",
        edits=((BIASED, f"if {KINDS} and module.bias is not None:"),),
    ),
    Misconception(
        "ten-times-too-large",
        "The standard deviation is ten times what it should be.",
        "Count the zeros behind the point.",
        edits=drawn("nn.init.normal_(module.weight, std=0.2 * scale)"),
    ),
    Misconception(
        "added-to-the-old",
        "The draws are added to the weights that are there.",
        "They stay as wide as they were. What is to become of the old numbers?",
        edits=drawn(
            "module.weight.data += torch.randn_like(module.weight) * 0.02 * scale",
        ),
    ),
    Misconception(
        "old-weights-scaled",
        "The weights that are there are multiplied by 0.02.",
        "How wide they come out depends on how wide they were.",
        edits=drawn("module.weight.data *= 0.02 * scale"),
    ),
    Misconception(
        "without-no-grad",
        "A weight is written in place where a gradient is recorded.",
        "torch refuses that. What do the functions of `nn.init` do about it?",
        edits=drawn("module.weight.normal_(std=0.02 * scale)"),
    ),
    Misconception(
        "tensor-assigned",
        "A plain tensor is assigned where a Parameter has to be.",
        "torch refuses it. And a new object would no longer be the one at the other end.",
        edits=drawn("module.weight = torch.randn_like(module.weight).detach() * 0.02 * scale"),
    ),
    Misconception(
        "new-parameters",
        "Each layer gets a new Parameter.",
        "Two layers that shared one no longer do, and an optimizer that was made before keeps "
        "the old ones. Compare with `is`.",
        edits=drawn("module.weight = nn.Parameter(torch.randn_like(module.weight) * 0.02 * scale)"),
    ),
    Misconception(
        "head-of-its-own",
        "The head gets a new Parameter, and is no longer tied.",
        "Compare its weight with that of the token table by `is`.",
        edits=(
            (
                ZEROS,
                f"{ZEROS}\n    model.lm_head.weight = nn.Parameter("
                "torch.randn_like(model.lm_head.weight) * 0.02)",
            ),
        ),
    ),
    Misconception(
        "tied-anew",
        "Head and token table share a Parameter, but a new one.",
        "An optimizer that was made before keeps the old one. Compare with `is`.",
        edits=(
            (
                ZEROS,
                f"{ZEROS}\n    model.lm_head.weight = nn.Parameter("
                "torch.randn_like(model.lm_head.weight) * 0.02)\n"
                "    model.transformer.wte.weight = model.lm_head.weight",
            ),
        ),
    ),
    Misconception(
        "frozen",
        "The weights no longer ask for a gradient.",
        "Nothing will be learned. Look at `requires_grad`.",
        edits=((DRAWN, f"{DRAWN}\n            module.weight.requires_grad_(False)"),),
    ),
    Misconception(
        "float64",
        "The weights come out in double precision.",
        "NumPy's draws are float64, and what is assigned to `.data` stays what it is. Print "
        "`dtype`.",
        edits=drawn("module.weight.data = torch.randn_like(module.weight).double() * 0.02 * scale"),
    ),
    Misconception(
        "seeded-inside",
        "The function sets the seed itself.",
        "Every model then starts alike, whatever seed the caller has chosen.",
        edits=((EACH, f"torch.manual_seed(42)\n    {EACH}"),),
    ),
    Misconception(
        "seeded-for-each-layer",
        "The seed is set again for each layer.",
        "Layers of the same shape get the same weights.",
        edits=((DRAWN, f"torch.manual_seed(42)\n            {DRAWN}"),),
    ),
    Misconception(
        "top-level-only",
        "Only the layers at the top of the model are visited.",
        "`children` does not go down into the blocks. Print what your loop comes by.",
        edits=((EACH, "for name, module in model.named_children():"),),
    ),
)
