"""1.2 cross_entropy."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Tolerance, Variant

MEAN = "averages the nats of the right tokens"
SHAPES = "keeps batch, positions and vocabulary apart"
LARGE = "stays finite on large logits"
IGNORED = "leaves ignored targets out of sum and count"

# float32 rounds by 6e-5 at 1000; mistakes there are infinite, nan, or off by more than 0.1.
AT_1000 = Tolerance(1e-3, 1e-5, "logits near 1000 in float32 are 6e-5 apart")


def _guesses(d: Draw, *shape: int, std: float = 2.0) -> dict[str, Any]:
    """Draw logits (B, T, V) and targets (B, T)."""
    return {"logits": d.normal(*shape, std=std), "targets": d.integers(0, shape[-1], *shape[:2])}


def _unlikely(d: Draw) -> dict[str, Any]:
    """Draw logits near 1000 or -1000 for which the targets are unlikely, not impossible."""
    logits = d.permutation(30).reshape(2, 3, 5) / 5 + d.uniform(2, 3, 5, high=0.1)
    shift = torch.tensor([[1000.0, -1000.0, 0.0], [-500.0, 500.0, 1000.0]])
    return {"logits": logits + shift[..., None], "targets": logits.argmin(-1)}


def _times_1000(d: Draw) -> dict[str, Any]:
    """Draw logits so far apart that softmax rounds all but the largest to 0."""
    logits = 1000 * (d.permutation(24).reshape(2, 3, 4) / 6 + d.uniform(2, 3, 4, high=0.1))
    return {"logits": logits, "targets": logits.argsort(-1)[..., 1]}


def _padded(d: Draw, ignored: int) -> dict[str, Any]:
    """Draw two sequences of which half is ignored, unevenly: 2 of 8 and 6 of 8 are kept."""
    guesses = _guesses(d, 2, 8, 6)
    if 0 <= ignored < 6:
        guesses["targets"] = (ignored + 1 + d.integers(0, 5, 2, 8)) % 6
    # Losses of the long sequence lie well above those of the short one.
    guesses["logits"][1] = guesses["logits"][1] * 3
    for row, kept in enumerate((2, 6)):
        guesses["targets"][row, d.permutation(8)[kept:]] = ignored
    return guesses


def _kept(logits: Tensor, targets: Tensor, ignore_index: int) -> tuple[Tensor, Tensor]:
    """Return the loss at each position, 0 where ignored, and what is counted: both (B, T)."""
    counted = targets != ignore_index
    ids = targets.masked_fill(~counted, 0)
    nll = logits.logsumexp(-1) - logits.gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    return nll * counted, counted


# Right answers in other styles.


def _torch(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    flat = logits.reshape(-1, logits.size(-1))
    return F.cross_entropy(flat, targets.reshape(-1), ignore_index=ignore_index)


def _channels_second(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignore_index)


def _loops(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    losses = []
    for b in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            if int(targets[b, t]) != ignore_index:
                row = logits[b, t] - logits[b, t].max()
                losses.append(row.exp().sum().log() - row[int(targets[b, t])])
    return torch.stack(losses).mean()


def _numpy(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    x, ids = logits.numpy().astype(np.float64), targets.numpy()
    x = x - x.max(axis=-1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    b, t = np.nonzero(ids != ignore_index)
    return torch.tensor(-log_p[b, t, ids[b, t]].mean())


def _einsum(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = (targets != ignore_index).double()
    one_hot = (targets.unsqueeze(-1) == torch.arange(logits.size(-1))).double()
    log_p = logits.double().log_softmax(-1)
    return -torch.einsum("btv,btv,bt->", log_p, one_hot, counted) / counted.sum()


# Wrong answers that an edit of the reference cannot say.


def _normalised_along(dim: int, logits: Tensor, targets: Tensor, ignore_index: int) -> Tensor:
    counted = targets != ignore_index
    ids = targets.masked_fill(~counted, 0).unsqueeze(-1)
    return -logits.log_softmax(dim).gather(-1, ids).squeeze(-1)[counted].mean()


def _no_logarithm(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    p = logits.softmax(-1).flatten(0, 1)
    return F.nll_loss(p, targets.flatten(), ignore_index=ignore_index)


def _along_positions(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _normalised_along(1, logits, targets, ignore_index)


def _along_batch(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _normalised_along(0, logits, targets, ignore_index)


def _targets_transposed(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits, targets.T, ignore_index)


def _divided_by_positions(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, _ = _kept(logits, targets, ignore_index)
    return nll.sum() / targets.size(1)


def _means_of_positions(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = _kept(logits, targets, ignore_index)
    return (nll.sum(0) / counted.sum(0).clamp(min=1)).mean()


def _ignored_as_even_guess(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    ignored = targets == ignore_index
    logits = logits.masked_fill(ignored.unsqueeze(-1), 0.0)
    return _torch(logits, targets.masked_fill(ignored, 0), -100)


def _whole_sequences_dropped(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    complete = (targets != ignore_index).all(1)
    return _torch(logits[complete], targets[complete], ignore_index)


def _squared(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    one_hot = F.one_hot(targets[counted], logits.size(-1))
    return (logits[counted].softmax(-1) - one_hot).square().mean()


def _padding_id_ignored_too(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits, targets.masked_fill(targets == 0, ignore_index), ignore_index)


def _raw_argument(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def _class_axis_unmoved(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits, targets, ignore_index=ignore_index)


def _viewed(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    b, t, v = logits.shape
    return F.cross_entropy(logits.view(b, v, t), targets, ignore_index=ignore_index)


def _permuted(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    flat = logits.transpose(1, 2).reshape(-1, logits.size(-1))
    return F.cross_entropy(flat, targets.flatten(), ignore_index=ignore_index)


def _batch_and_time_swapped(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    flat = logits.transpose(0, 1).flatten(0, 1)
    return F.cross_entropy(flat, targets.flatten(), ignore_index=ignore_index)


def _softmax_twice(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits.softmax(-1), targets, ignore_index)


def _log_of_mean(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = _kept(logits, targets, ignore_index)
    return -nll.neg().exp()[counted].mean().log()


def _one_minus_p(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = _kept(logits, targets, ignore_index)
    return (1 - nll.neg().exp())[counted].mean()


def _means_of_sequences(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = _kept(logits, targets, ignore_index)
    return (nll.sum(1) / counted.sum(1)).mean()


def _sums_of_sequences(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, _ = _kept(logits, targets, ignore_index)
    return nll.sum(1).mean()


def _ignored_as_zero(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits, targets.masked_fill(targets == ignore_index, 0), -100)


def _nothing_ignored(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return (logits.logsumexp(-1) - logits.gather(-1, targets[..., None]).squeeze(-1)).mean()


def _overwrites_targets(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    targets[~counted] = 0
    nll = logits.logsumexp(-1) - logits.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    return nll[counted].mean()


def _overwrites_logits(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    logits -= logits.amax(-1, keepdim=True)
    return _torch(logits, targets, ignore_index)


def _shifts_again(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits[:, :-1], targets[:, 1:], ignore_index)


def _last_position(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits[:, -1:], targets[:, -1:], ignore_index)


def _first_sequence(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _torch(logits[:1], targets[:1], ignore_index)


def _every_token_a_yes_or_no(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    one_hot = F.one_hot(targets[counted], logits.size(-1)).float()
    return F.binary_cross_entropy_with_logits(logits[counted], one_hot)


def _divided_by_vocabulary(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    one_hot = F.one_hot(targets[counted], logits.size(-1))
    return -(logits[counted].log_softmax(-1) * one_hot).mean()


LOSS = "(logits.logsumexp(-1) - at_target).mean()"

EXERCISE = Exercise(
    id="cross_entropy",
    chapter="01-what-is-a-gpt",
    title="Cross entropy",
    reference="gpt2.probability.cross_entropy",
    probe="what_is_a_gpt.cross_entropy",
    minutes=20,
    difficulty=2,
    groups={MEAN: 1, SHAPES: 2, LARGE: 1, IGNORED: 2},
    cases=(
        Case("one guess", MEAN, lambda d: _guesses(d, 1, 1, 5)),
        Case("one sequence", MEAN, lambda d: _guesses(d, 1, 6, 5)),
        Case(
            "a model that knows nothing pays ln V",
            MEAN,
            lambda d: {
                "logits": torch.full((2, 3, 9), d.number(-2, 2)),
                "targets": d.integers(0, 9, 2, 3),
            },
        ),
        Case("all sizes different", SHAPES, lambda d: _guesses(d, 3, 4, 5)),
        Case("as many positions as tokens", SHAPES, lambda d: _guesses(d, 2, 4, 4)),
        Case("all sizes equal", SHAPES, lambda d: _guesses(d, 3, 3, 3)),
        Case("one position", SHAPES, lambda d: _guesses(d, 4, 1, 3)),
        Case("more positions than tokens", SHAPES, lambda d: _guesses(d, 2, 12, 3)),
        Case("logits near 1000 and -1000", LARGE, _unlikely, tolerance=AT_1000),
        Case("logits times 1000", LARGE, _times_1000, tolerance=AT_1000),
        Case("half ignored", IGNORED, lambda d: _padded(d, -100)),
        Case(
            "another ignored number",
            IGNORED,
            lambda d: _padded(d, -1) | {"ignore_index": -1},
        ),
        Case(
            "a token's id ignored",
            IGNORED,
            lambda d: _padded(d, 2) | {"ignore_index": 2},
        ),
        Case(
            "id 0 ignored",
            IGNORED,
            lambda d: _padded(d, 0) | {"ignore_index": 0},
        ),
    ),
    misconceptions=(
        Misconception(
            "log-of-softmax",
            "The probability is computed first, and its logarithm afterwards.",
            "A probability below about 1e-45 rounds to 0 in float32, and the logarithm of 0 is "
            "-inf. Multiply the logits by 1000 and look.",
            edits=(
                (
                    "logits.logsumexp(-1) - at_target",
                    "-logits.softmax(-1).gather(-1, targets[:, None]).squeeze(-1).log()",
                ),
            ),
        ),
        Misconception(
            "no-shift",
            "The logits go into `exp` as they are, without a shift.",
            "`exp` of anything above about 88 is infinite in float32, and of anything below about "
            "-104 it is 0.",
            edits=(("logits.logsumexp(-1)", "logits.exp().sum(-1).log()"),),
        ),
        Misconception(
            "epsilon-in-the-log",
            "A small number is added to the probability so that its logarithm is finite.",
            "The price of a very bad guess is then capped, at about 18 nats for 1e-8, where it "
            "should be the distance of the logits.",
            edits=(
                (
                    "(logits.logsumexp(-1) - at_target)",
                    "-(logits.softmax(-1).gather(-1, targets[:, None]) + 1e-8).log()",
                ),
            ),
        ),
        Misconception(
            "viewed-as-channels",
            "The logits are given the shape (B, V, T) by `view`, which moves no number.",
            "`view` cuts the same row of numbers at other places, so the scores of one guess end "
            "up in several. Swapping two axes needs `transpose`.",
            function=_viewed,
        ),
        Misconception(
            "transposed-before-flattening",
            "The logits are transposed before they are flattened to (B * T, V).",
            "Each row then holds scores of several positions. Print one row and look for it in "
            "the logits.",
            function=_permuted,
        ),
        Misconception(
            "softmax-over-positions",
            "The logits (B, T, V) go to torch's function as they are, and it takes dimension 1 for "
            "the vocabulary.",
            "With T == V that runs and compares positions; otherwise it raises.",
            function=_class_axis_unmoved,
        ),
        Misconception(
            "targets-in-another-order",
            "Logits and targets are flattened in different orders.",
            "Sequence and position change places on one side only. With one sequence nothing "
            "shows.",
            function=_batch_and_time_swapped,
        ),
        Misconception(
            "sign",
            "The sign is forgotten: the result is the mean of ln p, a negative number.",
            "A perfect guess pays 0, a worse one more.",
            edits=((LOSS, "(at_target - logits.logsumexp(-1)).mean()"),),
        ),
        Misconception(
            "bits",
            "The logarithm is to base 2, so the result is in bits.",
            "For V equal logits it should be ln V. The contract asks for nats.",
            edits=((LOSS, f"{LOSS} / math.log(2)"),),
        ),
        Misconception(
            "base-ten",
            "The logarithm is to base 10.",
            "For V equal logits it should be ln V. The contract asks for nats.",
            edits=((LOSS, f"{LOSS} / math.log(10)"),),
        ),
        Misconception(
            "ignored-in-the-count",
            "Ignored targets are left out of the sum, and still counted in what it is divided by.",
            "The more padding a batch has, the better the loss then looks.",
            edits=((LOSS, "(logits.logsumexp(-1) - at_target).sum() / counted.numel()"),),
        ),
        Misconception(
            "sum",
            "The losses are added up, not averaged.",
            "Repeat the batch: the result should not change.",
            edits=((LOSS, "(logits.logsumexp(-1) - at_target).sum()"),),
        ),
        Misconception(
            "divided-by-sequences",
            "The sum is divided by the number of sequences, not of tokens.",
            "The result then grows with the length of the text.",
            function=_sums_of_sequences,
        ),
        Misconception(
            "divided-by-vocabulary",
            "The mean runs over the vocabulary as well, V times too many numbers.",
            "Only one of the V numbers of a position is not 0. For V equal logits the result "
            "should be ln V.",
            function=_divided_by_vocabulary,
        ),
        Misconception(
            "mean-of-sequences",
            "Each sequence is averaged on its own, and then the sequences.",
            "A token of a sequence with much padding then weighs more than another.",
            function=_means_of_sequences,
        ),
        Misconception(
            "ignores-only-minus-100",
            "`ignore_index` is not looked at: -100 is ignored, whatever the caller asks for.",
            "Call it with `ignore_index=0`.",
            edits=(("targets != ignore_index", "targets != -100"),),
        ),
        Misconception(
            "ignore-index-not-passed-on",
            "`ignore_index` is not passed on: torch's own default of -100 is ignored.",
            "Call it with `ignore_index=0`.",
            function=_raw_argument,
        ),
        Misconception(
            "ignores-all-negative",
            "Every negative target is ignored, and nothing else.",
            "`ignore_index` may be the id of a token, such as the one used for padding.",
            edits=(("targets != ignore_index", "targets >= 0"),),
        ),
        Misconception(
            "ignored-as-token-0",
            "Ignored targets are replaced by 0 and then counted like the others.",
            "The replacement keeps the lookup from failing. The losses at those places still have "
            "to go.",
            function=_ignored_as_zero,
        ),
        Misconception(
            "nothing-ignored",
            "No target is ignored.",
            "Which element of a row of logits is number -100?",
            function=_nothing_ignored,
        ),
        Misconception(
            "overwrites-targets",
            "The call writes into the caller's targets.",
            "Print `targets` before and after. Assigning to `targets[...]` changes the tensor that "
            "was passed.",
            function=_overwrites_targets,
        ),
        Misconception(
            "overwrites-logits",
            "The call writes into the caller's logits.",
            "Print `logits` before and after. `-=` changes the tensor that was passed.",
            function=_overwrites_logits,
        ),
        Misconception(
            "softmax-twice",
            "Probabilities are taken for logits: softmax is applied twice.",
            "torch's `F.cross_entropy` takes logits. With probabilities the loss can never come "
            "near 0.",
            function=_softmax_twice,
        ),
        Misconception(
            "no-normalisation",
            "The logit of the target is taken for its log probability.",
            "Add 10 to all logits: the loss should not change.",
            edits=(("logits.logsumexp(-1) - at_target", "-at_target"),),
        ),
        Misconception(
            "price-of-the-favourite",
            "What is paid for is the model's favourite token, not the one that came.",
            "Change the targets: the loss should change.",
            edits=(("logits.gather(-1, targets[:, None]).squeeze(-1)", "logits.amax(-1)"),),
        ),
        Misconception(
            "log-of-the-mean",
            "The probabilities are averaged first, and the logarithm is taken of the average.",
            "One hopeless guess then costs next to nothing. With a single guess nothing shows.",
            function=_log_of_mean,
        ),
        Misconception(
            "one-minus-p",
            "The price is 1 minus the probability, without a logarithm.",
            "It can never exceed 1; the loss of an even guess is ln V.",
            function=_one_minus_p,
        ),
        Misconception(
            "perplexity",
            "`exp` of the mean loss is returned: that is the perplexity.",
            "V equal logits give V, where ln V is asked for.",
            edits=((LOSS, f"{LOSS}.exp()"),),
        ),
        Misconception(
            "normalised-along-positions",
            "The probabilities are normalised along the positions, not along the vocabulary.",
            "Each position is a guess of its own: its V shares sum to 1.",
            function=_along_positions,
        ),
        Misconception(
            "normalised-along-batch",
            "The probabilities are normalised along the batch, not along the vocabulary.",
            "With one sequence every share is then 1, and the loss 0.",
            function=_along_batch,
        ),
        Misconception(
            "targets-transposed",
            "The targets are transposed before they are flattened, and the logits are not.",
            "Row n of the logits then meets the target of another place.",
            function=_targets_transposed,
        ),
        Misconception(
            "divided-by-positions",
            "The sum is divided by the number of positions of one sequence.",
            "The result then grows with the number of sequences.",
            function=_divided_by_positions,
        ),
        Misconception(
            "mean-of-positions",
            "Each position is averaged over the batch first, and then the positions.",
            "A position that most sequences ignore then weighs as much as the others.",
            function=_means_of_positions,
        ),
        Misconception(
            "ignored-as-even-guess",
            "Ignored places get logits of 0, and are then counted like the others.",
            "Each of them pays ln V, where it should pay nothing and not be counted.",
            function=_ignored_as_even_guess,
        ),
        Misconception(
            "whole-sequences-dropped",
            "A sequence with an ignored target is left out altogether.",
            "Its other targets still count.",
            function=_whole_sequences_dropped,
        ),
        Misconception(
            "zero-ignored-too",
            "Targets of 0 are ignored as well.",
            "0 is the id of a token like any other, unless `ignore_index` says so.",
            function=_padding_id_ignored_too,
        ),
        Misconception(
            "squared-error",
            "The squared distance between probabilities and the right answer is averaged.",
            "It can never exceed 1; the loss of an even guess is ln V.",
            function=_squared,
        ),
        Misconception(
            "mean-over-vocabulary",
            "The log probabilities of all V tokens are averaged, not those of the right ones.",
            "Change the targets: the loss should change.",
            edits=(("logits.logsumexp(-1) - at_target", "logits.logsumexp(-1) - logits.mean(-1)"),),
        ),
        Misconception(
            "entropy",
            "The model's own probabilities weigh the prices: that is how undecided the model is.",
            "Change the targets: the loss should change.",
            edits=((LOSS, "-(logits.softmax(-1) * logits.log_softmax(-1)).sum(-1).mean()"),),
        ),
        Misconception(
            "max-over-everything",
            "The shift is the maximum of all logits, not of each row.",
            "A row that lies far below it underflows: all its exponentials are 0.",
            edits=(
                (
                    "logits.logsumexp(-1)",
                    "((logits - logits.max()).exp().sum(-1).log() + logits.max())",
                ),
            ),
        ),
        Misconception(
            "clamped",
            "Large logits are cut off at a bound.",
            "Logits of 1000 and 999 become equal, and the loss lives off their difference.",
            edits=(
                (
                    "logits, targets = logits[counted]",
                    "logits, targets = logits.clamp(-80, 80)[counted]",
                ),
            ),
        ),
        Misconception(
            "epsilon-1e-12-in-the-log",
            "A tiny number is added to the probability so that its logarithm is finite.",
            "The price of a very bad guess is then capped, at about 28 nats for 1e-12.",
            edits=(
                (
                    "(logits.logsumexp(-1) - at_target)",
                    "-(logits.softmax(-1).gather(-1, targets[:, None]) + 1e-12).log()",
                ),
            ),
        ),
        Misconception(
            "epsilon-1e-9-in-the-log",
            "A tiny number is added to the probability so that its logarithm is finite.",
            "The price of a very bad guess is then capped, at about 21 nats for 1e-9.",
            edits=(
                (
                    "(logits.logsumexp(-1) - at_target)",
                    "-(logits.softmax(-1).gather(-1, targets[:, None]) + 1e-9).log()",
                ),
            ),
        ),
        Misconception(
            "no-logarithm",
            "The mean of the probabilities is returned with a minus, without a logarithm.",
            "The best loss is then -1. `F.nll_loss` takes log probabilities, and no logarithm "
            "of its own.",
            function=_no_logarithm,
        ),
        Misconception(
            "every-target-at-every-position",
            "The scores of all targets are taken at all positions, N * N of them.",
            "Indexing with `[:, targets]` picks whole columns. A row needs its own target alone.",
            edits=(
                (
                    "(logits.logsumexp(-1) - at_target)",
                    "(logits.logsumexp(-1, keepdim=True) - logits[:, targets])",
                ),
            ),
        ),
        Misconception(
            "shifts-again",
            "The targets are shifted by one position against the logits.",
            "`targets[b, t]` already is the token that comes after position t.",
            function=_shifts_again,
        ),
        Misconception(
            "last-position-only",
            "Only the last position is counted.",
            "Every position of a sequence is a guess, and each is paid for.",
            function=_last_position,
        ),
        Misconception(
            "first-sequence-only",
            "Only the first sequence of the batch is counted.",
            "Look for an index 0 where all sequences should stay.",
            function=_first_sequence,
        ),
        Misconception(
            "yes-or-no-for-each-token",
            "Each token of the vocabulary is judged on its own, by a binary cross entropy.",
            "The V scores of a position share one probability of 1; a sigmoid does not know that.",
            function=_every_token_a_yes_or_no,
        ),
    ),
    variants=(
        Variant("torch's own, flattened", _torch),
        Variant("torch's own, vocabulary moved to dimension 1", _channels_second),
        Variant("loops with a shift by the maximum", _loops),
        Variant("numpy in float64", _numpy),
        Variant("einsum with one-hot rows in float64", _einsum),
    ),
    hints=(
        "Work out one position by hand: which of the V log probabilities is paid?",
        "`x - x.logsumexp(-1, keepdim=True)` are all log probabilities at once; `gather` picks one "
        "for each position. Which places must be gone before you take the mean?",
        "Keep the positions where `targets != ignore_index` by indexing both tensors with that "
        "mask; then it is logsumexp minus the target's logit, and a mean.",
    ),
)
