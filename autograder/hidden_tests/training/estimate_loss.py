"""7.7 estimate_loss."""

import contextlib
import copy
import statistics
from typing import Any

import torch
from torch import nn

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Tolerance, Variant
from autograder.hidden_tests.training.estimate_loss_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.training.estimate_loss_rare_mistakes import RARE_MISCONCEPTIONS

TOLERANCE = Tolerance(
    1e-5,
    1e-5,
    "the mean of a few losses, in float32 and in any order, is off by less than 1e-6; the nearest "
    "mistake moves it by more than 1e-3",
)
SMALL_LOSS = Tolerance(
    1e-6, 1e-5, "the sum of squares of 0.002 is off by 1e-8; rounding to four places, by 2e-5"
)
Losses = dict[str, float]


@torch.no_grad()
def _tensor_of_losses(model: nn.Module, loaders: dict[str, Any], eval_iters: int) -> Losses:
    out = {}
    training = model.training
    model.eval()
    for split in loaders:
        losses = torch.zeros(eval_iters)
        for k in range(eval_iters):
            x, y = loaders[split].next_batch()
            logits, loss = model(x, y)
            assert logits is not None
            losses[k] = loss.item()
        out[split] = losses.mean().item()
    if training:
        model.train()
    return out


def _inference_mode(model: nn.Module, loaders: dict[str, Any], eval_iters: int) -> Losses:
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.train(False)
        with torch.inference_mode():
            return {
                name: statistics.fmean(
                    model(*loader.next_batch())[1].item() for _ in range(eval_iters)
                )
                for name, loader in loaders.items()
            }
    finally:
        for module, training in modes:
            module.training = training


def _interleaved(model: nn.Module, loaders: dict[str, Any], eval_iters: int) -> Losses:
    @contextlib.contextmanager
    def evaluating() -> Any:
        before = model.training
        model.eval()
        yield
        model.train(before)

    sums = dict.fromkeys(loaders, 0.0)
    with evaluating(), torch.no_grad():
        for _ in range(eval_iters):
            for name in sums:
                x, y = loaders[name].next_batch()
                sums[name] += model(x, targets=y)[1].double().item()
    return {name: total / eval_iters for name, total in sums.items()}


def _copy_of_the_model(model: nn.Module, loaders: dict[str, Any], eval_iters: int) -> Losses:
    frozen = copy.deepcopy(model).eval().requires_grad_(False)
    means = {}
    for name, loader in reversed(loaders.items()):
        mean = 0.0
        for i in range(eval_iters):
            *_, loss = frozen(*loader.next_batch())
            mean += (float(loss) - mean) / (i + 1)
        means[name] = mean
    return means


def _evaluation(d: Draw, names: list[str], sizes: list[int], **others: Any) -> dict[str, Any]:
    """Return the texts of some loaders; each has batches of so many rows."""
    V, rows = 4, len(names) * sum(sizes)
    successor = d.cycle(V)
    x = d.integers(0, V, rows, 3)
    y = torch.where(d.uniform(rows, 3) < 0.7, successor[x], d.integers(0, V, rows, 3))
    return {"weights": d.normal(2, V), "x": x, "y": y, "names": names, "sizes": sizes, **others}


def _nearly_learned(d: Draw) -> dict[str, Any]:
    """Return batches whose loss is about 0.00003."""
    batch = _evaluation(d, ["train", "val"], [1, 2], eval_iters=2)
    answer = d.integer(0, 4)
    weights = d.uniform(2, 4, low=0.002, high=0.0028)
    weights[1] = 0.0
    weights[0, answer] += 1.000005  # the norm divides by a little more than 1
    return batch | {"weights": weights, "y": torch.full_like(batch["y"], answer)}


def _left(d: Draw, training: bool, gradients: bool) -> dict[str, Any]:
    modes = {"training": training, "gradients": gradients}
    names = ["train", "val"]
    return _evaluation(d, names, [2, 1], old_gradient=d.normal(2, 4), **modes)


MEAN = "returns the mean of the batches for each text"
MODE = "measures the model as it is when it is used"
AFTER = "leaves everything as it was"
MEASURED, LEFT = "steps.measured", "steps.left_behind"

EXERCISE = Exercise(
    id="estimate_loss",
    chapter="07-training",
    title="Measuring a model",
    reference="gpt2.steps.estimate_loss",
    probe=MEASURED,
    minutes=10,
    difficulty=2,
    groups={MEAN: 1, MODE: 1, AFTER: 2},
    cases=(
        Case(
            "two texts, in evaluation mode before",
            MEAN,
            lambda d: _evaluation(d, ["train", "val"], [2, 2, 2, 2], eval_iters=3, training=False),
            tolerance=TOLERANCE,
        ),
        Case(
            "batches of different sizes, and names of one's own",
            MEAN,
            lambda d: _evaluation(
                d, ["poems", "letters", "plays"], [1, 4, 2], eval_iters=3, training=False
            ),
            tolerance=TOLERANCE,
        ),
        Case(
            "more batches than the text has",
            MEAN,
            lambda d: _evaluation(d, ["val"], [2, 2], eval_iters=5, training=False),
            tolerance=TOLERANCE,
        ),
        Case(
            "one batch",
            MEAN,
            lambda d: _evaluation(d, ["val", "test"], [2, 2], eval_iters=1, training=False),
            tolerance=TOLERANCE,
        ),
        Case("what is nearly learned", MEAN, _nearly_learned, tolerance=SMALL_LOSS),
        Case(
            "in training mode before",
            MODE,
            lambda d: _evaluation(d, ["train", "val"], [2, 2, 2], eval_iters=3),
            tolerance=TOLERANCE,
        ),
        Case(
            "after training",
            AFTER,
            lambda d: _left(d, training=True, gradients=True),
            probe=LEFT,
            tolerance=TOLERANCE,
        ),
        Case(
            "after evaluation",
            AFTER,
            lambda d: _left(d, training=False, gradients=False),
            probe=LEFT,
            tolerance=TOLERANCE,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=(
        Variant("a tensor of losses", _tensor_of_losses),
        Variant("inference mode, and each module's own mode", _inference_mode),
        Variant("batch by batch in turn", _interleaved),
        Variant("a copy of the model", _copy_of_the_model),
    ),
    hints=(
        "What in the model acts in training alone? How do you switch it off, and what does the "
        "caller find when you are done?",
        "Remember `model.training` before you change the mode. Each loader gives `eval_iters` new "
        "batches, and each batch one loss.",
        "Keep `model.training`, call `model.eval()`. For each name, add up "
        "`model(*loader.next_batch())[1].item()` over `eval_iters` batches and divide by "
        "`eval_iters`. At the end pass what you kept to `model.train`.",
    ),
)
