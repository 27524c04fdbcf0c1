"""Wrong answers to 7.6 grad_accum_step, the commonest first: shares, and the order of the step."""

from autograder.exercise import Misconception

COUNTS = "int((y != -100).sum())"
SKIP = "        if count == 0:\n            continue  # a mean over nothing\n"
CLEAR = "    optimizer.zero_grad()\n"
BACKWARD = "        part.backward()\n"
SHARE = "count / sum(counts)"
STEP = "    optimizer.step()\n"
MEAN = "mean += part.item()"

MISCONCEPTIONS = (
    Misconception(
        "mean-of-means",
        "Each part has the same weight, however many of its targets count.",
        "A target in a part with few of them then pulls harder than one in a full part. The large "
        "batch would treat all targets alike.",
        edits=((SKIP, ""), (SHARE, "1 / len(micro_batches)")),
    ),
    Misconception(
        "not-divided",
        "The losses of the parts are added up as they are.",
        "Three parts give a gradient about three times too long. Each loss is a mean already.",
        edits=((SKIP, ""), (f" * ({SHARE})", "")),
    ),
    Misconception(
        "cleared-in-the-loop",
        "The gradients are cleared before each part.",
        "The step sees the last part alone.",
        edits=((CLEAR, ""), (BACKWARD, f"        optimizer.zero_grad()\n{BACKWARD}")),
    ),
    Misconception(
        "step-in-the-loop",
        "The optimizer steps after each part.",
        "The second part is then measured with other weights. Count the steps that one call takes.",
        edits=((STEP, ""), (MEAN, f"{MEAN}\n        optimizer.step()")),
    ),
    Misconception(
        "step-and-clear-in-the-loop",
        "Each part gets a step of its own.",
        "This is ordinary training with small batches. The parts were to act as one large one.",
        edits=(
            (STEP, ""),
            (MEAN, f"{MEAN}\n        optimizer.step()\n        optimizer.zero_grad()"),
        ),
    ),
    Misconception(
        "last-loss-returned",
        "The loss of the last part is returned.",
        "It says little about the other parts. The contract asks for the mean over all targets.",
        edits=((MEAN, "mean = loss.item()"),),
    ),
    Misconception(
        "never-cleared",
        "The gradients are never cleared.",
        "The parts of one step are to add up, but those of the step before go in as well.",
        edits=((CLEAR, ""),),
    ),
    Misconception(
        "all-positions-counted",
        "A part counts by all its positions, those of -100 too.",
        "Its loss is a mean over fewer targets. Look at a batch with many -100.",
        edits=((COUNTS, "y.numel()"),),
    ),
    Misconception(
        "nan-without-a-target",
        "A part without a target makes everything NaN.",
        "Its loss is a mean over nothing, 0 / 0, and 0 times NaN is NaN.",
        edits=((SKIP, ""),),
    ),
    Misconception(
        "one-backward-for-all",
        "The losses are summed first, and `backward` runs once at the end.",
        "The numbers are right, but the graphs of all parts are in memory together, as with the "
        "large batch.",
        edits=(
            ("    mean = 0.0\n", "    mean = torch.tensor(0.0)\n"),
            (BACKWARD, ""),
            (MEAN, "mean = mean + part"),
            (STEP, f"    mean.backward()\n{STEP}"),
            ("return mean", "return mean.item()"),
        ),
    ),
    Misconception(
        "graph-retained",
        "The graph of a part is kept after its backward pass.",
        "When the next part runs, two graphs are in memory. Nobody needs the first again.",
        edits=((".backward()", ".backward(retain_graph=True)"),),
    ),
    Misconception(
        "one-large-batch",
        "The parts are put together to one batch again.",
        "It is this batch that did not fit into memory, and rows of different length do not fit "
        "together.",
        edits=(
            (
                "    counts = ",
                "    micro_batches = [tuple(torch.cat(side) for side in zip(*micro_batches))]\n"
                "    counts = ",
            ),
        ),
    ),
    Misconception(
        "losses-summed",
        "The losses of the parts are added up in what is returned.",
        "With three parts it is about three times the loss of the large batch.",
        edits=((MEAN, "mean += loss.item()"),),
    ),
    Misconception(
        "mean-of-means-returned",
        "The gradient is right; what is returned is the mean of the parts' means.",
        "The loss has the same shares as the gradient.",
        edits=((MEAN, "mean += loss.item() / len(micro_batches)"),),
    ),
    Misconception(
        "tensor-returned",
        "The loss is returned as a tensor.",
        "The contract asks for a Python float.",
        edits=((MEAN, "mean += part.detach()"),),
    ),
    Misconception(
        "cleared-before-the-step",
        "The gradients are cleared between the last `backward` and the step.",
        "The optimizer finds no gradient, and nothing is learned.",
        edits=((CLEAR, ""), (STEP, f"{CLEAR}{STEP}")),
    ),
    Misconception(
        "cleared-only-at-the-end",
        "The gradients are cleared after the step only.",
        "A gradient that somebody left there before the first call goes into the first step.",
        edits=((CLEAR, ""), (STEP, f"{STEP}{CLEAR}")),
    ),
    Misconception(
        "no-step",
        "The optimizer takes no step.",
        "The gradients are there, and the weights stay as they are.",
        edits=((STEP, ""),),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "The loop that calls it has no loss to print.",
        edits=(("    return mean", ""),),
    ),
)
