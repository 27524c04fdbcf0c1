"""Wrong answers to 7.5 clip_grad_norm, the commonest first."""

from autograder.exercise import Misconception

_GRADS = "[p.grad for p in params if p.grad is not None]"
_NORM = "torch.stack([grad.norm() for grad in grads]).norm().item()"
_EACH = "        for grad in grads:\n"
_SCALE = "grad.mul_(max_norm / norm)"
_NONE = "    if not grads:\n        return 0.0\n"

MISCONCEPTIONS = (
    Misconception(
        "each-by-itself",
        "Each gradient is clipped by its own norm.",
        "The direction of the whole changes: long gradients are shortened, short ones are not. The "
        "norm asked for is that of all gradients together.",
        edits=(
            (
                f"    if norm > max_norm:\n{_EACH}            {_SCALE}",
                "    for grad in grads:\n        if grad.norm() > max_norm:\n"
                "            grad.mul_(max_norm / grad.norm())",
            ),
        ),
    ),
    Misconception(
        "no-root",
        "The sum of the squares is taken for the norm.",
        "The gradients 3 and 4 are 5 long, and not 25.",
        edits=((_NORM, _NORM.replace(".item()", ".square().item()")),),
    ),
    Misconception(
        "sum-of-sizes",
        "The sizes of all numbers are added up.",
        "The gradients 3 and 4 are 5 long, and not 7.",
        edits=((_NORM, "torch.stack([grad.abs().sum() for grad in grads]).sum().item()"),),
    ),
    Misconception(
        "sum-of-norms",
        "The norms of the gradients are added up.",
        "For two parameters with the gradients 3 and 4 that gives 7. Lay them end to end, not one "
        "behind the other.",
        edits=((_NORM, _NORM.replace(".norm().item()", ".sum().item()")),),
    ),
    Misconception(
        "missing-gradient-fails",
        "A parameter without a gradient is not passed over.",
        "The `grad` of a frozen parameter is None. It does not count.",
        edits=((_GRADS, "[p.grad for p in params]"),),
    ),
    Misconception(
        "generator-read-twice",
        "The parameters are read twice.",
        "A generator, such as `model.parameters()`, is empty the second time: the norm is right, "
        "and nothing is shortened.",
        edits=(
            (f"    grads = {_GRADS}\n{_NONE}", ""),
            (
                _NORM,
                "sum(float(p.grad.square().sum()) for p in params if p.grad is not None) ** 0.5",
            ),
            (
                f"{_EACH}            {_SCALE}",
                "        for p in params:\n            if p.grad is not None:\n"
                "                p.grad.mul_(max_norm / norm)",
            ),
        ),
    ),
    Misconception(
        "always-scaled",
        "Gradients that are short enough are made longer.",
        "Near a minimum gradients are short, and every step would be as long as the first. What is "
        "to happen below `max_norm`?",
        edits=(("    if norm > max_norm:\n", "    if norm > 0:\n"),),
    ),
    Misconception(
        "division-by-zero",
        "The factor is computed where the norm is 0, too.",
        "A batch that gives no slope stops the run there.",
        edits=(
            (
                "    if norm > max_norm:\n",
                "    factor = max_norm / norm\n    if norm > max_norm:\n",
            ),
            (_SCALE, "grad.mul_(factor)"),
        ),
    ),
    Misconception(
        "no-gradient-fails",
        "A model in which no parameter has a gradient is not provided for.",
        "A list without a tensor cannot be stacked. The contract says what the norm is then.",
        edits=((_NONE, ""),),
    ),
    Misconception(
        "nothing-returned-without-gradients",
        "Nothing is returned where no parameter has a gradient.",
        "The contract says what the norm is then. The log of a run cannot print None with four "
        "places.",
        edits=(("        return 0.0\n", "        return None\n"),),
    ),
    Misconception(
        "tensor-returned",
        "The norm is returned as a tensor.",
        "The contract asks for a Python float.",
        edits=(("return norm", "return torch.tensor(norm)"),),
    ),
    Misconception(
        "norm-behind-the-clipping",
        "The norm behind the clipping is returned.",
        "That is `max_norm` at most, so a plot of it says nothing of how large gradients were.",
        edits=(("return norm", "return min(norm, max_norm)"),),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "The training loop prints the norm: it is the first sign of a run that goes wrong.",
        edits=(("    return norm", "    norm += 0.0"),),
    ),
    Misconception(
        "new-gradients",
        "Each parameter gets a new gradient tensor.",
        "Who holds the old one, as a parallel run does, sees nothing of the change. The contract "
        "says: in place.",
        edits=(
            (f"    grads = {_GRADS}", f"    params = list(params)\n    grads = {_GRADS}"),
            (
                f"{_EACH}            {_SCALE}",
                "        for p in params:\n            if p.grad is not None:\n"
                "                p.grad = p.grad * (max_norm / norm)",
            ),
        ),
    ),
    Misconception(
        "not-in-place",
        "A shorter gradient is computed, and kept nowhere.",
        "`grad = grad * ...` makes a name lead to another tensor. The parameter keeps the old one.",
        edits=((_SCALE, "grad = grad * (max_norm / norm)"),),
    ),
    Misconception(
        "numbers-clamped",
        "Each number of a gradient is cut off at `max_norm`.",
        "That bends the direction. Multiplying everything by one factor keeps it.",
        edits=((_SCALE, "grad.clamp_(-max_norm, max_norm)"),),
    ),
    Misconception(
        "longest-gradient",
        "The norm is that of the longest gradient.",
        "Two parameters with the gradients 3 and 4 together are 5 long.",
        edits=((_NORM, _NORM.replace(".norm().item()", ".max().item()")),),
    ),
    Misconception(
        "largest-number",
        "The norm is the largest number in any gradient.",
        "Two parameters with the gradients 3 and 4 together are 5 long.",
        edits=((_NORM, "max(grad.abs().max().item() for grad in grads)"),),
    ),
    Misconception(
        "mean-of-squares",
        "The norm is the root of a mean, and not of a sum.",
        "Then it does not depend on how many parameters a model has. Gradients 3 and 4 are 5 long.",
        edits=(
            (_NORM, "torch.cat([grad.flatten() for grad in grads]).square().mean().sqrt().item()"),
        ),
    ),
    Misconception(
        "norm-of-parameters",
        "The parameters are measured and shortened, not their gradients.",
        "A parameter holds its gradient in `grad`.",
        edits=((_GRADS, "[p.data for p in params if p.grad is not None]"),),
    ),
    Misconception(
        "one-over-the-norm",
        "Gradients that are too long are made 1 long.",
        "With max_norm = 1 that is right, and with another one it is not.",
        edits=((_SCALE, "grad.mul_(1 / norm)"),),
    ),
    Misconception(
        "max-norm-fixed",
        "The longest allowed is 1 whatever is given.",
        "A value that is given has no effect.",
        edits=(("if norm > max_norm", "max_norm = 1.0\n    if norm > max_norm"),),
    ),
    Misconception(
        "factor-upside-down",
        "The factor is the norm over `max_norm`.",
        "Long gradients become longer. Is the factor above or below 1?",
        edits=((_SCALE, "grad.mul_(norm / max_norm)"),),
    ),
    Misconception(
        "only-the-first-shortened",
        "Only the first parameter's gradient is shortened.",
        "The others keep their length. How long is the whole behind the call?",
        edits=((_EACH, _EACH.replace("grads", "grads[:1]")),),
    ),
    Misconception(
        "memory-by-rows",
        "A gradient is flattened by `view`.",
        "Some gradients lie in memory by columns, and `view` refuses these. What else flattens?",
        edits=((_NORM, "torch.cat([grad.view(-1) for grad in grads]).norm().item()"),),
    ),
    Misconception(
        "torchs-own",
        "The work is left to torch's own function.",
        "That is what you are building: `torch.nn.utils` has no part in it.",
        edits=(
            (
                f"    grads = {_GRADS}",
                "    return torch.nn.utils.clip_grad_norm_(params, max_norm).item()\n"
                f"    grads = {_GRADS}",
            ),
        ),
    ),
    Misconception(
        "rounded",
        "The norm is rounded.",
        "Small norms come out as 0. Rounding belongs where a number is printed.",
        edits=(("return norm", "return round(norm, 2)"),),
    ),
    Misconception(
        "norm-left-out-of-the-factor",
        "The gradients are multiplied by `max_norm` itself.",
        "With max_norm = 1 nothing changes. How long is the whole behind the call?",
        edits=((_SCALE, "grad.mul_(max_norm)"),),
    ),
    Misconception(
        "nothing-to-lay-end-to-end",
        "The gradients are laid end to end where there is none.",
        "An empty list has no tensor to begin with. The contract says what the norm is then.",
        edits=((_NONE, ""), (_NORM, "torch.cat([grad.flatten() for grad in grads]).norm().item()")),
    ),
    Misconception(
        "missing-gradient-filled-in",
        "A parameter without a gradient gets one of 0.",
        "An optimizer leaves alone what has none. With one of 0 it decays, and still moves.",
        edits=(
            (
                f"    grads = {_GRADS}",
                "    grads = []\n"
                "    for p in params:\n"
                "        p.grad = torch.zeros_like(p) if p.grad is None else p.grad\n"
                "        grads.append(p.grad)",
            ),
        ),
    ),
)
