"""Wrong answers to 6.3 LayerNorm, the commonest first."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.layer_norm_rare_mistakes import RARE

MEAN = "x.mean(dim=-1, keepdim=True)"
VAR = "x.var(dim=-1, keepdim=True, correction=0)"
OUT = "(x - mean) * torch.rsqrt(var + self.eps) * self.weight"
RETURN = "return out if self.bias is None else out + self.bias"
WEIGHT = "self.weight = nn.Parameter(torch.ones(n_embd))"
BIAS = "self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None"


def statistics(dim: str, keepdim: str = "True") -> tuple[tuple[str, str], ...]:
    """Return edits that take mean and variance along other dimensions."""
    return (
        (MEAN, f"x.mean(dim={dim}, keepdim={keepdim})"),
        (VAR, f"x.var(dim={dim}, keepdim={keepdim}, correction=0)"),
    )


MISCONCEPTIONS = (
    Misconception(
        "divided-by-c-1",
        "The variance is divided by C - 1.",
        "This is what torch's `var` and `std` do unless told otherwise. With few channels the "
        "numbers come out clearly too small.",
        edits=((", correction=0", ""),),
    ),
    Misconception(
        "over-positions",
        "Mean and variance are taken along the positions, not along the channels.",
        "Which dimension of (B, T, C) do the numbers of one vector lie along? Later tokens have "
        "an influence on earlier ones.",
        edits=statistics("-2"),
    ),
    Misconception(
        "over-dimension-1",
        "Mean and variance are taken along dimension 1, whatever x is.",
        "Which dimension of (B, T, C) is that? And x may have one dimension, or four.",
        edits=statistics("1"),
    ),
    Misconception(
        "over-a-whole-text",
        "Positions and channels of a text are normalised together.",
        "Each vector should have mean 0 and variance 1 by itself. Print the means of the rows.",
        edits=statistics("(1, 2)"),
    ),
    Misconception(
        "over-the-last-two",
        "The last two dimensions, positions and channels, are normalised together.",
        "Each vector should have mean 0 and variance 1 by itself. Print the means of the rows.",
        edits=statistics("(-2, -1)"),
    ),
    Misconception(
        "over-the-batch",
        "Mean and variance are taken along the batch.",
        "A text comes out otherwise when others stand beside it.",
        edits=statistics("0"),
    ),
    Misconception(
        "over-everything",
        "Mean and variance are those of the whole tensor.",
        "Each vector should have mean 0 and variance 1 by itself. Print the means of the rows.",
        edits=((MEAN, "x.mean()"), (VAR, "x.var(correction=0)")),
    ),
    Misconception(
        "dimension-lost",
        "Mean and variance lose their last dimension.",
        "Of shape (B, T) they meet x from the wrong side. Where the sizes happen to be equal, the "
        "mean of one position is subtracted in another.",
        edits=statistics("-1", keepdim="False"),
    ),
    Misconception(
        "mean-stays",
        "The mean is not subtracted.",
        "The average over the channels of each result should be 0 before scale and shift.",
        edits=((OUT, "x * torch.rsqrt(var + self.eps) * self.weight"),),
    ),
    Misconception(
        "root-mean-square",
        "This is RMSNorm: divided by the root of the mean square, without the mean.",
        "Later models use it. Print the average over the channels of a result.",
        edits=(
            (MEAN, "0.0"),
            (VAR, "x.square().mean(dim=-1, keepdim=True)"),
        ),
    ),
    Misconception(
        "no-scale-no-shift",
        "The result is neither scaled nor shifted.",
        "The parameters are there, and `forward` does not use them. At the start it looks right.",
        edits=(
            (OUT, "(x - mean) * torch.rsqrt(var + self.eps)"),
            (RETURN, "return out"),
        ),
    ),
    Misconception(
        "no-scale",
        "The weight is not used.",
        "At the start it looks right, for the weight begins with ones.",
        edits=((OUT, "(x - mean) * torch.rsqrt(var + self.eps)"),),
    ),
    Misconception(
        "no-shift",
        "The bias is not used.",
        "At the start it looks right, for the bias begins with zeros.",
        edits=((RETURN, "return out"),),
    ),
    Misconception(
        "no-parameters",
        "There are no parameters.",
        "With `weight` and `bias` training can take back what the norm does.",
        edits=(
            (WEIGHT, "self.n_embd = n_embd"),
            (f"        {BIAS}\n", ""),
            (" * self.weight", ""),
            (RETURN, "return out"),
        ),
    ),
    Misconception(
        "weight-and-bias-exchanged",
        "The bias scales, and the weight shifts.",
        "Which of the two begins with ones?",
        edits=(
            (OUT, "(x - mean) * torch.rsqrt(var + self.eps)"),
            (
                RETURN,
                "return out * (1 if self.bias is None else self.bias) + self.weight",
            ),
        ),
    ),
    Misconception(
        "shifted-then-scaled",
        "The shift comes before the scale.",
        "The bias is multiplied by the weight. In which order has the formula the two?",
        edits=(
            (OUT, "(x - mean) * torch.rsqrt(var + self.eps)"),
            (
                RETURN,
                "return (out if self.bias is None else out + self.bias) * self.weight",
            ),
        ),
    ),
    Misconception(
        "scaled-first",
        "x is scaled before it is normalised.",
        "Of what are mean and variance taken? The weight should have no influence on them.",
        edits=(
            (MEAN, "(x := x * self.weight).mean(dim=-1, keepdim=True)"),
            (" * self.weight\n", "\n"),
        ),
    ),
    Misconception(
        "eps-outside",
        "eps is added to the root, not under it.",
        "Vectors of size 0.001 come out much larger than by the formula.",
        edits=(("torch.rsqrt(var + self.eps)", "(1 / (var.sqrt() + self.eps))"),),
    ),
    Misconception(
        "no-eps",
        "eps is not added.",
        "What comes out for a vector whose channels are all alike, or very small?",
        edits=(("var + self.eps", "var"),),
    ),
    Misconception(
        "no-root",
        "The variance is not brought under a root.",
        "Print the variance of a result whose x has the size 3.",
        edits=(("torch.rsqrt(var + self.eps)", "(1 / (var + self.eps))"),),
    ),
    Misconception(
        "eps-written-down",
        "The argument eps is not used.",
        "`LayerNorm(4, eps=1.0)` should shrink small vectors.",
        edits=(("var + self.eps", "var + 1e-5"),),
    ),
    Misconception(
        "bias-always",
        "There is a bias even for bias=False.",
        "GPT-2 has one everywhere. Other weights have none, and then the attribute should be None.",
        edits=((" if bias else None", ""),),
    ),
    *RARE,
)
