"""Wrong answers to 7.6 grad_accum_step that are rarer: what is counted, and what else runs."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.exercise import Misconception
from autograder.hidden_tests.training.grad_accum_step_mistakes import (
    BACKWARD,
    COUNTS,
    SHARE,
    SKIP,
    STEP,
)

CALL = "_, loss = model(x, y)"


def _every_gradient_divided(
    model: nn.Module, optimizer: Optimizer, micro_batches: Sequence[tuple[Tensor, Tensor]]
) -> float:
    optimizer.zero_grad()
    total, seen = 0.0, 0
    for x, y in micro_batches:
        count = int((y != -100).sum())
        if count == 0:
            continue
        _, loss = model(x, y)
        (loss * count).backward()
        total += loss.item() * count
        seen += count
    for p in model.parameters():
        p.grad /= seen  # type: ignore[operator, assignment]
    optimizer.step()
    return total / seen


RARE_MISCONCEPTIONS = (
    Misconception(
        "rows-counted",
        "A part counts by its rows.",
        "Its rows may be long or short, and full of -100. Its loss is a mean over targets.",
        edits=((COUNTS, "len(y)"),),
    ),
    Misconception(
        "id-0-not-counted",
        "A target with the id 0 does not count.",
        "0 is a token like any other. Which targets does the model leave out?",
        edits=((COUNTS, "int((y > 0).sum())"),),
    ),
    Misconception(
        "share-of-what-was-seen",
        "A part is weighted by its share of the targets so far.",
        "The shares of all parts add up to more than 1. How many targets are there in the end?",
        edits=(
            ("    mean = 0.0\n", "    mean, seen = 0.0, 0\n"),
            ("        part = ", "        seen += count\n        part = "),
            (SHARE, "count / seen"),
        ),
    ),
    Misconception(
        "never-divided-by-the-count",
        "The loss of each part is multiplied by its count, and nothing is divided.",
        "The step is as many times too long as there are targets.",
        edits=((f"({SHARE})", "count"),),
    ),
    Misconception(
        "divided-twice",
        "The loss is divided by the number of parts as well.",
        "The shares of all parts add up to less than 1.",
        edits=((SHARE, f"{SHARE} / len(micro_batches)"),),
    ),
    Misconception(
        "share-in-the-loss-only",
        "The returned loss has the right shares; the gradients are those of the plain losses.",
        "Which of the two is `backward` called on?",
        edits=((BACKWARD, "        loss.backward()\n"),),
    ),
    Misconception(
        "frozen-weight-divided",
        "The gradient of every parameter is divided, also of one that has none.",
        "A parameter that is frozen has `None` there.",
        function=_every_gradient_divided,
    ),
    Misconception(
        "targets-overwritten",
        "The -100 are overwritten in the targets that were given.",
        "The caller's batch is another one afterwards, and now all its targets count.",
        edits=((BACKWARD, f"{BACKWARD}        y[y == -100] = 0\n"),),
    ),
    Misconception(
        "returns-in-the-loop",
        "The step and the `return` stand inside the loop.",
        "Only the first part is ever run.",
        edits=(
            (STEP, "        optimizer.step()\n"),
            ("    return mean", "        return mean"),
        ),
    ),
    Misconception(
        "stops-without-a-target",
        "The loop ends at the first part without a target.",
        "There may be others behind it.",
        edits=((SKIP, SKIP.replace("continue", "break")),),
    ),
    Misconception(
        "two-steps",
        "The optimizer takes two steps with one gradient.",
        "The weights move about twice as far as the learning rate says.",
        edits=((STEP, STEP + STEP),),
    ),
    Misconception(
        "loss-after-the-step",
        "The loss is computed again after the step.",
        "It costs a second run of the model on each part, and is not the loss that the step "
        "came from.",
        edits=(
            (
                "    return mean",
                "    pairs = zip(micro_batches, counts, strict=True)\n"
                "    parts = [model(x, y)[1].item() * n for (x, y), n in pairs if n]\n"
                "    return sum(parts) / sum(counts)",
            ),
        ),
    ),
    Misconception(
        "pair-not-unpacked",
        "The pair that the model returns is taken for the loss.",
        "A tuple has no `backward`. The contract says what the model returns, and in which order.",
        edits=((CALL, "loss = model(x, y)"),),
    ),
    Misconception(
        "logits-for-the-loss",
        "The logits are taken for the loss.",
        "`backward` needs one number. The contract says in which order the model returns its two.",
        edits=((CALL, "loss, _ = model(x, y)"),),
    ),
    Misconception(
        "targets-left-out",
        "The model is called without the targets.",
        "Without them there is no loss.",
        edits=((CALL, "_, loss = model(x)"),),
    ),
    Misconception(
        "own-loss",
        "The loss is computed here, as a cross-entropy of the logits.",
        "The model has a loss of its own, and need not be a language model.",
        edits=(
            (
                CALL,
                "logits, _ = model(x, y)\n"
                "        loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())",
            ),
        ),
    ),
    Misconception(
        "evaluation-mode",
        "The model is put in evaluation mode.",
        "This is a step of training: dropout belongs to it.",
        edits=((CALL, f"model.eval()\n        {CALL}"),),
    ),
    Misconception(
        "own-update",
        "The weights move past the optimizer that was given.",
        "Momentum, AdamW's averages and weight decay have no effect.",
        edits=(
            (
                STEP,
                "    for p in model.parameters():\n"
                "        if p.grad is not None:\n"
                '            p.data -= optimizer.param_groups[0]["lr"] * p.grad\n',
            ),
        ),
    ),
    Misconception(
        "gradient-clipped",
        "The gradient is clipped before the step.",
        "A long gradient is made shorter: a good idea, which the loop that calls this has too. "
        "Here it changes the step that was asked for.",
        edits=((STEP, f"    nn.utils.clip_grad_norm_(model.parameters(), 0.1)\n{STEP}"),),
    ),
    Misconception(
        "whole-number-shares",
        "The share of a part is rounded to a whole number.",
        "It is 0 for each part, unless there is only one. `//` drops what is behind the point.",
        edits=((SHARE, "count // sum(counts)"),),
    ),
    Misconception(
        "rounded",
        "The loss is rounded.",
        "A small loss comes out as 0. Rounding belongs where a number is printed.",
        edits=(("return mean", "return round(mean, 4)"),),
    ),
    Misconception(
        "exchanged",
        "Features and targets are exchanged in the call of the model.",
        "Look at the order of the arguments.",
        edits=((CALL, "_, loss = model(y, x)"),),
    ),
)
