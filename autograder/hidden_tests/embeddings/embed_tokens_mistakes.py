"""Wrong answers to 4.4 embed_tokens, the commonest first."""

from autograder.exercise import Misconception

POSITIONS = "positions = torch.arange(idx.size(1), device=idx.device)"
SUM = "return wte[idx] + wpe[positions]"

MISCONCEPTIONS = (
    Misconception(
        "concatenated",
        "The two vectors are put side by side, not added.",
        "The result has 2C channels. All that follows works on C.",
        edits=((SUM, "return torch.cat([wte[idx], wpe[positions].expand(*idx.shape, -1)], -1)"),),
    ),
    Misconception(
        "no-positions",
        "The positions are left out.",
        "The same token gives the same vector wherever it stands: the order of a text is lost.",
        edits=((SUM, "return wte[idx]"),),
    ),
    Misconception(
        "first-position-for-all",
        "Every token gets the row of the same position.",
        "Two equal tokens at different places should come out different.",
        edits=((SUM, "return wte[idx] + wpe[0]"),),
    ),
    Misconception(
        "last-position-for-all",
        "Every token gets the row of position T, or of the last one.",
        "Two equal tokens at different places should come out different.",
        edits=((SUM, "return wte[idx] + wpe[idx.size(1) - 1]"),),
    ),
    Misconception(
        "token-ids-as-positions",
        "The positions are looked up by token id.",
        "That is a second table of tokens. What does the place in the row have to do with the id?",
        edits=((SUM, "return wte[idx] + wpe[idx % len(wpe)]"),),
    ),
    Misconception(
        "positions-over-the-batch",
        "The positions run down the batch, not along the text.",
        "All tokens of a row get the same position. Which of B and T is the place in the text?",
        edits=(
            (POSITIONS, "positions = torch.arange(idx.size(0), device=idx.device)"),
            (SUM, "return wte[idx] + wpe[positions][:, None]"),
        ),
    ),
    Misconception(
        "batch-size-for-length",
        "There are as many positions as rows in the batch.",
        "It runs where B is T or 1, and gives an error or one position for all otherwise. Which "
        "size of `idx` is T?",
        edits=((POSITIONS, "positions = torch.arange(idx.size(0), device=idx.device)"),),
    ),
    Misconception(
        "misaligned",
        "The vectors of the positions are lined up with the batch, not with the text.",
        "(B, T, C) + (T, 1, C) runs where B is T or 1. Broadcasting compares shapes from the "
        "right.",
        edits=((SUM, "return wte[idx] + wpe[positions].unsqueeze(1)"),),
    ),
    Misconception(
        "whole-table-of-positions",
        "The whole table of positions is added, whatever T is.",
        "It fits where T is N, and nowhere else.",
        edits=((SUM, "return wte[idx] + wpe"),),
    ),
    Misconception(
        "positions-from-one",
        "The positions are counted from 1.",
        "The first token gets the second row, and a text of full length finds no row for its "
        "last token.",
        edits=((POSITIONS, f"{POSITIONS} + 1"),),
    ),
    Misconception(
        "positions-counted-on",
        "The positions go on from one row of the batch to the next.",
        "Each row of the batch is a text of its own and begins at position 0.",
        edits=(
            (
                POSITIONS,
                "positions = torch.arange(idx.numel(), device=idx.device).reshape(idx.shape)\n"
                "    positions = positions % len(wpe)",
            ),
        ),
    ),
    Misconception(
        "last-positions",
        "The last T rows of the table are taken.",
        "Position 0 is the first token, however long the table is.",
        edits=((SUM, "return wte[idx] + wpe[-idx.size(1) :]"),),
    ),
    Misconception(
        "backwards",
        "The positions are counted from the end of the text.",
        "The first token should get the first row.",
        edits=((POSITIONS, f"{POSITIONS}.flip(0)"),),
    ),
    Misconception(
        "multiplied",
        "The two vectors are multiplied.",
        "The contract asks for the sum. A position's row near 0 would wipe the token out.",
        edits=((SUM, "return wte[idx] * wpe[positions]"),),
    ),
    Misconception(
        "averaged",
        "The two vectors are averaged.",
        "The stream is half as large as it should be.",
        edits=((SUM, "return (wte[idx] + wpe[positions]) / 2"),),
    ),
    Misconception(
        "scaled-by-root-of-c",
        "The token vectors are multiplied by the root of C.",
        "Vaswani 2017 does so; GPT-2 does not.",
        edits=((SUM, "return wte[idx] * wte.size(1) ** 0.5 + wpe[positions]"),),
    ),
    Misconception(
        "tables-exchanged",
        "The two tables are exchanged.",
        "Token ids pick rows of `wte`, places rows of `wpe`.",
        edits=((SUM, "return wpe[idx % len(wpe)] + wte[positions % len(wte)]"),),
    ),
    Misconception(
        "tables-changed",
        "The sum is written into the table of positions.",
        "A slice is a view: what is added to it is added to the table. Look at `wpe` after the "
        "call.",
        edits=(
            (
                SUM,
                "rows = []\n"
                "    for row in idx:\n"
                "        x = wpe[: len(positions)]\n"
                "        x += wte[row]\n"
                "        rows.append(x.clone())\n"
                "    return torch.stack(rows)",
            ),
        ),
    ),
    Misconception(
        "flattened",
        "Batch and text are one dimension: (B·T, C).",
        "Look at the shape in the contract.",
        edits=((SUM, "return (wte[idx] + wpe[positions]).flatten(0, 1)"),),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "A batch of one row, or rows of one token, come out with fewer dimensions.",
        edits=((SUM, "return (wte[idx] + wpe[positions]).squeeze()"),),
    ),
    Misconception(
        "summed-over-the-text",
        "The vectors of a text are added up to one.",
        "There is no longer a vector for each token.",
        edits=((SUM, "return (wte[idx] + wpe[positions]).sum(1)"),),
    ),
    Misconception(
        "positions-made-up",
        "A text that is longer than `wpe` starts again at position 0, or stays at the last one.",
        "Two places of one text would look the same. The contract asks for an exception.",
        edits=((SUM, "return wte[idx] + wpe[positions % len(wpe)]"),),
    ),
    Misconception(
        "single-position-stretched",
        "A table of one position is stretched over a longer text.",
        "Broadcasting repeats a dimension of size 1 without a word: a slice of one row fits any "
        "T. Who notices that T rows were asked for?",
        edits=((SUM, "return wte[idx] + wpe[: idx.size(1)]"),),
    ),
    Misconception(
        "full-table-refused",
        "A text that fills the table of positions is refused.",
        "N rows have room for N tokens. Look at the comparison where both are equal.",
        edits=(
            (
                POSITIONS,
                "if idx.size(1) >= len(wpe):\n"
                '        raise IndexError("too long")\n'
                f"    {POSITIONS}",
            ),
        ),
    ),
    Misconception(
        "text-cut-off",
        "A text that is longer than `wpe` is cut off.",
        "The result has fewer vectors than there are tokens. The contract asks for an exception.",
        edits=((POSITIONS, f"idx = idx[:, : len(wpe)]\n    {POSITIONS}"),),
    ),
    Misconception(
        "positions-on-the-cpu",
        "The positions are made on the CPU, wherever the tables are.",
        "On a GPU the lookup raises an error about two devices. Where is `idx`?",
        edits=(
            (POSITIONS, "positions = torch.arange(idx.size(1))"),
            (SUM, "return wte[idx] + nn.functional.embedding(positions, wpe)"),
        ),
    ),
    Misconception(
        "copied-to-the-cpu",
        "The result is on the CPU, wherever the tables are.",
        "On a GPU the first layer then raises an error about two devices.",
        edits=((SUM, "return (wte[idx] + wpe[positions]).cpu()"),),
    ),
    Misconception(
        "no-gradient",
        "No gradient reaches the tables.",
        "`.data`, `detach`, `no_grad` and `torch.tensor` cut the graph. A new `nn.Parameter` or "
        "`nn.Embedding` around a table learns for itself, not for the table.",
        edits=((SUM, "return wte.detach()[idx] + wpe.detach()[positions]"),),
    ),
    Misconception(
        "padding-id",
        "Token 0 is taken for padding: its row gets no gradient.",
        "In this vocabulary 0 is a token like any other. Look at the gradient of its row.",
        edits=((SUM, SUM.replace("wte[idx]", "F.embedding(idx, wte, padding_idx=0)")),),
    ),
    Misconception(
        "positions-not-learned",
        "No gradient reaches the table of positions.",
        "GPT-2's positions are learned like its tokens. Look at what cuts `wpe` from the graph.",
        edits=((SUM, "return wte[idx] + wpe.detach()[positions]"),),
    ),
    Misconception(
        "tokens-not-learned",
        "No gradient reaches the table of tokens.",
        "The table of positions learns, and the tokens stay as they began. Look at what cuts `wte` "
        "from the graph.",
        edits=((SUM, "return wte.detach()[idx] + wpe[positions]"),),
    ),
)
