"""Wrong answers to 7.1 TokenLoader: which tokens, when it begins anew, what is too short."""

from autograder.exercise import Misconception

_TAKEN = "taken = self.tokens[start : start + size + 1].to(torch.int64)  # one for the last target"
_X = "taken[:-1].view(self.B, self.T)"
_Y = "taken[1:].view(self.B, self.T)"
_END = "if self.pos + self.world_size * size + 1 > len(self.tokens):"
_NEXT = "self.pos += self.world_size * size"
_TOO_FEW = "if len(tokens) < world_size * B * T + 1:"
_LONG = "self.tokens[start : start + size + 1].to(torch.int64)"

MISCONCEPTIONS = (
    Misconception(
        "one-token-skipped",
        "The place moves on by one token more than a batch has.",
        "A batch reads `B * T + 1` tokens, and the last of them was a target only. Look at which "
        "token the second batch begins with.",
        edits=((_NEXT, _NEXT + " + 1"),),
    ),
    Misconception(
        "no-token-for-the-last-target",
        "Only `B * T` tokens are taken for a batch, and the last of them has no target.",
        "x and y are cut from these, and each is one token too short for B rows of T.",
        edits=((_TAKEN, "taken = self.tokens[start : start + size].to(torch.int64)"),),
    ),
    Misconception(
        "last-target-wraps",
        "The last target of a batch is the first token of the same batch.",
        "Rolling a batch by one brings its first token to the end. What comes after the last "
        "token is in the text, not in the batch.",
        edits=((_Y, "taken[:-1].roll(-1).view(self.B, self.T)"),),
    ),
    Misconception(
        "each-row-wraps",
        "The last target of each row is the first token of the same row.",
        "Rows lie behind each other in the text: look at the token with which the next row begins.",
        edits=((_Y, "taken[:-1].view(self.B, self.T).roll(-1, 1)"),),
    ),
    Misconception(
        "last-batch-lost",
        "A batch that fits exactly is left out at the end of an epoch.",
        "With `N = k * B * T + 1` tokens there are k batches. Try a text of that length.",
        edits=((_END, _END.replace(">", ">=")),),
    ),
    Misconception(
        "past-the-end",
        "The test for the end forgets that the last target needs a token too.",
        "A text of `N = k * B * T` tokens ends with a batch that is one token short.",
        edits=((_END, _END.replace(" + 1", "")),),
    ),
    Misconception(
        "last-target-made-up",
        "Where the text is over, a 0 is put in for the last target.",
        "Token 0 does not come next. A text of `N = k * B * T` tokens has room for k - 1 batches.",
        edits=(
            (_END, _END.replace(" + 1", "")),
            (
                _TAKEN,
                f"{_TAKEN}\n"
                "        missing = [0] * (size + 1 - len(taken))\n"
                "        taken = taken.new_tensor([*taken.tolist(), *missing])",
            ),
        ),
    ),
    Misconception(
        "moves-by-its-own-batch",
        "With several ranks, the place moves on by one batch only.",
        "In the second round a rank reads what its neighbour read in the first.",
        edits=((_NEXT, "self.pos += size"),),
    ),
    Misconception(
        "end-of-its-own-batch",
        "The test for the end looks at one batch, not at one for every rank.",
        "Where what is left is enough for some ranks only, it is not enough: look at texts whose "
        "last round is not whole.",
        edits=((_END, "if self.pos + size + 1 > len(self.tokens):"),),
    ),
    Misconception(
        "ranks-end-apart",
        "Each rank tests for the end from its own place, so the ranks do not end together.",
        "Higher ranks begin anew while lower ones still go on, and from then on some tokens are "
        "read twice in a round.",
        edits=((_END, _END.replace("self.pos", "self.pos + self.rank * size")),),
    ),
    Misconception(
        "ends-where-its-own-batch-does",
        "A rank begins anew when its own batch does not fit, whatever the other ranks do.",
        "Where what is left is enough for the lower ranks only, they go on and the higher ones "
        "begin anew.",
        edits=((_END, "if self.pos + (self.rank + 1) * size + 1 > len(self.tokens):"),),
    ),
    Misconception(
        "rank-ignored",
        "Every rank gets the same batches.",
        "Several processes then do the work of one. Look at what `rank` changes.",
        edits=(("start = self.pos + self.rank * size", "start = self.pos"),),
    ),
    Misconception(
        "ranks-ignored",
        "Neither `rank` nor `world_size` has any effect.",
        "Every rank goes through the whole text by itself, and all see the same batches.",
        edits=(
            ("self.rank, self.world_size = rank, world_size", "self.rank, self.world_size = 0, 1"),
        ),
    ),
    Misconception(
        "targets-equal-tokens",
        "The targets are the tokens themselves.",
        "The model only has to copy its input, and the loss falls to nearly 0.",
        edits=((_Y, _X),),
    ),
    Misconception(
        "shifted-by-two",
        "The targets lie two tokens ahead.",
        "One token is skipped between a token and its target.",
        edits=(
            (_TAKEN, "taken = self.tokens[start : start + size + 2].to(torch.int64)"),
            (_X, "taken[:-2].view(self.B, self.T)"),
            (_Y, "taken[2:].view(self.B, self.T)"),
            (_END, _END.replace("+ 1", "+ 2")),
        ),
    ),
    Misconception(
        "pair-exchanged",
        "Tokens and targets are exchanged.",
        "The first result is what the model reads; the second is what it is to predict.",
        edits=((f"return {_X}, {_Y}", f"return {_Y}, {_X}"),),
    ),
    Misconception(
        "one-number-up",
        "The targets are the tokens' numbers, plus 1.",
        "That is right for a text that counts up, as in the docstring's example, and for no other.",
        edits=((_Y, f"{_X} + 1"),),
    ),
    Misconception(
        "rows-one-apart",
        "Each row begins one token behind the row before.",
        "The rows of a batch overlap. Where does row 0 end?",
        edits=(
            (
                f"return {_X}, {_Y}",
                "x, y = (part.unfold(0, self.T, 1)[: self.B] for part in (taken[:-1], taken[1:]))\n"
                "        return x.clone(), y.clone()",
            ),
        ),
    ),
    Misconception(
        "each-row-takes-one-more",
        "Each row takes T + 1 tokens for itself, and the next row begins behind these.",
        "The last target of a row is never a token that is read. The next row begins with it.",
        edits=(
            ("size = self.B * self.T", "size = self.B * (self.T + 1)"),
            (_END, _END.replace(" + 1", "")),
            (_TAKEN, "taken = self.tokens[start : start + size].to(torch.int64)"),
            (
                f"return {_X}, {_Y}",
                "rows = taken.view(self.B, self.T + 1)\n        return rows[:, :-1], rows[:, 1:]",
            ),
        ),
    ),
    Misconception(
        "column-by-column",
        "The tokens fill the batch column by column.",
        "A model reads along a row, so each row has to be a piece of text.",
        edits=(
            (_X, "taken[:-1].view(self.T, self.B).t()"),
            (_Y, "taken[1:].view(self.T, self.B).t()"),
        ),
    ),
    Misconception(
        "turned-round",
        "The batch has T rows of B tokens.",
        "The shape is (T, B): as long as B and T differ, the first dimension tells.",
        edits=(
            (_X, "taken[:-1].view(self.T, self.B)"),
            (_Y, "taken[1:].view(self.T, self.B)"),
        ),
    ),
    Misconception(
        "one-row-further",
        "The place moves on by one row, not by a batch.",
        "All but one row of a batch come again in the next. How many tokens does a batch use up?",
        edits=((_NEXT, "self.pos += self.world_size * self.T"),),
    ),
    Misconception(
        "never-moves",
        "Every call gives the first batch.",
        "The loss falls fast, since the model sees the same tokens in each step.",
        edits=((_NEXT, ""),),
    ),
    Misconception(
        "not-64-bits",
        "Batches keep the dtype of the tokens.",
        "Tokens are often stored in 16 or 32 bits, and the cross-entropy asks for int64 targets.",
        edits=((_LONG, "self.tokens[start : start + size + 1]"),),
    ),
    Misconception(
        "too-few-not-noticed",
        "A text that is too short for a batch to every rank is accepted.",
        "The error then comes later, in the first batch or in the ranks that find nothing. "
        "Where can the length be looked at once?",
        edits=((_TOO_FEW, "if False:"),),
    ),
    Misconception(
        "too-few-by-one",
        "A text that is one token too short is accepted.",
        "`world_size * B * T` tokens leave the last one without a target.",
        edits=((_TOO_FEW, _TOO_FEW.replace(" + 1", "")),),
    ),
    Misconception(
        "too-few-for-one-rank",
        "The length is compared with what one rank needs.",
        "A text that is long enough for one batch may be too short for one to every rank.",
        edits=((_TOO_FEW, "if len(tokens) < B * T + 1:"),),
    ),
    Misconception(
        "exact-length-refused",
        "A text that has room for exactly one batch to every rank is refused.",
        "Try `N = world_size * B * T + 1`.",
        edits=((_TOO_FEW, _TOO_FEW.replace("<", "<=")),),
    ),
)
