"""Wrong answers to 4.2 PositionalEmbedding whose table, or what is done to its rows, is wrong."""

from autograder.exercise import Misconception
from autograder.hidden_tests.embeddings.positional_embedding_mistakes import (
    CHECK,
    ROWS,
    STORED,
    TABLE,
)

TABLE_MISTAKES = (
    Misconception(
        "another-name",
        "The table has another name than `weight`, or none.",
        "Other code reads `wpe.weight`, and weights are loaded by that name.",
        edits=(
            (STORED, f"self.table = {TABLE}"),
            (CHECK, "offset + T > len(self.table)"),
            (ROWS, "return self.table[offset : offset + T]"),
        ),
    ),
    Misconception(
        "not-a-parameter",
        "The table is a plain tensor, unknown to `parameters()`.",
        "The optimizer never sees it, so it stays as it began. What makes a tensor a parameter?",
        edits=((STORED, "self.weight = torch.randn(block_size, n_embd, requires_grad=True)"),),
    ),
    Misconception(
        "buffer",
        "The table is a buffer: saved with the module, and not learned.",
        "Vaswani's positions are computed and stay as they are; GPT-2's are learned.",
        edits=((STORED, 'self.register_buffer("weight", torch.randn(block_size, n_embd))'),),
    ),
    Misconception(
        "detached",
        "The vectors carry no gradient back to the table.",
        "`.data`, `detach` and `no_grad` cut the graph, so nothing is learned.",
        edits=((ROWS, f"{ROWS}.detach()"),),
    ),
    Misconception(
        "frozen",
        "The table does not ask for a gradient.",
        "Vaswani's positions are computed and stay as they are; GPT-2's are learned. Look at "
        "`weight.requires_grad`.",
        edits=(("n_embd))", "n_embd), requires_grad=False)"),),
    ),
    Misconception(
        "weight-is-a-module",
        "`weight` is a whole module and not the table.",
        "`wpe.weight[7]` should be a row. Look at the type of `weight`.",
        edits=(
            (STORED, "self.weight = nn.Embedding(block_size, n_embd)"),
            (CHECK, "False"),
            (ROWS, "return self.weight(torch.arange(offset, offset + T))"),
        ),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "One position comes out as (C,), and is no longer a row.",
        edits=((ROWS, f"{ROWS}.squeeze()"),),
    ),
    Misconception(
        "scaled",
        "The rows are scaled.",
        "Compare what comes out with the rows of the table.",
        edits=((ROWS, f"{ROWS} * self.weight.size(1) ** 0.5"),),
    ),
    Misconception(
        "dropout",
        "Some of the channels are dropped at random.",
        "Two calls give different vectors. GPT-2 has its dropout after the sum of both tables.",
        edits=((ROWS, f"return nn.functional.dropout({ROWS[7:]}, 0.5)"),),
    ),
    Misconception(
        "row-for-padding",
        "The table has a row more than there are positions.",
        "Positions run from 0 to N - 1: how many are these?",
        edits=(("torch.randn(block_size, n_embd)", "torch.randn(block_size + 1, n_embd)"),),
    ),
    Misconception(
        "sizes-exchanged",
        "The two sizes arrive in the wrong order.",
        "The signature says which comes first: callers may leave out the names.",
        edits=(("block_size: int, n_embd: int", "n_embd: int, block_size: int"),),
    ),
)
