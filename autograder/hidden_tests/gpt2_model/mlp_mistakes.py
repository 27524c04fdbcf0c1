"""Wrong answers to 6.2 MLP, the commonest first."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.mlp_rare_mistakes import RARE

BEND = 'F.gelu(self.c_fc(x), approximate="tanh")'
RESULT = "self.dropout(self.c_proj(hidden))"
C_FC = "self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)"
C_PROJ = "self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)"

MISCONCEPTIONS = (
    Misconception(
        "exact-gelu",
        "The bend is the exact gelu, by erf.",
        "The results are off by about a thousandth. `F.gelu` and `nn.GELU` compute the exact "
        "one unless told otherwise.",
        edits=((BEND, "F.gelu(self.c_fc(x))"),),
    ),
    Misconception(
        "relu",
        "The bend is ReLU.",
        "The transformer of 2017 had it, GPT-2 has another.",
        edits=((BEND, "F.relu(self.c_fc(x))"),),
    ),
    Misconception(
        "no-bend",
        "There is nothing between the two layers.",
        "Two linear layers, one after the other, are one linear layer.",
        edits=((BEND, "self.c_fc(x)"),),
    ),
    Misconception(
        "no-biases",
        "The layers never have a bias.",
        "`config.bias` says whether they have one, and GPT-2's weights bring one.",
        edits=(
            (C_FC, C_FC.replace("config.bias", "False")),
            (C_PROJ, C_PROJ.replace("config.bias", "False")),
        ),
    ),
    Misconception(
        "biases-always",
        "The layers have a bias even where config.bias is False.",
        "`nn.Linear` adds a bias unless told otherwise.",
        edits=(
            (C_FC, C_FC.replace(", bias=config.bias", "")),
            (C_PROJ, C_PROJ.replace(", bias=config.bias", "")),
        ),
    ),
    Misconception(
        "dropout-between",
        "The dropout is between the layers, not at the end.",
        "Hidden channels are dropped, and in training no channel of the result is 0.",
        edits=(
            (BEND, f"self.dropout({BEND})"),
            (RESULT, "self.c_proj(hidden)"),
        ),
    ),
    Misconception(
        "dropout-in-evaluation",
        "The dropout is active in evaluation too.",
        "Two calls with the same x differ after `model.eval()`. `F.dropout` does not know the "
        "mode of the module unless you tell it.",
        edits=((RESULT, "F.dropout(self.c_proj(hidden), self.dropout.p)"),),
    ),
    Misconception(
        "no-dropout",
        "There is no dropout: config.dropout is not used.",
        "In training two calls with the same x should differ.",
        edits=((RESULT, "self.c_proj(hidden)"),),
    ),
    Misconception(
        "bent-at-the-end",
        "The bend comes behind both layers, not between them.",
        "The result is hardly ever negative, so the stream could only grow.",
        edits=(
            (BEND, "self.c_fc(x)"),
            (RESULT, 'self.dropout(F.gelu(self.c_proj(hidden), approximate="tanh"))'),
        ),
    ),
    Misconception(
        "bent-twice",
        "The result of the second layer is bent too.",
        "It is hardly ever negative, so the stream could only grow.",
        edits=((RESULT, 'self.dropout(F.gelu(self.c_proj(hidden), approximate="tanh"))'),),
    ),
    Misconception(
        "x-added",
        "x is added to the result.",
        "The sum has its place in the block. With all weights 0 the result should be 0.",
        edits=((RESULT, f"x + {RESULT}"),),
    ),
    Misconception(
        "normalised-first",
        "x is normalised first.",
        "The norm has its place in the block. A larger x should give a larger result.",
        edits=((BEND, 'F.gelu(self.c_fc(F.layer_norm(x, x.shape[-1:])), approximate="tanh")'),),
    ),
    Misconception(
        "not-widened",
        "The hidden layer is not four times as wide as x.",
        "How many parameters has the example of the contract?",
        edits=(
            (C_FC, C_FC.replace("4 * ", "2 * ")),
            (C_PROJ, C_PROJ.replace("4 * ", "2 * ")),
        ),
    ),
    Misconception(
        "as-wide-as-x",
        "The hidden layer is as wide as x.",
        "How many parameters has the example of the contract?",
        edits=(
            (C_FC, C_FC.replace("4 * ", "")),
            (C_PROJ, C_PROJ.replace("4 * ", "")),
        ),
    ),
    Misconception(
        "sizes-of-gpt2-small",
        "The sizes 768 and 3072 are written down.",
        "They are those of one model. The config says how many channels there are.",
        edits=(
            (C_FC, "self.c_fc = nn.Linear(768, 3072, bias=config.bias)"),
            (C_PROJ, "self.c_proj = nn.Linear(3072, 768, bias=config.bias)"),
        ),
    ),
    Misconception(
        "other-names",
        "The layers have other names than c_fc and c_proj.",
        "GPT-2's weights are loaded by name: look at “Attributes” in the contract.",
        edits=(
            ("self.c_fc = nn", "self.fc1 = nn"),
            ("self.c_proj = nn", "self.fc2 = nn"),
            ("self.c_fc(x)", "self.fc1(x)"),
            ("self.c_proj(hidden)", "self.fc2(hidden)"),
        ),
    ),
    Misconception(
        "silu",
        "The bend is SiLU.",
        "Other models have it. At -4 it is still -0.07.",
        edits=((BEND, "F.silu(self.c_fc(x))"),),
    ),
    Misconception(
        "tanh-alone",
        "The bend is tanh.",
        "It flattens what is large. The tanh of gelu is a part of it.",
        edits=((BEND, "torch.tanh(self.c_fc(x))"),),
    ),
    Misconception(
        "sigmoid-of-1.702x",
        "The bend is the approximation of gelu by a sigmoid.",
        "It is off by up to 0.02. Other models have it, GPT-2 has the one by tanh.",
        edits=(
            (BEND, "self.c_fc(x)"),
            (RESULT, "self.dropout(self.c_proj(hidden * torch.sigmoid(1.702 * hidden)))"),
        ),
    ),
    Misconception(
        "bent-first",
        "The bend comes before the first layer.",
        "How many numbers are bent, C or four times as many?",
        edits=((BEND, 'self.c_fc(F.gelu(x, approximate="tanh"))'),),
    ),
    Misconception(
        "dropout-first",
        "The dropout comes before the first layer.",
        "Channels of x are dropped, and in training no channel of the result is 0.",
        edits=(
            (BEND, 'F.gelu(self.c_fc(self.dropout(x)), approximate="tanh")'),
            (RESULT, "self.c_proj(hidden)"),
        ),
    ),
    *RARE,
)
