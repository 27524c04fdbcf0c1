"""Wrong answers to Muon, the commonest first; rarer ones are in `muon_rare_mistakes`."""

from autograder.exercise import Misconception

_M = "m.mul_(momentum).add_(p.grad)"
_U = "update = orthogonalize(p.grad.add(m, alpha=momentum))"
_DECAY = 'p.mul_(1 - lr * group["weight_decay"])'
_SCALE = "max(1, p.size(0) / p.size(1)) ** 0.5"
_MOVE = f"p.add_(update, alpha=-lr * {_SCALE})"
_SKIP = "                    continue\n"
_NONE = "                if p.grad is None:\n"
_GROUP = "        for group in self.param_groups:\n"
_VALUES = 'lr, momentum = group["lr"], group["momentum"]'
_ZEROS = 'state["m"] = torch.zeros_like(p)'

MISCONCEPTIONS = (
    Misconception(
        "m-alone",
        "m alone is orthogonalized.",
        "That is plain momentum. Here the step looks one ahead: what is added to `momentum * m`?",
        edits=((_U, "update = orthogonalize(m)"),),
    ),
    Misconception(
        "no-momentum",
        "Only the newest gradient counts in a step.",
        "Then every step follows its own batch. What is left of m when the next step begins?",
        edits=((_U, "update = orthogonalize(p.grad)"),),
    ),
    Misconception(
        "gradient-changed-in-place",
        "`g + momentum * m` is written into the gradient.",
        "`add_` and `lerp_` change the tensor they are called on. Who reads the gradient behind "
        "the step, or adds the next batch to it, gets the sum.",
        edits=((_U, _U.replace("p.grad.add(", "p.grad.add_(")),),
    ),
    Misconception(
        "m-overwritten",
        "`g + momentum * m` is kept as m.",
        "The next step then begins with a gradient that was counted twice. What looks ahead is "
        "for this step alone.",
        edits=((_U, "update = orthogonalize(m.mul_(momentum).add_(p.grad))"),),
    ),
    Misconception(
        "m-is-a-mean",
        "m is a weighted mean, and the gradient is added to it whole.",
        "m is then 1 - momentum times as large, and the new gradient counts for far more than it "
        "should. In the formula g goes into m whole.",
        edits=((_M, "m.mul_(momentum).add_(p.grad, alpha=1 - momentum)"),),
    ),
    Misconception(
        "sum-without-momentum",
        "The gradient is added to m as it is.",
        "Look at the second line of the formula: what stands before m?",
        edits=((_U, "update = orthogonalize(p.grad + m)"),),
    ),
    Misconception(
        "orthogonalized-before-the-momentum",
        "The gradients are orthogonalized before they go into m.",
        "A sum of such matrices is not orthogonal, and its steps become longer. What is the last "
        "thing done to u?",
        edits=(
            (_M, "g = orthogonalize(p.grad)\n                m.mul_(momentum).add_(g)"),
            (_U, "update = g.add(m, alpha=momentum)"),
        ),
    ),
    Misconception(
        "not-orthogonalized",
        "Nothing is orthogonalized.",
        "That is gradient descent with momentum: strong directions take all of the step.",
        edits=((_U, "update = p.grad.add(m, alpha=momentum)"),),
    ),
    Misconception(
        "normed-only",
        "The step is divided by its norm, and not orthogonalized.",
        "Its length is right, and strong directions still take nearly all of it.",
        edits=(
            (
                _U,
                "u = p.grad.add(m, alpha=momentum)\n                update = u / (u.norm() + 1e-7)",
            ),
        ),
    ),
    Misconception(
        "no-scale",
        "The shape of the matrix has no part in the step.",
        "Compare the steps of a tall matrix and of a square one with the formula.",
        edits=((f" * {_SCALE}", ""),),
    ),
    Misconception(
        "scale-upside-down",
        "Columns are divided by rows.",
        "A wide matrix then takes longer steps, and a tall one does not. Which is n?",
        edits=((_SCALE, "max(1, p.size(1) / p.size(0)) ** 0.5"),),
    ),
    Misconception(
        "scale-below-one",
        "The root of n / k is used for wide matrices, too.",
        "They take shorter steps then. What is the smallest the factor may be?",
        edits=((_SCALE, "(p.size(0) / p.size(1)) ** 0.5"),),
    ),
    Misconception(
        "scale-without-root",
        "The factor for tall matrices is used without its root.",
        "For 5 rows and 2 columns the step is 2.5 times as long, and should be 1.58 times.",
        edits=((_SCALE, "max(1, p.size(0) / p.size(1))"),),
    ),
    Misconception(
        "decay-in-the-gradient",
        "The decay is added to the gradient.",
        "Then it is orthogonalized with it, and its size is lost. Decay and step are two things.",
        edits=(
            (f"                {_DECAY}\n", ""),
            (
                _M,
                'g = p.grad + group["weight_decay"] * p\n                m.mul_(momentum).add_(g)',
            ),
            (_U, _U.replace("p.grad", "g")),
        ),
    ),
    Misconception(
        "decay-without-lr",
        "The decay is not multiplied by the learning rate.",
        "With weight_decay = 0.1 a matrix loses a tenth of itself in every step.",
        edits=((_DECAY, 'p.mul_(1 - group["weight_decay"])'),),
    ),
    Misconception(
        "decay-scaled",
        "The decay is multiplied by the factor for tall matrices.",
        "How fast a matrix decays does not depend on its shape. Compare the last two lines of the "
        "formula.",
        edits=((_DECAY, f'p.mul_(1 - lr * group["weight_decay"] * {_SCALE})'),),
    ),
    Misconception(
        "no-decay",
        "Nothing decays.",
        "A value that is given, weight_decay, has no effect.",
        edits=((f"                {_DECAY}\n", ""),),
    ),
    Misconception(
        "values-of-the-optimizer",
        "The values that the optimizer was made with are used for every group.",
        "What a group says of itself has no effect, and neither has a learning rate that changes.",
        edits=(
            (_GROUP, f"{_GROUP}            group = self.defaults | dict(params=group['params'])\n"),
        ),
    ),
    Misconception(
        "values-of-the-first-group",
        "The values of the first group are used for every group.",
        "Look at where in the loop they are read.",
        edits=(
            (
                _GROUP,
                f"{_GROUP}            first, params = self.param_groups[0], group['params']\n"
                "            group = first | {'params': params}\n",
            ),
        ),
    ),
    Misconception(
        "rate-kept-from-the-start",
        "Each group keeps the learning rate that it had when the optimizer was made.",
        "A schedule writes a new rate into `param_groups` before every step.",
        edits=(
            (
                '"weight_decay": weight_decay})',
                '"weight_decay": weight_decay})\n'
                "        for group in self.param_groups:\n"
                '            group["first_lr"] = group["lr"]',
            ),
            (_VALUES, _VALUES.replace('group["lr"]', 'group["first_lr"]')),
        ),
    ),
    Misconception(
        "missing-gradient-fails",
        "A matrix without a gradient is not passed over.",
        "The `grad` of a parameter is None before its first gradient, and for a frozen one always.",
        edits=((f"{_NONE}{_SKIP}", ""),),
    ),
    Misconception(
        "missing-gradient-is-zero",
        "A missing gradient is taken for one of 0.",
        "Then m falls, and the matrix goes on moving and decaying. It is to be left alone.",
        edits=(
            (f"{_NONE}{_SKIP}", ""),
            (
                "state = self.state[p]",
                "g = torch.zeros_like(p) if p.grad is None else p.grad\n"
                "                state = self.state[p]",
            ),
            (_M, _M.replace("p.grad", "g")),
            (_U, _U.replace("p.grad", "g")),
        ),
    ),
    Misconception(
        "missing-gradient-ends-the-step",
        "The step ends at the first matrix without a gradient.",
        "The matrices behind it do not move.",
        edits=((_SKIP, _SKIP.replace("continue", "return")),),
    ),
    Misconception(
        "missing-gradient-decays",
        "A matrix without a gradient decays.",
        "It is to be left alone: a frozen one would shrink to 0.",
        edits=((f"                {_DECAY}\n", ""), (_NONE, f"                {_DECAY}\n{_NONE}")),
    ),
    Misconception(
        "torchs-own",
        "The step is left to an optimizer of torch.",
        "That is what you are building: from `torch.optim` take the class `Optimizer` alone.",
        edits=(
            ("Muon(torch.optim.Optimizer)", "Muon(torch.optim.Muon)"),
            (
                'super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": '
                "weight_decay})",
                "super().__init__(params, lr=lr, momentum=momentum, weight_decay=weight_decay)",
            ),
            (_GROUP, f"        super().step()\n        return\n{_GROUP}"),
        ),
    ),
    Misconception(
        "matrices-not-changed-in-place",
        "A new tensor is computed, and the matrix stays as it was.",
        "`p = p - ...` makes a name lead to another tensor. The model keeps the old one.",
        edits=(
            (_DECAY, 'p = p * (1 - lr * group["weight_decay"])'),
            (_MOVE, f"p = p.add(update, alpha=-lr * {_SCALE})"),
        ),
    ),
    Misconception(
        "one-state-for-all",
        "All matrices share one m.",
        "Each one's gradients go into the momentum of the next. Print m behind two matrices.",
        edits=(("= self.state[p]", "= self.state[self.param_groups[0]['params'][0]]"),),
    ),
    Misconception(
        "graph-recorded",
        "The update is recorded for a backward pass.",
        "A parameter that needs a gradient cannot be changed in place then. What is "
        "`torch.no_grad` for?",
        edits=(("    @torch.no_grad()\n", ""),),
    ),
    Misconception(
        "uphill",
        "The step goes up the gradient.",
        "The loss grows. Look at the sign of the last line.",
        edits=((_MOVE, _MOVE.replace("-lr", "lr")),),
    ),
)
