"""Rarer wrong answers to 7.4 get_lr: lengths, ends, types, other curves."""

from autograder.exercise import Misconception

_RISE = "return max_lr * (it + 1) / warmup_steps"
_SHARE = "share = (it - warmup_steps) / (max_steps - warmup_steps)  # 0 to 1"
_END = "if it >= max_steps:\n        return min_lr\n"
_FALL = "return min_lr + 0.5 * (1 + math.cos(math.pi * share)) * (max_lr - min_lr)"


MISCONCEPTIONS = (
    Misconception(
        "max-steps-from-the-top",
        "`max_steps` is taken for the length of the fall.",
        "The rate has not reached `min_lr` when it jumps to it. `max_steps` counts from step 0.",
        edits=((_SHARE, "share = (it - warmup_steps) / max_steps"),),
    ),
    Misconception(
        "ends-later",
        "The fall lasts for `max_steps` steps behind the rise.",
        "At `it = max_steps` the rate is still above `min_lr`: the rise is part of the run.",
        edits=(
            (_SHARE, "share = (it - warmup_steps) / max_steps"),
            ("if it >= max_steps:", "if it >= warmup_steps + max_steps:"),
        ),
    ),
    Misconception(
        "fall-one-step-ahead",
        "The fall is one step ahead.",
        "At `it = warmup_steps` the rate is below the top, and at `max_steps - 1` it is `min_lr`.",
        edits=((_SHARE, "share = (it + 1 - warmup_steps) / (max_steps - warmup_steps)"),),
    ),
    Misconception(
        "fall-one-step-short",
        "The fall reaches `min_lr` one step before `max_steps`.",
        "Look at the rate at `it = max_steps - 1`.",
        edits=((_SHARE, "share = (it - warmup_steps) / max(max_steps - 1 - warmup_steps, 1)"),),
    ),
    Misconception(
        "fall-one-step-long",
        "The fall has one step too many, so that `min_lr` is not reached on the way.",
        "How many steps are there from `warmup_steps` to `max_steps`?",
        edits=((_SHARE, "share = (it - warmup_steps) / (max_steps - warmup_steps + 1)"),),
    ),
    Misconception(
        "whole-division",
        "The share is rounded down to a whole number.",
        "Behind the rise the rate stays at the top, and then jumps to the end. Look at your "
        "division.",
        edits=((_SHARE, "share = (it - warmup_steps) // (max_steps - warmup_steps)"),),
    ),
    Misconception(
        "begins-again",
        "Behind the end the fall begins again.",
        "Look at the rate one step behind `max_steps`: the schedule has one fall and then is flat.",
        edits=(
            (
                _END,
                "if max_steps == warmup_steps:\n        return min_lr\n"
                "    it = warmup_steps + (it - warmup_steps) % (max_steps - warmup_steps)\n",
            ),
        ),
    ),
    Misconception(
        "zero-at-the-end",
        "Behind the end the rate is 0.",
        "A run that goes on a little does not learn any more. What is `min_lr`?",
        edits=((_END, "if it >= max_steps:\n        return 0.0\n"),),
    ),
    Misconception(
        "top-at-the-end",
        "Behind the end the rate is `max_lr`.",
        "The rate jumps back up at `max_steps`.",
        edits=((_END, "if it >= max_steps:\n        return max_lr\n"),),
    ),
    Misconception(
        "nothing-at-the-end",
        "Behind the end there is no rate.",
        "Look at what the function returns when no condition holds.",
        edits=((_END, "if it >= max_steps:\n        return None\n"),),
    ),
    Misconception(
        "a-tenth-of-the-top",
        "The end is a tenth of `max_lr`, whatever `min_lr` is.",
        "That is a common choice of `min_lr`, and not the only one. Look for that number in your "
        "code.",
        edits=(
            ("    if it < warmup_steps:", "    min_lr = 0.1 * max_lr\n    if it < warmup_steps:"),
        ),
    ),
    Misconception(
        "geometric-fall",
        "The rate falls by the same factor in each step.",
        "Both ends are right, and between them the rate is too low.",
        edits=((_FALL, "return max_lr * (max(min_lr, 1e-6) / max_lr) ** share"),),
    ),
    Misconception(
        "falls-as-a-root",
        "The rate falls with the root of the number of steps.",
        "This is another schedule, that of the first transformer; it never reaches `min_lr`.",
        edits=((_FALL, "return max_lr * (max(warmup_steps, 1) / (it + 1)) ** 0.5"),),
    ),
    Misconception(
        "rises-along-a-cosine",
        "The rise is along a cosine too.",
        "Look at the differences from step to step: in the rise they are all the same.",
        edits=(
            (
                _RISE,
                "return max_lr * 0.5 * (1 - math.cos(math.pi * (it + 1) / warmup_steps))",
            ),
        ),
    ),
    Misconception(
        "rise-not-below-min-lr",
        "The rise is cut off below `min_lr`.",
        "The first steps have the same rate. `min_lr` is where the run ends, not where it begins.",
        edits=((_RISE, f"return max(min_lr, {_RISE.removeprefix('return ')})"),),
    ),
    Misconception(
        "first-quarter-of-a-turn",
        "The fall follows the first quarter of a cosine's turn, from 1 to 0.",
        "It is slow at first and ends at its steepest. Half a turn is flat at both ends.",
        edits=((_FALL, "return min_lr + math.cos(0.5 * math.pi * share) * (max_lr - min_lr)"),),
    ),
    Misconception(
        "rise-times-fall",
        "The rise is multiplied with the fall, which begins at step 0.",
        "The rate turns before it has reached `max_lr`. Each stretch has a rate of its own.",
        edits=(
            (
                _RISE,
                "share = it / max_steps\n"
                "        fall = 0.5 * (1 + math.cos(math.pi * share)) * (max_lr - min_lr)\n"
                "        return (min_lr + fall) * (it + 1) / warmup_steps",
            ),
            (_SHARE, "share = it / max_steps"),
        ),
    ),
    Misconception(
        "ends-exchanged",
        "`max_lr` and `min_lr` are exchanged.",
        "The rise ends at the lower of the two.",
        edits=(
            (
                "    if it < warmup_steps:",
                "    max_lr, min_lr = min_lr, max_lr\n    if it < warmup_steps:",
            ),
        ),
    ),
    Misconception(
        "a-factor",
        "The result is a factor for `max_lr`, not the rate.",
        "A scheduler of torch multiplies by such a factor. Here the rate itself is asked for.",
        edits=(
            (
                "    if it < warmup_steps:",
                "    max_lr, min_lr = 1.0, min_lr / max_lr\n    if it < warmup_steps:",
            ),
        ),
    ),
    Misconception(
        "a-tensor",
        "The result is a tensor.",
        "An optimizer takes it, and a log or a checkpoint then holds tensors. The docstring asks "
        "for a Python float.",
        edits=(
            (_RISE, "return torch.tensor(max_lr * (it + 1) / warmup_steps)"),
            (_END, "if it >= max_steps:\n        return torch.tensor(min_lr)\n"),
            (_FALL, f"return torch.tensor({_FALL.removeprefix('return ')})"),
        ),
    ),
    Misconception(
        "rounded",
        "The rate is rounded.",
        "Rates are small: look at how many digits are left.",
        edits=(
            (_FALL, f"return round({_FALL.removeprefix('return ')}, 4)"),
            (_RISE, f"return round({_RISE.removeprefix('return ')}, 4)"),
        ),
    ),
    Misconception(
        "one-step-above-the-top-and-divides",
        "The rise has one step too many, and a schedule without a rise divides by 0.",
        "At `it = warmup_steps` the rate is above `max_lr`. Which stretch is that step in?",
        edits=(("if it < warmup_steps:", "if it <= warmup_steps:"),),
    ),
    Misconception(
        "rises-again-and-divides",
        "There is no end: the cosine goes on behind `max_steps`, and without a fall it divides "
        "by 0.",
        "A cosine comes back up. Look at the rate at twice as many steps.",
        edits=((_END, ""),),
    ),
    Misconception(
        "ends-one-step-early",
        "The end is tested one step too early.",
        "At `it = max_steps - 1` the rate jumps to `min_lr`. Where is the fall over?",
        edits=(("if it >= max_steps:", "if it >= max_steps - 1:"),),
    ),
)
