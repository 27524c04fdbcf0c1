"""Rarer wrong answers to 7.7 estimate_loss: other means, and what a measurement disturbs."""

from autograder.exercise import Misconception
from autograder.hidden_tests.training.estimate_loss_mistakes import (
    BATCHES,
    EVAL,
    MEAN,
    NO_GRAD,
    RESTORE,
)

LOSS = "model(x, y)[1]"

RARE_MISCONCEPTIONS = (
    Misconception(
        "mode-restored-in-the-loop",
        "The mode is restored inside the loop.",
        "The first text is measured without dropout and the others with it.",
        edits=((f"    {RESTORE}", f"        {RESTORE}"),),
    ),
    Misconception(
        "weighted-by-size",
        "A batch with more rows counts more.",
        "The contract asks for the mean of the batches' losses: each batch counts the same.",
        edits=(
            (
                MEAN,
                f"sum({LOSS}.item() * len(x) for x, y in batches)\n"
                "        losses[name] /= sum(len(x) for x, _ in batches)",
            ),
        ),
    ),
    Misconception(
        "median",
        "The median of the losses is returned.",
        "The contract asks for their mean.",
        edits=((MEAN, f"torch.stack([{LOSS} for x, y in batches]).median().item()"),),
    ),
    Misconception(
        "one-batch-too-many",
        "One batch more than was asked for is drawn.",
        "`eval_iters` says how many batches of each.",
        edits=((BATCHES, BATCHES.replace("eval_iters", "eval_iters + 1")),),
    ),
    Misconception(
        "first-batch-thrown-away",
        "A batch is drawn before the loop, and not measured.",
        "The loader moves on with each batch, also with one that nobody looks at.",
        edits=((f"batches = {BATCHES}", f"batches = (loader.next_batch(), {BATCHES})[1]"),),
    ),
    Misconception(
        "batch-size-fixed",
        "The number of batches is fixed.",
        "`eval_iters` has no effect.",
        edits=(("    losses = {}\n", "    losses, eval_iters = {}, 3\n"),),
    ),
    Misconception(
        "reset-first",
        "The loaders are set back before they are measured.",
        "The contract promises `next_batch` and nothing else.",
        edits=(("        batches", "        loader.reset()\n        batches"),),
    ),
    Misconception(
        "loader-looped-over",
        "The batches are taken by a loop over the loader.",
        "The contract promises `next_batch` and nothing else.",
        edits=((BATCHES, "[batch for _, batch in zip(range(eval_iters), loader)]"),),
    ),
    Misconception(
        "perplexity",
        "The perplexity is returned: e to the power of the loss.",
        "The contract asks for the loss itself.",
        edits=((MEAN, f"torch.tensor({MEAN}).exp().item()"),),
    ),
    Misconception(
        "gradients-off-for-good",
        "Gradients are switched off, and stay off.",
        "The next training step fails: nothing of what it computes has a gradient.",
        edits=((NO_GRAD, ""), (EVAL, f"{EVAL}    torch.set_grad_enabled(False)\n")),
    ),
    Misconception(
        "gradients-on-at-the-end",
        "Gradients are switched on at the end, whatever the caller had chosen.",
        "Whoever calls it inside `torch.no_grad()` then collects graphs.",
        edits=(
            (NO_GRAD, ""),
            (EVAL, f"{EVAL}    torch.set_grad_enabled(False)\n"),
            (RESTORE, f"{RESTORE}\n    torch.set_grad_enabled(True)"),
        ),
    ),
    Misconception(
        "weights-frozen",
        "The weights are told to need no gradient, and stay so.",
        "The next training step cannot learn.",
        edits=((EVAL, f"{EVAL}    model.requires_grad_(False)\n"),),
    ),
    Misconception(
        "all-weights-learn-afterwards",
        "The weights are told to need no gradient, and afterwards all are told to need one.",
        "Some may have needed none before. One can do without gradients and touch no weight.",
        edits=(
            (EVAL, f"{EVAL}    model.requires_grad_(False)\n"),
            (RESTORE, f"{RESTORE}\n    model.requires_grad_(True)"),
        ),
    ),
    Misconception(
        "old-gradients-cleared",
        "The gradients of the model are cleared.",
        "A measurement in the middle of a step would spoil the step.",
        edits=((EVAL, f"{EVAL}    model.zero_grad()\n"),),
    ),
    Misconception(
        "seeded",
        "The random state of torch is set, so that each measurement is the same.",
        "Training goes on with the same random numbers after each measurement. In evaluation mode "
        "there is nothing random here.",
        edits=((EVAL, f"{EVAL}    torch.manual_seed(1337)\n"),),
    ),
    Misconception(
        "pair-not-unpacked",
        "The pair that the model returns is taken for the loss.",
        "A tuple has no `item`. The contract says what the model returns, and in which order.",
        edits=((LOSS, "model(x, y)"),),
    ),
    Misconception(
        "logits-for-the-loss",
        "The logits are taken for the loss.",
        "The contract says in which order the model returns its two.",
        edits=((LOSS, "model(x, y)[0].mean()"),),
    ),
    Misconception(
        "targets-left-out",
        "The model is called without the targets.",
        "Without them there is no loss.",
        edits=((LOSS, "model(x)[1]"),),
    ),
    Misconception(
        "wrong-targets",
        "The features are given to the model as targets too.",
        "Look at what goes into the call.",
        edits=((LOSS, "model(x, x)[1]"),),
    ),
    Misconception(
        "exchanged",
        "Features and targets are exchanged.",
        "Look at the order of the arguments.",
        edits=((LOSS, "model(y, x)[1]"),),
    ),
    Misconception(
        "own-loss",
        "The loss is computed here, as a cross-entropy of the logits.",
        "The model has a loss of its own, and need not be a language model.",
        edits=((LOSS, "nn.functional.cross_entropy(model(x, y)[0], y.flatten())"),),
    ),
    Misconception(
        "list-of-losses",
        "The losses are returned as a list.",
        "The caller looks a text up by its name.",
        edits=(("return losses", "return list(losses.values())"),),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "The loop that calls it has nothing to print.",
        edits=(("    return losses", "    losses"),),
    ),
    Misconception(
        "rounded",
        "The losses are rounded.",
        "A small loss comes out as 0. Rounding belongs where a number is printed.",
        edits=((MEAN, f"round({MEAN}, 4)"),),
    ),
)
