"""Wrong answers to 5.3 scaled_dot_product_attention that are met less often."""

from autograder.exercise import Misconception

ROOT = " / math.sqrt(q.size(-1))"
KEYS = "k.transpose(-2, -1)"
END = "return scores.softmax(dim=-1) @ v"

RARE = (
    Misconception(
        "values-are-queries",
        "The weights are multiplied with the queries.",
        "The last dimension of the result is d and not dv, where these differ.",
        edits=((END, END[:-1] + "q"),),
    ),
    Misconception(
        "values-are-keys",
        "The weights are multiplied with the keys.",
        "The last dimension of the result is d and not dv, where these differ. v is not used.",
        edits=((END, END[:-1] + "k"),),
    ),
    Misconception(
        "keys-with-keys",
        "The keys are compared with the keys.",
        "There are S rows of scores in place of T, and the queries have no influence.",
        edits=((f"q @ {KEYS}", f"k @ {KEYS}"),),
    ),
    Misconception(
        "keys-ask",
        "Keys and queries are exchanged.",
        "A row of the scores belongs to a query: k @ q has one for each key.",
        edits=((f"q @ {KEYS}", "k @ q.transpose(-2, -1)"),),
    ),
    Misconception(
        "dimensions-written-down",
        "Dimensions 1 and 2 of the keys change places, counted from the front.",
        "That fits three dimensions. With heads in front, 1 and 2 are others: count from the end.",
        edits=((KEYS, "k.transpose(1, 2)"),),
    ),
    Misconception(
        "transposed-as-a-matrix",
        "The keys are transposed by `k.t()`, which takes matrices alone.",
        "With dimensions in front torch refuses. Which two dimensions are to change places?",
        edits=((KEYS, "k.t()"),),
    ),
    Misconception(
        "keys-viewed",
        "The keys get the shape (d, S) by a view or a reshape.",
        "That moves no number: a column then holds pieces of several keys.",
        edits=((KEYS, "k.reshape(*k.shape[:-2], k.size(-1), k.size(-2))"),),
    ),
    Misconception(
        "softmax-over-dimension-1",
        "The softmax runs over dimension 1, counted from the front.",
        "For matrices these are the keys. With dimensions in front it is another: count from "
        "the end.",
        edits=(("softmax(dim=-1)", "softmax(dim=1)"),),
    ),
    Misconception(
        "no-softmax",
        "There is no softmax: the scores themselves are the weights.",
        "Some are negative, and they do not sum to 1.",
        edits=((END, "return scores @ v"),),
    ),
    Misconception(
        "weights-returned",
        "The weights are returned, and the values are not in them.",
        "The shape is (..., T, S). What is to be averaged with these weights?",
        edits=((END, END[:-4]),),
    ),
    Misconception(
        "weights-returned-too",
        "The result and the weights are returned, as a pair.",
        "The contract asks for one tensor.",
        edits=((END, "weights = scores.softmax(dim=-1)\n    return weights @ v, weights"),),
    ),
    Misconception(
        "query-scaled-in-place",
        "The queries are scaled in place.",
        "The caller's q is another after the call. `x /= y` writes into x.",
        edits=((f"q @ {KEYS}{ROOT}", f"q.div_(math.sqrt(q.size(-1))) @ {KEYS}"),),
    ),
    Misconception(
        "gradient-cut",
        "No gradient comes back through the weights.",
        "`detach`, `.data`, `.item()` or `torch.tensor(...)` cuts the graph: queries and keys "
        "would never learn.",
        edits=(("softmax(dim=-1) @", "softmax(dim=-1).detach() @"),),
    ),
    Misconception(
        "result-detached",
        "No gradient comes back at all.",
        "`no_grad`, `detach` or NumPy hides the computation from autograd: nothing would learn.",
        edits=((END, "return (scores.softmax(dim=-1) @ v).detach()"),),
    ),
)
