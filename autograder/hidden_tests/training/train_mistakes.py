"""Wrong answers to train, the commonest first: the learning rate, the step, the evaluations."""

from autograder.exercise import Misconception

LR = "lr = get_lr(step, cfg.max_lr, cfg.min_lr, cfg.warmup_steps, cfg.max_steps)"
GROUPS = """for group in optimizer.param_groups:
            group["lr"] = lr
"""
RUN = '_, loss = model(*loaders["train"].next_batch())'
ZERO = "optimizer.zero_grad()"
BACK = "loss.backward()"
CLIP = "clip_grad_norm(model.parameters(), cfg.max_norm)"
STEP = "optimizer.step()"
DUE = "if done % cfg.eval_every == 0 or done == cfg.max_steps:"
LOG = 'log.append({"step": done, "lr": lr} | estimate_loss(model, loaders, cfg.eval_iters))'
MAKE = "optimizer = configure_optimizers(model, cfg.weight_decay, cfg.max_lr, cfg.betas)"

MISCONCEPTIONS = (
    Misconception(
        "lr-never-written",
        "The learning rate is computed, and the optimizer never hears of it.",
        "It takes every step with the rate that it was made with. Where does an optimizer keep "
        "its rate?",
        edits=((f"        {GROUPS}", ""),),
    ),
    Misconception(
        "lr-in-one-group",
        "Only the first group gets the learning rate of the step.",
        "Biases and norms are in another group, and keep the rate of the start.",
        edits=((GROUPS, 'optimizer.param_groups[0]["lr"] = lr\n'),),
    ),
    Misconception(
        "evaluated-every-step",
        "It evaluates after every step.",
        "An evaluation costs as much as many steps. `cfg.eval_every` says how seldom.",
        edits=((DUE, "if done:"),),
    ),
    Misconception(
        "evaluated-every-step-logged-seldom",
        "It evaluates after every step, and writes down the result of some.",
        "The log looks right, and the run takes many times as long. Count the batches.",
        edits=(
            (
                f"{DUE}\n            {LOG}",
                "losses = estimate_loss(model, loaders, cfg.eval_iters)\n"
                f'        {DUE}\n            log.append({{"step": done, "lr": lr}} | losses)',
            ),
        ),
    ),
    Misconception(
        "seed-in-the-loop",
        "A seed is set in each step.",
        "Whatever is drawn at random is the same in each step: the batch, if it is drawn, and "
        "what dropout leaves out.",
        edits=((LR, f"__import__('torch').manual_seed(1337)\n        {LR}"),),
    ),
    Misconception(
        "not-clipped",
        "No step is taken with a shortened gradient.",
        "If `clip_grad_norm` is called at all: which gradients are there at that moment, and what "
        "happens to them afterwards?",
        edits=((f"        {CLIP}\n", ""),),
    ),
    Misconception(
        "gradients-add-up",
        "The gradients of earlier steps are still there.",
        "`backward` adds to what it finds.",
        edits=((f"        {ZERO}\n", ""),),
    ),
    Misconception(
        "zero-after-backward",
        "The gradients are cleared between `backward` and the step.",
        "Nothing is left to move against, and the weights stay as they are.",
        edits=((f"{ZERO}\n        {BACK}", f"{BACK}\n        {ZERO}"),),
    ),
    Misconception(
        "never-stepped",
        "The optimizer takes no step.",
        "Gradients alone change no weight.",
        edits=((f"        {STEP}\n", ""),),
    ),
    Misconception(
        "one-batch-for-all",
        "Every step takes the same batch.",
        "It is fetched once, before the loop.",
        edits=(
            ("log = []", 'log = []\n    batch = loaders["train"].next_batch()'),
            (RUN, "_, loss = model(*batch)"),
        ),
    ),
    Misconception(
        "evaluated-before-the-step",
        "It evaluates at step 0, and then one step too late.",
        "`step` counts from 0: behind the first step, one is done.",
        edits=((DUE, "if step % cfg.eval_every == 0 or done == cfg.max_steps:"),),
    ),
    Misconception(
        "no-last-evaluation",
        "The last evaluation is missing.",
        "The last step need not be a multiple of `cfg.eval_every`.",
        edits=((DUE, "if done % cfg.eval_every == 0:"),),
    ),
    Misconception(
        "last-one-twice",
        "If the last step is a multiple of `cfg.eval_every`, it is evaluated twice.",
        "Two reasons to evaluate, one evaluation.",
        edits=(
            (
                f"{DUE}\n            {LOG}",
                f"if done % cfg.eval_every == 0:\n            {LOG}\n"
                f"        if done == cfg.max_steps:\n            {LOG}",
            ),
        ),
    ),
    Misconception(
        "last-one-only",
        "It evaluates at the end alone.",
        "A run that goes wrong is to be seen while it runs, every `cfg.eval_every` steps.",
        edits=((DUE, "if done == cfg.max_steps:"),),
    ),
    Misconception(
        "step-from-zero",
        "The log says the number of the step, from 0, and not how many are done.",
        "Behind the first step, one is done.",
        edits=((LOG, LOG.replace("done", "step")),),
    ),
)
