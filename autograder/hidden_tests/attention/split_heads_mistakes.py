"""Wrong answers to 5.5 split_heads, the commonest first."""

from autograder.exercise import Misconception

LAST = "return x.reshape(B, T, n_head, C // n_head).transpose(1, 2)"
CUT = "x.reshape(B, T, n_head, C // n_head)"


def _returning(text: str) -> tuple[tuple[str, str], ...]:
    return ((LAST, "hs = C // n_head\n    return " + text),)


MISCONCEPTIONS = (
    Misconception(
        "viewed-at-once",
        "The shape (B, nh, T, hs) is taken by a view alone.",
        "No number moves: the first head gets the first numbers in memory, which are all "
        "channels of the first positions.",
        edits=_returning("x.view(B, n_head, T, hs)"),
    ),
    Misconception(
        "reshaped-at-once",
        "The shape (B, nh, T, hs) is taken by a reshape alone.",
        "The numbers stay in order: the first head gets the first of them, which are all "
        "channels of the first positions.",
        edits=_returning("x.reshape(B, n_head, T, hs)"),
    ),
    Misconception(
        "not-transposed",
        "The heads come after the positions: (B, T, nh, hs).",
        "Attention would run over the heads of one position. The last two dimensions should be "
        "T and hs.",
        edits=((".transpose(1, 2)", ""),),
    ),
    Misconception(
        "wrong-pair-transposed",
        "The last two dimensions change places, and not the middle two.",
        "The shape is (B, T, hs, nh). Write the four letters down before and after.",
        edits=((".transpose(1, 2)", ".transpose(2, 3)"),),
    ),
    Misconception(
        "dealt-like-cards",
        "Channel c goes to head c % nh, as cards are dealt.",
        "Head 0 should have channels 0 to hs - 1, side by side. Which of nh and hs comes first "
        "when the last dimension is cut?",
        edits=_returning("x.reshape(B, T, hs, n_head).permute(0, 3, 1, 2)"),
    ),
    Misconception(
        "float-division",
        "C / nh is a float.",
        "A size has to be a whole number, even where the division leaves no rest.",
        edits=_returning("x.reshape(B, T, n_head, C / n_head).transpose(1, 2)"),
    ),
    Misconception(
        "view-of-any-layout",
        "A view lays dimensions together, whatever the layout in memory.",
        "It raises where the numbers do not lie in order. Look for its sister that copies when "
        "it has to, or leave B and T apart.",
        edits=_returning("x.view(-1, n_head, hs).view(B, T, n_head, hs).transpose(1, 2)"),
    ),
    Misconception(
        "batch-and-heads-exchanged",
        "The heads come before the batch: (nh, B, T, hs).",
        "The batch stays in front. Along which dimension are the heads stacked?",
        edits=((".transpose(1, 2)", ".permute(2, 0, 1, 3)"),),
    ),
    Misconception(
        "number-taken-for-size",
        "n_head is taken for the channels of one head.",
        "The shape has C / n_head heads of n_head channels. Which of the two is given?",
        edits=_returning("x.reshape(B, T, hs, n_head).transpose(1, 2)"),
    ),
    Misconception(
        "positions-cut",
        "The positions are dealt out to the heads, and not the channels.",
        "Every head should see all positions. Which dimension is cut?",
        edits=_returning("x.reshape(B, n_head, -1, C)"),
    ),
    Misconception(
        "viewed-and-transposed",
        "The shape is taken with T last, by a view, and then transposed.",
        "A view moves no number: cut C where it stands, and exchange dimensions afterwards.",
        edits=_returning("x.reshape(B, n_head, hs, T).transpose(2, 3)"),
    ),
    Misconception(
        "t-and-b-exchanged",
        "Batch and positions are exchanged.",
        "The shape is (T, nh, B, hs). Which of the first two dimensions stays in front?",
        edits=((".transpose(1, 2)", ".permute(1, 2, 0, 3)"),),
    ),
    Misconception(
        "batch-and-heads-merged",
        "Batch and heads are one dimension: (B·nh, T, hs).",
        "The contract asks for four dimensions.",
        edits=((".transpose(1, 2)", ".transpose(1, 2).flatten(0, 1)"),),
    ),
    Misconception(
        "list-of-heads",
        "A list or tuple of heads is returned, and not one tensor.",
        "One product of tensors then serves all heads at once.",
        edits=_returning("x.split(hs, dim=-1)"),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "With one head, one position or one row the result has fewer dimensions.",
        edits=((".transpose(1, 2)", ".transpose(1, 2).squeeze()"),),
    ),
    Misconception(
        "first-head-only",
        "Every head gets the channels of the first.",
        "Heads that see the same channels can learn nothing different.",
        edits=_returning("x[:, None, :, :hs].expand(B, n_head, T, hs)"),
    ),
    Misconception(
        "every-head-all-channels",
        "Every head gets all C channels.",
        "The shape is (B, nh, T, C). The channels are dealt out: C / nh for each.",
        edits=_returning("x[:, None].expand(B, n_head, T, C)"),
    ),
    Misconception(
        "slices-overlap",
        "The slice of head h begins at channel h.",
        "The heads share channels, and the last channels are in none. How long is the one before?",
        edits=_returning("torch.stack([x[..., h : h + hs] for h in range(n_head)], 1)"),
    ),
    Misconception(
        "heads-in-reverse",
        "The last head has the first channels.",
        "Head 0 should have channels 0 to hs - 1.",
        edits=((".transpose(1, 2)", ".transpose(1, 2).flip(1)"),),
    ),
    Misconception(
        "positions-last",
        "The positions come last: (B, nh, hs, T).",
        "That is right for keys that are transposed already. Here the channels come last.",
        edits=((".transpose(1, 2)", ".permute(0, 2, 3, 1)"),),
    ),
    Misconception(
        "twelve-heads",
        "There are 12 heads, whatever n_head is.",
        "12 is the number in GPT-2. Look for that number in your code.",
        edits=((CUT, "x.unflatten(-1, (12, -1))"),),
    ),
    Misconception(
        "sixty-four-channels",
        "Each head has 64 channels, whatever C and n_head are.",
        "64 is the number in GPT-2. Look for that number in your code.",
        edits=((CUT, "x.unflatten(-1, (n_head, 64))"),),
    ),
    Misconception(
        "cast-to-float",
        "The numbers are cast to float.",
        "Nothing is computed here: the dtype is the caller's.",
        edits=((".transpose(1, 2)", ".transpose(1, 2).float()"),),
    ),
)
