"""Wrong answers to 6.11 top_k_filter, the commonest first."""

import torch
from torch import Tensor

from autograder.exercise import Misconception

_RESULT = "return logits.masked_fill(logits < smallest, -torch.inf)"
_TOPK = "logits.topk(min(k, logits.size(-1)), dim=-1).values[:, -1:]"


def _added_mask(logits: Tensor, k: int) -> Tensor:
    best = logits.topk(min(k, logits.size(-1)), dim=-1).indices
    keep = torch.zeros_like(logits).scatter(-1, best, 1.0)
    return logits + (1 - keep) * -torch.inf


def _distinct(logits: Tensor, k: int) -> Tensor:
    out = torch.full_like(logits, -torch.inf)
    for b, row in enumerate(logits):
        values = row.unique()[-k:]
        keep = torch.isin(row, values)
        out[b, keep] = row[keep]
    return out


MISCONCEPTIONS = (
    Misconception(
        "zero-for-the-others",
        "The other logits are set to 0.",
        "A logit of 0 is no probability of 0: exp(0) is 1. Look at a row in which all logits are "
        "negative.",
        edits=(("smallest, -torch.inf)", "smallest, 0.0)"),),
    ),
    Misconception(
        "k-too-large",
        "A k of more than V raises an error.",
        "`topk` cannot take more than there are. What should happen to the logits then?",
        edits=(("min(k, logits.size(-1))", "k"),),
    ),
    Misconception(
        "in-place",
        "Minus infinity is written into the caller's logits.",
        "Print `logits` before and after the call. An assignment to `logits[...]` changes the "
        "tensor that was passed, and so does a method that ends in `_`.",
        edits=((_RESULT, _RESULT.replace("masked_fill", "masked_fill_")),),
    ),
    Misconception(
        "large-negative",
        "A large negative number stands where minus infinity should.",
        "It nearly works. Compare with the example in the docstring.",
        edits=(("smallest, -torch.inf)", "smallest, -1e10)"),),
    ),
    Misconception(
        "border-of-the-batch",
        "The k greatest of the whole batch are left.",
        "With one row nothing shows. With several, some rows lose all and others keep too many.",
        edits=((_TOPK, "logits.flatten().topk(min(k, logits.numel())).values[-1]"),),
    ),
    Misconception(
        "border-of-the-first-row",
        "All rows are cut at the border of the first.",
        "Look at a batch whose rows lie at different heights. How many stay in the second?",
        edits=(("values[:, -1:]", "values[0, -1]"),),
    ),
    Misconception(
        "border-cut-too",
        "The k-th greatest is cut as well.",
        "k - 1 stay, and with a k of 1 none at all. Look at the comparison.",
        edits=(("logits < smallest", "logits <= smallest"),),
    ),
    Misconception(
        "one-too-many",
        "k + 1 logits stay.",
        "Counting begins at 0: which place does the k-th of a sorted row have?",
        edits=(("min(k, ", "min(k + 1, "),),
    ),
    Misconception(
        "only-the-greatest",
        "The border is the greatest logit, not the k-th.",
        "One logit stays, whatever k is. In which order do the values of `topk` come?",
        edits=(("values[:, -1:]", "values[:, :1]"),),
    ),
    Misconception(
        "best-of-any-row",
        "A token that is among the k greatest of one row stays in all of them.",
        "With one row nothing shows. Look at what an index without the row's number picks.",
        edits=(
            (
                _RESULT,
                "best = logits.topk(min(k, logits.size(-1)), dim=-1).indices.flatten()\n"
                "    out = torch.full_like(logits, -torch.inf)\n"
                "    out[:, best] = logits[:, best]\n"
                "    return out",
            ),
        ),
    ),
    Misconception(
        "smallest-left",
        "The k smallest logits are left.",
        "The least probable tokens are the only ones that can be drawn.",
        edits=(
            ("dim=-1).values", "dim=-1, largest=False).values"),
            ("logits < smallest", "logits > smallest"),
        ),
    ),
    Misconception(
        "values-returned",
        "The result holds only the k logits that stay.",
        "Its shape is (B, k). Which token a logit belongs to is told by its place, and that is "
        "lost.",
        edits=((_RESULT, "return logits.topk(min(k, logits.size(-1)), dim=-1).values"),),
    ),
    Misconception(
        "ids-returned",
        "The result holds the ids of the k greatest.",
        "The draw needs logits, at their places.",
        edits=((_RESULT, "return logits.topk(min(k, logits.size(-1)), dim=-1).indices"),),
    ),
    Misconception(
        "left-sorted",
        "The logits come back in sorted order.",
        "The place of a logit is its token: the drawn id is now a rank.",
        edits=(
            (
                _RESULT,
                "logits = logits.sort(dim=-1, descending=True).values\n    " + _RESULT,
            ),
        ),
    ),
    Misconception(
        "along-the-batch",
        "The k greatest of each column are left.",
        "A column holds one token's logits in different texts. Along which dimension do the tokens "
        "of one text lie?",
        edits=((_TOPK, "logits.topk(min(k, logits.size(0)), dim=0).values[-1:]"),),
    ),
    Misconception(
        "border-without-a-dimension",
        "The borders are compared with columns, not with rows.",
        "The borders are (B,). Broadcasting lines shapes up from the right: a square runs, and "
        "other shapes do not fit.",
        edits=(("values[:, -1:]", "values[:, -1]"),),
    ),
    Misconception(
        "mask-turned-round",
        "The k greatest are cut and the others are left.",
        "The most probable token is the first that cannot be drawn. Look at the mask.",
        edits=(("logits < smallest", "logits >= smallest"),),
    ),
    Misconception(
        "kth-smallest",
        "The border is the k-th smallest logit, not the k-th greatest.",
        "`kthvalue` and a plain `sort` count from below. How many stay for k = 1?",
        edits=((_TOPK, "logits.kthvalue(min(k, logits.size(-1)), dim=-1, keepdim=True).values"),),
    ),
    Misconception(
        "zero-times-infinity",
        "A mask is multiplied by minus infinity, and 0 times infinity is nan.",
        "Look at what stands where the k greatest were.",
        function=_added_mask,
    ),
    Misconception(
        "probabilities",
        "The result holds probabilities, not logits.",
        "Its rows sum to 1. The contract asks for logits: the draw makes its own softmax.",
        edits=((_RESULT, f"{_RESULT}.softmax(dim=-1)"),),
    ),
    Misconception(
        "only-the-mask",
        "The logits that stay become 0 as well.",
        "All k are then equally probable. Compare what stays with what it was.",
        edits=(
            (
                _RESULT,
                "return torch.zeros_like(logits).masked_fill(logits < smallest, -torch.inf)",
            ),
        ),
    ),
    Misconception(
        "log-probabilities",
        "The result holds logarithms of probabilities.",
        "Compare what stays with what it was: the contract asks for the same values.",
        edits=((_RESULT, f"{_RESULT}.log_softmax(dim=-1)"),),
    ),
    Misconception(
        "true-and-false",
        "The result says which logits stay, and not what they are.",
        "A mask of True and False is not what the draw needs.",
        edits=((_RESULT, "return logits >= smallest"),),
    ),
    Misconception(
        "by-size-without-sign",
        "The logits are compared by their size, without their sign.",
        "-9 is less probable than 1. Look at a row with numbers below 0.",
        edits=(
            ("= logits.topk", "= logits.abs().topk"),
            ("logits < smallest", "logits.abs() < smallest"),
        ),
    ),
    Misconception(
        "distinct-values",
        "k different values are left, and equal logits count as one.",
        "Two tokens with the same logit are two tokens.",
        function=_distinct,
    ),
    Misconception(
        "k-ignored",
        "k is ignored.",
        "The number of logits that stay is the same for every k. Look for a number where k should "
        "be.",
        edits=(("min(k, ", "min(50, "),),
    ),
    Misconception(
        "large-k-cut",
        "With a k of V or more something is cut.",
        "There all logits stay. Look at what you limit k to.",
        edits=(("min(k, logits.size(-1))", "max(1, min(k, logits.size(-1) - 1))"),),
    ),
    Misconception(
        "from-one-row",
        "Only the first row is filtered.",
        "The other rows of the batch come back as they were.",
        edits=(
            (
                _RESULT,
                "out = logits.clone()\n"
                "    out[0] = logits[0].masked_fill(logits[0] < smallest[0], -torch.inf)\n"
                "    return out",
            ),
        ),
    ),
)
