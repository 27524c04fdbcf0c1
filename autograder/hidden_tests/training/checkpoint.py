"""7.9 Checkpoint."""

from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance
from autograder.hidden_tests.training.checkpoint_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.checkpoint_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.training.checkpoint_variants import VARIANTS

LOSSES = Tolerance(
    1e-6,
    1e-6,
    "a few steps in float64 are off by 1e-14 on another processor; a step from another state, "
    "by 1e-3. What is asked to the bit is compared on one machine, and comes as True or False",
)


def _run(d: Draw, **others: Any) -> dict[str, Any]:
    V, C = 5, 3
    return {"weights": d.normal(2, V, C), "tokens": d.integers(0, V, 4, 5)} | others


GOES_ON = "a run goes on from it as if nothing had happened"
SAME = "saving changes nothing in the run"
FILE = "is one file, replaced as a whole"
CUT = "a save that is cut short leaves the older checkpoint"
MODEL = "loads from any device, and into the same kind of model only"

EXERCISE = Exercise(
    id="Checkpoint",
    chapter="07-training",
    title="Checkpoints",
    reference="gpt2.checkpoint.Checkpoint",
    probe="checkpoints.goes_on",
    minutes=30,
    difficulty=3,
    groups={GOES_ON: 2, SAME: 1, FILE: 1, CUT: 1, MODEL: 1},
    cases=(
        Case(
            "AdamW and a generator",
            GOES_ON,
            lambda d: _run(d, before=5, after=2),
            tolerance=LOSSES,
        ),
        Case(
            "momentum, no generator",
            GOES_ON,
            lambda d: _run(d, before=2, after=1, optimizer="SGD", generator=False),
            tolerance=LOSSES,
        ),
        Case(
            "before the first step, into a run that is under way",
            GOES_ON,
            lambda d: _run(d, before=0, after=1, used=2),
            tolerance=LOSSES,
        ),
        Case(
            "into the Parameters that are there",
            GOES_ON,
            _run,
            probe="checkpoints.into_what_is_there",
        ),
        Case(
            "the run that was saved",
            SAME,
            lambda d: _run(d, steps=2),
            probe="checkpoints.the_saved_run",
        ),
        Case("twice back to one file", SAME, _run, probe="checkpoints.two_times"),
        Case(
            "names in a folder",
            FILE,
            lambda d: _run(d, names=["run", "run.pth"]),
            probe="checkpoints.files",
        ),
        Case(
            "a loader that raises",
            CUT,
            lambda d: _run(d, steps=1, trouble="the loader raises"),
            probe="checkpoints.cut_short",
        ),
        Case(
            "no space on the device",
            CUT,
            lambda d: _run(d, steps=1, trouble="no space"),
            probe="checkpoints.cut_short",
        ),
        Case(
            "a file from a GPU",
            MODEL,
            lambda d: _run(d, steps=2),
            probe="checkpoints.from_a_gpu",
        ),
        Case("another model", MODEL, _run, probe="checkpoints.another_model"),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Write a list of all that the next step depends on. The weights are the first of five.",
        "`state_dict()` of the model, of the optimizer and of the loader, `torch.get_rng_state()` "
        "and `rng.get_state()` go into one dict. Each has a partner that puts it back.",
        "`torch.save` to a name beside `path`, then `os.replace`: whoever looks at `path` sees the "
        "old file or the new one. `torch.load` takes `map_location`.",
    ),
)
