"""Wrong answers to 1.2 cross_entropy that are rarer."""

from torch import Tensor
from torch.nn import functional as F

from autograder.exercise import Misconception
from autograder.hidden_tests.what_is_a_gpt.cross_entropy_mistakes import (
    LOSS,
    nats_and_mask,
    torchs_own,
)


def _normalised_along(dim: int, logits: Tensor, targets: Tensor, ignore_index: int) -> Tensor:
    counted = targets != ignore_index
    ids = targets.masked_fill(~counted, 0).unsqueeze(-1)
    return -logits.log_softmax(dim).gather(-1, ids).squeeze(-1)[counted].mean()


def _no_logarithm(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    p = logits.softmax(-1).flatten(0, 1)
    return F.nll_loss(p, targets.flatten(), ignore_index=ignore_index)


def _along_positions(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return _normalised_along(1, logits, targets, ignore_index)


def _targets_transposed(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits, targets.T, ignore_index)


def _divided_by_positions(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, _ = nats_and_mask(logits, targets, ignore_index)
    return nll.sum() / targets.size(1)


def _ignored_as_even_guess(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    ignored = targets == ignore_index
    logits = logits.masked_fill(ignored.unsqueeze(-1), 0.0)
    return torchs_own(logits, targets.masked_fill(ignored, 0), -100)


def _padding_id_ignored_too(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits, targets.masked_fill(targets == 0, ignore_index), ignore_index)


def _batch_and_time_swapped(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    flat = logits.transpose(0, 1).flatten(0, 1)
    return F.cross_entropy(flat, targets.flatten(), ignore_index=ignore_index)


def _log_of_mean(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = nats_and_mask(logits, targets, ignore_index)
    return -nll.neg().exp()[counted].mean().log()


def _sums_of_sequences(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, _ = nats_and_mask(logits, targets, ignore_index)
    return nll.sum(1).mean()


def _last_position(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits[:, -1:], targets[:, -1:], ignore_index)


def _first_sequence(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits[:1], targets[:1], ignore_index)


def _every_token_a_yes_or_no(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    one_hot = F.one_hot(targets[counted], logits.size(-1)).float()
    return F.binary_cross_entropy_with_logits(logits[counted], one_hot)


def _divided_by_vocabulary(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    one_hot = F.one_hot(targets[counted], logits.size(-1))
    return -(logits[counted].log_softmax(-1) * one_hot).mean()


def _overwrites_logits(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    logits -= logits.amax(-1, keepdim=True)
    return torchs_own(logits, targets, ignore_index)


def _permuted(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    flat = logits.transpose(1, 2).reshape(-1, logits.size(-1))
    return F.cross_entropy(flat, targets.flatten(), ignore_index=ignore_index)


RARE_MISCONCEPTIONS = (
    Misconception(
        "overwrites-logits",
        "The call writes into the caller's logits.",
        "Print `logits` before and after. `-=` changes the tensor that was passed.",
        function=_overwrites_logits,
    ),
    Misconception(
        "transposed-before-flattening",
        "The logits are transposed before they are flattened to rows of V.",
        "Each row then holds scores of several positions. Print one row and look for it in "
        "the logits.",
        function=_permuted,
    ),
    Misconception(
        "no-logarithm",
        "The mean of the probabilities is returned with a minus, without a logarithm.",
        "The best loss is then -1. `F.nll_loss` takes log probabilities, and no logarithm "
        "of its own.",
        function=_no_logarithm,
    ),
    Misconception(
        "targets-in-another-order",
        "Logits and targets are flattened in different orders.",
        "Sequence and position change places on one side only. With one sequence nothing shows.",
        function=_batch_and_time_swapped,
    ),
    Misconception(
        "targets-transposed",
        "The targets are transposed before they are flattened, and the logits are not.",
        "Row n of the logits then meets the target of another place.",
        function=_targets_transposed,
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
        "no-normalisation",
        "The logit of the target is taken for its log probability.",
        "Add 10 to all logits: the loss should not change.",
        edits=(("logits.logsumexp(-1) - at_target", "-at_target"),),
    ),
    Misconception(
        "normalised-along-positions",
        "The probabilities are normalised along the positions, not along the vocabulary.",
        "Each position is a guess of its own: its V shares sum to 1.",
        function=_along_positions,
    ),
    Misconception(
        "divided-by-sequences",
        "The sum is divided by the number of sequences, not of tokens.",
        "The result then grows with the length of the text.",
        function=_sums_of_sequences,
    ),
    Misconception(
        "divided-by-positions",
        "The sum is divided by the number of positions of one sequence.",
        "The result then grows with the number of sequences.",
        function=_divided_by_positions,
    ),
    Misconception(
        "divided-by-vocabulary",
        "The mean runs over the vocabulary as well, V times too many numbers.",
        "Only one of the V numbers of a position is not 0. For V equal logits the result "
        "should be ln V.",
        function=_divided_by_vocabulary,
    ),
    Misconception(
        "ignored-as-even-guess",
        "Ignored places get logits of 0, and are then counted like the others.",
        "Each of them pays ln V, where it should pay nothing and not be counted.",
        function=_ignored_as_even_guess,
    ),
    Misconception(
        "zero-ignored-too",
        "Targets of 0 are ignored as well.",
        "0 is the id of a token like any other, unless `ignore_index` says so.",
        function=_padding_id_ignored_too,
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
        "yes-or-no-for-each-token",
        "Each token of the vocabulary is judged on its own, by a binary cross entropy.",
        "The V scores of a position share one probability of 1; a sigmoid does not know that.",
        function=_every_token_a_yes_or_no,
    ),
    Misconception(
        "every-target-at-every-position",
        "The scores of all targets are taken at all positions: N times N numbers.",
        "Indexing with `[:, targets]` picks whole columns. A row needs its own target alone.",
        edits=(
            (
                "(logits.logsumexp(-1) - at_target)",
                "(logits.logsumexp(-1, keepdim=True) - logits[:, targets])",
            ),
        ),
    ),
    Misconception(
        "entropy",
        "The model's own probabilities weigh the prices: that is how undecided the model is.",
        "Change the targets: the loss should change.",
        edits=((LOSS, "-(logits.softmax(-1) * logits.log_softmax(-1)).sum(-1).mean()"),),
    ),
    Misconception(
        "mean-over-vocabulary",
        "The log probabilities of all V tokens are averaged, not those of the right ones.",
        "Change the targets: the loss should change.",
        edits=(("logits.logsumexp(-1) - at_target", "logits.logsumexp(-1) - logits.mean(-1)"),),
    ),
    Misconception(
        "base-ten",
        "The logarithm is to base 10.",
        "For V equal logits it should be ln V. The contract asks for nats.",
        edits=((LOSS, f"{LOSS} / math.log(10)"),),
    ),
)
