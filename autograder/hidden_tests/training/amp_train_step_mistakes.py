"""Wrong answers to 7.8 amp_train_step, the commonest first."""

from autograder.exercise import Misconception

CLEAR = "    optimizer.zero_grad()\n"
AUTOCAST = "torch.autocast(device_type, dtype)"
PLAIN = "        loss.backward()\n"
SCALED = "        scaler.scale(loss).backward()\n"
PLAIN_STEP = "        optimizer.step()\n"
STEP = "        scaler.step(optimizer)\n"
UPDATE = "        scaler.update()\n"
CALL = "_, loss = model(x, y)"
WHETHER = "if scaler is None:"
RETURNED = "float(loss.item())"


def inside(line: str) -> tuple[str, str]:
    """Return an edit that puts a line under autocast too."""
    return line, f"        with {AUTOCAST}:\n    {line}"


MISCONCEPTIONS = (
    Misconception(
        "backward-under-autocast",
        "The backward pass runs under autocast too.",
        "Each gradient has the type of what it belongs to already; torch's documentation advises "
        "against it. Look at how far the lines are indented.",
        edits=(inside(PLAIN), inside(SCALED)),
    ),
    Misconception(
        "no-autocast",
        "The model runs in 32 bits.",
        "Nothing is wrong with the numbers, and nothing is faster. Is autocast on, and for the "
        "device that was given?",
        edits=((AUTOCAST, "torch.autocast(device_type, dtype, enabled=False)"),),
    ),
    Misconception(
        "update-forgotten",
        "The scaler is never updated.",
        "Its scale stays what it is, and the next `step` raises an exception.",
        edits=((UPDATE, ""),),
    ),
    Misconception(
        "scaler-always-used",
        "A scaler is expected, also where there is none.",
        "`None` has no `scale`. The contract says when it is None.",
        edits=((WHETHER, "if False:"),),
    ),
    Misconception(
        "scaler-ignored",
        "The scaler is never used.",
        "In float16 small gradients become 0, and the weights stay as they are.",
        edits=((WHETHER, "if True:"),),
    ),
    Misconception(
        "optimizer-steps-itself",
        "With a scaler, the optimizer is told to step, and not the scaler.",
        "The gradients are still as many times too long as the loss was made larger.",
        edits=((STEP, PLAIN_STEP),),
    ),
    Misconception(
        "loss-not-scaled",
        "The plain loss goes backward, and the scaler divides the gradients all the same.",
        "The step is as many times too short as the scale is large.",
        edits=((SCALED, "        scaler.scale(loss)\n        loss.backward()\n"),),
    ),
    Misconception(
        "dtype-ignored",
        "The type of the numbers is not the one that was given.",
        "Autocast has a default of its own for each device: on a CPU it is bfloat16.",
        edits=((AUTOCAST, "torch.autocast(device_type)"),),
    ),
    Misconception(
        "float16-fixed",
        "The model always runs in float16.",
        "`dtype` has no effect.",
        edits=((AUTOCAST, "torch.autocast(device_type, torch.float16)"),),
    ),
    Misconception(
        "cpu-fixed",
        "Autocast is always on for the CPU, whatever device was given.",
        "On a GPU the model would run in 32 bits.",
        edits=((AUTOCAST, 'torch.autocast("cpu", dtype)'),),
    ),
    Misconception(
        "device-for-its-type",
        "Autocast gets a device, and not its type.",
        "It takes a word such as those that the contract names.",
        edits=((AUTOCAST, "torch.autocast(x.device, dtype)"),),
    ),
    Misconception(
        "weights-in-few-bits",
        "The weights themselves are cast to few bits.",
        "A step is often smaller than the last bit of such a weight, and then it is lost.",
        edits=((CLEAR, f"    model.to(dtype)\n{CLEAR}"),),
    ),
    Misconception(
        "never-cleared",
        "The gradients are never cleared.",
        "`backward` adds to what is there.",
        edits=((CLEAR, ""),),
    ),
    Misconception(
        "two-steps",
        "The optimizer steps once by the scaler, and once more by itself.",
        "Count the steps that one call takes.",
        edits=((UPDATE, f"{PLAIN_STEP}{UPDATE}"),),
    ),
    Misconception(
        "update-before-the-step",
        "The scaler is updated before its step.",
        "The step then divides by another number than the loss was multiplied with.",
        edits=((STEP, ""), (UPDATE, UPDATE + STEP)),
    ),
    Misconception(
        "scaled-loss-returned",
        "The loss that is returned is the scaled one.",
        "With a scaler it is many times too large.",
        edits=((SCALED, "        loss = scaler.scale(loss)\n        loss.backward()\n"),),
    ),
    Misconception(
        "tensor-returned",
        "The loss is returned as a tensor.",
        "The contract asks for a Python float.",
        edits=((RETURNED, "loss.detach()"),),
    ),
)
