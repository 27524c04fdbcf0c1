"""Wrong answers to 5.6 merge_heads, the commonest first."""

from autograder.exercise import Misconception

WHOLE = "x.transpose(1, 2).flatten(2)"

MISCONCEPTIONS = (
    Misconception(
        "not-exchanged",
        "The numbers are read in a new shape, but heads and positions are not exchanged.",
        "A `reshape` moves no number. The vector of a position then holds what one head found at "
        "several positions.",
        edits=((WHOLE, "x.reshape(x.size(0), x.size(2), -1)"),),
    ),
    Misconception(
        "view-of-a-transposed-tensor",
        "A `view` is asked of a tensor whose numbers do not lie in that order in memory.",
        "torch raises an error that speaks of strides. A transposed tensor is the old memory, read "
        "in another order.",
        edits=((WHOLE, "x.transpose(1, 2).view(x.size(0), x.size(2), -1)"),),
    ),
    Misconception(
        "viewed-as-it-is",
        "A `view` gives the numbers a new shape, and heads and positions are not exchanged.",
        "The vector of a position then holds what one head found at several positions. In another "
        "layout in memory torch raises an error that speaks of strides.",
        edits=((WHOLE, "x.view(x.size(0), x.size(2), -1)"),),
    ),
    Misconception(
        "positions-with-channels",
        "Positions and channels are exchanged, not positions and heads.",
        "Look at which dimension stands beside hs before the two become one.",
        edits=((WHOLE, "x.transpose(2, 3).reshape(x.size(0), x.size(2), -1)"),),
    ),
    Misconception(
        "heads-with-channels",
        "Heads and channels are exchanged, not heads and positions.",
        "The result is as long as there are channels in a head. Write the four letters under the "
        "tensor after each step.",
        edits=((WHOLE, "x.transpose(1, 3).flatten(2)"),),
    ),
    Misconception(
        "summed",
        "What the heads found is added up.",
        "The result has hs channels, and nobody can tell any more which head said what.",
        edits=((WHOLE, "x.sum(1)"),),
    ),
    Misconception(
        "averaged",
        "What the heads found is averaged.",
        "The result has hs channels, and nobody can tell any more which head said what.",
        edits=((WHOLE, "x.float().mean(1)"),),
    ),
    Misconception(
        "channels-interleaved",
        "The channels of the heads are dealt out in turn: one of each head, then the next of each.",
        "`split_heads` gave head 0 the first hs channels. Look at which of the two, head or "
        "channel, changes slowest.",
        edits=((WHOLE, "x.permute(0, 2, 3, 1).flatten(2)"),),
    ),
    Misconception(
        "one-behind-the-other",
        "The heads are laid one behind the other along the positions.",
        "The result is nh times as long as the text. Each position gets one vector with all "
        "heads in it.",
        edits=((WHOLE, "x.flatten(1, 2)"),),
    ),
    Misconception(
        "names-exchanged",
        "The shape is unpacked as (B, T, nh, hs).",
        "The second dimension of what comes in counts heads. Where there are as many heads as "
        "positions no error shows it.",
        edits=((WHOLE, "x.flatten(2)"),),
    ),
    Misconception(
        "changed-in-place",
        "The input itself is transposed.",
        "A method whose name ends in an underscore changes the tensor that the caller still holds.",
        edits=((WHOLE, "x.transpose_(1, 2).flatten(2)"),),
    ),
    Misconception(
        "positions-flattened-too",
        "Texts and positions are flattened together.",
        "The result is (B·T, C). Look at where the flattening begins.",
        edits=((WHOLE, "x.transpose(1, 2).reshape(-1, x.size(1) * x.size(3))"),),
    ),
    Misconception(
        "channels-before-positions",
        "The result is (B, C, T).",
        "Look at the order of its last two dimensions: one row is to be one position.",
        edits=((WHOLE, "x.transpose(2, 3).flatten(1, 2)"),),
    ),
    Misconception(
        "loop-over-texts",
        "The loop runs over the texts of the batch, not over the heads.",
        "Going through a tensor with `for` takes its first dimension.",
        edits=((WHOLE, "torch.cat(list(x), dim=-1)"),),
    ),
    Misconception(
        "two-heads",
        "The number of heads is fixed at two, as in the example.",
        "Look at a layer of three heads, or of one.",
        edits=((WHOLE, "torch.cat((x[:, 0], x[:, min(1, x.size(1) - 1)]), dim=-1)"),),
    ),
    Misconception(
        "heads-reversed",
        "The last head comes first.",
        "The output is a mixture of the right numbers in the wrong places. Head 0 has the first "
        "hs channels.",
        edits=((WHOLE, "x.flip(1).transpose(1, 2).flatten(2)"),),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "One text, one position or one head comes out with fewer dimensions.",
        edits=((WHOLE, f"{WHOLE}.squeeze()"),),
    ),
    Misconception(
        "made-float",
        "The result is float, whatever came in.",
        "Laying numbers side by side changes none of them, nor their dtype.",
        edits=((WHOLE, "torch.cat([head.float() for head in x.unbind(1)], dim=-1)"),),
    ),
)
