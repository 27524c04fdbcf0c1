"""Wrong answers to 4.5 nearest_tokens, the commonest first."""

from autograder.exercise import Misconception

DIRECTIONS = "directions = F.normalize(E, dim=1)"
COSINES = "cosines = directions @ directions[query_id]"
MASK = "cosines[query_id] = -torch.inf"
OUT = "return cosines.topk(k).indices"

MISCONCEPTIONS = (
    Misconception(
        "query-returned",
        "The query itself is the first of its neighbours.",
        "Nothing is nearer to a vector than itself, so this says nothing. Look at the first id.",
        edits=((MASK, "pass"),),
    ),
    Misconception(
        "dot-product",
        "How near two vectors are is their dot product, not their cosine.",
        "Long vectors win, whatever way they point. The lengths of E's rows differ greatly.",
        edits=((DIRECTIONS, "directions = E"),),
    ),
    Misconception(
        "norms-of-columns",
        "The table is normalised along the wrong dimension.",
        "Each channel then has length 1, and the tokens keep their lengths. Over which dimension "
        "does a token's vector run?",
        edits=((DIRECTIONS, "directions = F.normalize(E, dim=0)"),),
    ),
    Misconception(
        "distance",
        "The nearest are those at the smallest distance.",
        "A vector that points the same way but is much longer lies far away. Lengths should not "
        "count.",
        edits=((COSINES, "cosines = -torch.cdist(E, E[query_id][None])[:, 0]"),),
    ),
    Misconception(
        "farthest-first",
        "The tokens that point the other way come first.",
        "A large cosine is near, and sorting puts small numbers first unless told not to.",
        edits=((MASK, MASK.replace("-", "")), (OUT, OUT.replace("k)", "k, largest=False)"))),
    ),
    Misconception(
        "in-ascending-order",
        "The k nearest come in the wrong order: the nearest is the last.",
        "Look at the order in the contract, and at what a slice from the end of a sorted list is.",
        edits=((OUT, f"{OUT}.flip(0)"),),
    ),
    Misconception(
        "cosines-returned",
        "The cosines come out in place of the ids.",
        "They are floats between -1 and 1. `topk` gives both: look at its two fields.",
        edits=((OUT, OUT.replace("indices", "values")),),
    ),
    Misconception(
        "pair-returned",
        "Cosines and ids come out as a pair.",
        "The contract asks for the ids alone.",
        edits=((OUT, "return tuple(cosines.topk(k))"),),
    ),
    Misconception(
        "one-too-few",
        "There are k - 1 ids: the query counts as one of the k.",
        "It is not one of its own neighbours. How many candidates must be drawn to have k left?",
        edits=((OUT, "return cosines.topk(k - 1).indices"),),
    ),
    Misconception(
        "one-of-k-dropped",
        "There are k - 1 ids: the query, or the first in its place, is dropped out of k.",
        "k neighbours are asked for. How many candidates must be drawn to have k left?",
        edits=((MASK, "pass"), (OUT, "return cosines.topk(k).indices[1:]")),
    ),
    Misconception(
        "one-too-many",
        "There are k + 1 ids.",
        "A neighbour more than asked for, or the query among them. Count what comes out.",
        edits=((MASK, "pass"), (OUT, "return cosines.topk(k + 1).indices")),
    ),
    Misconception(
        "first-is-taken-for-the-query",
        "The first of the sorted ids is dropped, as if it were always the query.",
        "Other tokens may point exactly the same way and come first. Which id is to be left out "
        "is known.",
        edits=(
            (MASK, "pass"),
            (OUT, "return cosines.topk(k + 1).indices[1:]"),
        ),
    ),
    Misconception(
        "cosine-of-one-left-out",
        "Every token whose cosine is 1 is left out, not the query alone.",
        "A vector that points exactly the same way belongs to another token, and is the nearest.",
        edits=((MASK, "cosines[cosines > 1 - 1e-6] = -torch.inf"),),
    ),
    Misconception(
        "query-at-zero",
        "The query's cosine is set to 0.",
        "Tokens that point away have less than 0, so the query comes before them when k is large.",
        edits=((MASK, "cosines[query_id] = 0"),),
    ),
    Misconception(
        "query-at-minus-one",
        "The query's cosine is set to -1.",
        "A token that points exactly the other way has -1 as well, and the query may come before "
        "it.",
        edits=((MASK, "cosines[query_id] = -1"),),
    ),
    Misconception(
        "filtered-out-of-one-more",
        "One more than k is found and the query is struck out, if it is there.",
        "Where other tokens point exactly the same way it may not be there, and one id too many is "
        "left. Count what comes out.",
        edits=(
            (MASK, "pass"),
            (OUT, "ids = cosines.topk(k + 1).indices\n    return ids[ids != query_id]"),
        ),
    ),
    Misconception(
        "absolute-cosine",
        "Tokens that point the opposite way count as near.",
        "A cosine of -1 is as far as can be. Its sign tells the two ways apart.",
        edits=((COSINES, f"cosines = ({COSINES[10:]}).abs()"),),
    ),
    Misconception(
        "ids-without-the-query",
        "The ids are places in a table from which the query has been taken out.",
        "Behind the query every id is one too small.",
        edits=(
            (
                MASK,
                "cosines = torch.cat([cosines[:query_id], cosines[query_id + 1 :]])",
            ),
        ),
    ),
    Misconception(
        "ids-from-one",
        "The ids are counted from 1.",
        "The first row of E is token 0.",
        edits=((OUT, f"{OUT} + 1"),),
    ),
    Misconception(
        "squared-norms",
        "The dot products are divided by the squares of the lengths.",
        "Short vectors win. What is the cosine of a vector with itself?",
        edits=((DIRECTIONS, "directions = E / E.square().sum(1, keepdim=True)"),),
    ),
    Misconception(
        "sum-of-absolute-values",
        "The length of a vector is taken to be the sum of its absolute values.",
        "|a| is the root of the sum of squares. What is the cosine of a vector with itself?",
        edits=((DIRECTIONS, "directions = F.normalize(E, dim=1, p=1)"),),
    ),
    Misconception(
        "largest-for-length",
        "The length of a vector is taken to be its largest absolute value.",
        "|a| is the root of the sum of squares. What is the cosine of a vector with itself?",
        edits=((DIRECTIONS, "directions = F.normalize(E, dim=1, p=float('inf'))"),),
    ),
    Misconception(
        "centred",
        "The mean of each vector is subtracted first: that is a correlation.",
        "The cosine is taken from 0, so a vector's mean counts.",
        edits=((DIRECTIONS, "directions = F.normalize(E - E.mean(1, keepdim=True), dim=1)"),),
    ),
    Misconception(
        "mean-of-the-table-subtracted",
        "The mean vector of the table is subtracted first.",
        "The cosine is taken from 0. A token's neighbours then depend on all the others.",
        edits=((DIRECTIONS, "directions = F.normalize(E - E.mean(0), dim=1)"),),
    ),
    Misconception(
        "table-changed",
        "E is changed: its rows are normalised in place, or the query's is overwritten.",
        "The caller still needs its table. Look at E after the call.",
        edits=((DIRECTIONS, "directions = E.div_(E.norm(dim=1, keepdim=True))"),),
    ),
    Misconception(
        "row-of-rows",
        "The result is a table of one row: (1, k).",
        "One query gives one list of ids. Look at the shape in the contract.",
        edits=((OUT, f"{OUT}[None]"),),
    ),
    Misconception(
        "list-returned",
        "The ids come out as a list.",
        "The contract asks for a tensor of int64.",
        edits=((OUT, f"{OUT}.tolist()"),),
    ),
    Misconception(
        "sorted-by-id",
        "The k nearest are sorted by their ids.",
        "The nearest should come first.",
        edits=((OUT, f"{OUT}.sort().values"),),
    ),
    Misconception(
        "channels-compared",
        "Channels are compared, not tokens.",
        "The ids go only as far as there are channels. Which dimension of E runs over the tokens?",
        edits=(
            (DIRECTIONS, "directions = F.normalize(E, dim=0).t()"),
            (COSINES, "query_id = query_id % len(directions)\n    " + COSINES),
            (OUT, "return cosines.topk(min(k, len(cosines) - 1)).indices"),
        ),
    ),
)
