"""Wrong answers to 6.4 Block that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.block_mistakes import (
    FIRST,
    LN_1,
    LN_2,
    SECOND,
    normalised_by,
    written,
)

RETURNED = "return out"

RARE_MISCONCEPTIONS = (
    Misconception(
        "always-a-bias",
        "The norms have a bias, whatever `config.bias` says.",
        "Count the parameters with `bias=False`.",
        edits=normalised_by("nn.LayerNorm(config.n_embd)"),
    ),
    Misconception(
        "never-a-bias",
        "The norms have no bias, whatever `config.bias` says.",
        "GPT-2's weights have C numbers more for each norm.",
        edits=normalised_by("nn.LayerNorm(config.n_embd, bias=False)"),
    ),
    Misconception(
        "bias-taken-for-eps",
        "`config.bias` is given to the norms by position, where eps is expected.",
        "`nn.LayerNorm` takes `eps` second. True is 1 as a number, and the bias is always there.",
        edits=normalised_by("nn.LayerNorm(config.n_embd, config.bias)"),
    ),
    Misconception(
        "mlp-first-behind-the-first-norm",
        "The MLP comes before attention, and the norms are counted in that order.",
        "It would be as good a model, but not GPT-2.",
        edits=written("x = x + self.mlp(self.ln_1(x))", "x + self.attn(self.ln_2(x))"),
    ),
    Misconception(
        "bias-of-one-norm-forgotten",
        "One of the two norms does not look at `config.bias`.",
        "Count the parameters with `bias=False`.",
        edits=((LN_2, "self.ln_2 = nn.LayerNorm(config.n_embd)"),),
    ),
    Misconception(
        "one-norm-for-both",
        "`ln_1` and `ln_2` are one and the same module.",
        "The two layers then have to share its weights. Count the numbers.",
        edits=((LN_2, "self.ln_2 = self.ln_1"),),
    ),
    Misconception(
        "norms-without-parameters",
        "The norms have no weight and no bias.",
        "GPT-2's weights for them find no place. Look at `elementwise_affine`, or at the norm "
        "that you wrote.",
        edits=normalised_by("nn.LayerNorm(config.n_embd, elementwise_affine=False)"),
    ),
    Misconception(
        "names-of-its-own",
        "The norms have other names than in GPT-2.",
        "The contract lists four attributes. Weights are loaded by these names.",
        edits=(
            (LN_1, LN_1.replace("ln_1", "ln1")),
            (LN_2, LN_2.replace("ln_2", "ln2")),
            (FIRST, FIRST.replace("ln_1", "ln1")),
            (SECOND, SECOND.replace("ln_2", "ln2")),
        ),
    ),
    Misconception(
        "names-of-the-layers",
        "Attention and MLP have other names than in GPT-2.",
        "The contract lists four attributes. Weights are loaded by these names.",
        edits=(
            ("self.attn = C", "self.sa = C"),
            (FIRST, FIRST.replace("self.attn", "self.sa")),
            ("self.mlp = M", "self.ffwd = M"),
            (SECOND, SECOND.replace("self.mlp", "self.ffwd")),
        ),
    ),
    Misconception(
        "norm-over-the-text",
        "A norm runs over all positions together, and has a weight for each.",
        "Its weight has the shape (block_size, C). The mean is to be that of one vector.",
        edits=normalised_by("nn.LayerNorm((config.block_size, config.n_embd), bias=config.bias)"),
    ),
    Misconception(
        "norm-without-a-mean",
        "The norm only divides: the mean is not subtracted.",
        "Later models use such a norm (RMSNorm). GPT-2 has vectors of mean 0 there.",
        edits=(
            (FIRST, FIRST.replace("self.ln_1(x)", "self._rms(self.ln_1, x)")),
            (SECOND, SECOND.replace("self.ln_2(x)", "self._rms(self.ln_2, x)")),
            (
                RETURNED,
                f"{RETURNED}\n\n"
                "    def _rms(self, norm, x):\n"
                "        y = F.rms_norm(x, x.shape[-1:], norm.weight, norm.eps)\n"
                "        return y if norm.bias is None else y + norm.bias",
            ),
        ),
    ),
    Misconception(
        "smaller-eps",
        "The norms have another eps than 1e-5.",
        "Vectors of normal size do not show it. Try very small ones.",
        edits=normalised_by("nn.LayerNorm(config.n_embd, eps=1e-6, bias=config.bias)"),
    ),
    Misconception(
        "no-eps",
        "The norms have next to no eps.",
        "Vectors of normal size do not show it. Try very small ones.",
        edits=normalised_by("nn.LayerNorm(config.n_embd, eps=1e-12, bias=config.bias)"),
    ),
    Misconception(
        "another-norm-at-the-end",
        "A third norm normalises what the block returns.",
        "GPT-2 has one such norm in all, behind the last block, and it is not the block's.",
        edits=(
            (LN_2, f"{LN_2}\n        self.ln_3 = nn.LayerNorm(config.n_embd, bias=config.bias)"),
            (RETURNED, "return self.ln_3(out)"),
        ),
    ),
    Misconception(
        "scaled-sums",
        "Each sum is divided by the root of 2.",
        "That keeps its size, and shrinks what runs straight through by half in each block.",
        edits=written(
            "x = (x + self.attn(self.ln_1(x))) / math.sqrt(2)",
            "(x + self.mlp(self.ln_2(x))) / math.sqrt(2)",
        ),
    ),
    Misconception(
        "multiplied",
        "What a layer gives is multiplied with the vectors, not added.",
        "A layer that returns zeros should change nothing.",
        edits=written("x = x * self.attn(self.ln_1(x))", "x * self.mlp(self.ln_2(x))"),
    ),
    Misconception(
        "mlp-not-used",
        "The block ends with attention: the MLP is not used.",
        "Two thirds of the block's parameters never get a gradient.",
        edits=((SECOND, "out: Tensor = x"),),
    ),
    Misconception(
        "attention-not-used",
        "Nothing goes through attention.",
        "Each position then works by itself, and a token knows nothing of the others.",
        edits=((FIRST, "x = x + 0"),),
    ),
    Misconception(
        "second-sum-normalised",
        "The sum is normalised for the MLP, and the normalised sum is what goes on.",
        "Which x stands in front of the second plus sign?",
        edits=((SECOND, "x = self.ln_2(x)\n        out: Tensor = x + self.mlp(x)"),),
    ),
    Misconception(
        "first-sum-normalised",
        "What attention gathers is added to the normalised vectors.",
        "Which x stands in front of the first plus sign?",
        edits=((FIRST, "x = self.ln_1(x)\n        x = x + self.attn(x)"),),
    ),
    Misconception(
        "layers-dropped-again",
        "There is a dropout of the block's own, on what the layers give.",
        "Both have one at their end already. Dropped twice, more is lost than `config.dropout` "
        "says.",
        edits=(
            (
                "self.mlp = MLP(config)",
                "self.mlp = MLP(config)\n        self.drop = nn.Dropout(config.dropout)",
            ),
            *written(
                "x = x + self.drop(self.attn(self.ln_1(x)))",
                "x + self.drop(self.mlp(self.ln_2(x)))",
            ),
        ),
    ),
    Misconception(
        "stream-dropped",
        "Dropout hits the sum, and with it what runs straight through.",
        "A channel that is dropped there is lost for all blocks that follow.",
        edits=((RETURNED, "return F.dropout(out, self.attn.dropout, self.training)"),),
    ),
    Misconception(
        "dropped-in-evaluation",
        "A dropout of the block's own is active in evaluation too.",
        "`F.dropout` drops unless it is told that the model is not training. The layers have "
        "their dropout already.",
        edits=((SECOND, "out: Tensor = x + F.dropout(self.mlp(self.ln_2(x)), self.attn.dropout)"),),
    ),
    Misconception(
        "dropped-before-the-layers",
        "Dropout hits what the layers read.",
        "They have dropout at their end. Nothing is to be missing when the heads compare.",
        edits=written(
            "p, on = self.attn.dropout, self.training\n"
            "        x = x + self.attn(F.dropout(self.ln_1(x), p, on))",
            "x + self.mlp(F.dropout(self.ln_2(x), p, on))",
        ),
    ),
    Misconception(
        "stream-cut-off",
        "What runs straight through carries no gradient.",
        "`detach` or `.data` cuts the one way on which a gradient comes down undiminished.",
        edits=written(
            "x = x.detach() + self.attn(self.ln_1(x))",
            "x.detach() + self.mlp(self.ln_2(x))",
        ),
    ),
    Misconception(
        "pair-returned",
        "A pair is returned, with something beside the vectors.",
        "The block that comes next expects one tensor, (B, T, C).",
        edits=((RETURNED, "return out, None"),),
    ),
    Misconception(
        "what-was-added-returned",
        "What the layers add is returned, without the vectors that came in.",
        "Nobody else adds them: the sum is the block's own work.",
        edits=written(
            "y = x + self.attn(self.ln_1(x))",
            "y + self.mlp(self.ln_2(y)) - x",
        ),
    ),
)
