"""Wrong answers to 6.13 sample_next, the commonest first."""

import torch
from torch import Generator, Tensor

from autograder.exercise import Misconception

_RESULT = "return torch.multinomial(logits.softmax(dim=-1), num_samples=1, generator=generator)"


def _same_noise(logits: Tensor, generator: Generator | None = None) -> Tensor:
    u = torch.rand(logits.size(-1), generator=generator)
    return (logits - (-u.log()).log()).argmax(dim=-1, keepdim=True)


def _same_point(logits: Tensor, generator: Generator | None = None) -> Tensor:
    u = torch.rand(1, generator=generator)
    return (logits.softmax(-1).cumsum(-1) <= u).sum(-1, keepdim=True)


def _wrong_noise(logits: Tensor, generator: Generator | None = None) -> Tensor:
    noise = torch.randn(logits.shape, generator=generator)
    return (logits + noise).argmax(dim=-1, keepdim=True)


def _noise_on_probabilities(logits: Tensor, generator: Generator | None = None) -> Tensor:
    probs = logits.softmax(dim=-1)
    u = torch.rand(logits.shape, generator=generator)
    return (probs - (-u.log()).log()).argmax(dim=-1, keepdim=True)


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
        "generator-needed",
        "Without a generator the call raises an error.",
        "None is its default, and means torch's own source of randomness.",
        edits=((_RESULT, "generator.get_state()\n    " + _RESULT),),
    ),
    Misconception(
        "uniform",
        "All tokens that are not cut off are drawn equally often.",
        "The sizes of the logits have no effect.",
        edits=(("logits.softmax(dim=-1)", "logits.isfinite().float()"),),
    ),
    Misconception(
        "first-row-for-all",
        "The tokens of all rows are drawn from the first row.",
        "Each text of the batch has its own logits.",
        edits=(("logits.softmax(dim=-1)", "logits.softmax(dim=-1)[:1].expand(logits.shape)"),),
    ),
    Misconception(
        "first-row-only",
        "One token is drawn, from the first row.",
        "A batch of B texts needs B tokens.",
        edits=(("logits.softmax(dim=-1)", "logits[:1].softmax(dim=-1)"),),
    ),
    Misconception(
        "last-row-only",
        "One token is drawn, from the last row.",
        "`[-1]` is the last of the batch here: the position was chosen before.",
        edits=(("logits.softmax(dim=-1)", "logits[-1:].softmax(dim=-1)"),),
    ),
    Misconception(
        "batch-mixed",
        "The average of the rows is what all tokens are drawn from.",
        "Each text of the batch has its own logits.",
        edits=(
            (
                "logits.softmax(dim=-1)",
                "logits.softmax(dim=-1).mean(0, keepdim=True).expand(logits.shape)",
            ),
        ),
    ),
    Misconception(
        "transposed",
        "The result is (1, B) and not (B, 1).",
        "One row is one text.",
        edits=((_RESULT, f"{_RESULT}.t()"),),
    ),
    Misconception(
        "list-returned",
        "The result is a list and not a tensor.",
        "The tokens are put beside the text so far, which is a tensor.",
        edits=((_RESULT, f"{_RESULT}.tolist()"),),
    ),
    Misconception(
        "float-ids",
        "The ids come back as fractional numbers.",
        "An id is a whole number: the embedding cannot look up 3.0.",
        edits=((_RESULT, f"{_RESULT}.to(logits)"),),
    ),
    Misconception(
        "probability-returned",
        "The probability of the drawn token comes back, not its id.",
        "The numbers lie between 0 and 1. The text goes on with an id.",
        edits=(
            (
                _RESULT,
                _RESULT.replace("return ", "ids = ")
                + "\n    return logits.softmax(-1).gather(-1, ids)",
            ),
        ),
    ),
    Misconception(
        "one-hot",
        "The result marks the drawn token in a row of V, and does not name it.",
        "The text goes on with ids: one number for each row.",
        edits=(
            (
                _RESULT,
                _RESULT.replace("return ", "ids = ")
                + "\n    return torch.nn.functional.one_hot(ids[:, 0], logits.size(-1))",
            ),
        ),
    ),
    Misconception(
        "one-random-number-for-all",
        "All rows share one random number.",
        "Equal rows get equal tokens, so B samples of one prompt are one sample.",
        function=_same_point,
    ),
    Misconception(
        "same-noise-for-all",
        "All rows share the same noise.",
        "Equal rows get equal tokens, so B samples of one prompt are one sample. Look at the shape "
        "of the noise.",
        function=_same_noise,
    ),
    Misconception(
        "normal-noise",
        "Normal noise is added before the maximum is taken.",
        "Noise of another shape gives other probabilities: the likely is drawn too often.",
        function=_wrong_noise,
    ),
    Misconception(
        "noise-on-probabilities",
        "Gumbel noise is added to probabilities, not to logits.",
        "The draws are nearly uniform, and tokens that were cut off are drawn.",
        function=_noise_on_probabilities,
    ),
    Misconception(
        "minus-infinity-lost",
        "Tokens that were cut off get a little probability.",
        "A token with minus infinity is drawn now and then. Look for a number that is added.",
        edits=(("logits.softmax(dim=-1)", "(logits.softmax(dim=-1) + 0.05)"),),
    ),
    Misconception(
        "sign-turned-round",
        "The softmax is taken of the logits with the sign turned round.",
        "The least probable tokens are drawn most often.",
        edits=(("logits.softmax", "(-logits).softmax"),),
    ),
    Misconception(
        "from-the-two-best",
        "The draw is among a few of the best tokens.",
        "Rare tokens never come. What is cut off was decided before.",
        edits=(
            (
                "logits.softmax(dim=-1)",
                "logits.masked_fill(logits < logits.topk(2).values[:, -1:], -torch.inf)"
                ".softmax(dim=-1)",
            ),
        ),
    ),
)
