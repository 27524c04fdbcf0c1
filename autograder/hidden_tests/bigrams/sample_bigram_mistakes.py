"""Wrong answers to 2.5 sample_bigram, the commonest first."""

from autograder.exercise import Misconception

MISCONCEPTIONS = (
    Misconception(
        "start-for-ever",
        "Every token is drawn from the row of `start_id`.",
        "The text does not walk: what comes next never depends on what came last. Look at "
        "which row you draw from after the first step.",
        edits=(("P[ids[-1]]", "P[start_id]"),),
    ),
    Misconception(
        "generator-ignored",
        "The generator is not used.",
        "The same seed gives another text each time. `torch.multinomial` and `torch.rand` "
        "have an argument for it.",
        edits=((", generator=generator)", ")"),),
    ),
    Misconception(
        "argmax",
        "The likeliest token is taken each time; nothing is drawn.",
        "The text soon runs in a circle and is the same for every seed.",
        edits=(("int(torch.multinomial(row, 1, generator=generator))", "int(row.argmax())"),),
    ),
    Misconception(
        "start-left-out",
        "`start_id` is missing from the result.",
        "There are n tokens and not n + 1; the text begins with the token you were given.",
        edits=(("torch.tensor(ids)", "torch.tensor(ids[1:])"),),
    ),
    Misconception(
        "one-too-few",
        "`start_id` is counted as one of the n tokens to draw.",
        "There are n tokens and not n + 1.",
        edits=(("range(n)", "range(n - 1)"),),
    ),
    Misconception(
        "column",
        "Tokens are drawn from a column of P.",
        "`P[:, a]` says where a comes from; `P[a]` says what follows it.",
        edits=(("P[ids[-1]]", "P[:, ids[-1]]"),),
    ),
    Misconception(
        "list-returned",
        "The result is a list and not a tensor.",
        "Everything else in the course takes token ids as a tensor.",
        edits=(("torch.tensor(ids)", "ids"),),
    ),
    Misconception(
        "stops-at-zero",
        "The text ends when token 0 is drawn.",
        "That is right where 0 means the end; here the contract asks for n tokens whatever "
        "they are.",
        edits=(
            (
                "    return torch.tensor(ids)",
                "        if ids[-1] == 0:\n            break\n    return torch.tensor(ids)",
            ),
        ),
    ),
    Misconception(
        "batch-of-one",
        "The result is a batch of one text, of shape (1, n + 1).",
        "The contract asks for one row of tokens. Look at the brackets of what you begin with.",
        edits=(("torch.tensor(ids)", "torch.tensor([ids])"),),
    ),
    Misconception(
        "reseeded",
        "The generator is set back to a seed inside the function.",
        "Every call gives the same text, whatever state the caller's generator is in.",
        edits=(("ids = [start_id]", "ids = [start_id]\n    generator.manual_seed(42)"),),
    ),
    Misconception(
        "own-seed-again",
        "Each call starts from the generator's first state again.",
        "Two calls in a row give the same text. A generator moves on as it is used.",
        edits=(
            (
                "ids = [start_id]",
                "ids = [start_id]\n"
                "    generator = torch.Generator().manual_seed(generator.initial_seed())",
            ),
        ),
    ),
    Misconception(
        "softmax-again",
        "The probabilities are taken for logits and go through a softmax.",
        "The draws are nearly uniform, and pairs that cannot be do occur.",
        edits=(("multinomial(row,", "multinomial(row.softmax(0),"),),
    ),
    Misconception(
        "one-too-many",
        "n + 1 tokens are drawn, and `start_id` comes on top of them.",
        "There are n + 2 tokens and not n + 1.",
        edits=(("range(n)", "range(n + 1)"),),
    ),
    Misconception(
        "uniform",
        "All tokens that may follow are drawn equally often.",
        "The sizes of the probabilities have no effect.",
        edits=(("multinomial(row,", "multinomial((row > 0).float(),"),),
    ),
    Misconception(
        "start-ignored",
        "The text begins with token 0, whatever `start_id` is.",
        "0 is the new line in this chapter's texts, and some other token elsewhere.",
        edits=(("ids = [start_id]", "ids = [0]"),),
    ),
    Misconception(
        "last-token-ignored",
        "All rows are averaged into one, whatever came last.",
        "The letters come as often as they should, in no order.",
        edits=(("P[ids[-1]]", "P.mean(0)"),),
    ),
    Misconception(
        "never-the-same-twice",
        "A token that equals the one before it is drawn again.",
        "Doubled letters never come: the diagonal of P has no effect.",
        edits=(("row = P[ids[-1]]", "row = P[ids[-1]].clone()\n        row[ids[-1]] = 0"),),
    ),
)
