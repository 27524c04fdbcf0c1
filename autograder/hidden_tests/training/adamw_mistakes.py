"""Wrong answers to 7.2 AdamW, the commonest first; rarer ones are in `adamw_rare_mistakes`."""

from autograder.exercise import Misconception

_M = "m.mul_(beta1).add_(p.grad, alpha=1 - beta1)"
_V = "v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)"
_SIZE = '(v / (1 - beta2**t)).sqrt_().add_(group["eps"])'
_DECAY = 'p.mul_(1 - lr * group["weight_decay"])'
_STEP = "value=-lr / (1 - beta1**t)"
_MOVE = f"p.addcdiv_(m, size, {_STEP})"
_SKIP = "                    continue\n"
_COUNT = '                state["t"] += 1\n'
_GROUP = "        for group in self.param_groups:\n"
_VALUES = 'lr, (beta1, beta2) = group["lr"], group["betas"]'

MISCONCEPTIONS = (
    Misconception(
        "decay-in-the-gradient",
        "The decay is added to the gradient.",
        "Then it goes through m and v too, and is divided by the size of the gradients: parameters "
        "with large ones hardly decay. The W in AdamW stands for keeping the two apart.",
        edits=(
            ("t, m, v = ", 'g = p.grad + group["weight_decay"] * p\n                t, m, v = '),
            (_M, _M.replace("p.grad", "g")),
            (_V, _V.replace("p.grad", "g")),
            (f"                {_DECAY}\n", ""),
        ),
    ),
    Misconception(
        "no-correction",
        "The means are used as they are, without a correction for their start at 0.",
        "After one step m is a tenth of the gradient, and the root of v a fifth. Look at how large "
        "the first steps are.",
        edits=((_SIZE, 'v.sqrt().add_(group["eps"])'), (_STEP, "value=-lr")),
    ),
    Misconception(
        "t-from-zero",
        "The number of the step is raised behind the step, so the first one has t = 0.",
        "A number to the power of 0 is 1, and 1 - 1 stands below the line.",
        edits=((_COUNT, ""), (_MOVE, f'{_MOVE}\n                state["t"] += 1')),
    ),
    Misconception(
        "decay-without-lr",
        "The decay is not multiplied by the learning rate.",
        "With weight_decay = 0.1 a parameter loses a tenth of itself in every step.",
        edits=((_DECAY, 'p.mul_(1 - group["weight_decay"])'),),
    ),
    Misconception(
        "decay-times-the-corrected-rate",
        "The decay is multiplied by the rate that holds the bias correction.",
        "In the first steps parameters decay more than twice as fast. What is corrected there is "
        "the start of m and v, and the decay has no part in either.",
        edits=(
            (
                _DECAY,
                "rate = lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t)\n"
                '                p.mul_(1 - rate * group["weight_decay"])',
            ),
        ),
    ),
    Misconception(
        "eps-under-the-root",
        "eps is added under the root.",
        "The root of 1e-8 is 1e-4: parameters with gradients smaller than that hardly move.",
        edits=((_SIZE, '(v / (1 - beta2**t)).add_(group["eps"]).sqrt_()'),),
    ),
    Misconception(
        "eps-before-the-correction",
        "eps is added to the root of v before v is corrected.",
        "At the first step that makes it more than four times as large, beside a gradient of its "
        "own size. Look at what the root is drawn of.",
        edits=((_SIZE, '(v.sqrt() + group["eps"]) / (1 - beta2**t) ** 0.5'),),
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
        "If matrices are in one group and biases in the other, both decay or none.",
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
                "super().__init__(params, defaults)",
                "super().__init__(params, defaults)\n"
                "        for group in self.param_groups:\n"
                '            group["first_lr"] = group["lr"]',
            ),
            (_VALUES, _VALUES.replace('group["lr"]', 'group["first_lr"]')),
        ),
    ),
    Misconception(
        "one-counter",
        "All parameters share one t, which counts the calls of `step`.",
        "A parameter whose first gradient comes late is corrected as if its m and v were old.",
        edits=(
            (_GROUP, f'        self.t = getattr(self, "t", 0) + 1\n{_GROUP}'),
            ('t, m, v = state["t"]', "t, m, v = self.t"),
        ),
    ),
    Misconception(
        "counter-counts-parameters",
        "One t is raised for every parameter.",
        "It has to say how many gradients this parameter has seen. Print it for a model of two.",
        edits=(
            (_COUNT, '                self.t = getattr(self, "t", 0) + 1\n'),
            ('t, m, v = state["t"]', "t, m, v = self.t"),
        ),
    ),
    Misconception(
        "missing-gradient-fails",
        "A parameter without a gradient is not passed over.",
        "The `grad` of a parameter is None before its first gradient, and for a frozen one always.",
        edits=((f"                if p.grad is None:\n{_SKIP}", ""),),
    ),
    Misconception(
        "missing-gradient-is-zero",
        "A missing gradient is taken for one of 0.",
        "Then m and v fall, t is raised, and the parameter goes on moving and decaying. It is to "
        "be left alone.",
        edits=(
            (f"                if p.grad is None:\n{_SKIP}", ""),
            (
                "state = self.state[p]",
                "g = torch.zeros_like(p) if p.grad is None else p.grad\n"
                "                state = self.state[p]",
            ),
            (_M, _M.replace("p.grad", "g")),
            (_V, _V.replace("p.grad", "g")),
        ),
    ),
    Misconception(
        "missing-gradient-ends-the-step",
        "The step ends at the first parameter without a gradient.",
        "The parameters behind it do not move.",
        edits=((_SKIP, _SKIP.replace("continue", "return")),),
    ),
    Misconception(
        "missing-gradient-decays",
        "A parameter without a gradient decays.",
        "It is to be left alone: a frozen one would shrink to 0.",
        edits=(
            (f"                {_DECAY}\n", ""),
            (
                "                if p.grad is None",
                f"                {_DECAY}\n                if p.grad is None",
            ),
        ),
    ),
    Misconception(
        "torchs-own",
        "The step is left to an optimizer of torch.",
        "That is what you are building: from `torch.optim` take the class `Optimizer` alone.",
        edits=(
            ("AdamW(torch.optim.Optimizer)", "AdamW(torch.optim.AdamW)"),
            ("super().__init__(params, defaults)", "super().__init__(params, **defaults)"),
            (_GROUP, f"        super().step()\n        return\n{_GROUP}"),
        ),
    ),
    Misconception(
        "betas-exchanged",
        "The two betas are exchanged.",
        "m is then the slower of the two means. Which of them is the first in the pair?",
        edits=(("(beta1, beta2) =", "(beta2, beta1) ="),),
    ),
    Misconception(
        "parameters-not-changed-in-place",
        "A new tensor is computed, and the parameter stays as it was.",
        "`p = p - ...` makes a name lead to another tensor. The model keeps the old one.",
        edits=(
            (_DECAY, 'p = p * (1 - lr * group["weight_decay"])'),
            (_MOVE, f"p = p.addcdiv(m, size, {_STEP})"),
        ),
    ),
    Misconception(
        "state-outside",
        "m, v and t are kept in an attribute of one's own.",
        "`state_dict()` saves what is in `self.state`. Who resumes from it starts with m and v "
        "at 0.",
        edits=(
            (
                "state = self.state[p]",
                'self.mine = getattr(self, "mine", {})\n'
                "                state = self.mine.setdefault(p, {})",
            ),
        ),
    ),
    Misconception(
        "one-state-for-all",
        "All parameters share one m and one v.",
        "Each parameter's gradients go into the means of the next. Print m behind two parameters.",
        edits=(("= self.state[p]", "= self.state[self.param_groups[0]['params'][0]]"),),
    ),
    Misconception(
        "gradient-cleared",
        "The gradients are cleared behind the step.",
        "`zero_grad` does that when it is called. Who prints the gradient's norm behind a step "
        "finds nothing.",
        edits=((_MOVE, f"{_MOVE}\n                p.grad = None"),),
    ),
)
