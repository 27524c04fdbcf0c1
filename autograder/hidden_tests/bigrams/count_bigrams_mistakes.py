"""Wrong answers to 2.2 count_bigrams, the commonest first."""

import torch
from torch import Tensor

from autograder.exercise import Misconception


def _twenty_seven(ids: Tensor, vocab_size: int) -> Tensor:
    counts = torch.zeros(27, 27, dtype=torch.int64)
    for a, b in zip(ids[:-1].tolist(), ids[1:].tolist(), strict=True):
        counts[a, b] += 1
    return counts


def _no_first_token(ids: Tensor, vocab_size: int) -> Tensor:
    counts = torch.zeros(vocab_size, vocab_size, dtype=torch.int64)
    last = int(ids[0])
    for token in ids[1:].tolist():
        counts[last, token] += 1
        last = token
    return counts


MISCONCEPTIONS = (
    Misconception(
        "duplicates-once",
        "`N[a, b] += 1` with whole tensors of indices, or a set of pairs, counts a repeated "
        "pair once.",
        "No count is above 1, however long the text. Indexing with tensors reads, adds and "
        "writes each cell a single time.",
        edits=(
            (
                ".view(vocab_size, vocab_size)",
                ".view(vocab_size, vocab_size).clamp(max=1)",
            ),
        ),
    ),
    Misconception(
        "transposed",
        "Rows and columns are exchanged: the row is the token that comes after.",
        "The sums of the rows tell how often a token was followed, those of the columns how "
        "often it came after one. Look at which of the two tokens you index with first.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[1:] * vocab_size + ids[:-1]"),),
    ),
    Misconception(
        "size-of-this-text",
        "The table is as large as the largest id of this text, and `vocab_size` is ignored.",
        "Its shape changes from text to text, so two tables cannot be compared.",
        edits=(
            (
                "    pairs = ids[:-1]",
                "    vocab_size = int(ids.max()) + 1\n    pairs = ids[:-1]",
            ),
        ),
    ),
    Misconception(
        "no-minlength",
        "The histogram ends at the largest pair that occurs.",
        "`torch.bincount` returns as many numbers as it needs, so they rarely fill V x V cells.",
        edits=((", minlength=vocab_size**2", ""),),
    ),
    Misconception(
        "last-pair-missing",
        "The last pair of the text is not counted.",
        "The sum of all counts is N - 2. Look at where your loop or your slices end.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-2] * vocab_size + ids[1:-1]"),),
    ),
    Misconception(
        "float-counts",
        "The counts are floating-point numbers.",
        "Counts are whole numbers; above 16,777,216 a float32 can no longer add 1.",
        edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size).float()"),),
    ),
    Misconception(
        "starts-from-one",
        "The table begins with ones in place of zeros.",
        "Pairs that never occurred have a count of 1. Smoothing is a later step, and its "
        "amount is chosen there.",
        edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size) + 1"),),
    ),
    Misconception(
        "twenty-seven",
        "The table is 27 by 27, whatever `vocab_size` is.",
        "27 is the number of characters in one list of names. Look for that number in your code.",
        function=_twenty_seven,
    ),
    Misconception(
        "wraps-around",
        "The last token is paired with the first one.",
        "The sum of all counts is N. Nothing follows the last token of a text.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids * vocab_size + ids.roll(-1)"),),
    ),
    Misconception(
        "every-second-pair",
        "The text is cut into pairs that do not overlap.",
        "The sum of all counts is about N / 2. Every token but the last begins a pair.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-1:2] * vocab_size + ids[1::2]"),),
    ),
    Misconception(
        "both-directions",
        "Each pair is counted in both directions.",
        "The table is symmetric and its sum is twice too large: that b came after a says "
        "nothing about a coming after b.",
        edits=(
            (
                ".view(vocab_size, vocab_size)",
                ".view(vocab_size, vocab_size)\n    return counts + counts.t()",
            ),
            ("return torch.bincount", "counts = torch.bincount"),
        ),
    ),
    Misconception(
        "no-first-token",
        "The function reads the first token before it knows that there is one.",
        "An empty text has no pair, and its table is all zeros. Look at what you do before the "
        "loop.",
        function=_no_first_token,
    ),
    Misconception(
        "eight-bits",
        "The counts are kept in 8 bits and start again from 0 after 255.",
        "Frequent pairs come out rare. Look at the dtype of your table.",
        edits=(
            (
                ".view(vocab_size, vocab_size)",
                ".view(vocab_size, vocab_size).to(torch.uint8)",
            ),
        ),
    ),
    Misconception(
        "shares-returned",
        "The rows are divided by their sums already.",
        "These are probabilities. Making them from the counts is the next exercise.",
        edits=(
            ("return torch.bincount", "counts = torch.bincount"),
            (
                ".view(vocab_size, vocab_size)",
                ".view(vocab_size, vocab_size)\n    return counts / counts.sum(1, keepdim=True)",
            ),
        ),
    ),
    Misconception(
        "repeats-skipped",
        "A token that follows itself is not counted.",
        "The diagonal is zero. In “hello”, l comes after l.",
        edits=(
            (
                ".view(vocab_size, vocab_size)",
                ".view(vocab_size, vocab_size).fill_diagonal_(0)",
            ),
        ),
    ),
    Misconception(
        "two-apart",
        "The pairs are two tokens apart.",
        "The token between them is skipped. Look at the two slices, or at the second index.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[:-2] * vocab_size + ids[2:]"),),
    ),
    Misconception(
        "first-pair-missing",
        "The first pair of the text is not counted.",
        "The sum of all counts is N - 2. Look at where your loop or your slices begin.",
        edits=(("ids[:-1] * vocab_size + ids[1:]", "ids[1:-1] * vocab_size + ids[2:]"),),
    ),
    Misconception(
        "list-returned",
        "The table is a list of lists and not a tensor.",
        "The next exercises sum and divide it as a tensor.",
        edits=((".view(vocab_size, vocab_size)", ".view(vocab_size, vocab_size).tolist()"),),
    ),
)
