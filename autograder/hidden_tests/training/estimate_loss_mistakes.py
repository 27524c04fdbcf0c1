"""Wrong answers to 7.7 estimate_loss, the commonest first: the mode, and which batches."""

from autograder.exercise import Misconception

EVAL = "    model.eval()\n"
RESTORE = "model.train(was_training)"
NO_GRAD = "@torch.no_grad()\n"
BATCHES = "[loader.next_batch() for _ in range(eval_iters)]"
MEAN = "sum(model(x, y)[1].item() for x, y in batches) / eval_iters"

MISCONCEPTIONS = (
    Misconception(
        "dropout-left-on",
        "The model is measured in the mode in which it was: in training, numbers are dropped.",
        "Each measurement then depends on chance, and is too high.",
        edits=((EVAL, ""),),
    ),
    Misconception(
        "mode-not-restored",
        "The model is left in evaluation mode.",
        "Whoever goes on training it then trains without dropout.",
        edits=((f"    {RESTORE}\n", ""),),
    ),
    Misconception(
        "training-mode-at-the-end",
        "The model is in training mode at the end, whatever it was before.",
        "Whoever only uses the model then gets answers that depend on chance.",
        edits=((RESTORE, "model.train()"),),
    ),
    Misconception(
        "graph-kept",
        "The model runs with gradients.",
        "All that it computes is kept for a backward pass that never comes.",
        edits=((NO_GRAD, ""),),
    ),
    Misconception(
        "last-batch-only",
        "The loss of the last batch is returned.",
        "One batch says little: look at how far the losses of two batches lie apart.",
        edits=((MEAN, "model(*batches[-1])[1].item()"),),
    ),
    Misconception(
        "divided-twice",
        "The mean is divided by the number of batches once more.",
        "With one batch the number is right, and with each further one it is smaller.",
        edits=((MEAN, f"{MEAN} / eval_iters"),),
    ),
    Misconception(
        "not-divided",
        "The losses of the batches are added up, and not divided.",
        "With more batches the number grows. The contract asks for their mean.",
        edits=((f" {MEAN[-12:]}", ""),),
    ),
    Misconception(
        "tensor-returned",
        "The losses are tensors.",
        "The contract asks for Python floats.",
        edits=((".item()", ""),),
    ),
    Misconception(
        "same-batch-each-time",
        "One batch is drawn, and measured again and again.",
        "In evaluation mode its loss is the same each time, so the mean says no more than one run.",
        edits=((BATCHES, "[loader.next_batch()] * eval_iters"),),
    ),
    Misconception(
        "sum-goes-on",
        "The sum goes on from one text to the next.",
        "The first text is right, and the others are too high. Where does the sum begin at 0?",
        edits=(
            ("losses = {}", "losses, total = {}, 0.0"),
            (
                f"        losses[name] = {MEAN}",
                "        total += sum(model(x, y)[1].item() for x, y in batches)\n"
                "        losses[name] = total / eval_iters",
            ),
        ),
    ),
    Misconception(
        "returns-in-the-loop",
        "The `return` stands inside the loop.",
        "Only the first text is measured. Look at how far the line is indented.",
        edits=((f"    {RESTORE}\n    return", f"        {RESTORE}\n        return"),),
    ),
    Misconception(
        "names-fixed",
        "Only the texts called train and val are measured.",
        "The caller chooses the names, and how many there are.",
        edits=(
            (
                "for name, loader in loaders.items():",
                'for name in ("train", "val"):\n        loader = loaders[name]',
            ),
        ),
    ),
    Misconception(
        "features-and-targets-of-two-batches",
        "The features come from one batch and the targets from the next.",
        "`next_batch` moves on at each call. Count the calls.",
        edits=(
            (
                BATCHES,
                BATCHES.replace(
                    "loader.next_batch()", "(loader.next_batch()[0], loader.next_batch()[1])"
                ),
            ),
        ),
    ),
    Misconception(
        "mode-of-the-outer-module-only",
        "The attribute `training` is set on the model alone.",
        "The dropout inside is a module too, with a mode of its own.",
        edits=(
            (EVAL, "    model.training = False\n"),
            (RESTORE, "model.training = was_training"),
        ),
    ),
)
