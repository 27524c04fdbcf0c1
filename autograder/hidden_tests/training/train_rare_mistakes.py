"""Wrong answers to train that are rarer: settings that are not used, and what is written down."""

from autograder.exercise import Misconception
from autograder.hidden_tests.training.train_mistakes import (
    CLIP,
    DUE,
    GROUPS,
    LOG,
    LR,
    MAKE,
    RUN,
    STEP,
)

LOOP = "for step in range(cfg.max_steps):"

RARE_MISCONCEPTIONS = (
    Misconception(
        "rate-of-the-next-step",
        "Each step has the learning rate of the next one.",
        "`get_lr` counts from 0.",
        edits=((LR, LR.replace("step", "step + 1", 1)),),
    ),
    Misconception(
        "lr-written-after-the-step",
        "The learning rate is written after the step.",
        "The first step is then taken at the top of the curve, before any rise.",
        edits=(
            (f"        {GROUPS}", ""),
            (STEP, f"{STEP}\n        {GROUPS.rstrip()}"),
        ),
    ),
    Misconception(
        "no-rise",
        "The learning rate begins at its top.",
        "`cfg.warmup_steps` is not used.",
        edits=((LR, LR.replace("cfg.warmup_steps", "0")),),
    ),
    Misconception(
        "end-at-zero",
        "The learning rate goes to 0.",
        "`cfg.min_lr` is not used.",
        edits=((LR, LR.replace("cfg.min_lr", "0.0")),),
    ),
    Misconception(
        "end-at-a-tenth",
        "The learning rate ends at a tenth of its top.",
        "That is a habit. `cfg.min_lr` says where it ends.",
        edits=((LR, LR.replace("cfg.min_lr", "0.1 * cfg.max_lr")),),
    ),
    Misconception(
        "end-one-step-early",
        "The curve of the learning rate is one step too short.",
        "It is `get_lr` that knows what the last step is. Look at what it is told.",
        edits=((LR, LR.replace("cfg.max_steps", "cfg.max_steps - 1")),),
    ),
    Misconception(
        "norm-of-one",
        "The gradient is shortened to a fixed length.",
        "`cfg.max_norm` is not used.",
        edits=((CLIP, CLIP.replace("cfg.max_norm", "1.0")),),
    ),
    Misconception(
        "each-gradient-by-itself",
        "The gradient of each parameter is shortened by itself.",
        "The direction of the whole changes then. One norm for all of them, one factor.",
        edits=(
            (CLIP, "for p in model.parameters():\n            clip_grad_norm([p], cfg.max_norm)"),
        ),
    ),
    Misconception(
        "each-number-by-itself",
        "Each number of the gradient is cut off by itself.",
        "The direction changes then, and the whole can still be longer than allowed.",
        edits=(
            (
                CLIP,
                "for p in model.parameters():\n"
                "            p.grad.clamp_(-cfg.max_norm, cfg.max_norm)",
            ),
        ),
    ),
    Misconception(
        "betas-fixed",
        "`cfg.betas` are not used.",
        "The optimizer has those of the contract's example, whatever the settings say.",
        edits=((MAKE, MAKE.replace("cfg.betas", "(0.9, 0.95)")),),
    ),
    Misconception(
        "decay-fixed",
        "`cfg.weight_decay` is not used.",
        "The optimizer has a fixed one, whatever the settings say.",
        edits=((MAKE, MAKE.replace("cfg.weight_decay", "0.1")),),
    ),
    Misconception(
        "all-decay",
        "Everything decays, the vectors too.",
        "An optimizer that is given all parameters in one list has one group. Which function "
        "makes two?",
        edits=(
            (
                MAKE,
                "import torch\n    optimizer = torch.optim.AdamW(model.parameters(), "
                "lr=cfg.max_lr, betas=cfg.betas, weight_decay=cfg.weight_decay)",
            ),
        ),
    ),
    Misconception(
        "optimizer-made-anew",
        "Each step has a new optimizer.",
        "Its moments begin at 0 each time.",
        edits=((LR, f"{MAKE}\n        {LR}"),),
    ),
    Misconception(
        "one-batch-per-evaluation",
        "An evaluation is of one batch.",
        "`cfg.eval_iters` is not used, and one batch says little.",
        edits=((LOG, LOG.replace("cfg.eval_iters", "1")),),
    ),
    Misconception(
        "one-loader-evaluated",
        "Only `val` is evaluated.",
        "The contract wants the loss of each loader, by its name, the one of training too.",
        edits=(
            (
                LOG,
                LOG.replace("loaders,", '{n: x for n, x in loaders.items() if n == "val"},'),
            ),
        ),
    ),
    Misconception(
        "training-loss-logged",
        'Under "train" is the loss of the last training batch.',
        "That is one batch, before the step, with dropout on. Both numbers are to be measured in "
        "the same way.",
        edits=((LOG, LOG[:-1] + ' | {"train": loss.item()})'),),
    ),
    Misconception(
        "trained-on-all",
        "It trains on every loader in turn.",
        "A model that has trained on `val` cannot be judged by it.",
        edits=(
            (
                RUN,
                "names = list(loaders)\n"
                "        _, loss = model(*loaders[names[step % len(names)]].next_batch())",
            ),
        ),
    ),
    Misconception(
        "one-step-more",
        "It takes one step too many.",
        "`range(n)` has n numbers.",
        edits=((LOOP, "for step in range(cfg.max_steps + 1):"),),
    ),
    Misconception(
        "top-logged",
        'Under "lr" is the top of the learning rate.',
        "It wants the one of the last step.",
        edits=((LOG, LOG.replace('"lr": lr', '"lr": cfg.max_lr')),),
    ),
    Misconception(
        "evaluated-one-step-too-early",
        "It evaluates between the gradient and the step.",
        "What is measured are the weights before the step that the entry counts.",
        edits=(
            (f"        {STEP}\n", ""),
            (LOG, f"{LOG}\n        {STEP}"),
        ),
    ),
    Misconception(
        "evaluated-at-the-start-too",
        "It evaluates once more, before the first step.",
        "The contract asks for it after steps. Each evaluation takes batches that the next step "
        "would have had.",
        edits=(
            (
                "log = []",
                'log = [{"step": 0, "lr": 0.0} | estimate_loss(model, loaders, cfg.eval_iters)]',
            ),
        ),
    ),
    Misconception(
        "evaluated-at-the-top",
        "It evaluates at the top of the loop, before the step.",
        "The weights are then those of the step before, and the first entry is of a model that "
        'has learned nothing. What does "step" count?',
        edits=(
            (f"        {DUE}\n            {LOG}\n", ""),
            (
                RUN,
                "if step % cfg.eval_every == 0 or step + 1 == cfg.max_steps:\n"
                f"            {LOG.replace('done', 'step')}\n        {RUN}",
            ),
        ),
    ),
    Misconception(
        "one-dict-for-all",
        "The log has the same dict many times.",
        "`update` changes the dict that is in the list already: all entries are the last one.",
        edits=(
            ("log = []", "log = []\n    entry = {}"),
            (
                LOG,
                'entry.update({"step": done, "lr": lr})\n'
                "            entry.update(estimate_loss(model, loaders, cfg.eval_iters))\n"
                "            log.append(entry)",
            ),
        ),
    ),
    Misconception(
        "returned-early",
        "It returns after the first evaluation.",
        "Look at how far `return` is indented.",
        edits=((LOG, f"{LOG}\n            return log"),),
    ),
    Misconception(
        "nothing-returned",
        "Nothing is returned.",
        "The log is what the caller learns of the run.",
        edits=(("return log", "return None"),),
    ),
    Misconception(
        "mode-changed",
        "The model is in training mode afterwards, whatever it was in before.",
        "The mode of the model stays, says the contract.",
        edits=((MAKE, f"{MAKE}\n    model.train()"),),
    ),
    Misconception(
        "left-in-evaluation",
        "The model is in evaluation mode afterwards.",
        "And after the first evaluation it is trained without dropout.",
        edits=((DUE, f"{DUE}\n            model.eval()"),),
    ),
    Misconception(
        "long-ones-skipped",
        "A step whose gradient is too long is left out.",
        "It is to be shortened, and taken.",
        edits=(
            (
                f"{CLIP}\n        {STEP}",
                f"if {CLIP} <= cfg.max_norm:\n            {STEP}",
            ),
        ),
    ),
)
