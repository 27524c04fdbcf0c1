"""Wrong answers to 2.8 train_step, the commonest first."""

from autograder.exercise import Misconception

MISCONCEPTIONS = (
    Misconception(
        "zero-grad-forgotten",
        "The gradients are never set to zero.",
        "`backward` adds to what is there, so each step also follows the gradients of all "
        "steps before it.",
        edits=(("    optimizer.zero_grad()\n", ""),),
    ),
    Misconception(
        "tensor-returned",
        "The loss is returned as a tensor.",
        "The contract asks for a Python float. A tensor that comes from the model keeps the "
        "whole graph alive: a list of 10,000 of them fills the memory.",
        edits=(("float(loss.item())", "loss"),),
    ),
    Misconception(
        "zero-grad-before-the-step",
        "The gradients are set to zero between `backward` and `step`.",
        "The optimizer finds no gradient, and nothing is learned. Look at the order of the lines.",
        edits=(
            ("    optimizer.zero_grad()\n", ""),
            ("loss.backward()", "loss.backward()\n    optimizer.zero_grad()"),
        ),
    ),
    Misconception(
        "zero-grad-only-at-the-end",
        "The gradients are set to zero after the step only.",
        "A gradient that somebody left there before the first call goes into the first step.",
        edits=(
            ("    optimizer.zero_grad()\n", ""),
            ("optimizer.step()", "optimizer.step()\n    optimizer.zero_grad()"),
        ),
    ),
    Misconception(
        "step-before-backward",
        "The optimizer steps before the gradients are there.",
        "The first step does nothing. Look at the order of the lines.",
        edits=(
            ("    optimizer.step()\n", ""),
            ("    loss.backward()", "    optimizer.step()\n    loss.backward()"),
        ),
    ),
    Misconception(
        "pair-not-unpacked",
        "The pair that the model returns is taken for the loss.",
        "A tuple has no `backward`. The contract says what the model returns, and in which order.",
        edits=(("_, loss = model(x, y)", "loss = model(x, y)"),),
    ),
    Misconception(
        "no-step",
        "The optimizer takes no step.",
        "The gradients are there, and the weights stay as they are.",
        edits=(("    optimizer.step()\n", ""),),
    ),
    Misconception(
        "loss-after-the-step",
        "The loss is computed again after the step.",
        "It costs a second run of the model, and is not the loss that the step came from.",
        edits=(
            (
                "    return float",
                "    _, loss = model(x, y)\n    return float",
            ),
        ),
    ),
    Misconception(
        "own-loss",
        "The loss is computed here, as a cross-entropy of the logits.",
        "The model has a loss of its own, and need not be a language model. It returns that loss.",
        edits=(
            (
                "_, loss = model(x, y)",
                "logits, _ = model(x, y)\n"
                "    loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())",
            ),
        ),
    ),
    Misconception(
        "runs-twice",
        "The model runs twice on the batch.",
        "The numbers are right, at twice the cost. One run gives logits and loss.",
        edits=(("    _, loss", "    model(x, y)\n    _, loss"),),
    ),
    Misconception(
        "targets-left-out",
        "The model is called without the targets.",
        "Without them there is no loss to step from.",
        edits=(("loss = model(x, y)", "loss = model(x)"),),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "The loop that calls it has no loss to print.",
        edits=(("    return float(loss.item())", "    loss.item()"),),
    ),
    Misconception(
        "logits-for-the-loss",
        "The logits are taken for the loss.",
        "`backward` needs one number. The contract says in which order the model returns its two.",
        edits=(("_, loss = model(x, y)", "loss, _ = model(x, y)"),),
    ),
    Misconception(
        "wrong-targets",
        "The features are given to the model as targets too.",
        "The model learns to repeat its input. Look at what goes into the call.",
        edits=(("loss = model(x, y)", "loss = model(x, x)"),),
    ),
    Misconception(
        "exchanged",
        "Features and targets are exchanged.",
        "The model learns to write backwards. Look at the order of the arguments.",
        edits=(("loss = model(x, y)", "loss = model(y, x)"),),
    ),
    Misconception(
        "own-update",
        "The weights move past the optimizer that was given: by hand, or by another one.",
        "Momentum, AdamW's averages and weight decay have no effect. The optimizer knows how "
        "to step, and remembers its earlier steps.",
        edits=(
            (
                "    optimizer.step()",
                "    for p in model.parameters():\n"
                '        p.data -= optimizer.param_groups[0]["lr"] * p.grad',
            ),
        ),
    ),
    Misconception(
        "evaluation-mode",
        "The model is put in evaluation mode.",
        "Parts that act in training alone, such as dropout later in the course, are then off. "
        "`eval` belongs where a model is measured.",
        edits=(("    _, loss", "    model.eval()\n    _, loss"),),
    ),
    Misconception(
        "gradient-clipped",
        "The gradient is clipped before the step.",
        "A large gradient is made shorter. That is a good idea later in the course; here it "
        "changes the step that the optimizer was asked for.",
        edits=(
            (
                "    optimizer.step()",
                "    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n    optimizer.step()",
            ),
        ),
    ),
    Misconception(
        "rounded",
        "The loss is rounded.",
        "A small loss comes out as 0. Rounding belongs where a number is printed.",
        edits=(("float(loss.item())", "round(loss.item(), 4)"),),
    ),
    Misconception(
        "row-by-row",
        "The optimizer takes a step for each row of the batch.",
        "One batch gives one gradient, the mean over all its positions, and one step.",
        edits=(
            (
                "    _, loss = model(x, y)\n    optimizer.zero_grad()\n"
                "    loss.backward()\n    optimizer.step()\n    return float(loss.item())",
                "    losses = []\n    for i in range(len(x)):\n"
                "        _, loss = model(x[i : i + 1], y[i : i + 1])\n"
                "        optimizer.zero_grad()\n        loss.backward()\n"
                "        optimizer.step()\n        losses.append(loss.item())\n"
                "    return sum(losses) / len(losses)",
            ),
        ),
    ),
    Misconception(
        "two-steps",
        "The optimizer takes two steps with one gradient.",
        "The weights move about twice as far as the learning rate says.",
        edits=(("optimizer.step()", "optimizer.step()\n    optimizer.step()"),),
    ),
    Misconception(
        "uphill",
        "The step goes up the gradient.",
        "The loss grows. The optimizer subtracts already; a minus sign in front of the loss turns "
        "that round.",
        edits=(("loss.backward()", "(-loss).backward()"),),
    ),
)
