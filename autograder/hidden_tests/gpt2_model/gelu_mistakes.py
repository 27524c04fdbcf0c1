"""Wrong answers to 6.1 gelu, the commonest first."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.gelu_rare_mistakes import RARE

INNER = "math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)"
RESULT = "0.5 * x * (1 + torch.tanh(inner))"

MISCONCEPTIONS = (
    Misconception(
        "exact",
        "This is the exact one, by erf, and not the approximation by tanh.",
        "The two differ by at most 0.0005, most near -2.7 and 2.7. `F.gelu` computes one of them "
        "unless told otherwise.",
        edits=((RESULT, "torch.nn.functional.gelu(x)"),),
    ),
    Misconception(
        "relu",
        "This is ReLU: everything below 0 becomes 0.",
        "Between -3 and 0 the curve of GPT-2 runs a little below 0, and it has no corner.",
        edits=((RESULT, "x.clamp(min=0)"),),
    ),
    Misconception(
        "squared",
        "In the inner term x is squared, not cubed.",
        "A square is the same for x and -x. Compare `gelu(x) - gelu(-x)` with x.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.044715 * x**2)"),),
    ),
    Misconception(
        "root-below-alone",
        "The factor is 2 over the root of pi: the root does not reach the 2.",
        "The factor should be near 0.8. Print yours.",
        edits=((INNER, "2 / math.sqrt(math.pi) * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "upside-down",
        "The factor is the root of pi over 2: the fraction stands on its head.",
        "The factor should be near 0.8. Print yours.",
        edits=((INNER, "math.sqrt(math.pi / 2) * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "half-pi",
        "The factor is pi / 2.",
        "The factor should be near 0.8. Print yours.",
        edits=((INNER, "math.pi / 2 * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "no-root",
        "The factor is 2 / pi, without the root.",
        "The factor should be near 0.8. Print yours.",
        edits=((INNER, "2 / math.pi * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "root-above-alone",
        "The factor is the root of 2 over pi: the root does not reach pi.",
        "The factor should be near 0.8. Print yours.",
        edits=((INNER, "math.sqrt(2) / math.pi * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "no-half",
        "The half is missing.",
        "Far to the right the curve should be x itself. What is `gelu(10)`?",
        edits=((RESULT, "x * (1 + torch.tanh(inner))"),),
    ),
    Misconception(
        "no-one",
        "The 1 in front of tanh is missing.",
        "Far to the left the curve should come back to 0. What is `gelu(-10)`?",
        edits=((RESULT, "0.5 * x * torch.tanh(inner)"),),
    ),
    Misconception(
        "brackets-outside",
        "tanh is added at the end, and not multiplied by x.",
        "Where do the outer brackets of the formula begin and end?",
        edits=((RESULT, "0.5 * x * 1 + torch.tanh(inner)"),),
    ),
    Misconception(
        "brackets-inside",
        "The factor multiplies x alone, and not the cubic term.",
        "Where do the inner brackets of the formula begin and end?",
        edits=((INNER, "math.sqrt(2 / math.pi) * x + 0.044715 * x**3"),),
    ),
    Misconception(
        "gate-alone",
        "The result is not multiplied by x.",
        "What comes lies between 0 and 1: the share of x that is let through.",
        edits=((RESULT, "0.5 * (1 + torch.tanh(inner))"),),
    ),
    Misconception(
        "no-cubic-term",
        "The cubic term is missing.",
        "The curve is off by up to 0.03, most near -2 and 2.",
        edits=((INNER, "math.sqrt(2 / math.pi) * x"),),
    ),
    Misconception(
        "cubed-with-its-constant",
        "The constant is cubed together with x.",
        "0.044715 cubed is nearly nothing. Where do the brackets of the cubic term stand?",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + (0.044715 * x) ** 3)"),),
    ),
    Misconception(
        "sigmoid-of-1.702x",
        "This is the approximation by a sigmoid, `x * sigmoid(1.702 * x)`.",
        "It is off by up to 0.02. Other models use it, GPT-2 does not.",
        edits=((RESULT, "x * torch.sigmoid(1.702 * x)"),),
    ),
    Misconception(
        "silu",
        "This is SiLU, `x * sigmoid(x)`.",
        "Other models use it. At -4 it is still -0.07, where the curve of GPT-2 is nearly 0.",
        edits=((RESULT, "x * torch.sigmoid(x)"),),
    ),
    Misconception(
        "math-function",
        "tanh comes from the module `math`, which takes one number.",
        "It cannot take a tensor of many. Where do you find one that works element by element?",
        edits=((RESULT, "0.5 * x * (1 + math.tanh(inner))"),),
    ),
    *RARE,
)
