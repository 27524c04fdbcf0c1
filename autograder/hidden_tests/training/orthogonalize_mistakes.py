"""Wrong answers to orthogonalize, the commonest first; rarer ones are in a file beside it."""

from autograder.exercise import Misconception

_START = "X: Tensor = G / (G.norm() + 1e-7)"
_TURN = "    if G.size(0) > G.size(1):\n        X = X.T\n"
_LOOP = "    for _ in range(steps):\n"
_GRAM = "        A = X @ X.T\n"
_STEP = "X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X"
_BACK = "return X.T if G.size(0) > G.size(1) else X"

MISCONCEPTIONS = (
    Misconception(
        "tall-not-turned",
        "A matrix with more rows than columns is not turned.",
        "The values are right, and A is as large as all rows times all rows: for a layer of 3072 "
        "by 768 sixteen times what it could be. Print its shape.",
        edits=((_TURN, ""), (_BACK, "return X")),
    ),
    Misconception(
        "not-turned-back",
        "A matrix that was turned is not turned back.",
        "A tall G gives a wide result. Is X, when the loop is done, ever taller than wide?",
        edits=((_BACK, "return X.T if X.size(0) > X.size(1) else X"),),
    ),
    Misconception(
        "not-divided",
        "G is not divided by its norm.",
        "The polynomial is made for singular values of at most 1. Beyond 1.3 they grow in every "
        "step until they are nan.",
        edits=((_START, "X: Tensor = G"),),
    ),
    Misconception(
        "norm-of-each-row",
        "Each row is divided by its own norm.",
        "That bends the directions of the matrix before the first step. The norm meant is one "
        "number for all.",
        edits=((_START, "X: Tensor = G / (G.norm(dim=1, keepdim=True) + 1e-7)"),),
    ),
    Misconception(
        "norm-of-each-column",
        "Each column is divided by its own norm.",
        "That bends the directions of the matrix before the first step. The norm meant is one "
        "number for all.",
        edits=((_START, "X: Tensor = G / (G.norm(dim=0, keepdim=True) + 1e-7)"),),
    ),
    Misconception(
        "eps-missing",
        "Nothing is added to the norm.",
        "A matrix of zeros has the norm 0, and 0 / 0 is nan. A layer that has no part in a batch "
        "has such a gradient.",
        edits=((_START, "X: Tensor = G / G.norm()"),),
    ),
    Misconception(
        "signs-of-the-second-and-third",
        "The second and the third factor have each other's sign.",
        "Singular values shrink, and come out negative. Which of the factors holds the large ones "
        "back?",
        edits=((_STEP, "X = 3.4445 * X + (4.7750 * A - 2.0315 * A @ A) @ X"),),
    ),
    Misconception(
        "all-signs-positive",
        "All three factors are positive.",
        "Every singular value grows with each step, until it is inf.",
        edits=((_STEP, _STEP.replace("-4.7750", "4.7750")),),
    ),
    Misconception(
        "factors-exchanged",
        "The factors of A and of A A are exchanged.",
        "Look at the formula: which of the three stands before A, and which before A A?",
        edits=((_STEP, "X = 3.4445 * X + (2.0315 * A - 4.7750 * A @ A) @ X"),),
    ),
    Misconception(
        "factors-backwards",
        "The first and the last factor are exchanged.",
        "Small singular values grow more slowly. Which of the three stands before X alone?",
        edits=((_STEP, "X = 2.0315 * X + (-4.7750 * A + 3.4445 * A @ A) @ X"),),
    ),
    Misconception(
        "a-from-the-start",
        "A is computed once, before the loop.",
        "A belongs to the X of this step: after the first one it is out of date.",
        edits=((_LOOP, f"    A = X @ X.T\n{_LOOP}"), (_GRAM, "")),
    ),
    Misconception(
        "x-from-the-start",
        "Every step begins with the same X.",
        "Then the second step gives what the first one gave. What does a step leave to the next?",
        edits=(
            (_LOOP, f"    first = X\n{_LOOP}"),
            (_GRAM, "        A = first @ first.T\n"),
            (_STEP, "X = 3.4445 * first + (-4.7750 * A + 2.0315 * A @ A) @ first"),
        ),
    ),
    Misconception(
        "a-times-itself-number-by-number",
        "A A is computed number by number.",
        "`*` and `**` multiply what stands at the same place. A product of matrices is meant.",
        edits=((_STEP, _STEP.replace("A @ A", "A * A")),),
    ),
    Misconception(
        "gram-number-by-number",
        "A is X times X, number by number.",
        "`*` and `**` multiply what stands at the same place. A product of matrices is meant.",
        edits=((_GRAM, "        A = X * X\n"),),
    ),
    Misconception(
        "columns-with-columns",
        "A is X^T X.",
        "That compares columns with columns and does not fit beside X on its left. Print both "
        "shapes for a wide matrix.",
        edits=((_GRAM, "        A = X.T @ X\n"),),
    ),
    Misconception(
        "x-on-the-left",
        "X stands on the left of the bracket.",
        "For matrices the order counts: with 2 rows and 3 columns the shapes do not even fit.",
        edits=((_STEP, "X = 3.4445 * X + X @ (-4.7750 * A + 2.0315 * A @ A)"),),
    ),
    Misconception(
        "last-product-number-by-number",
        "The bracket is multiplied with X number by number.",
        "`*` multiplies what stands at the same place. A product of matrices is meant.",
        edits=((_STEP, _STEP.replace(") @ X", ") * X")),),
    ),
    Misconception(
        "bracket-forgotten",
        "Only the last term of the bracket is multiplied with X.",
        "A sum of A and of something times X: for 2 rows and 3 columns the shapes do not fit.",
        edits=((_STEP, "X = 3.4445 * X + -4.7750 * A + 2.0315 * A @ A @ X"),),
    ),
    Misconception(
        "newton-schulz",
        "The factors are those of the classic iteration, 1.5 and -0.5.",
        "It comes to 1 exactly, and slowly: after five steps small singular values are still "
        "small. Look at the formula.",
        edits=((_STEP, "X = 1.5 * X - 0.5 * A @ X"),),
    ),
    Misconception(
        "exactly-orthogonal",
        "The result is U V^T itself: its singular values are 1.",
        "The contract asks for a polynomial with factors of its own, which leaves them near 1. "
        "It needs no decomposition, and five steps are enough for small ones.",
        edits=(
            (
                _BACK,
                "U, _, V = torch.linalg.svd(G, full_matrices=False)\n    return U @ V",
            ),
        ),
    ),
    Misconception(
        "steps-ignored",
        "There are five steps, whatever is given.",
        "A value that is given, steps, has no effect.",
        edits=((_LOOP, _LOOP.replace("(steps)", "(5)")),),
    ),
    Misconception(
        "a-step-too-few",
        "There is one step too few.",
        "With steps = 1 nothing happens at all. Count the turns of the loop.",
        edits=((_LOOP, _LOOP.replace("(steps)", "(1, steps)")),),
    ),
    Misconception(
        "a-step-too-many",
        "There is one step too many.",
        "With steps = 0 nothing should happen but the division. Count the turns of the loop.",
        edits=((_LOOP, _LOOP.replace("(steps)", "(steps + 1)")),),
    ),
    Misconception(
        "divided-in-place",
        "G itself is divided by its norm.",
        "`/=` and `div_` change the tensor that was given. G is often somebody's gradient.",
        edits=((_START, "X: Tensor = G.div_(G.norm() + 1e-7)"),),
    ),
    Misconception(
        "in-bfloat16",
        "The steps are computed in bfloat16.",
        "That is fast on a GPU, and has two digits. The contract asks for no less than the dtype "
        "of G.",
        edits=(
            (_START, "X: Tensor = (G / (G.norm() + 1e-7)).bfloat16()"),
            (_BACK, "return (X.T if G.size(0) > G.size(1) else X).to(G.dtype)"),
        ),
    ),
    Misconception(
        "nothing-returned",
        "The function returns nothing.",
        "X is a name of the function's own: what is not returned is gone.",
        edits=((_BACK, "X = X.T if G.size(0) > G.size(1) else X"),),
    ),
)
