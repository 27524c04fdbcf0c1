"""Wrong answers to 5.2 causal_mask, the commonest first."""

from autograder.exercise import Misconception

LAST = "return torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)"
DEFAULT = "S = T if S is None else S"


def _returning(text: str) -> tuple[tuple[str, str], ...]:
    return ((LAST, f"return {text}"),)


MISCONCEPTIONS = (
    Misconception(
        "inverted",
        "The mask is True where a query may not read.",
        "`nn.MultiheadAttention` has it so; this course, as `F.scaled_dot_product_attention`, "
        "has True for “may read”. May position 0 read itself in your table?",
        edits=_returning("~torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)"),
    ),
    Misconception(
        "aligned-top-left",
        "With T < S the queries are taken for the first positions and not for the last.",
        "A single new token, T = 1, would read the first key and nothing else.",
        edits=((".tril(S - T)", ".tril()"),),
    ),
    Misconception(
        "float-mask",
        "The mask holds 1.0 and 0.0.",
        "`~mask` fails on floats, and `F.scaled_dot_product_attention` adds them to the scores.",
        edits=(("dtype=torch.bool, ", ""),),
    ),
    Misconception(
        "additive-mask",
        "The mask holds 0 and -inf, to be added to the scores.",
        "Some libraries want it so. Here a mask says yes or no: look at the dtype in the contract.",
        edits=_returning(
            "torch.full((T, S), float('-inf'), device=device).triu(S - T + 1)",
        ),
    ),
    Misconception(
        "device-ignored",
        "The mask stays on the CPU, whatever `device` is.",
        "On a GPU the scores and their mask are then on two devices.",
        edits=((", device=device", ""),),
    ),
    Misconception(
        "self-blocked",
        "A position may not read itself.",
        "The first row is all False: position 0 has nothing to read, and its softmax gives nan.",
        edits=((".tril(S - T)", ".tril(S - T - 1)"),),
    ),
    Misconception(
        "one-too-many",
        "A position may read the one after it.",
        "That is the token it has to predict. Look at the diagonal, or at < and <=.",
        edits=((".tril(S - T)", ".tril(S - T + 1)"),),
    ),
    Misconception(
        "upper-triangle",
        "The mask lets a position read itself and what comes after.",
        "The last row has a single True. Rows are queries, columns are keys.",
        edits=((".tril(S - T)", ".triu(S - T)"),),
    ),
    Misconception(
        "whole-numbers",
        "The mask holds the integers 1 and 0.",
        "`~` of 1 is -2, or 254 in 8 bits. Look at the dtype in the contract.",
        edits=(("dtype=torch.bool", "dtype=torch.int64"),),
    ),
    Misconception(
        "shifted-the-wrong-way",
        "The diagonal is moved to the left in place of the right.",
        "With T < S the first queries may read nothing at all. Try T = 2 and S = 4.",
        edits=((".tril(S - T)", ".tril(T - S)"),),
    ),
    Misconception(
        "s-ignored",
        "S is not used: the mask is T by T.",
        "Each of the S keys needs a column.",
        edits=((DEFAULT, "S = T"),),
    ),
    Misconception(
        "s-by-s",
        "The mask has S rows.",
        "There are T queries, so T rows. Which of the S rows are theirs?",
        edits=_returning("torch.ones(S, S, dtype=torch.bool, device=device).tril()"),
    ),
    Misconception(
        "rows-and-columns-exchanged",
        "The mask is (S, T): a row for each key.",
        "Scores are (T, S). A mask of the other shape does not fit, or, where T = S, lets a "
        "position read the future.",
        edits=_returning("torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T).t()"),
    ),
    Misconception(
        "s-required",
        "The function cannot be called without S.",
        "S has a default: look at the contract's signature.",
        edits=(("S: int | None = None", "S: int"),),
    ),
    Misconception(
        "none-not-replaced",
        "S is used as it comes, None too.",
        "Left out, S is None, and None has no size. What does the contract say it stands for?",
        edits=((f"    {DEFAULT}\n", ""),),
    ),
    Misconception(
        "all-may-be-read",
        "Everything may be read by every query.",
        "With T = 1 that is right. With more, the first query reads tokens after its own.",
        edits=((".tril(S - T)", ""),),
    ),
    Misconception(
        "cache-unmasked",
        "With T < S everything may be read by every query.",
        "For one new token that is right. Of two new tokens, the first must not read the second.",
        edits=((".tril(S - T)", ".tril(0 if S == T else S)"),),
    ),
    Misconception(
        "inverted-top-left",
        "The mask is True above the diagonal that begins in the upper left corner.",
        "That is where a query may not read, and with T < S it takes the queries for the first "
        "positions.",
        edits=((".tril(S - T)", ".triu(1)"),),
    ),
    Misconception(
        "old-tokens-blocked",
        "The tokens that have been dealt with may not be read.",
        "The left S - T columns are all False. What was said before is what attention reads.",
        edits=((".tril(S - T)", ".tril(S - T) & (torch.arange(S, device=device) >= S - T)"),),
    ),
    Misconception(
        "new-tokens-first",
        "The new tokens stand in the first columns, and the old ones behind them.",
        "The columns are positions in the order of the text. Which of them were dealt with first?",
        edits=((".tril(S - T)", ".tril(S - T).roll(T, 1)"),),
    ),
    Misconception(
        "s-counts-the-old",
        "S is taken for the number of positions that have been dealt with.",
        "The mask has S + T columns. What does S count in the contract?",
        edits=((DEFAULT, "S = T if S is None else S + T"),),
    ),
    Misconception(
        "own-position-only",
        "A position may read itself and nothing before it.",
        "There is one True in each row. What came before is what attention is for.",
        edits=((".tril(S - T)", ".tril(S - T).triu(S - T)"),),
    ),
    Misconception(
        "dimensions-in-front",
        "The mask is (1, 1, T, S), with dimensions for batch and heads.",
        "They do no harm in attention, but the contract asks for (T, S), which broadcasts.",
        edits=((".tril(S - T)", ".tril(S - T)[None, None]"),),
    ),
    Misconception(
        "size-written-down",
        "The mask is 8 by 8, whatever T is.",
        "Look for a number in your code that should come from the arguments.",
        edits=_returning("torch.ones(8, 8, dtype=torch.bool, device=device).tril()"),
    ),
    Misconception(
        "flipped",
        "The triangle stands in the wrong corner: its edge runs from lower left to upper right.",
        "Print the mask for T = 3. Row 0 should have a single True, in column 0.",
        edits=((".tril(S - T)", ".tril(S - T).flip(1)"),),
    ),
    Misconception(
        "list-returned",
        "The mask is a list of lists and not a tensor.",
        "Attention indexes and inverts it as a tensor.",
        edits=((".tril(S - T)", ".tril(S - T).tolist()"),),
    ),
)
