"""Wrong answers to 5.4 Head that are met less often."""

from autograder.exercise import Misconception

BUFFER = 'self.register_buffer("mask", causal_mask(block_size), persistent=False)'
WEIGHTS = "self.dropout(scores.softmax(dim=-1))"
FOUND = f"{WEIGHTS} @ v"
SCORES = "q @ k.transpose(-2, -1)"

RARE = (
    Misconception(
        "keys-ask",
        "Keys and queries are exchanged.",
        "Row t of the scores belongs to the query at t: k @ q has it in column t.",
        edits=((SCORES, "k @ q.transpose(-2, -1)"),),
    ),
    Misconception(
        "one-map-for-all",
        "Queries, keys and values come from the same layer.",
        "Each vector then agrees best with itself. Two of the three layers learn nothing.",
        edits=(
            (
                "self.query(x), self.key(x), self.value(x)",
                "self.query(x), self.query(x), self.query(x)",
            ),
        ),
    ),
    Misconception(
        "other-names",
        "The layers have other names than query, key and value.",
        "Weights are loaded by name: look at “Attributes” in the contract.",
        edits=(
            ("self.query = nn", "self.W_q = nn"),
            ("self.key = nn", "self.W_k = nn"),
            ("self.value = nn", "self.W_v = nn"),
            ("self.query(x), self.key(x), self.value(x)", "self.W_q(x), self.W_k(x), self.W_v(x)"),
        ),
    ),
    Misconception(
        "sizes-exchanged",
        "The linear maps go from head_size to n_embd.",
        "`nn.Linear` takes the size that comes in first, then the size that goes out.",
        edits=(
            (
                "self.query = nn.Linear(n_embd, head_size",
                "self.query = nn.Linear(head_size, n_embd",
            ),
            ("self.key = nn.Linear(n_embd, head_size", "self.key = nn.Linear(head_size, n_embd"),
            (
                "self.value = nn.Linear(n_embd, head_size",
                "self.value = nn.Linear(head_size, n_embd",
            ),
        ),
    ),
    Misconception(
        "self-blocked",
        "A position may not read itself.",
        "The first position has nothing to read, and its row is nan.",
        edits=(("~allowed", "~allowed.tril(-1)"),),
    ),
    Misconception(
        "one-too-many",
        "A position may read the one after it.",
        "That is the token it has to predict. Look at the diagonal, or at < and <=.",
        edits=(("~allowed", "allowed.logical_not().triu(2)"),),
    ),
    Misconception(
        "cropped-by-the-batch",
        "The mask is cropped to the size of the batch.",
        "x is (B, T, C): which size is that of dimension 1?",
        edits=(("T = x.size(1)", "T = x.size(0)"),),
    ),
    Misconception(
        "dropout-not-scaled-up",
        "What is left after the dropout is not scaled up.",
        "In training a row of weights then sums to 1 - dropout on average, in evaluation to 1.",
        edits=(
            (
                f"out: Tensor = {FOUND}",
                "weights = scores.softmax(dim=-1)\n"
                "        keep = torch.rand_like(weights) >= self.dropout.p * self.training\n"
                "        out = (weights * keep) @ v",
            ),
        ),
    ),
    Misconception(
        "share-that-is-kept",
        "The argument is taken for the share that is kept.",
        "`nn.Dropout(p)` drops the share p, and so does the contract.",
        edits=(("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)"),),
    ),
    Misconception(
        "dropout-on-values",
        "The dropout is on the values.",
        "What the contract drops are weights of attention: then a position is not read at all "
        "by one query.",
        edits=((FOUND, "scores.softmax(dim=-1) @ self.dropout(v)"),),
    ),
    Misconception(
        "dropout-written-down",
        "A share of 0.1 or 0.2 is dropped, whatever the argument says.",
        "With dropout = 0 two calls in training should agree.",
        edits=(("nn.Dropout(dropout)", "nn.Dropout(0.1)"),),
    ),
    Misconception(
        "dropout-by-default",
        "Something is dropped when no share is given.",
        "The default of `dropout` is part of the contract's signature.",
        edits=(("dropout: float = 0.0", "dropout: float = 0.1"),),
    ),
    Misconception(
        "whole-keys-dropped",
        "The dropout takes a position away from all queries together.",
        "Each weight is dropped or kept by itself: what one query does not read, another may.",
        edits=(
            (
                WEIGHTS,
                "(scores.softmax(dim=-1) * self.dropout(torch.ones_like(scores[:, :1])))",
            ),
        ),
    ),
    Misconception(
        "one-draw-for-the-batch",
        "What is dropped is drawn once, for all rows of the batch.",
        "Each text of the batch has weights of its own. Which shape does your random mask have?",
        edits=((WEIGHTS, "(scores.softmax(dim=-1) * self.dropout(torch.ones_like(scores[0])))"),),
    ),
    Misconception(
        "layers-in-a-list",
        "The layers are in an ordinary list or dict, and the module does not know them.",
        "`model.parameters()` is empty, so nothing would be trained.",
        edits=(
            (
                "self.query = nn.Linear(n_embd, head_size, bias=False)",
                "self.q = [nn.Linear(n_embd, head_size, bias=False)]",
            ),
            (
                "self.key = nn.Linear(n_embd, head_size, bias=False)",
                "self.k = [nn.Linear(n_embd, head_size, bias=False)]",
            ),
            (
                "self.value = nn.Linear(n_embd, head_size, bias=False)",
                "self.v = [nn.Linear(n_embd, head_size, bias=False)]",
            ),
            (
                "self.query(x), self.key(x), self.value(x)",
                "self.q[0](x), self.k[0](x), self.v[0](x)",
            ),
        ),
    ),
    Misconception(
        "weights-returned-too",
        "The result and the weights are returned, as a pair.",
        "The contract asks for one tensor.",
        edits=(("return out", "return out, scores.softmax(dim=-1)"),),
    ),
    Misconception(
        "no-super",
        "`super().__init__()` is missing.",
        "`nn.Module` has to set itself up before it can take in layers.",
        edits=(("        super().__init__()\n", ""),),
    ),
)
