"""Wrong answers to 4.1 Embedding, the commonest first."""

import torch.nn.functional as F
from torch import Tensor, nn

from autograder.exercise import Misconception


class _Linear(nn.Module):
    """A linear layer of one-hot rows, which has a bias and keeps (C, V)."""

    def __init__(self, vocab_size: int, n_embd: int) -> None:
        super().__init__()
        self.vocab_size = vocab_size
        self.linear = nn.Linear(vocab_size, n_embd)
        self.weight = self.linear.weight

    def forward(self, idx: Tensor) -> Tensor:
        vectors: Tensor = self.linear(F.one_hot(idx, self.vocab_size).float())
        return vectors


ROW = "return self.weight[idx]"
TABLE = "nn.Parameter(0.02 * torch.randn(vocab_size, n_embd))"
STORED = f"self.weight = {TABLE}"

MISCONCEPTIONS = (
    Misconception(
        "stored-transposed",
        "The table is stored as (C, V).",
        "GPT-2's weights are loaded by name and shape: a row for each token.",
        edits=(
            ("torch.randn(vocab_size, n_embd)", "torch.randn(n_embd, vocab_size)"),
            (ROW, "return self.weight.t()[idx]"),
        ),
    ),
    Misconception(
        "scaled-by-root-of-c",
        "The vectors are multiplied by the root of C.",
        "Vaswani 2017 does so; GPT-2 does not. Compare what comes out with the row of the table.",
        edits=((ROW, "return self.weight[idx] * self.weight.size(1) ** 0.5"),),
    ),
    Misconception(
        "linear-with-a-bias",
        "The lookup is an `nn.Linear`, which has a bias and keeps its weight as (C, V).",
        "Count the parameters: there are C more than the table has numbers.",
        function=_Linear,
    ),
    Misconception(
        "another-name",
        "The table has another name than `weight`, or none.",
        "Other code reads `wte.weight`, and weights are loaded by that name.",
        edits=((STORED, f"self.table = {TABLE}"), (ROW, "return self.table[idx]")),
    ),
    Misconception(
        "weight-is-a-module",
        "`weight` is a whole module and not the table.",
        "`wte.weight[7]` should be a row. Look at the type of `weight`.",
        edits=(
            (STORED, "self.weight = nn.Embedding(vocab_size, n_embd)"),
            (ROW, "return self.weight(idx)"),
        ),
    ),
    Misconception(
        "not-a-parameter",
        "The table is a plain tensor, unknown to `parameters()`.",
        "The optimizer never sees it, so it stays as it began. What makes a tensor a parameter?",
        edits=((STORED, "self.weight = torch.randn(vocab_size, n_embd, requires_grad=True)"),),
    ),
    Misconception(
        "buffer",
        "The table is a buffer: saved with the module, and not learned.",
        "`parameters()` is empty, and no gradient arrives at the table.",
        edits=((STORED, 'self.register_buffer("weight", torch.randn(vocab_size, n_embd))'),),
    ),
    Misconception(
        "frozen",
        "The table does not ask for a gradient.",
        "The vectors stay as random as they began. Look at `weight.requires_grad`.",
        edits=(("n_embd))", "n_embd), requires_grad=False)"),),
    ),
    Misconception(
        "with-a-bias",
        "There is a bias besides the table.",
        "What is added to every row alike could as well be part of the rows. Count the parameters.",
        edits=(
            (STORED, f"{STORED}\n        self.bias = nn.Parameter(torch.zeros(n_embd))"),
            (ROW, "return self.weight[idx] + self.bias"),
        ),
    ),
    Misconception(
        "two-tables",
        "There are two tables: one is looked up, and `weight` is another.",
        "Change `weight`, and the vectors stay as they are. Count the parameters.",
        edits=(
            (STORED, f"{STORED}\n        self.table = {TABLE}"),
            (ROW, "return self.table[idx]"),
        ),
    ),
    Misconception(
        "columns",
        "The ids pick columns of the table, not rows.",
        "The shape is not (..., C). Which dimension of the table runs over the tokens?",
        edits=((ROW, "return self.weight[:, idx % self.weight.size(1)]"),),
    ),
    Misconception(
        "one-hot-too-short",
        "The one-hot rows are as long as the largest id asks for, not V long.",
        "The product with the table fails as soon as the last token does not occur. "
        "`F.one_hot` guesses how many classes there are unless it is told.",
        edits=((ROW, "return nn.functional.one_hot(idx).float() @ self.weight"),),
    ),
    Misconception(
        "new-table-at-each-call",
        "Each call draws a new table.",
        "The same token gets another vector each time. Which of the two methods should make the "
        "table?",
        edits=((ROW, "return torch.randn_like(self.weight)[idx]"),),
    ),
    Misconception(
        "dropout",
        "Some of the channels are dropped at random.",
        "Two calls give different vectors. GPT-2 has its dropout after the sum of both tables.",
        edits=((ROW, "return nn.functional.dropout(self.weight[idx], 0.5)"),),
    ),
    Misconception(
        "detached",
        "The vectors carry no gradient back to the table.",
        "`.data`, `detach` and `no_grad` cut the graph, so nothing is learned.",
        edits=((ROW, "return self.weight.data[idx]"),),
    ),
    Misconception(
        "padding-id",
        "Token 0 is taken for padding: its row gets no gradient.",
        "In this vocabulary 0 is a token like any other. Look at the gradient of its row.",
        edits=((ROW, "return nn.functional.embedding(idx, self.weight, padding_idx=0)"),),
    ),
    Misconception(
        "gradient-by-frequency",
        "The gradient of a row is divided by how often its token occurs.",
        "A token that occurs twice gets two gradients, and they are summed.",
        edits=((ROW, "return nn.functional.embedding(idx, self.weight, scale_grad_by_freq=True)"),),
    ),
    Misconception(
        "length-limited",
        "Rows that are long are shortened, and the table is changed by it.",
        "A lookup leaves the table as it is. Look at the arguments of the function you call.",
        edits=((ROW, "return nn.functional.embedding(idx, self.weight, max_norm=1.0)"),),
    ),
    Misconception(
        "normalised",
        "The vectors come out with length 1.",
        "A row goes out as it is. Its length carries information too.",
        edits=((ROW, "return nn.functional.normalize(self.weight[idx], dim=-1)"),),
    ),
    Misconception(
        "averaged",
        "The vectors of a text are averaged to one.",
        "There is no longer a vector for each token, and their order is lost.",
        edits=((ROW, "return self.weight[idx].mean(-2)"),),
    ),
    Misconception(
        "flattened",
        "The ids are flattened, and the vectors keep that shape.",
        "Whatever the shape of the ids, C comes behind it as one more dimension.",
        edits=((ROW, "return self.weight[idx.flatten()]"),),
    ),
    Misconception(
        "two-dimensions-only",
        "The ids must have two dimensions.",
        "A single id, one row of ids and a stack of batches are ids as well. Is the shape needed?",
        edits=((ROW, "B, T = idx.shape\n        return self.weight[idx.reshape(B, T)]"),),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "A batch of one row, or a row of one token, comes out with fewer dimensions.",
        edits=((ROW, "return self.weight[idx].squeeze()"),),
    ),
    Misconception(
        "ids-from-one",
        "The ids are counted from 1.",
        "Each token gets the row before its own, and token 0 the last one.",
        edits=((ROW, "return self.weight[idx - 1]"),),
    ),
    Misconception(
        "row-for-padding",
        "The table has a row more than there are tokens.",
        "Ids run from 0 to V - 1: how many are these?",
        edits=(("torch.randn(vocab_size, n_embd)", "torch.randn(vocab_size + 1, n_embd)"),),
    ),
    Misconception(
        "ids-without-a-row",
        "An id that has no row gets a vector all the same: another token's, or zeros.",
        "A tokenizer with too many ids would go unnoticed. Here an error is the better answer.",
        edits=((ROW, "return self.weight[idx % len(self.weight)]"),),
    ),
    Misconception(
        "sizes-exchanged",
        "The two sizes arrive in the wrong order.",
        "The signature says which comes first: callers may leave out the names.",
        edits=(("vocab_size: int, n_embd: int", "n_embd: int, vocab_size: int"),),
    ),
    Misconception(
        "one-hot-out",
        "The one-hot rows come out, without the table.",
        "The last dimension is V and not C, and nothing in it is learned.",
        edits=((ROW, "return nn.functional.one_hot(idx, len(self.weight)).float()"),),
    ),
)
