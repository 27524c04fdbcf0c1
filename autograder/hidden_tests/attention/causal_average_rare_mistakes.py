"""Wrong answers to 5.1 causal_average that are met less often."""

import torch
from torch import Tensor

from autograder.exercise import Misconception


def _over_rows(x: Tensor) -> Tensor:
    counts = torch.arange(1, x.size(0) + 1, device=x.device)
    return x.cumsum(dim=0) / counts[:, None, None]


def _over_channels(x: Tensor) -> Tensor:
    return x.cumsum(dim=-1) / torch.arange(1, x.size(-1) + 1, device=x.device)


def _whole_mean(x: Tensor) -> Tensor:
    out = torch.zeros_like(x)
    for b in range(x.size(0)):
        for t in range(x.size(1)):
            out[b, t] = x[b, : t + 1].mean()
    return out


def _batch_mean(x: Tensor) -> Tensor:
    out = torch.zeros_like(x)
    for t in range(x.size(1)):
        out[:, t] = x[:, : t + 1].mean(dim=(0, 1))
    return out


def _halved(x: Tensor) -> Tensor:
    rows = [x[:, 0]]
    for new in x.unbind(1)[1:]:
        rows.append((rows[-1] + new) / 2)
    return torch.stack(rows, dim=1)


def _mean_of_means(x: Tensor) -> Tensor:
    rows: list[Tensor] = []
    for new in x.unbind(1):
        rows.append(torch.stack([*rows, new]).mean(dim=0))
    return torch.stack(rows, dim=1)


def _neighbours(x: Tensor) -> Tensor:
    before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
    return (x + before) / 2


def _own_zeros(x: Tensor) -> Tensor:
    out = torch.zeros(x.shape)
    for t in range(x.size(1)):
        out[:, t] = x[:, : t + 1].mean(dim=1)
    return out


def _in_place(x: Tensor) -> Tensor:
    for t in range(x.size(1) - 1, -1, -1):
        x[:, t] = x[:, : t + 1].mean(dim=1)
    return x


def _in_place_forwards(x: Tensor) -> Tensor:
    for t in range(x.size(1)):
        x[:, t] = x[:, : t + 1].mean(dim=1)
    return x


def _one_too_many(x: Tensor) -> Tensor:
    return torch.stack([x[:, : t + 2].mean(dim=1) for t in range(x.size(1))], dim=1)


def _first_kept(x: Tensor) -> Tensor:
    out = x.clone()
    for t in range(1, x.size(1)):
        out[:, t] = x[:, :t].mean(dim=1)
    return out


MADE = "torch.ones(T, T, dtype=x.dtype, device=x.device).tril()"

RARE = (
    Misconception(
        "over-the-batch",
        "The mean runs over the rows of the batch.",
        "Row b of the result holds something of the rows before it. Which dimension is T?",
        function=_over_rows,
    ),
    Misconception(
        "over-the-channels",
        "The mean runs over the channels.",
        "Channel c of the result holds something of the channels before it. Which dimension is T?",
        function=_over_channels,
    ),
    Misconception(
        "channels-averaged-too",
        "The mean runs over the channels as well.",
        "All channels of a position come out equal. `mean()` without `dim` takes everything.",
        function=_whole_mean,
    ),
    Misconception(
        "batch-averaged-too",
        "The mean runs over the batch as well.",
        "All rows of the batch come out equal, though they are different texts.",
        function=_batch_mean,
    ),
    Misconception(
        "halved-each-time",
        "The mean so far and the new vector are averaged, half and half.",
        "The oldest vectors fade: of four, the first counts an eighth. How much should a new one "
        "count when there have been t before?",
        function=_halved,
    ),
    Misconception(
        "mean-of-means",
        "Earlier results are averaged in place of earlier inputs.",
        "Vectors from long ago count several times. Does your loop read what it has written?",
        function=_mean_of_means,
    ),
    Misconception(
        "two-neighbours",
        "A position averages itself and the one before it, and no more.",
        "A change of the first vector is not seen at position 2.",
        function=_neighbours,
    ),
    Misconception(
        "last-position-only",
        "The result is the mean at the last position alone.",
        "The shape is (B, C) and not (B, T, C): every position needs its own mean.",
        edits=(("return weights @ x", "return (weights @ x)[:, -1]"),),
    ),
    Misconception(
        "weights-returned",
        "The table of weights is returned, and x is not in it.",
        "Its shape is (T, T). The weights are there to be multiplied with the vectors.",
        edits=(("return weights @ x", "return weights"),),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "One row, one position or one channel come out with fewer dimensions.",
        edits=(("return weights @ x", "return (weights @ x).squeeze()"),),
    ),
    Misconception(
        "in-place",
        "The means are written into x itself.",
        "The caller's vectors are gone after the call.",
        function=_in_place,
    ),
    Misconception(
        "in-place-forwards",
        "The means are written into x while later positions still need what stood there.",
        "Vectors from long ago count several times, and the caller's are gone.",
        function=_in_place_forwards,
    ),
    Misconception(
        "one-too-many",
        "A position averages the vector after it as well.",
        "That is the one it must not know. Look at where your slice ends.",
        function=_one_too_many,
    ),
    Misconception(
        "own-vector-at-first-only",
        "A position averages what is before it and leaves itself out, but for the first.",
        "Rows 0 and 1 of the result are equal. Look at where your slice ends.",
        function=_first_kept,
    ),
    Misconception(
        "size-written-down",
        "The table of weights is 8 by 8, whatever T is.",
        "Other lengths do not fit. Look for a number in your code that should come from x.",
        edits=((MADE, "torch.ones(8, 8, dtype=x.dtype, device=x.device).tril()"),),
    ),
    Misconception(
        "table-in-float32",
        "The table of weights is float32, whatever x is.",
        "torch multiplies no float32 with a float64 matrix. From where may a new tensor take its "
        "dtype?",
        edits=(("dtype=x.dtype, ", ""),),
    ),
    Misconception(
        "result-in-float32",
        "The result is float32, whatever x is.",
        "From the eighth digit on it is wrong for float64 vectors. Look at the dtype of what you "
        "write into, or at a cast.",
        edits=((f"weights = {MADE}", f"x = x.float()\n    weights = {MADE}"),),
    ),
    Misconception(
        "zeros-of-torchs-own-kind",
        "The result is written into zeros that are float32 and on the CPU, whatever x is.",
        "Its precision and its device are torch's defaults. Is there a way to make zeros like x?",
        function=_own_zeros,
    ),
)
