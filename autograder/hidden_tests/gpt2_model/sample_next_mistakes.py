"""Wrong answers to 6.13 sample_next, the commonest first."""

import random

import torch
from torch import Generator, Tensor

from autograder.exercise import Misconception

_RESULT = "return torch.multinomial(logits.softmax(dim=-1), num_samples=1, generator=generator)"


def _python_draws(logits: Tensor, generator: Generator | None = None) -> Tensor:
    tokens = range(logits.size(-1))
    drawn = [random.choices(tokens, row)[0] for row in logits.softmax(dim=-1).tolist()]
    return torch.tensor(drawn).unsqueeze(1)


MISCONCEPTIONS = (
    Misconception(
        "argmax",
        "The most probable token is taken; nothing is drawn.",
        "The same logits give the same token each time, whatever the generator.",
        edits=((_RESULT, "return logits.argmax(dim=-1, keepdim=True)"),),
    ),
    Misconception(
        "generator-ignored",
        "The generator is not used.",
        "The same seed gives another text each time. `torch.multinomial` has an argument for it.",
        edits=((", generator=generator)", ")"),),
    ),
    Misconception(
        "drawn-from-logits",
        "The logits go into `multinomial` as they are.",
        "Logits may be negative, and `multinomial` raises an error there. Where all are positive "
        "it draws, with the wrong probabilities.",
        edits=(("logits.softmax(dim=-1)", "logits"),),
    ),
    Misconception(
        "one-dimension",
        "The result is (B,) and not (B, 1).",
        "The tokens are put beside the text so far, (B, T). Look for `squeeze` or `[:, 0]`.",
        edits=((_RESULT, f"{_RESULT}.squeeze(-1)"),),
    ),
    Misconception(
        "exp-without-shift",
        "The logits go through `exp` without a shift.",
        "`exp` of anything above about 88 is infinite in float32, and of a row far below 0 it is 0 "
        "everywhere: `multinomial` raises an error.",
        edits=(("logits.softmax(dim=-1)", "logits.exp()"),),
    ),
    Misconception(
        "squeezed",
        "All dimensions of 1 are taken away, and the batch too where it is 1.",
        "The result is (B,), and for one text it has no dimension at all. The contract asks for "
        "(B, 1).",
        edits=((_RESULT, f"{_RESULT}.squeeze()"),),
    ),
    Misconception(
        "in-place",
        "The call changes the caller's logits.",
        "Print `logits` before and after the call. `-=` and methods that end in `_` write into the "
        "tensor that was passed.",
        edits=(("logits.softmax(dim=-1)", "logits.sub_(logits.amax(-1, keepdim=True)).exp()"),),
    ),
    Misconception(
        "softmax-over-the-batch",
        "The softmax runs along the batch.",
        "Columns sum to 1 and rows do not. Along which dimension do the tokens of one text lie?",
        edits=(("softmax(dim=-1)", "softmax(dim=0)"),),
    ),
    Misconception(
        "softmax-of-everything",
        "One softmax runs over the whole batch.",
        "A row that lies far below another has probability 0 from end to end.",
        edits=(("logits.softmax(dim=-1)", "logits.flatten().softmax(0).view(logits.shape)"),),
    ),
    Misconception(
        "softmax-twice",
        "The probabilities go through a second softmax.",
        "The draws are nearly uniform, and tokens that were cut off are drawn.",
        edits=(("logits.softmax(dim=-1)", "logits.softmax(dim=-1).softmax(dim=-1)"),),
    ),
    Misconception(
        "log-softmax",
        "Logarithms of probabilities go into `multinomial`.",
        "They are negative, and `multinomial` takes probabilities.",
        edits=(("logits.softmax", "logits.log_softmax"),),
    ),
    Misconception(
        "reseeded",
        "The generator is set back to a seed inside the function.",
        "Every call gives the same tokens, whatever state the caller's generator is in.",
        edits=((_RESULT, "generator = torch.Generator().manual_seed(42)\n    " + _RESULT),),
    ),
    Misconception(
        "own-seed-again",
        "Each call starts from the generator's first state, or from a copy of it.",
        "Two calls in a row give the same tokens. A generator moves on as it is used.",
        edits=(
            (
                _RESULT,
                "generator = generator and generator.clone_state()\n    " + _RESULT,
            ),
        ),
    ),
    Misconception(
        "fixed-without-generator",
        "Without a generator a new one with a fixed seed is made.",
        "Two calls without a generator give the same tokens. None means torch's own randomness.",
        edits=(
            (_RESULT, "generator = generator or torch.Generator().manual_seed(0)\n    " + _RESULT),
        ),
    ),
    Misconception(
        "torch-reseeded",
        "`torch.manual_seed` is called inside the function.",
        "Without a generator every call gives the same tokens. A seed is set once, by the caller.",
        edits=((_RESULT, "torch.manual_seed(1337)\n    " + _RESULT),),
    ),
    Misconception(
        "other-random-numbers",
        "The draw comes from Python's or NumPy's random numbers, not from torch's.",
        "Neither the generator nor `torch.manual_seed` has any effect on it.",
        function=_python_draws,
    ),
    Misconception(
        "rank-returned",
        "The draw is from the sorted row, and the place in it is returned.",
        "A place in the sorted row is a rank, not a token.",
        edits=(("logits.softmax(dim=-1)", "logits.softmax(-1).sort(-1, descending=True).values"),),
    ),
    Misconception(
        "sharper-than-the-softmax",
        "Likely tokens are drawn more often than the softmax says.",
        "Is there a temperature in the draw as well? If noise is added, which noise is it, and "
        "with which sign?",
        edits=(("logits.softmax", "(logits / 0.8).softmax"),),
    ),
)
