"""Wrong answers to 5.4 Head, the commonest first."""

from autograder.exercise import Misconception
from autograder.hidden_tests.attention.head_rare_mistakes import RARE

FILL = "scores.masked_fill(~allowed, -torch.inf)"
ALLOWED = "self.mask[:T, :T].view(T, T)"
BUFFER = 'self.register_buffer("mask", causal_mask(block_size), persistent=False)'
WEIGHTS = "self.dropout(scores.softmax(dim=-1))"
FOUND = f"{WEIGHTS} @ v"
ROOT = " / math.sqrt(k.size(-1))"

MISCONCEPTIONS = (
    Misconception(
        "mask-not-cropped",
        "The mask for block_size positions is used whole.",
        "It fits only when T is block_size. Which corner of it belongs to T positions?",
        edits=((ALLOWED, "self.mask"),),
    ),
    Misconception(
        "values-not-projected",
        "The weights are multiplied with x itself, not with the values.",
        "The result has C channels in place of head_size, and `value` learns nothing.",
        edits=((FOUND, f"{WEIGHTS} @ x"),),
    ),
    Misconception(
        "not-scaled",
        "The scores are not divided by the root of head_size.",
        "Their spread grows with head_size, and the softmax puts nearly all weight on one key.",
        edits=((ROOT, ""),),
    ),
    Misconception(
        "scaled-by-n-embd",
        "The scores are divided by the root of n_embd, the channels of x.",
        "The vectors that are multiplied have head_size channels. Look at the size you take.",
        edits=(("k.size(-1)", "x.size(-1)"),),
    ),
    Misconception(
        "mask-is-no-buffer",
        "The mask is a plain attribute, and stays behind when the model moves.",
        "After `model.to(device)` the scores are on the device and the mask is not. How does a "
        "module come to know of a tensor that is no parameter?",
        edits=((BUFFER, "self.mask = causal_mask(block_size)"),),
    ),
    Misconception(
        "mask-is-a-parameter",
        "The mask is a parameter.",
        "It is counted, and an optimizer may change it or decay it.",
        edits=(
            (
                BUFFER,
                "self.mask = nn.Parameter(causal_mask(block_size), requires_grad=False)",
            ),
        ),
    ),
    Misconception(
        "no-mask",
        "There is no mask: every position reads the whole text.",
        "In training the loss falls to nearly nothing, since the answer can be read. Change the "
        "last vector and look at the first row of the result.",
        edits=((FILL, "scores"),),
    ),
    Misconception(
        "dropout-on-scores",
        "The dropout comes before the softmax.",
        "A score that becomes 0 has weight after the softmax, as exp(0) is 1. And each row "
        "still sums to 1.",
        edits=((WEIGHTS, "self.dropout(scores).softmax(dim=-1)"),),
    ),
    Misconception(
        "dropout-in-evaluation",
        "The dropout is active in evaluation too.",
        "Two calls of the same model with the same x differ after `model.eval()`. `F.dropout` "
        "does not know the mode of the module unless you tell it.",
        edits=((WEIGHTS, "nn.functional.dropout(scores.softmax(dim=-1), self.dropout.p)"),),
    ),
    Misconception(
        "no-dropout",
        "There is no dropout: the argument is not used.",
        "In training two calls of the same model should differ.",
        edits=((WEIGHTS, "scores.softmax(dim=-1)"),),
    ),
    Misconception(
        "dropout-on-the-result",
        "The dropout comes after the values, on the result.",
        "It drops numbers of the result. What the contract drops are the weights, so that now "
        "and then a position is not read.",
        edits=((FOUND, "self.dropout(scores.softmax(dim=-1) @ v)"),),
    ),
    Misconception(
        "softmax-over-queries",
        "The softmax runs over the queries.",
        "The weights of one query do not sum to 1, and the later positions count in those of "
        "the earlier ones.",
        edits=(("softmax(dim=-1)", "softmax(dim=1)"),),
    ),
    Misconception(
        "with-biases",
        "The linear maps have biases.",
        "There are 3 times head_size numbers too many. `nn.Linear` adds a bias unless told not to.",
        edits=(
            (
                "self.query = nn.Linear(n_embd, head_size, bias=False)",
                "self.query = nn.Linear(n_embd, head_size)",
            ),
            (
                "self.key = nn.Linear(n_embd, head_size, bias=False)",
                "self.key = nn.Linear(n_embd, head_size)",
            ),
            (
                "self.value = nn.Linear(n_embd, head_size, bias=False)",
                "self.value = nn.Linear(n_embd, head_size)",
            ),
        ),
    ),
    Misconception(
        "no-limit",
        "More vectors than block_size go through.",
        "The contract asks for an exception: a longer text is a mistake of the caller's.",
        edits=((ALLOWED, "causal_mask(T, device=x.device)"),),
    ),
    Misconception(
        "mask-inverted",
        "The mask blocks what it should let through.",
        "Position t reads what comes after it, and the last position nothing: its row is nan.",
        edits=(("~allowed", "allowed"),),
    ),
    Misconception(
        "masked-with-zero",
        "Blocked scores are set to 0.",
        "exp(0) is 1, so what comes later still has weight.",
        edits=(("-torch.inf", "0.0"),),
    ),
    Misconception(
        "mask-after-softmax",
        "The mask is applied to the weights, after the softmax.",
        "The weights of a row no longer sum to 1: the later positions took their share before.",
        edits=(
            (f"        scores = {FILL}\n", ""),
            (
                "scores.softmax(dim=-1)",
                "scores.softmax(dim=-1).masked_fill(~allowed, 0.0)",
            ),
        ),
    ),
    Misconception(
        "blocked-not-low-enough",
        "Blocked scores are set to a number that real scores can reach.",
        "Where the scores of all open positions are lower still, what comes later gets weight.",
        edits=(("-torch.inf", "-10.0"),),
    ),
    Misconception(
        "gradient-cut",
        "No gradient comes back through the weights of attention.",
        "`detach`, `.data` or `torch.tensor(...)` cuts the graph: queries and keys never learn.",
        edits=((FOUND, "self.dropout(scores.softmax(dim=-1).detach()) @ v"),),
    ),
    *RARE,
)
