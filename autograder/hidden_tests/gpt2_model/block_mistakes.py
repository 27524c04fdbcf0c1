"""Wrong answers to 6.4 Block, the commonest first."""

from autograder.exercise import Misconception

FIRST = "x = x + self.attn(self.ln_1(x))"
SECOND = "out: Tensor = x + self.mlp(self.ln_2(x))"
LN_1 = "self.ln_1 = nn.LayerNorm(config.n_embd, bias=config.bias)"
LN_2 = "self.ln_2 = nn.LayerNorm(config.n_embd, bias=config.bias)"


def written(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """Return edits that put other steps in place of the two."""
    return (FIRST, first), (SECOND, f"out: Tensor = {second}")


def normalised_by(call: str) -> tuple[tuple[str, str], ...]:
    """Return edits that exchange the layer which both norms are made of."""
    return (LN_1, f"self.ln_1 = {call}"), (LN_2, f"self.ln_2 = {call}")


MISCONCEPTIONS = (
    Misconception(
        "post-norm",
        "The norm stands behind the sum, not in front of the layer.",
        "The first transformers had it there. What runs through the model is then changed by "
        "every norm on its way.",
        edits=written("x = self.ln_1(x + self.attn(x))", "self.ln_2(x + self.mlp(x))"),
    ),
    Misconception(
        "normalised-stream",
        "What a layer gives is added to the normalised vectors, not to those that came in.",
        "A norm of its own for the branch: which x stands in front of the plus sign?",
        edits=written(
            "x = self.ln_1(x)\n        x = x + self.attn(x)\n        x = self.ln_2(x)",
            "x + self.mlp(x)",
        ),
    ),
    Misconception(
        "parallel",
        "Attention and MLP read the same vectors, side by side.",
        "Some later models do so. In GPT-2 the MLP reads what attention has added.",
        edits=written("y = x + self.attn(self.ln_1(x))", "y + self.mlp(self.ln_2(x))"),
    ),
    Misconception(
        "nothing-added",
        "The layers replace the vectors: what came in is not added.",
        "There is no way straight through. Look at the gradient that arrives at the first of "
        "many such blocks.",
        edits=written("x = self.attn(self.ln_1(x))", "self.mlp(self.ln_2(x))"),
    ),
    Misconception(
        "nothing-added-to-attention",
        "What attention gathers replaces the vectors: they are not added.",
        "Count the plus signs of a block.",
        edits=((FIRST, "x = self.attn(self.ln_1(x))"),),
    ),
    Misconception(
        "nothing-added-to-the-mlp",
        "What the MLP makes replaces the vectors: they are not added.",
        "Count the plus signs of a block.",
        edits=((SECOND, "out: Tensor = self.mlp(self.ln_2(x))"),),
    ),
    Misconception(
        "one-sum-around-both",
        "Attention and MLP stand in one branch, with one sum around both.",
        "Count the plus signs of a block. The MLP reads a sum too.",
        edits=written("y = self.attn(self.ln_1(x))", "x + self.mlp(self.ln_2(y))"),
    ),
    Misconception(
        "what-came-in-added-again",
        "The second sum takes the vectors that came into the block, not the first sum.",
        "What attention gathered reaches the MLP, and is then lost from the stream. Which x "
        "stands in front of the second plus sign?",
        edits=written("y = x + self.attn(self.ln_1(x))", "x + self.mlp(self.ln_2(y))"),
    ),
    Misconception(
        "sum-not-read",
        "The MLP reads what attention gathered alone, not the sum.",
        "A position whose heads found nothing then has nothing to work on. What does the second "
        "norm get?",
        edits=written("y = self.attn(self.ln_1(x))", "x + y + self.mlp(self.ln_2(y))"),
    ),
    Misconception(
        "no-norm",
        "The layers read the stream as it is: no norm is used.",
        "The norms are there as attributes, and nothing goes through them.",
        edits=written("x = x + self.attn(x)", "x + self.mlp(x)"),
    ),
    Misconception(
        "attention-without-a-norm",
        "Attention reads the stream as it is, without a norm.",
        "`ln_1` never gets a gradient. Each layer has a norm in front of it.",
        edits=((FIRST, "x = x + self.attn(x)"),),
    ),
    Misconception(
        "mlp-without-a-norm",
        "The MLP reads the stream as it is, without a norm.",
        "`ln_2` never gets a gradient. Each layer has a norm in front of it.",
        edits=((SECOND, "out: Tensor = x + self.mlp(x)"),),
    ),
    Misconception(
        "norms-exchanged",
        "The two norms are exchanged: `ln_2` stands in front of attention.",
        "A model that is trained from scratch would not notice. GPT-2's weights have names.",
        edits=written("x = x + self.attn(self.ln_2(x))", "x + self.mlp(self.ln_1(x))"),
    ),
    Misconception(
        "first-norm-used-twice",
        "`ln_1` stands in front of both layers.",
        "`ln_2` never gets a gradient.",
        edits=((SECOND, "out: Tensor = x + self.mlp(self.ln_1(x))"),),
    ),
    Misconception(
        "second-norm-used-twice",
        "`ln_2` stands in front of both layers.",
        "`ln_1` never gets a gradient.",
        edits=((FIRST, "x = x + self.attn(self.ln_2(x))"),),
    ),
    Misconception(
        "parallel-behind-one-norm",
        "Attention and MLP read the same normalised vectors.",
        "Some later models do so. In GPT-2 each has a norm of its own, and the MLP reads what "
        "attention has added.",
        edits=written("h = self.ln_1(x)", "x + self.attn(h) + self.mlp(h)"),
    ),
    Misconception(
        "mlp-first",
        "The MLP comes before attention.",
        "It would be as good a model, but not GPT-2.",
        edits=written("x = x + self.mlp(self.ln_2(x))", "x + self.attn(self.ln_1(x))"),
    ),
    Misconception(
        "norm-behind-the-layer",
        "The norm stands behind the layer, before the sum.",
        "The layer reads vectors of any size, and what it adds has always the same. Read the "
        "formula from the inside.",
        edits=written("x = x + self.ln_1(self.attn(x))", "x + self.ln_2(self.mlp(x))"),
    ),
    Misconception(
        "changed-in-place",
        "The vectors that came in are changed in place.",
        "`x += ...` writes into the caller's tensor, and another who holds it sees it change.",
        edits=written(
            "x += self.attn(self.ln_1(x))\n        x += self.mlp(self.ln_2(x))",
            "x",
        ),
    ),
)
