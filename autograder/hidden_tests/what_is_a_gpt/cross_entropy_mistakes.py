"""Wrong answers to 1.2 cross_entropy that learners write often, the commonest first."""

from torch import Tensor
from torch.nn import functional as F

from autograder.exercise import Misconception

# Two places of the reference where many of the mistakes are made.
AT_TARGET = "logits.gather(-1, targets[:, None]).squeeze(-1)"
LOSS = "(logits.logsumexp(-1) - at_target).mean()"
UNSHIFTED = "(logits.exp() / logits.exp().sum(-1, keepdim=True))"


def torchs_own(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    """Return the right answer by torch's own function. Some mistakes are made around it."""
    flat = logits.reshape(-1, logits.size(-1))
    return F.cross_entropy(flat, targets.reshape(-1), ignore_index=ignore_index)


def nats_and_mask(logits: Tensor, targets: Tensor, ignore_index: int) -> tuple[Tensor, Tensor]:
    """Return the loss at each position, 0 where ignored, and what is counted: both (B, T)."""
    counted = targets != ignore_index
    ids = targets.masked_fill(~counted, 0)
    nll = logits.logsumexp(-1) - logits.gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    return nll * counted, counted


def _raw_argument(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def _class_axis_unmoved(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return F.cross_entropy(logits, targets, ignore_index=ignore_index)


def _viewed(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    b, t, v = logits.shape
    return F.cross_entropy(logits.view(b, v, t), targets, ignore_index=ignore_index)


def _softmax_twice(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits.softmax(-1), targets, ignore_index)


def _means_of_sequences(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    nll, counted = nats_and_mask(logits, targets, ignore_index)
    return (nll.sum(1) / counted.sum(1)).mean()


def _ignored_as_zero(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits, targets.masked_fill(targets == ignore_index, 0), -100)


def _nothing_ignored(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return (logits.logsumexp(-1) - logits.gather(-1, targets[..., None]).squeeze(-1)).mean()


def _overwrites_targets(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    counted = targets != ignore_index
    targets[~counted] = 0
    nll = logits.logsumexp(-1) - logits.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    return nll[counted].mean()


def _shifts_again(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits[:, :-1], targets[:, 1:], ignore_index)


def _ignores_only_minus_1(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    return torchs_own(logits, targets, -1)


MISCONCEPTIONS = (
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
        "viewed-as-channels",
        "The logits are given the shape (B, V, T) by `view`, which moves no number.",
        "`view` cuts the same row of numbers at other places, so the scores of one guess end "
        "up in several. Swapping two axes needs `transpose`.",
        function=_viewed,
    ),
    Misconception(
        "ignored-in-the-count",
        "Ignored targets are left out of the sum, and still counted in what it is divided by.",
        "The more padding a batch has, the better the loss then looks.",
        edits=((LOSS, "(logits.logsumexp(-1) - at_target).sum() / counted.numel()"),),
    ),
    Misconception(
        "softmax-twice",
        "Probabilities are taken for logits: softmax is applied twice.",
        "torch's `F.cross_entropy` takes logits. With probabilities the loss can never come "
        "near 0.",
        function=_softmax_twice,
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
        "ignore-index-not-passed-on",
        "`ignore_index` is not passed on: torch's own default of -100 is ignored.",
        "Call it with `ignore_index=0`.",
        function=_raw_argument,
    ),
    Misconception(
        "shifts-again",
        "The targets are shifted by one position against the logits.",
        "`targets[b, t]` already is the token that comes after position t.",
        function=_shifts_again,
    ),
    Misconception(
        "no-shift",
        "The logits go into `exp` as they are, without a shift.",
        "`exp` of anything above about 88 is infinite in float32, and of anything below about "
        "-104 it is 0.",
        edits=(("logits.logsumexp(-1)", "logits.exp().sum(-1).log()"),),
    ),
    Misconception(
        "softmax-without-shift",
        "The exponentials are divided by their sum without a shift, and the logarithm comes last.",
        "`exp` of 1000 is infinite in float32, and infinity divided by infinity is nan.",
        edits=((LOSS, f"-{UNSHIFTED}.gather(-1, targets[:, None]).log().mean()"), (AT_TARGET, "0")),
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
        "softmax-over-positions",
        "The logits (B, T, V) go to torch's function as they are, and it takes dimension 1 for "
        "the vocabulary.",
        "With T == V that runs and compares positions; otherwise it raises.",
        function=_class_axis_unmoved,
    ),
    Misconception(
        "nothing-ignored",
        "No target is ignored.",
        "Which element of a row of logits is number -100?",
        function=_nothing_ignored,
    ),
    Misconception(
        "sum",
        "The losses are added up, not averaged.",
        "Repeat the batch: the result should not change.",
        edits=((LOSS, "(logits.logsumexp(-1) - at_target).sum()"),),
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
        "ignores-only-minus-1",
        "`ignore_index` is not looked at: -1 is ignored, whatever the caller asks for.",
        "Call it without `ignore_index`, and with a target of -100.",
        function=_ignores_only_minus_1,
    ),
    Misconception(
        "ignored-as-token-0",
        "Ignored targets are replaced by 0 and then counted like the others.",
        "The replacement keeps the lookup from failing. The losses at those places still have "
        "to go.",
        function=_ignored_as_zero,
    ),
    Misconception(
        "ignores-all-negative",
        "Every negative target is ignored, and nothing else.",
        "`ignore_index` may be the id of a token, such as the one used for padding.",
        edits=(("targets != ignore_index", "targets >= 0"),),
    ),
    Misconception(
        "overwrites-targets",
        "The call writes into the caller's targets.",
        "Print `targets` before and after. Assigning to `targets[...]` changes the tensor that "
        "was passed.",
        function=_overwrites_targets,
    ),
    Misconception(
        "perplexity",
        "`exp` of the mean loss is returned: that is the perplexity.",
        "V equal logits give V, where ln V is asked for.",
        edits=((LOSS, f"{LOSS}.exp()"),),
    ),
)
