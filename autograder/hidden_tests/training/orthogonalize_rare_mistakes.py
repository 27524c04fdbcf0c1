"""Rarer wrong answers to orthogonalize."""

from autograder.exercise import Misconception

_START = "X: Tensor = G / (G.norm() + 1e-7)"
_TURN = "    if G.size(0) > G.size(1):\n        X = X.T\n"
_LOOP = "    for _ in range(steps):\n"
_GRAM = "        A = X @ X.T\n"
_STEP = "X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X"
_BACK = "return X.T if G.size(0) > G.size(1) else X"

RARE_MISCONCEPTIONS = (
    Misconception(
        "wide-turned",
        "Wide matrices are turned, and tall ones are not.",
        "The values are right, and A is as large as it can be. Print its shape for 2 rows and 20 "
        "columns.",
        edits=((_TURN, _TURN.replace(">", "<")), (_BACK, _BACK.replace(">", "<"))),
    ),
    Misconception(
        "always-turned",
        "Every matrix is turned.",
        "The values are right; for a wide matrix A is as large as it can be. Print its shape.",
        edits=((_TURN, "    X = X.T\n"), (_BACK, "return X.T")),
    ),
    Misconception(
        "square-turned-once",
        "A square matrix is turned and not turned back, or only turned back.",
        "Its result is transposed. Compare the two conditions.",
        edits=((_TURN, _TURN.replace(">", ">=")),),
    ),
    Misconception(
        "reshaped",
        "The matrix is turned by giving it another shape.",
        "`view` and `reshape` keep the order of the numbers: rows do not become columns.",
        edits=(
            (_TURN, _TURN.replace("X.T", "X.reshape(G.size(1), G.size(0))")),
            (_BACK, "return X.reshape(G.shape)"),
        ),
    ),
    Misconception(
        "turned-back-by-shape",
        "The matrix is turned back by giving it another shape.",
        "`view` and `reshape` keep the order of the numbers: columns do not become rows.",
        edits=((_BACK, "return X.reshape(G.shape)"),),
    ),
    Misconception(
        "memory-by-rows",
        "G is flattened by `view`.",
        "Some matrices lie in memory by columns, and `view` refuses these. What else flattens?",
        edits=((_START, "X: Tensor = G / (G.view(-1).norm() + 1e-7)"),),
    ),
    Misconception(
        "largest-singular-value",
        "G is divided by its largest singular value.",
        "That is a norm too, and needs a decomposition. The contract says which one is meant.",
        edits=((_START, "X: Tensor = G / (torch.linalg.matrix_norm(G, 2) + 1e-7)"),),
    ),
    Misconception(
        "largest-number",
        "G is divided by its largest number.",
        "Singular values can be larger than every number of a matrix, and more than 1 then.",
        edits=((_START, "X: Tensor = G / (G.abs().max() + 1e-7)"),),
    ),
    Misconception(
        "sum-of-sizes",
        "G is divided by the sum of the sizes of its numbers.",
        "The norm of the numbers 3 and 4 is 5, and not 7.",
        edits=((_START, "X: Tensor = G / (G.abs().sum() + 1e-7)"),),
    ),
    Misconception(
        "short-not-divided",
        "G is divided by its norm where that is more than 1.",
        "Gradients are often as small as 0.001, and five steps do not bring that near 1. Small "
        "and large matrices are to come out alike.",
        edits=((_START, "X: Tensor = G / max(G.norm() + 1e-7, 1.0)"),),
    ),
    Misconception(
        "steps-lost-for-tall",
        "For a tall matrix `steps` is not handed on.",
        "A function that calls itself gets the defaults for what it is not given.",
        edits=(
            (
                _TURN,
                "    if G.size(0) > G.size(1):\n        return orthogonalize(G.T).T\n",
            ),
        ),
    ),
    Misconception(
        "no-root",
        "G is divided by the sum of the squares, without a root.",
        "The norm of the numbers 3 and 4 is 5, and not 25.",
        edits=((_START, "X: Tensor = G / (G.square().sum() + 1e-7)"),),
    ),
    Misconception(
        "eps-under-the-root",
        "1e-7 is added under the root.",
        "The root of 1e-7 is 3e-4: matrices as small as that come out too small.",
        edits=((_START, "X: Tensor = G / (G.square().sum() + 1e-7).sqrt()"),),
    ),
    Misconception(
        "eps-too-large",
        "What is added to the norm is much larger than 1e-7.",
        "Matrices with a norm of 1e-3 come out too small. Gradients are often as small as that.",
        edits=((_START, "X: Tensor = G / (G.norm() + 1e-4)"),),
    ),
    Misconception(
        "divided-in-each-step",
        "X is divided by its norm in every step.",
        "The division is there for the start. Afterwards each singular value is to come to 1, and "
        "not the root of the sum of their squares.",
        edits=((_GRAM, f"        X = X / (X.norm() + 1e-7)\n{_GRAM}"),),
    ),
    Misconception(
        "norm-multiplied-back",
        "The result is multiplied by the norm of G.",
        "Then its size depends on that of G. All singular values are to come out near 1.",
        edits=((_BACK, f"X = X * G.norm()\n    {_BACK}"),),
    ),
    Misconception(
        "divided-at-the-end",
        "The result is divided by its norm.",
        "Its singular values are to be near 1 each. What is the norm of a matrix that has two?",
        edits=((_BACK, f"X = X / (X.norm() + 1e-7)\n    {_BACK}"),),
    ),
    Misconception(
        "scaled-for-the-shape",
        "The result of a tall matrix is multiplied by the root of n / k.",
        "That belongs to Muon's step. Here all singular values come out near 1, whatever the "
        "shape.",
        edits=((_BACK, f"X = X * max(1, G.size(0) / G.size(1)) ** 0.5\n    {_BACK}"),),
    ),
    Misconception(
        "x-of-this-step-left-out",
        "The first term, 3.4445 X, is left out.",
        "It is the one that makes small singular values grow.",
        edits=((_STEP, "X = (-4.7750 * A + 2.0315 * A @ A) @ X"),),
    ),
    Misconception(
        "no-fifth-power",
        "The term with A A is left out.",
        "Singular values come out negative, or grow without end. The polynomial has three terms.",
        edits=((_STEP, "X = 3.4445 * X - 4.7750 * A @ X"),),
    ),
    Misconception(
        "fourth-power",
        "The last term is X times A A A.",
        "Count how often A stands in it.",
        edits=((_STEP, _STEP.replace("A @ A", "A @ A @ A")),),
    ),
    Misconception(
        "step-added",
        "The step is added to X and does not replace it.",
        "X then stands in the sum 4.4445 times.",
        edits=((_STEP, _STEP.replace("X =", "X = X +")),),
    ),
    Misconception(
        "returned-in-the-loop",
        "The function returns inside the loop.",
        "One step is taken, however many are asked for. Look at the last line's indentation.",
        edits=((_BACK, f"    {_BACK}"),),
    ),
    Misconception(
        "always-float32",
        "The result is float32, whatever G is.",
        "A float64 matrix with a norm of 1e40 is more than float32 can hold.",
        edits=((_START, "G = G.float()\n    X: Tensor = G / (G.norm() + 1e-7)"),),
    ),
    Misconception(
        "always-float64",
        "The result is float64, whatever G is.",
        "It cannot be multiplied with a float32 matrix. The contract asks for the dtype of G.",
        edits=((_START, "G = G.double()\n    X: Tensor = G / (G.norm() + 1e-7)"),),
    ),
    Misconception(
        "bfloat16-returned",
        "The result stays bfloat16.",
        "The contract asks for the dtype of G, and for no coarser one on the way.",
        edits=((_START, "X: Tensor = (G / (G.norm() + 1e-7)).bfloat16()"),),
    ),
    Misconception(
        "signs-only",
        "Every number is replaced by its sign.",
        "That makes all numbers alike, and not all directions.",
        edits=((_BACK, "return torch.sign(G)"),),
    ),
    Misconception(
        "rows-one-by-one",
        "The rows are made orthogonal one behind the other.",
        "That favours the first row, which keeps its direction. U V^T treats all alike.",
        edits=(
            (
                _BACK,
                "tall = G.size(0) > G.size(1)\n"
                "    Q, R = torch.linalg.qr(G if tall else G.T)\n"
                "    Q = Q * R.diag().sign()\n"
                "    return Q if tall else Q.T",
            ),
        ),
    ),
    Misconception(
        "diagonal-only",
        "Only the diagonal of A is used.",
        "Beside it stands how alike two rows are, which is what the steps are to take away.",
        edits=((_GRAM, "        A = (X @ X.T).diag().diag()\n"),),
    ),
)
