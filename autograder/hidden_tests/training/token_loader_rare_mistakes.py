"""Wrong answers to 7.1 TokenLoader: states, borders, and other ways to deal."""

from autograder.exercise import Misconception

_TAKEN = "taken = self.tokens[start : start + size + 1].to(torch.int64)  # one for the last target"
_END = "if self.pos + self.world_size * size + 1 > len(self.tokens):"
_NEXT = "self.pos += self.world_size * size"
_RESET = "self.pos = 0  # the same on every rank"
_STATE = 'return {"pos": self.pos}'
_LOAD = 'self.pos = state["pos"]'
_START = "start = self.pos + self.rank * size"

MISCONCEPTIONS = (
    Misconception(
        "stops-at-the-end",
        "After the last batch there is an exception, not the first batch.",
        "Training goes through a text several times. Look at what follows the last batch.",
        edits=((_END + "\n            self.reset()", _END + "\n            raise StopIteration"),),
    ),
    Misconception(
        "start-before-the-test",
        "The start of the batch is computed before the test for the end.",
        "The first batch of the second epoch begins where the text is over.",
        edits=(
            ("size = self.B * self.T", "size = self.B * self.T\n        " + _START),
            ("            self.reset()\n        " + _START, "            self.reset()"),
        ),
    ),
    Misconception(
        "goes-round",
        "At the end a batch is filled up with the first tokens.",
        "The end of a text and its beginning are not neighbours, and the next epoch then begins "
        "at another place.",
        edits=(
            (_END + "\n            self.reset()", "self.pos %= len(self.tokens)"),
            (
                _TAKEN,
                "at = torch.arange(start, start + size + 1) % len(self.tokens)\n"
                "        taken = self.tokens[at].long()",
            ),
        ),
    ),
    Misconception(
        "rest-is-a-smaller-batch",
        "What is left at the end comes as a batch with fewer rows.",
        "A batch always has B rows. Look at the shape of the last one before the text begins anew.",
        edits=(
            (_END, "if self.pos + (self.world_size - 1) * size + self.T + 1 > len(self.tokens):"),
            (
                "self.pos += self.world_size * size",
                "self.pos += self.world_size * size\n"
                "        rows = (len(taken) - 1) // self.T\n"
                "        taken = taken[: rows * self.T + 1]",
            ),
            ("taken[:-1].view(self.B, self.T)", "taken[:-1].view(rows, self.T)"),
            ("taken[1:].view(self.B, self.T)", "taken[1:].view(rows, self.T)"),
        ),
    ),
    Misconception(
        "a-target-for-each-rank",
        "The test for the end counts a token more for every rank, not one for all.",
        "The token behind a rank's batch is the first of the next rank's: only the last rank "
        "needs one that nobody else reads.",
        edits=((_END, "if self.pos + self.world_size * (size + 1) > len(self.tokens):"),),
    ),
    Misconception(
        "a-stretch-for-each-rank",
        "The text is cut into one stretch for each rank.",
        "The ranks' batches of a round do not follow one another in the text.",
        edits=(
            (_START, "start = self.pos + self.rank * (len(self.tokens) // self.world_size)"),
            (_END, "if self.pos + size + 1 > len(self.tokens) // self.world_size:"),
            (_NEXT, "self.pos += size"),
        ),
    ),
    Misconception(
        "token-by-token",
        "The ranks take turns token by token.",
        "A rank's row leaves out the tokens of the others and is no text any more.",
        edits=(
            (
                _TAKEN,
                "taken = self.tokens[self.pos + self.rank :: self.world_size][: size + 1].long()",
            ),
        ),
    ),
    Misconception(
        "a-stretch-for-each-row",
        "The text is cut into one stretch for each row.",
        "Row 1 does not go on where row 0 ends. Here a batch is one piece of text, cut into rows.",
        edits=(
            (
                _TAKEN,
                "long = len(self.tokens) // self.B\n"
                "        at = torch.arange(self.B)[:, None] * long + start // self.B\n"
                "        at = (at + torch.arange(self.T)) % (len(self.tokens) - 1)\n"
                "        taken = torch.stack([self.tokens[at], self.tokens[at + 1]]).long()",
            ),
            (
                "return taken[:-1].view(self.B, self.T), taken[1:].view(self.B, self.T)",
                "return taken[0], taken[1]",
            ),
        ),
    ),
    Misconception(
        "random-places",
        "Batches begin at random places.",
        "Some tokens come twice in an epoch and others never. The rows should follow each other.",
        edits=((_START, "start = int(torch.randint(len(self.tokens) - size, ()))"),),
    ),
    Misconception(
        "one-place-for-all-loaders",
        "The place is kept in the class, so that all loaders share it.",
        "A second loader, for validation, moves the first one on. Where does `pos` belong?",
        edits=(
            (_RESET, "TokenLoader.pos = 0"),
            (_NEXT, "TokenLoader.pos += self.world_size * size"),
            (_LOAD, 'TokenLoader.pos = state["pos"]'),
        ),
    ),
    Misconception(
        "reset-does-nothing",
        "`reset` leaves the place as it is when the loader has begun.",
        "Two evaluations with a reset before each do not see the same batches.",
        edits=(
            (_RESET, "self.pos = getattr(self, 'pos', 0)"),
            (_END + "\n            self.reset()", _END + "\n            self.pos = 0"),
        ),
    ),
    Misconception(
        "reset-to-the-rank",
        "The offset of the rank is added twice.",
        "With one rank nothing shows. Look at where `reset` goes and at what is added later.",
        edits=((_RESET, "self.pos = self.rank * self.B * self.T"),),
    ),
    Misconception(
        "state-moves-on",
        "The state is the loader's own dict, and changes with every batch.",
        "Whoever keeps it until the end of the run keeps the end of the run. A dict that is "
        "returned is not copied.",
        edits=(
            (_STATE, "return self.place"),
            (_LOAD, 'self.pos = state["pos"]\n        self.place["pos"] = self.pos'),
            (_RESET, "self.pos = 0\n        self.place = {'pos': 0}"),
            (_NEXT, _NEXT + "\n        self.place['pos'] = self.pos"),
        ),
    ),
    Misconception(
        "state-holds-the-loader",
        "The state is all that the loader has, the tokens among it, and changes with every batch.",
        "A checkpoint would be as large as the text. What does a new loader not know yet?",
        edits=((_STATE, "return self.__dict__"), (_LOAD, "self.__dict__.update(state)")),
    ),
    Misconception(
        "state-holds-the-tokens",
        "The state is a copy of all that the loader has, the tokens among it.",
        "A checkpoint would be as large as the text. What does a new loader not know yet?",
        edits=((_STATE, "return dict(self.__dict__)"), (_LOAD, "self.__dict__.update(state)")),
    ),
    Misconception(
        "state-is-a-number",
        "The state is a bare number.",
        "The docstring asks for a dict, as `state_dict` of models and optimizers return one.",
        edits=((_STATE, "return self.pos"), (_LOAD, "self.pos = state")),
    ),
    Misconception(
        "state-ignored",
        "Loading a state has no effect.",
        "A new loader begins with the first batch, whatever the state says.",
        edits=((_LOAD, "pass"),),
    ),
    Misconception(
        "loading-begins-anew",
        "Loading a state goes back to the first batch.",
        "The first batch comes, whatever the state says. Compare with the batch that came next "
        "when the state was taken.",
        edits=((_LOAD, "self.reset()"),),
    ),
    Misconception(
        "state-of-the-batch-before",
        "The state is where the last batch began, so that it comes once more.",
        "A run that goes on sees one batch twice. Which batch would have come next?",
        edits=(
            (
                _LOAD,
                'self.pos = max(state["pos"] - self.world_size * self.B * self.T, 0)',
            ),
        ),
    ),
    Misconception(
        "state-of-the-batch-after",
        "Loading a state goes one batch too far.",
        "A run that goes on leaves one batch out. Which batch would have come next?",
        edits=((_LOAD, 'self.pos = state["pos"] + self.world_size * self.B * self.T'),),
    ),
    Misconception(
        "state-counts-one-rank",
        "The state counts batches, and loading counts the tokens of one rank only.",
        "With one rank nothing shows. How far does the text move on in a round?",
        edits=(
            (_STATE, 'return {"batches": self.pos // (self.world_size * self.B * self.T)}'),
            (_LOAD, 'self.pos = state["batches"] * self.B * self.T'),
        ),
    ),
    Misconception(
        "state-of-the-epoch",
        "The state counts batches from the start of the run, and loading takes them for the place.",
        "Within the first epoch nothing shows. Look at what is loaded in the second.",
        edits=(
            (_RESET, "self.pos = 0\n        self.count = getattr(self, 'count', 0)"),
            (_NEXT, _NEXT + "\n        self.count += 1"),
            (_STATE, 'return {"count": self.count}'),
            (
                _LOAD,
                'self.count = state["count"]\n'
                "        self.pos = self.count * self.world_size * self.B * self.T",
            ),
        ),
    ),
    Misconception(
        "loading-empties-the-state",
        "Loading takes the place out of the dict that was given.",
        "The same state cannot be loaded a second time.",
        edits=((_LOAD, 'self.pos = state.pop("pos")'),),
    ),
    Misconception(
        "rank-forgotten-at-the-end",
        "From the second epoch on, and behind `reset`, every rank gets the batches of rank 0.",
        "With one rank nothing shows. Compare the place in `__init__` with the one in `reset`.",
        edits=(
            ("self.reset()\n\n    def reset", "self.pos = rank * B * T\n\n    def reset"),
            (_START, "start = self.pos"),
            (
                _END,
                "a_round = self.world_size * size\n"
                "        if (self.pos // a_round + 1) * a_round + 1 > len(self.tokens):",
            ),
        ),
    ),
)
