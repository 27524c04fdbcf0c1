"""Wrong answers to 7.8 amp_train_step that are rarer: when to scale, and the parts of any step."""

from autograder.exercise import Misconception
from autograder.hidden_tests.training.amp_train_step_mistakes import (
    AUTOCAST,
    CALL,
    CLEAR,
    PLAIN,
    PLAIN_STEP,
    RETURNED,
    SCALED,
    STEP,
    UPDATE,
    WHETHER,
)

RARE_MISCONCEPTIONS = (
    Misconception(
        "scaler-by-dtype",
        "Whether to scale is read from the type of the numbers.",
        "The caller decides, by giving a scaler or None.",
        edits=((WHETHER, "if dtype is not torch.float16:"),),
    ),
    Misconception(
        "scaler-in-float16-only",
        "A scaler is left unused in bfloat16.",
        "bfloat16 needs none, but if one is given it is to be used.",
        edits=((WHETHER, "if scaler is None or dtype is not torch.float16:"),),
    ),
    Misconception(
        "new-scaler",
        "A new scaler is made for each step.",
        "The one that was given learns from step to step how large its scale may be.",
        edits=((SCALED, f"        scaler = torch.amp.GradScaler(device_type)\n{SCALED}"),),
    ),
    Misconception(
        "autocast-left-on",
        "Autocast is switched on, and stays on.",
        "The backward pass, the step and all that the caller computes then run under it too.",
        edits=(
            (f"    with {AUTOCAST}:\n        {CALL}", f"    {AUTOCAST}.__enter__()\n    {CALL}"),
        ),
    ),
    Misconception(
        "autocast-with-a-scaler-only",
        "Without a scaler the model runs in 32 bits.",
        "bfloat16 needs no scaler, and is to be used all the same.",
        edits=((AUTOCAST, "torch.autocast(device_type, dtype, scaler is not None)"),),
    ),
    Misconception(
        "divided-by-hand",
        "The gradients are divided by the scale by hand, and then by the scaler again.",
        "The step is as many times too short as the scale is large.",
        edits=(
            (
                STEP,
                "        for p in model.parameters():\n"
                f"            p.grad /= scaler.get_scale()\n{STEP}",
            ),
        ),
    ),
    Misconception(
        "scaled-by-hand",
        "The loss is multiplied and the gradients are divided by hand.",
        "The scaler also looks for gradients that are too large, and leaves out such a step.",
        edits=(
            (SCALED, "        (loss * scaler.get_scale()).backward()\n"),
            (
                STEP,
                "        for p in model.parameters():\n"
                f"            p.grad /= scaler.get_scale()\n{PLAIN_STEP}",
            ),
            (UPDATE, ""),
        ),
    ),
    Misconception(
        "both-steps",
        "With a scaler, the plain backward pass and the plain step run as well.",
        "The graph is gone after the first backward pass. One of the two ways is to be taken.",
        edits=((UPDATE, f"{UPDATE}{PLAIN}{PLAIN_STEP}"),),
    ),
    Misconception(
        "updated-twice",
        "The scaler is updated twice.",
        "One step, one update: the second has seen no gradients.",
        edits=((UPDATE, UPDATE + UPDATE),),
    ),
    Misconception(
        "autocast-in-float16-only",
        "In bfloat16 the model runs in 32 bits.",
        "bfloat16 can do without a scaler, not without autocast.",
        edits=((AUTOCAST, "torch.autocast(device_type, dtype, dtype == torch.float16)"),),
    ),
    Misconception(
        "scaled-gradient-clipped",
        "The gradients are clipped while they are scaled.",
        "They are then many times too short. Clipping is no part of this step.",
        edits=((STEP, f"        nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n{STEP}"),),
    ),
    Misconception(
        "scaler-without-a-step",
        "With a scaler, no step is taken.",
        "`update` only looks after the scale.",
        edits=((STEP, ""),),
    ),
    Misconception(
        "no-step",
        "The optimizer takes no step where there is no scaler.",
        "The gradients are there, and the weights stay as they are.",
        edits=((PLAIN_STEP, ""),),
    ),
    Misconception(
        "step-without-the-optimizer",
        "The scaler's step is called without the optimizer.",
        "The contract says what it gets.",
        edits=((STEP, "        scaler.step()\n"),),
    ),
    Misconception(
        "cleared-before-the-step",
        "The gradients are cleared between `backward` and the step.",
        "The optimizer finds no gradient.",
        edits=(
            (CLEAR, ""),
            (PLAIN, f"{PLAIN}    {CLEAR}"),
            (SCALED, f"{SCALED}    {CLEAR}"),
        ),
    ),
    Misconception(
        "cleared-only-at-the-end",
        "The gradients are cleared after the step only.",
        "A gradient that somebody left there before the first call goes into the first step.",
        edits=((CLEAR, ""), (f"    return {RETURNED}", f"{CLEAR}    return {RETURNED}")),
    ),
    Misconception(
        "ids-in-few-bits",
        "The ids are cast to few bits.",
        "A number such as 50,256 has no place in 16 bits. The contract leaves x and y as they are.",
        edits=((CALL, "_, loss = model(x.to(dtype), y)"),),
    ),
    Misconception(
        "loss-in-few-bits",
        "The loss is cast to few bits.",
        "bfloat16 knows no number between 2 and 2.0156. The model knows which type its loss needs.",
        edits=((CALL, f"{CALL}\n    loss = loss.to(dtype)"),),
    ),
    Misconception(
        "own-loss",
        "The loss is computed here, as a cross-entropy of the logits.",
        "The model has a loss of its own, and need not be a language model.",
        edits=(
            (
                CALL,
                "logits, _ = model(x, y)\n"
                "    loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())",
            ),
        ),
    ),
    Misconception(
        "pair-not-unpacked",
        "The pair that the model returns is taken for the loss.",
        "The contract says what the model returns, and in which order.",
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
        "exchanged",
        "Features and targets are exchanged.",
        "Look at the order of the arguments.",
        edits=((CALL, "_, loss = model(y, x)"),),
    ),
    Misconception(
        "evaluation-mode",
        "The model is put in evaluation mode.",
        "This is a step of training: dropout belongs to it.",
        edits=((CLEAR, f"    model.eval()\n{CLEAR}"),),
    ),
    Misconception(
        "runs-twice",
        "The model runs twice on the batch.",
        "The numbers are right, at twice the cost.",
        edits=((CALL, f"model(x, y)\n        {CALL}"),),
    ),
    Misconception(
        "own-update",
        "Without a scaler, the weights move past the optimizer that was given.",
        "Momentum, AdamW's averages and weight decay have no effect.",
        edits=(
            (
                PLAIN_STEP,
                "        for p in model.parameters():\n"
                '            p.data -= optimizer.param_groups[0]["lr"] * p.grad\n',
            ),
        ),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "The loop that calls it has no loss to print.",
        edits=((f"    return {RETURNED}", f"    {RETURNED}"),),
    ),
    Misconception(
        "rounded",
        "The loss is rounded.",
        "A small loss comes out as 0. Rounding belongs where a number is printed.",
        edits=((RETURNED, "round(loss.item(), 4)"),),
    ),
)
