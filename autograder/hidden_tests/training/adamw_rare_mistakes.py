"""Rarer wrong answers to 7.2 AdamW."""

from autograder.exercise import Misconception

_M = "m.mul_(beta1).add_(p.grad, alpha=1 - beta1)"
_V = "v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)"
_SIZE = '(v / (1 - beta2**t)).sqrt_().add_(group["eps"])'
_DECAY = 'p.mul_(1 - lr * group["weight_decay"])'
_STEP = "value=-lr / (1 - beta1**t)"
_MOVE = f"p.addcdiv_(m, size, {_STEP})"
_ZEROS = "torch.zeros_like(p), torch.zeros_like(p)"

RARE_MISCONCEPTIONS = (
    Misconception(
        "no-root",
        "The mean of the squares is used without its root.",
        "Gradients of 0.01 then give steps a hundred times too long. The step should not depend on "
        "the unit of the gradient.",
        edits=((_SIZE, '(v / (1 - beta2**t)).add_(group["eps"])'),),
    ),
    Misconception(
        "only-m-corrected",
        "Only m is corrected for its start.",
        "The first step is then more than four times the learning rate. v began at 0 as well.",
        edits=((_SIZE, 'v.sqrt().add_(group["eps"])'),),
    ),
    Misconception(
        "only-v-corrected",
        "Only v is corrected for its start.",
        "The first step is then a tenth of the learning rate. m began at 0 as well.",
        edits=((_STEP, "value=-lr"),),
    ),
    Misconception(
        "one-beta-in-both-corrections",
        "Both corrections use the first beta.",
        "Each mean grows from 0 at a speed of its own.",
        edits=((_SIZE, _SIZE.replace("beta2", "beta1")),),
    ),
    Misconception(
        "corrected-means-kept",
        "The corrected means are written back into m and v.",
        "The next step corrects them once more. A correction belongs to the step, not to the "
        "state.",
        edits=(
            (_SIZE, 'v.div_(1 - beta2**t).sqrt().add_(group["eps"])'),
            (_MOVE, "p.addcdiv_(m.div_(1 - beta1**t), size, value=-lr)"),
        ),
    ),
    Misconception(
        "gradient-not-weighted",
        "The new gradient goes into m whole.",
        "With a constant gradient of 1, m should come to 1. Where does it come to here?",
        edits=((_M, "m.mul_(beta1).add_(p.grad)"),),
    ),
    Misconception(
        "uphill",
        "The step goes up the gradient.",
        "The loss grows. Look at the sign of the last line.",
        edits=((_STEP, _STEP.replace("-lr", "lr")),),
    ),
    Misconception(
        "eps-left-out",
        "eps is not used.",
        "A parameter whose gradients are all 0, such as the row of a token that did not come up, "
        "becomes nan.",
        edits=((_SIZE, "(v / (1 - beta2**t)).sqrt_()"),),
    ),
    Misconception(
        "eps-fixed",
        "eps is 1e-8 whatever is given.",
        "A larger eps has no effect. Look at which of the values in the group are used.",
        edits=((_SIZE, "(v / (1 - beta2**t)).sqrt_().add_(1e-8)"),),
    ),
    Misconception(
        "betas-fixed",
        "The betas are 0.9 and 0.95 whatever is given.",
        "Other betas have no effect. Look at which of the values in the group are used.",
        edits=(
            (
                '(beta1, beta2) = group["lr"], group["betas"]',
                '(beta1, beta2) = group["lr"], (0.9, 0.95)',
            ),
        ),
    ),
    Misconception(
        "torchs-betas",
        "The second beta is 0.999 where none is given.",
        "That is what torch's own AdamW has. Look at the signature.",
        edits=(("= (0.9, 0.95)", "= (0.9, 0.999)"),),
    ),
    Misconception(
        "torchs-decay",
        "The decay is 0.01 where none is given.",
        "That is what torch's own AdamW has. Look at the signature.",
        edits=(("weight_decay: float = 0.1", "weight_decay: float = 0.01"),),
    ),
    Misconception(
        "decay-of-the-optimizer",
        "Every group decays by the value that the optimizer was made with.",
        "A group of biases, whose own value is 0, decays with the others.",
        edits=((_DECAY, _DECAY.replace("group", "self.defaults")),),
    ),
    Misconception(
        "no-decay",
        "Nothing decays.",
        "A value that is given, weight_decay, has no effect.",
        edits=((f"                {_DECAY}\n", ""),),
    ),
    Misconception(
        "state-in-float32",
        "m and v are float32 whatever the parameter is.",
        "A float64 model loses half of its digits at every step, without a word.",
        edits=(
            (
                _ZEROS,
                _ZEROS.replace("(p)", "(p, dtype=torch.float32)"),
            ),
        ),
    ),
    Misconception(
        "one-tensor-twice",
        "m and v are one tensor with two names.",
        "What is written into v is read as m. `a = b = torch.zeros(...)` makes one tensor.",
        edits=(
            (
                'state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)',
                'state["m"] = state["v"] = torch.zeros_like(p)',
            ),
        ),
    ),
    Misconception(
        "missing-gradient-counts",
        "A step without a gradient raises t.",
        "m and v stay, so there is nothing more to correct for. t counts the gradients of this "
        "parameter.",
        edits=(
            (
                "                    continue\n",
                '                    if "t" in self.state[p]:\n'
                '                        self.state[p]["t"] += 1\n'
                "                    continue\n",
            ),
        ),
    ),
    Misconception(
        "t-from-two",
        "The first step has t = 2.",
        "The corrections are too small from the start. Print t in the first step.",
        edits=(('state["t"] = 0', 'state["t"] = 1'),),
    ),
    Misconception(
        "gradient-squared-in-place",
        "The gradient is squared in place.",
        "Behind the step `p.grad` holds squares: who reads or adds to it gets nonsense.",
        edits=((_V, "v.mul_(beta2).add_(p.grad.square_(), alpha=1 - beta2)"),),
    ),
    Misconception(
        "state-new-each-step",
        "m, v and t begin anew in every step.",
        "There is no mean of anything then: every step is a first one.",
        edits=(("if not state:", "if True:"),),
    ),
    Misconception(
        "state-of-the-class",
        "The state is kept in the class, by the parameter's place.",
        "Two optimizers at once share their means.",
        edits=(
            ("    def __init__(", "    everyones: dict = {}\n\n    def __init__("),
            ('for p in group["params"]:', 'for place, p in enumerate(group["params"]):'),
            ("= self.state[p]", "= self.everyones.setdefault((place, p.shape), {})"),
        ),
    ),
    Misconception(
        "parameters-read-twice",
        "`params` is read before the optimizer gets it.",
        "`model.parameters()` is a generator: who has read it finds nothing more in it.",
        edits=(("defaults = {", "self.count = len([*params])\n        defaults = {"),),
    ),
    Misconception(
        "graph-recorded",
        "The update is recorded for a backward pass.",
        "A parameter that needs a gradient cannot be changed in place then. What is "
        "`torch.no_grad` for?",
        edits=(("    @torch.no_grad()\n", ""),),
    ),
    Misconception(
        "correction-outside-the-root",
        "The root of v is divided by the whole correction of v.",
        "After one step the root of v is too large by the root of that number, and the first "
        "steps are short. Which of the two is drawn first, the root or the quotient?",
        edits=((_SIZE, 'v.sqrt().div_(1 - beta2**t).add_(group["eps"])'),),
    ),
    Misconception(
        "decay-written-into-the-gradient",
        "The decay is added to the gradient, in place.",
        "It goes through m and v, and is divided by the size of the gradients. And `p.grad` is "
        "another one behind the step.",
        edits=(
            (
                "t, m, v = ",
                'p.grad.add_(p, alpha=group["weight_decay"])\n                t, m, v = ',
            ),
            (f"                {_DECAY}\n", ""),
        ),
    ),
    Misconception(
        "first-group-alone",
        "Only the parameters of the first group move.",
        "With one group nothing shows. `self.param_groups` is a list.",
        edits=(("in self.param_groups:", "in self.param_groups[:1]:"),),
    ),
)
