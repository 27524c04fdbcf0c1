"""7.10 train."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Tolerance
from autograder.hidden_tests.training.train_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.train_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.training.train_variants import VARIANTS

STEPS = Tolerance(
    1e-5,
    1e-5,
    "some add 1e-6 to the norm by which they divide, which moves these weights by less than 1e-6, "
    "and a mean of losses in float32 is off by 1e-7; the nearest mistake moves them by 1e-3",
)


def _run(d: Draw, names: str = "train val", **settings: Any) -> dict[str, Any]:
    """Return a model of V tokens, texts in which each row is another, and settings."""
    V = 3
    chosen = {"max_lr": d.number(0.1, 0.2), "min_lr": d.number(0.01, 0.05), "warmup_steps": 2}
    return {
        "table": d.normal(V, V),
        "names": names.split(),
        "texts": d.integers(0, V, len(names.split()), 5, 6),
        "settings": chosen | settings,
    }


STEP = "each step moves against the shortened gradient of the next batch"
RATE = "each step has its own learning rate"
TOLD = "does what cfg says"
WHEN = "evaluates when it is due, on all loaders"
LEFT = "leaves mode, cfg and random numbers to the caller"

EXERCISE = Exercise(
    id="train",
    chapter="07-training",
    title="The loop of training",
    reference="gpt2.loop.train",
    probe="training_run.trained",
    minutes=30,
    difficulty=3,
    groups={STEP: 2, RATE: 1, TOLD: 1, WHEN: 1, LEFT: 1},
    cases=(
        Case(
            "short and long gradients",
            STEP,
            lambda d: _run(d, max_steps=4, max_norm=3.0, eval_iters=1) | {"scale": 8.0},
            probe="training_run.steps_of",
            tolerance=STEPS,
        ),
        Case(
            "batches of chance",
            STEP,
            lambda d: {
                "table": d.normal(3, 3),
                "settings": {
                    "max_steps": 4,
                    "max_lr": 0.1,
                    "min_lr": 0.01,
                    "warmup_steps": 1,
                    "eval_every": 3,
                    "eval_iters": 2,
                },
            },
            probe="training_run.batches_of_chance",
            tolerance=EXACT,
        ),
        Case(
            "up and down",
            RATE,
            lambda d: _run(d, max_steps=4, eval_iters=1),
            probe="training_run.steps_of",
            tolerance=STEPS,
        ),
        Case(
            "other settings",
            TOLD,
            lambda d: _run(
                d,
                max_steps=3,
                warmup_steps=0,
                max_norm=0.3,
                weight_decay=d.number(0.5, 1.0),
                betas=[d.number(0.4, 0.6), d.number(0.7, 0.8)],
                eval_iters=1,
            ),
            probe="training_run.steps_of",
            tolerance=STEPS,
        ),
        Case(
            "the last step is between two evaluations",
            WHEN,
            lambda d: _run(d, max_steps=5, eval_every=2, eval_iters=3),
            tolerance=STEPS,
        ),
        Case(
            "the last step is due anyway, three loaders",
            WHEN,
            lambda d: _run(d, "val train books", max_steps=4, eval_every=2, eval_iters=2),
            tolerance=STEPS,
        ),
        Case(
            "a short run, in evaluation mode",
            LEFT,
            lambda d: (
                _run(d, "train", max_steps=2, eval_every=3, eval_iters=1) | {"in_training": False}
            ),
            tolerance=STEPS,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Everything is there but the loop: `configure_optimizers` once, then in each step "
        "`get_lr`, a batch, and the four lines of every step, with `clip_grad_norm` among them.",
        "An optimizer holds its learning rate in each of `optimizer.param_groups`. Write the one "
        "of this step there before `optimizer.step()`.",
        "With `done = step + 1`, evaluate if `done` is a multiple of `cfg.eval_every` or is "
        "`cfg.max_steps`: one condition, one dict with `estimate_loss` in it.",
    ),
)
