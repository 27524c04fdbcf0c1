"""Wrong answers to 7.4 get_lr: the three stretches and their borders, the commonest first."""

from autograder.exercise import Misconception

_RISE = "return max_lr * (it + 1) / warmup_steps"
_SHARE = "share = (it - warmup_steps) / (max_steps - warmup_steps)  # 0 to 1"
_END = "if it >= max_steps:\n        return min_lr\n"
_FALL = "return min_lr + 0.5 * (1 + math.cos(math.pi * share)) * (max_lr - min_lr)"

MISCONCEPTIONS = (
    Misconception(
        "cosine-from-step-0",
        "The cosine begins at step 0, not where the rise ends.",
        "The rate jumps down where the rise ends. Which share of the fall is over at "
        "`it = warmup_steps`?",
        edits=((_SHARE, "share = it / max_steps"),),
    ),
    Misconception(
        "rises-again",
        "There is no end: the cosine goes on behind `max_steps`.",
        "A cosine comes back up. Look at the rate at twice as many steps.",
        edits=((_END, "if max_steps == warmup_steps:\n        return min_lr\n"),),
    ),
    Misconception(
        "first-step-is-zero",
        "The rise begins at 0.",
        "The first step changes nothing, and the last step of the rise does not reach the top.",
        edits=((_RISE, "return max_lr * it / warmup_steps"),),
    ),
    Misconception(
        "one-step-above-the-top",
        "The rise has one step too many.",
        "At `it = warmup_steps` the rate is above `max_lr`. Which stretch is that step in?",
        edits=(("if it < warmup_steps:", "if it <= warmup_steps and warmup_steps:"),),
    ),
    Misconception(
        "divides-by-no-fall",
        "The end is tested with `>`, so that a schedule without a fall divides by 0.",
        "Where `warmup_steps` and `max_steps` are the same there is no middle stretch. What is the "
        "rate at that step?",
        edits=(("if it >= max_steps:", "if it > max_steps:"),),
    ),
    Misconception(
        "begins-at-zero-and-divides",
        "The rise begins at 0, and a schedule without a fall divides by 0.",
        "The first step changes nothing. And what is the rate at `it = max_steps`, where there is "
        "no middle stretch?",
        edits=(
            (_RISE, "return max_lr * it / warmup_steps"),
            ("if it >= max_steps:", "if it > max_steps:"),
        ),
    ),
    Misconception(
        "rises-longer-and-divides",
        "The rise is divided by one step more than it has, and a schedule without a fall divides "
        "by 0.",
        "Look at the last step of the rise, and at `it = max_steps` where nothing is between them.",
        edits=(
            (_RISE, "return max_lr * (it + 1) / (warmup_steps + 1)"),
            ("if it >= max_steps:", "if it > max_steps:"),
        ),
    ),
    Misconception(
        "top-where-there-is-no-fall",
        "In a schedule without a fall, the rate is `max_lr` at `max_steps`.",
        "`min_lr` is reached at `it = max_steps`, whatever comes before.",
        edits=(
            ("if it >= max_steps:", "if it > max_steps:"),
            (_SHARE, "share = (it - warmup_steps) / max(max_steps - warmup_steps, 1)"),
        ),
    ),
    Misconception(
        "divides-by-no-rise",
        "The rise is computed for every step, so that a schedule without one divides by 0.",
        "`warmup_steps` may be 0. Which steps does the rise matter to?",
        edits=(
            (
                f"if it < warmup_steps:\n        {_RISE}",
                "rise = (it + 1) / warmup_steps\n    if rise <= 1:\n        return max_lr * rise",
            ),
        ),
    ),
    Misconception(
        "falls-to-zero",
        "The cosine goes down to 0, and `min_lr` comes only at the end.",
        "The rate falls below `min_lr` and then jumps up to it.",
        edits=((_FALL, "return 0.5 * (1 + math.cos(math.pi * share)) * max_lr"),),
    ),
    Misconception(
        "min-lr-as-a-floor",
        "The cosine goes down to 0, and is cut off where it meets `min_lr`.",
        "The rate falls faster than it should and is flat long before `max_steps`.",
        edits=((_FALL, "return max(min_lr, 0.5 * (1 + math.cos(math.pi * share)) * max_lr)"),),
    ),
    Misconception(
        "min-lr-on-top",
        "`min_lr` is added to a cosine that begins at `max_lr`.",
        "Behind the rise the rate is above `max_lr`. How far is it from the end to the top?",
        edits=((_FALL, "return min_lr + 0.5 * (1 + math.cos(math.pi * share)) * max_lr"),),
    ),
    Misconception(
        "straight-fall",
        "The rate falls in a straight line.",
        "Halfway it is right by chance. Look at a quarter of the way.",
        edits=((_FALL, "return min_lr + (1 - share) * (max_lr - min_lr)"),),
    ),
    Misconception(
        "whole-cosine",
        "The cosine goes through a whole turn.",
        "The rate is lowest in the middle of the run and rises back to the top at its end.",
        edits=((_FALL, _FALL.replace("math.pi * share", "2 * math.pi * share")),),
    ),
    Misconception(
        "quarter-cosine",
        "The cosine goes through a quarter of a turn.",
        "The rate is still halfway up when the fall ends. Where is the cosine -1?",
        edits=((_FALL, _FALL.replace("math.pi * share", "0.5 * math.pi * share")),),
    ),
    Misconception(
        "cosine-without-pi",
        "The cosine is taken of the share itself.",
        "`math.cos` takes radians, and the cosine of 1 is 0.54.",
        edits=((_FALL, _FALL.replace("math.pi * share", "share")),),
    ),
    Misconception(
        "degrees",
        "The angle is given in degrees.",
        "`math.cos` takes radians; in degrees the rate jumps from step to step.",
        edits=((_FALL, _FALL.replace("math.pi * share", "180 * share")),),
    ),
    Misconception(
        "upside-down",
        "The cosine is upside down.",
        "Behind the rise the rate begins at `min_lr` and goes up.",
        edits=((_FALL, _FALL.replace("1 + math.cos", "1 - math.cos")),),
    ),
    Misconception(
        "without-the-half",
        "The cosine plus 1 goes from 2 to 0, and is used as it is.",
        "Behind the rise the rate is nearly twice as high as the top.",
        edits=((_FALL, _FALL.replace("0.5 * ", "")),),
    ),
    Misconception(
        "without-the-one",
        "The cosine goes from 1 to -1, and is used as it is.",
        "The rate falls below `min_lr`, and below 0 in the end.",
        edits=(
            (
                _FALL,
                _FALL.replace("0.5 * (1 + math.cos(math.pi * share))", "math.cos(math.pi * share)"),
            ),
        ),
    ),
    Misconception(
        "rises-from-min-lr",
        "The rise begins at `min_lr`.",
        "The first steps are too large: a run begins near 0.",
        edits=((_RISE, "return min_lr + (max_lr - min_lr) * (it + 1) / warmup_steps"),),
    ),
    Misconception(
        "rises-over-the-whole-run",
        "The rise is as slow as if it lasted for all of `max_steps`.",
        "The rate jumps to the top where the rise ends.",
        edits=((_RISE, "return max_lr * (it + 1) / max_steps"),),
    ),
    Misconception(
        "one-step-more-to-rise",
        "The rise is divided by one step more than it has.",
        "The last step of the rise stays below the top.",
        edits=((_RISE, "return max_lr * (it + 1) / (warmup_steps + 1)"),),
    ),
    Misconception(
        "no-rise",
        "There is no rise.",
        "The first step already has the highest rate. What is `warmup_steps` for?",
        edits=((_RISE, "return max_lr"),),
    ),
)
