"""Rarer wrong answers to Muon."""

from autograder.exercise import Misconception

_M = "m.mul_(momentum).add_(p.grad)"
_U = "update = orthogonalize(p.grad.add(m, alpha=momentum))"
_DECAY = 'p.mul_(1 - lr * group["weight_decay"])'
_SCALE = "max(1, p.size(0) / p.size(1)) ** 0.5"
_MOVE = f"p.add_(update, alpha=-lr * {_SCALE})"
_NONE = "                if p.grad is None:\n"
_VALUES = 'lr, momentum = group["lr"], group["momentum"]'
_ZEROS = 'state["m"] = torch.zeros_like(p)'

RARE_MISCONCEPTIONS = (
    Misconception(
        "momentum-on-the-gradient",
        "momentum stands before the gradient and not before m.",
        "Look at the second line of the formula.",
        edits=((_U, "update = orthogonalize(m.add(p.grad, alpha=momentum))"),),
    ),
    Misconception(
        "scale-whole",
        "n is divided by k without a remainder.",
        "5 rows and 2 columns count as if there were 4 rows.",
        edits=((_SCALE, "max(1, p.size(0) // p.size(1)) ** 0.5"),),
    ),
    Misconception(
        "scale-of-the-longer-side",
        "The factor is 0.2 times the root of the longer side.",
        "That is another recipe's, which makes steps as long as those of AdamW. Look at the "
        "formula.",
        edits=((_SCALE, "(0.2 * max(p.shape) ** 0.5)"),),
    ),
    Misconception(
        "state-outside",
        "m is kept in an attribute of one's own.",
        "`state_dict()` saves what is in `self.state`. Who resumes from it starts with m at 0.",
        edits=(
            (
                "state = self.state[p]",
                'self.mine = getattr(self, "mine", {})\n'
                "                state = self.mine.setdefault(p, {})",
            ),
        ),
    ),
    Misconception(
        "root-of-the-columns",
        "The root is drawn of the columns alone.",
        "For 5 rows and 2 columns the step is 3.5 times as long, and should be 1.58 times. A power "
        "goes before a division.",
        edits=((_SCALE, "max(1, p.size(0) / p.size(1) ** 0.5)"),),
    ),
    Misconception(
        "ahead-as-a-mean",
        "The gradient is multiplied by 1 - momentum where it meets m.",
        "`lerp` mixes two of the same size. m is a sum here, up to 20 times as large.",
        edits=((_U, "update = orthogonalize(p.grad.lerp(m, momentum))"),),
    ),
    Misconception(
        "update-transposed",
        "What comes out of `orthogonalize` is transposed.",
        "It has the shape of what goes in.",
        edits=((_U, f"{_U}.T"),),
    ),
    Misconception(
        "m-is-the-gradient",
        "m begins as the gradient itself.",
        "Two names for one tensor: what is written into m stands in `grad`.",
        edits=((_ZEROS, 'state["m"] = p.grad'),),
    ),
    Misconception(
        "m-begins-as-the-gradient",
        "m begins as the first gradient, to which that gradient is added.",
        "The first gradient counts nearly twice. Where does m begin?",
        edits=((_ZEROS, 'state["m"] = p.grad.clone()'),),
    ),
    Misconception(
        "momentum-fixed",
        "The momentum is 0.95 whatever is given.",
        "Another one has no effect. Look at which of the values in the group are used.",
        edits=((_VALUES, _VALUES.replace('group["momentum"]', "0.95")),),
    ),
    Misconception(
        "momentum-of-the-optimizer",
        "Every group has the momentum that the optimizer was made with.",
        "What a group says of its own momentum has no effect.",
        edits=((_VALUES, _VALUES.replace('group["momentum"]', 'self.defaults["momentum"]')),),
    ),
    Misconception(
        "decay-of-the-optimizer",
        "Every group decays by the value that the optimizer was made with.",
        "A group whose own value is 0 decays with the others.",
        edits=((_DECAY, _DECAY.replace("group", "self.defaults")),),
    ),
    Misconception(
        "torchs-rate",
        "The learning rate is 0.001 where none is given.",
        "That is what torch's own has. Look at the signature.",
        edits=(("lr: float = 0.02", "lr: float = 0.001"),),
    ),
    Misconception(
        "other-steps",
        "orthogonalize is called with a number of steps of one's own.",
        "The contract names none, so it is the usual one.",
        edits=((_U, f"{_U[:-1]}, 10)"),),
    ),
    Misconception(
        "zero-gradient-left-alone",
        "A matrix whose gradient is 0 is left alone.",
        "0 is a gradient: m falls, and the matrix goes on moving and decaying.",
        edits=((_NONE, "                if p.grad is None or not p.grad.any():\n"),),
    ),
    Misconception(
        "missing-gradient-lowers-m",
        "A step without a gradient multiplies m by momentum.",
        "A matrix without a gradient is left alone, and its m with it.",
        edits=(
            (
                "                    continue\n",
                '                    if "m" in self.state[p]:\n'
                '                        self.state[p]["m"].mul_(momentum)\n'
                "                    continue\n",
            ),
        ),
    ),
    Misconception(
        "state-of-the-class",
        "The state is kept in the class, by the matrix's place.",
        "Two optimizers at once share their m.",
        edits=(
            ("    def __init__(", "    everyones: dict = {}\n\n    def __init__("),
            ('for p in group["params"]:', 'for place, p in enumerate(group["params"]):'),
            ("= self.state[p]", "= self.everyones.setdefault((place, p.shape), {})"),
        ),
    ),
    Misconception(
        "state-in-float32",
        "m is float32 whatever the matrix is.",
        "A gradient of 1e40 is more than float32 can hold.",
        edits=((_ZEROS, 'state["m"] = torch.zeros_like(p, dtype=torch.float32)'),),
    ),
    Misconception(
        "gradient-cleared",
        "The gradients are cleared behind the step.",
        "`zero_grad` does that when it is called. Who prints the gradient's norm behind a step "
        "finds nothing.",
        edits=((_MOVE, f"{_MOVE}\n                p.grad = None"),),
    ),
    Misconception(
        "parameters-read-twice",
        "`params` is read before the optimizer gets it.",
        "`model.parameters()` is a generator: who has read it finds nothing more in it.",
        edits=(
            (
                "        super().__init__(params",
                "        self.count = len([*params])\n        super().__init__(params",
            ),
        ),
    ),
)
