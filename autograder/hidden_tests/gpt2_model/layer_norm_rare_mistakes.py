"""Wrong answers to 6.3 LayerNorm that are met less often."""

from autograder.exercise import Misconception

MEAN = "x.mean(dim=-1, keepdim=True)"
VAR = "x.var(dim=-1, keepdim=True, correction=0)"
OUT = "(x - mean) * torch.rsqrt(var + self.eps) * self.weight"
RSQRT = "torch.rsqrt(var + self.eps)"
RETURN = "return out if self.bias is None else out + self.bias"
WEIGHT = "self.weight = nn.Parameter(torch.ones(n_embd))"
BIAS = "self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None"

RARE = (
    Misconception(
        "other-default-of-eps",
        "eps has another default.",
        "The default is part of the signature. For vectors of size 0.001 it decides.",
        edits=(("eps: float = 1e-5", "eps: float = 1e-6"),),
    ),
    Misconception(
        "arguments-exchanged",
        "The second argument is bias, and the third is eps.",
        "Others call `LayerNorm(C, 1e-5, False)`: the order is part of the signature.",
        edits=(
            (
                "eps: float = 1e-5,\n        bias: bool = True",
                "bias: bool = True,\n        eps: float = 1e-5",
            ),
        ),
    ),
    Misconception(
        "size-1-lost",
        "Dimensions of size 1 are lost.",
        "Compare the shapes of x and of the result. What does `squeeze` do?",
        edits=((RETURN, "return (out if self.bias is None else out + self.bias).squeeze()"),),
    ),
    Misconception(
        "weight-begins-with-zeros",
        "The weight begins with zeros.",
        "Then every result is 0 at the start, whatever x is.",
        edits=((WEIGHT, WEIGHT.replace("ones", "zeros")),),
    ),
    Misconception(
        "bias-begins-with-ones",
        "The bias begins with ones.",
        "At the start the norm should shift nothing.",
        edits=((BIAS, BIAS.replace("zeros", "ones")),),
    ),
    Misconception(
        "one-number-for-all",
        "Weight and bias are a single number each.",
        "Each channel has a scale and a shift of its own.",
        edits=((WEIGHT, WEIGHT.replace("n_embd", "1")), (BIAS, BIAS.replace("n_embd", "1"))),
    ),
    Misconception(
        "other-names",
        "The parameters have other names than weight and bias.",
        "GPT-2's weights are loaded by name: look at “Attributes” in the contract.",
        edits=(
            (WEIGHT, "self.gamma = nn.Parameter(torch.ones(n_embd))"),
            (BIAS, "self.beta = nn.Parameter(torch.zeros(n_embd)) if bias else None"),
            (OUT, f"(x - mean) * {RSQRT} * self.gamma"),
            (RETURN, "return out if self.beta is None else out + self.beta"),
        ),
    ),
    Misconception(
        "plain-tensors",
        "Weight and bias are tensors, and not parameters.",
        "`parameters()` is empty, so the optimizer never sees them.",
        edits=(
            (WEIGHT, "self.weight = torch.ones(n_embd)"),
            (BIAS, "self.bias = torch.zeros(n_embd) if bias else None"),
        ),
    ),
    Misconception(
        "zero-for-no-bias",
        "For bias=False the attribute is not None.",
        "Say that there is no bias. A tensor of zeros, or no attribute, says something else.",
        edits=((" if bias else None", " if bias else torch.zeros(n_embd)"),),
    ),
    Misconception(
        "nothing-for-no-bias",
        "For bias=False there is no attribute `bias`.",
        "The contract says which value it has then.",
        edits=(
            (BIAS, "if bias:\n            self.bias = nn.Parameter(torch.zeros(n_embd))"),
            (RETURN, 'return out + self.bias if hasattr(self, "bias") else out'),
        ),
    ),
    Misconception(
        "bias-asked-for-always",
        "`forward` adds the bias without asking whether there is one.",
        "For bias=False the attribute is None, and None cannot be added.",
        edits=((RETURN, "return out + self.bias"),),
    ),
    Misconception(
        "no-weight-without-bias",
        "For bias=False the weight is left out too.",
        "The argument speaks of the bias alone.",
        edits=(
            (WEIGHT, f"{WEIGHT} if bias else None"),
            (OUT, f"(x - mean) * {RSQRT} * (1 if self.weight is None else self.weight)"),
        ),
    ),
    Misconception(
        "root-of-the-deviation",
        "eps is added to the standard deviation, and a root is taken again.",
        "`std` has its root behind it already.",
        edits=((VAR, "x.std(dim=-1, keepdim=True, correction=0)"),),
    ),
    Misconception(
        "sum-of-squares",
        "The squared distances are summed and not divided by C.",
        "The length of a result should be near the root of C, not near 1.",
        edits=((VAR, "(x - mean).square().sum(dim=-1, keepdim=True)"),),
    ),
    Misconception(
        "mean-square-for-variance",
        "The variance is the mean square of x, from which the mean was not subtracted.",
        "The distances are those from the mean.",
        edits=((VAR, "x.square().mean(dim=-1, keepdim=True)"),),
    ),
    Misconception(
        "clamped",
        "eps is a lower limit for the variance, and is not added.",
        "For vectors of size 0.001 the two differ.",
        edits=(("var + self.eps", "var.clamp(min=self.eps)"),),
    ),
    Misconception(
        "changes-x",
        "x is changed in place.",
        "`x -= ...` writes into the stream that the caller still needs.",
        edits=((OUT, f"x.sub_(mean) * {RSQRT} * self.weight"),),
    ),
    Misconception(
        "statistics-cut",
        "No gradient goes through mean and variance.",
        "They are computed from x, and change with it: `detach`, `.data` or `no_grad` hides that.",
        edits=((MEAN, f"{MEAN}.detach()"), (VAR, f"{VAR}.detach()")),
    ),
    Misconception(
        "gradient-cut",
        "No gradient comes back to x.",
        "`detach`, `.data` or `no_grad` cuts the graph: what stands in front never learns.",
        edits=((OUT, f"((x - mean) * {RSQRT}).detach() * self.weight"),),
    ),
    Misconception(
        "running-statistics",
        "Mean and variance of earlier calls have an influence.",
        "That is how a batch norm works. This one keeps nothing between calls.",
        edits=(
            (WEIGHT, f"{WEIGHT}\n        self.running = [torch.zeros(1), torch.ones(1)]"),
            (
                OUT,
                "x\n        if self.training:\n"
                "            self.running = [\n"
                "                (0.9 * self.running[0] + 0.1 * mean.mean()).detach(),\n"
                "                (0.9 * self.running[1] + 0.1 * var.mean()).detach(),\n"
                "            ]\n"
                "        else:\n"
                "            mean, var = self.running\n"
                f"        out = {OUT}",
            ),
        ),
    ),
    Misconception(
        "always-float32",
        "The result is float32, whatever x is.",
        "Look at the dtype for an x in float64.",
        edits=(
            (
                RETURN,
                "out = out if self.bias is None else out + self.bias\n        return out.float()",
            ),
        ),
    ),
    Misconception(
        "three-dimensions-only",
        "`forward` takes (B, T, C) and no other number of dimensions.",
        "(..., C) may be a single vector. Count dimensions from the end.",
        edits=((MEAN, "x.mean(dim=2, keepdim=True)"),),
    ),
    Misconception(
        "no-super",
        "`super().__init__()` is missing.",
        "`nn.Module` has to set itself up before it can take in parameters.",
        edits=(("        super().__init__()\n", ""),),
    ),
)
