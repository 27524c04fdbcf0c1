"""Wrong answers to 4.2 PositionalEmbedding that pick the wrong rows, the commonest first."""

from autograder.exercise import Misconception

ROWS = "return self.weight[offset : offset + T]"
TABLE = "nn.Parameter(0.02 * torch.randn(block_size, n_embd))"
STORED = f"self.weight = {TABLE}"
START = "        if offset + T"
CHECK = "offset + T > len(self.weight)"


def _by_arange(positions: str) -> str:
    return f"return nn.functional.embedding({positions}, self.weight)"


ROW_MISTAKES = (
    Misconception(
        "too-long-unnoticed",
        "A text that is longer than the table gets fewer rows than it has tokens.",
        "A slice that reaches beyond the end is cut off without a word. Who notices that T rows "
        "were asked for?",
        edits=((CHECK, "False"),),
    ),
    Misconception(
        "offset-ignored",
        "`offset` is not used.",
        "In chapter 6 every new token would stand at position 0. Look at what (2, offset=5) gives.",
        edits=((ROWS, "return self.weight[:T]"),),
    ),
    Misconception(
        "token-ids-as-positions",
        "The argument is taken for token ids, not for a number of positions.",
        "This module never sees a token: `T` is an int. What are the positions of T tokens?",
        edits=(
            (START, "        T = T.shape[-1]\n        if offset + T"),
            (ROWS, _by_arange("torch.arange(offset, offset + T, device=self.weight.device)")),
        ),
    ),
    Misconception(
        "one-row",
        "`T` picks a single row.",
        "T tokens have T positions. The result has one row for each.",
        edits=((ROWS, "return self.weight[offset + T - 1]"),),
    ),
    Misconception(
        "row-number-t",
        "Row number T comes out, not T rows.",
        "`T` says how many. Row number T is one row, and the one behind those that are asked for.",
        edits=((CHECK, "False"), (ROWS, "return self.weight[T]")),
    ),
    Misconception(
        "positions-on-the-cpu",
        "The positions are made on the CPU, wherever the table is.",
        "On a GPU the lookup raises an error about two devices. `torch.arange` has an argument "
        "for it, and the table knows where it is.",
        edits=((ROWS, _by_arange("torch.arange(offset, offset + T)")),),
    ),
    Misconception(
        "channels-first",
        "The result is (C, T).",
        "Each row should be a position: look at which dimension runs over them.",
        edits=((ROWS, f"{ROWS}.t()"),),
    ),
    Misconception(
        "stored-transposed",
        "The table is stored as (C, N).",
        "GPT-2's weights are loaded by name and shape: a row for each position.",
        edits=(
            ("torch.randn(block_size, n_embd)", "torch.randn(n_embd, block_size)"),
            (CHECK, "offset + T > self.weight.size(1)"),
            (ROWS, "return self.weight.t()[offset : offset + T]"),
        ),
    ),
    Misconception(
        "stored-with-a-batch-dimension",
        "The table is stored as (1, N, C).",
        "Some models keep it so. GPT-2's weights are loaded by name and shape: (N, C).",
        edits=(
            ("torch.randn(block_size, n_embd)", "torch.randn(1, block_size, n_embd)"),
            (CHECK, "offset + T > self.weight.size(1)"),
            (ROWS, "return self.weight[0, offset : offset + T]"),
        ),
    ),
    Misconception(
        "slice-ends-at-t",
        "The slice ends at row T, wherever it begins.",
        "With an offset there are too few rows. The end of a slice is a place and not a length.",
        edits=((ROWS, "return self.weight[offset:T]"),),
    ),
    Misconception(
        "offset-unchecked",
        "Only T is compared with the size of the table, not the last position.",
        "With an offset the last rows can lie beyond the end although T is small.",
        edits=((CHECK, "T > len(self.weight)"),),
    ),
    Misconception(
        "full-table-refused",
        "The last position is refused.",
        "A table of N rows has room for N positions. Look at the comparison where both are equal.",
        edits=((CHECK, "offset + T >= len(self.weight)"),),
    ),
    Misconception(
        "one-too-many-unnoticed",
        "One position too many goes unnoticed.",
        "A table of N rows has room for N positions. Look at the comparison where one is more.",
        edits=((CHECK, "offset + T > len(self.weight) + 1"),),
    ),
    Misconception(
        "rows-made-up",
        "Positions beyond the table get rows all the same: from its beginning, its end, or zeros.",
        "Two positions of one text would look the same. The contract asks for an exception.",
        edits=(
            (CHECK, "False"),
            (ROWS, "return self.weight[[t % len(self.weight) for t in range(offset, offset + T)]]"),
        ),
    ),
    Misconception(
        "moved-back-to-fit",
        "Positions beyond the table get the rows of others, as long as T rows can be had.",
        "Rows are used for the wrong places, or twice. The contract asks for an exception.",
        edits=(
            (CHECK, "False"),
            (
                ROWS,
                "offset = max(min(offset, len(self.weight) - T), 0)\n"
                "        return self.weight[offset : offset + T]",
            ),
        ),
    ),
    Misconception(
        "nothing-returned",
        "A text that is too long gets None.",
        "Whoever called goes on without positions, and stumbles elsewhere. What ends a function "
        "so that its caller must notice?",
        edits=(
            (START, "        if offset + T > len(self.weight):\n            return None\n" + START),
        ),
    ),
    Misconception(
        "positions-from-one",
        "The positions are counted from 1.",
        "The first token gets the second row, and the first row is never used.",
        edits=((ROWS, "return self.weight[offset + 1 : offset + T + 1]"),),
    ),
    Misconception(
        "batch-dimension",
        "There is a batch dimension in front: (1, T, C).",
        "Broadcasting adds it where it is needed. Look at the shape in the contract.",
        edits=((ROWS, f"{ROWS}[None]"),),
    ),
    Misconception(
        "whole-table",
        "The whole table comes out, whatever T is.",
        "A text of T tokens needs T rows: it fits only where T is N.",
        edits=((ROWS, "return self.weight"),),
    ),
    Misconception(
        "last-rows",
        "The rows are counted from the end of the table.",
        "The first token of a short text should get the first row.",
        edits=(
            (ROWS, "end = len(self.weight) - offset\n        return self.weight[end - T : end]"),
        ),
    ),
    Misconception(
        "backwards",
        "The rows come out in reverse order.",
        "Row 0 of the result belongs to the first of the T positions.",
        edits=((ROWS, f"{ROWS}.flip(0)"),),
    ),
    Misconception(
        "goes-on",
        "A call goes on where the last one ended.",
        "The same call gives other rows the second time. Where a text begins is what `offset` "
        "says.",
        edits=(
            (
                START,
                '        offset += getattr(self, "seen", 0)\n        self.seen = T\n' + START,
            ),
        ),
    ),
    Misconception(
        "offset-required",
        "The module cannot be called without an offset.",
        "Look at the default in the contract's signature.",
        edits=(("offset: int = 0", "offset: int"),),
    ),
)
