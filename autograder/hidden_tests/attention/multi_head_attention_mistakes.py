"""Wrong answers to 5.7 MultiHeadAttention, the commonest first."""

from autograder.exercise import Misconception

HEADS = "heads = [Head(n_embd, n_embd // n_head, block_size, dropout) for _ in range(n_head)]"
LIST = "self.heads = nn.ModuleList(heads)"
FOUND = "torch.cat([head(x) for head in self.heads], dim=-1)"
PROJ = "self.proj = nn.Linear(n_embd, n_embd)"
RESULT = "self.dropout(self.proj(found))"

MISCONCEPTIONS = (
    Misconception(
        "no-projection",
        "There is no linear map behind the heads.",
        "What the heads found stays side by side and never mixes. Count the parameters.",
        edits=((PROJ, ""), (RESULT, "self.dropout(found)")),
    ),
    Misconception(
        "projection-not-used",
        "`proj` is there and is not used.",
        "A layer that is made in `__init__` does nothing until `forward` calls it.",
        edits=((RESULT, "self.dropout(found)"),),
    ),
    Misconception(
        "head-size-is-C",
        "Each head has C channels.",
        "Side by side they are nh times C channels wide. How many has each, so that all are C?",
        edits=(
            ("n_embd // n_head, block", "n_embd, block"),
            (PROJ, "self.proj = nn.Linear(n_head * n_embd, n_embd)"),
        ),
    ),
    Misconception(
        "python-list",
        "The heads are kept in a Python list.",
        "The optimizer never hears of their parameters, and saving the model leaves them out.",
        edits=((LIST, "self.heads = heads"),),
    ),
    Misconception(
        "one-head-repeated",
        "The list holds the same head nh times.",
        "All heads share one set of weights and find the same. `[head] * n` copies no head.",
        edits=((HEADS, "heads = [Head(n_embd, n_embd // n_head, block_size, dropout)] * n_head"),),
    ),
    Misconception(
        "along-the-positions",
        "What the heads found is laid one behind the other along the positions.",
        "The rows become nh times as many and stay hs wide. Which dimension counts channels?",
        edits=((FOUND, "torch.cat([head(x) for head in self.heads], dim=1)"),),
    ),
    Misconception(
        "heads-added",
        "What the heads found is added up.",
        "The sum has hs channels, and nobody can tell any more which head said what.",
        edits=(
            (FOUND, "torch.stack([head(x) for head in self.heads]).sum(0)"),
            (PROJ, "self.proj = nn.Linear(n_embd // n_head, n_embd)"),
        ),
    ),
    Misconception(
        "dropout-always-on",
        "`F.dropout` is called without saying whether the model is training.",
        "Its `training` is true unless it is told otherwise. The same text gives another result "
        "each time, even after `model.eval()`.",
        edits=(
            ("self.dropout = nn.Dropout(dropout)", "self.p = dropout"),
            (RESULT, "F.dropout(self.proj(found), self.p)"),
        ),
    ),
    Misconception(
        "projection-without-a-bias",
        "`proj` has no bias.",
        "The maps inside the heads have none, this one has. Read the contract's attributes.",
        edits=((PROJ, "self.proj = nn.Linear(n_embd, n_embd, bias=False)"),),
    ),
    Misconception(
        "dropout-ignored",
        "`dropout` has no effect.",
        "In training the share that it names is dropped, inside the heads and at the end.",
        edits=(
            ("block_size, dropout) for", "block_size) for"),
            (RESULT, "self.proj(found)"),
        ),
    ),
    Misconception(
        "heads-without-dropout",
        "The heads are made without dropout.",
        "The contract has dropout at two places. What does a head take as its fourth argument?",
        edits=(("block_size, dropout) for", "block_size) for"),),
    ),
    Misconception(
        "dropout-in-heads-only",
        "Nothing of what comes out is dropped.",
        "The contract has dropout at two places.",
        edits=((RESULT, "self.proj(found)"),),
    ),
    Misconception(
        "dropped-before-the-projection",
        "What the heads found is dropped before `proj`, not what comes out of it.",
        "Every number of the output then still has its bias. Look at what comes last.",
        edits=((RESULT, "self.proj(self.dropout(found))"),),
    ),
    Misconception(
        "share-kept",
        "`dropout` is taken for the share that is kept.",
        "With a dropout of 0 nothing would come through in training.",
        edits=(
            ("block_size, dropout) for", "block_size, 1 - dropout) for"),
            ("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)"),
        ),
    ),
    Misconception(
        "channels-interleaved",
        "The channels of the heads are dealt out in turn: one of each head, then the next of each.",
        "The contract lays head 0 first. Look at the shape before the last two dimensions become "
        "one.",
        edits=((FOUND, "torch.stack([head(x) for head in self.heads], dim=-1).flatten(2)"),),
    ),
    Misconception(
        "stacked-without-exchange",
        "What the heads found is stacked, and read in a new shape at once.",
        "A `reshape` moves no number. The vector of a position then holds what one head found at "
        "several positions.",
        edits=((FOUND, "torch.stack([head(x) for head in self.heads], dim=1).reshape(x.shape)"),),
    ),
    Misconception(
        "dropped-twice-at-the-end",
        "What the heads found is dropped before `proj`, and once more after it.",
        "The contract has dropout at two places: inside the heads and at the end.",
        edits=((RESULT, "self.dropout(self.proj(self.dropout(found)))"),),
    ),
    Misconception(
        "heads-reversed",
        "The last head comes first.",
        "`proj` then multiplies the wrong columns. The contract lays head 0 first.",
        edits=((FOUND, "torch.cat([head(x) for head in self.heads][::-1], dim=-1)"),),
    ),
    Misconception(
        "first-head-only",
        "Only the first head is asked.",
        "The weights of the others never get a gradient. Look at what the loop goes through.",
        edits=((FOUND, "torch.cat([self.heads[0](x) for _ in self.heads], dim=-1)"),),
    ),
    Misconception(
        "each-head-its-slice",
        "Each head sees only its own share of the channels.",
        "In GPT-2 every head makes its queries, keys and values from the whole vector.",
        edits=(
            (HEADS, HEADS.replace("Head(n_embd,", "Head(n_embd // n_head,")),
            (
                FOUND,
                "torch.cat([h(part) for h, part in "
                "zip(self.heads, x.chunk(len(self.heads), -1))], dim=-1)",
            ),
        ),
    ),
    Misconception(
        "arguments-exchanged",
        "Head gets its arguments in another order.",
        "Its second is the size of the head, its third the longest T.",
        edits=(("n_embd // n_head, block_size,", "block_size, n_embd // n_head,"),),
    ),
    Misconception(
        "block-size-fixed",
        "`block_size` has no effect: the heads are made for another length.",
        "A longer text raises an error. Where does the third argument go?",
        edits=(("n_head, block_size,", "n_head, n_embd // n_head,"),),
    ),
    Misconception(
        "heads-of-heads",
        "Each head reads what the head before it found.",
        "Heads stand side by side: every one of them reads the same x.",
        edits=(
            (
                f"found = {FOUND}",
                "parts = [self.heads[0](x)]\n"
                "        for head in self.heads[1:]:\n"
                "            parts.append(head(parts[-1].repeat(1, 1, len(self.heads))))\n"
                "        found = torch.cat(parts, dim=-1)",
            ),
        ),
    ),
    Misconception(
        "divided-by-heads",
        "The result is divided by the number of heads.",
        "Nothing is added up here that would have to be averaged.",
        edits=((RESULT, "self.dropout(self.proj(found / len(self.heads)))"),),
    ),
    Misconception(
        "residual-inside",
        "The input is added to the result.",
        "GPT-2 does add it, in the block around this layer: then it would be added twice.",
        edits=((RESULT, f"x + {RESULT}"),),
    ),
    Misconception(
        "bent",
        "There is a ReLU behind `proj`.",
        "No number of the output is below 0. The contract asks for a linear map alone.",
        edits=((RESULT, f"{RESULT}.relu()"),),
    ),
    Misconception(
        "dropout-required",
        "The layer cannot be made without `dropout`.",
        "Look at the default in the contract's signature.",
        edits=(("dropout: float = 0.0,", "dropout: float,"),),
    ),
)
