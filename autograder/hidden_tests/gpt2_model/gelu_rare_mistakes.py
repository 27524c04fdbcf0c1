"""Wrong answers to 6.1 gelu that are met less often."""

import math

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Misconception

INNER = "math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)"
RESULT = "0.5 * x * (1 + torch.tanh(inner))"


def _number_by_number(x: Tensor) -> Tensor:
    """Fill a new tensor in a loop over its numbers."""
    out = torch.zeros(x.shape)
    for i, value in enumerate(x.reshape(-1).tolist()):
        inner = math.sqrt(2 / math.pi) * (value + 0.044715 * value**3)
        out.view(-1)[i] = 0.5 * value * (1 + math.tanh(inner))
    return out


def _numpy(x: Tensor) -> Tensor:
    a = x.detach().numpy()
    inner = math.sqrt(2 / math.pi) * (a + 0.044715 * a**3)
    return torch.from_numpy(np.asarray(0.5 * a * (1 + np.tanh(inner))))


def _row_by_row(x: Tensor) -> Tensor:
    c = math.sqrt(2 / math.pi)
    return torch.stack([0.5 * row * (1 + torch.tanh(c * (row + 0.044715 * row**3))) for row in x])


RARE = (
    Misconception(
        "tanh-by-exponentials",
        "tanh is computed from exponentials that overflow.",
        "What is `exp(100)` in float32, and what is inf / inf?",
        edits=(
            (
                RESULT,
                "0.5 * x * (1 + (torch.exp(2 * inner) - 1) / (torch.exp(2 * inner) + 1))",
            ),
        ),
    ),
    Misconception(
        "tanh-by-two-exponentials",
        "tanh is a quotient of sums of exponentials, and these overflow.",
        "What is `exp(100)` in float32, and what is inf / inf?",
        edits=(
            (
                RESULT,
                "0.5 * x * (1 + torch.sinh(inner) / torch.cosh(inner))",
            ),
        ),
    ),
    Misconception(
        "sigmoid-for-tanh",
        "A sigmoid stands where tanh should.",
        "tanh runs from -1 to 1, the sigmoid from 0 to 1. What is `gelu(-10)`?",
        edits=((RESULT, "0.5 * x * (1 + torch.sigmoid(inner))"),),
    ),
    Misconception(
        "erf-for-tanh",
        "erf stands where tanh should.",
        "The inner term, with its cube, was made for tanh.",
        edits=((RESULT, "0.5 * x * (1 + torch.erf(inner))"),),
    ),
    Misconception(
        "erf-of-x",
        "This is the exact one by erf, and x is not divided by the root of 2.",
        "There is no erf in the formula of the contract.",
        edits=((RESULT, "0.5 * x * (1 + torch.erf(x))"),),
    ),
    Misconception(
        "minus-cubic-term",
        "The cubic term is subtracted.",
        "For large x the cube wins, and the curve falls back to 0.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x - 0.044715 * x**3)"),),
    ),
    Misconception(
        "one-zero-less",
        "The constant of the cubic term is ten times too large.",
        "Count the zeros behind the point.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.44715 * x**3)"),),
    ),
    Misconception(
        "one-zero-more",
        "The constant of the cubic term is ten times too small.",
        "Count the zeros behind the point.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.0044715 * x**3)"),),
    ),
    Misconception(
        "digits-exchanged",
        "Two digits of the constant of the cubic term are exchanged.",
        "Read it digit by digit.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.047415 * x**3)"),),
    ),
    Misconception(
        "constant-rounded",
        "The constant of the cubic term is rounded.",
        "It has five digits behind its zero. With fewer, the error is small and shows in float64.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.0447 * x**3)"),),
    ),
    Misconception(
        "factor-rounded-to-0.8",
        "The root of 2 / pi is rounded to 0.8.",
        "Let Python compute it.",
        edits=((INNER, "0.8 * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "factor-rounded-to-0.798",
        "The root of 2 / pi is rounded to three digits.",
        "Let Python compute it.",
        edits=((INNER, "0.798 * (x + 0.044715 * x**3)"),),
    ),
    Misconception(
        "size-cubed",
        "The sign of x is lost in the cube.",
        "The cube of a negative number is negative.",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.044715 * x.abs() ** 3)"),),
    ),
    Misconception(
        "cube-by-logarithm",
        "The cube is computed through a logarithm, and is nan below 0.",
        "Which numbers have a logarithm?",
        edits=((INNER, "math.sqrt(2 / math.pi) * (x + 0.044715 * (3 * x.log()).exp())"),),
    ),
    Misconception(
        "cut-off",
        "Below -3 the result is set to 0, above 3 to x.",
        "At -3.1 the curve is still 0.003 below 0.",
        edits=(
            (
                f"return {RESULT}",
                f"out = {RESULT}\n    return torch.where(x.abs() > 3, x.clamp(min=0), out)",
            ),
        ),
    ),
    Misconception(
        "changes-x",
        "x is changed in place.",
        "`x *= ...` and functions that end in _ write into the caller's tensor.",
        edits=((RESULT, "x.mul_(0.5 * (1 + torch.tanh(inner)))"),),
    ),
    Misconception(
        "gradient-cut",
        "No gradient comes back.",
        "`detach`, `.data`, `no_grad` and NumPy cut the graph: what stands in front of it never "
        "learns.",
        edits=((RESULT, "(0.5 * x * (1 + torch.tanh(inner))).detach()"),),
    ),
    Misconception(
        "numpy-in-between",
        "The numbers go to NumPy and come back.",
        "NumPy knows nothing of gradients and of other devices. Which of its functions does torch "
        "have too?",
        function=_numpy,
    ),
    Misconception(
        "size-1-lost",
        "Dimensions of size 1 are lost.",
        "Compare the shapes of x and of the result. What does `squeeze` do?",
        edits=((RESULT, f"({RESULT}).squeeze()"),),
    ),
    Misconception(
        "gate-detached",
        "The gradient passes the factor x and not tanh.",
        "Part of the graph is cut by `detach`, `.data` or `no_grad`.",
        edits=((RESULT, "0.5 * x * (1 + torch.tanh(inner.detach()))"),),
    ),
    Misconception(
        "always-float32",
        "The result is float32, whatever x is.",
        "Look at the dtype for an x in float64 or bfloat16.",
        edits=((RESULT, "(0.5 * x * (1 + torch.tanh(inner))).float()"),),
    ),
    Misconception(
        "always-float64",
        "The result is float64, whatever x is.",
        "A tensor of float64 with one dimension turns what it meets into float64.",
        edits=((INNER, f"torch.tensor([1.0], dtype=torch.float64, device=x.device) * {INNER}"),),
    ),
    Misconception(
        "constant-on-the-cpu",
        "A constant is a tensor of its own, on the CPU.",
        "Where x is on a GPU, the two cannot be multiplied. A number needs no device.",
        edits=(
            (
                INNER,
                "torch.tensor([math.sqrt(2 / math.pi)]).to(x.dtype) * (x + 0.044715 * x**3)",
            ),
        ),
    ),
    Misconception(
        "number-by-number",
        "The numbers are taken out of the tensor one by one, and put into a new one.",
        "That tensor knows nothing of the dtype, the device and the gradient of x.",
        function=_number_by_number,
    ),
    Misconception(
        "loop-over-rows",
        "A loop goes over the rows of x, and a single number has none.",
        "The shape () is one of (...). Does a formula for tensors need a loop?",
        function=_row_by_row,
    ),
)
