"""Wrong answers to 3.9 BPETokenizer: those of its special tokens first."""

from typing import Any

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.bpe_tokenizer_moved_mistakes import FROM_FUNCTIONS
from gpt2.bpe_tokenizer import BPETokenizer


class _SharedState(BPETokenizer):
    """The special tokens are kept on the class."""

    known: dict[str, int] = {}  # noqa: RUF012

    def __init__(self, vocab: Any, merges: Any, special_tokens: Any = None) -> None:
        super().__init__(vocab, merges, special_tokens)
        if "?" in self.special_ids or not special_tokens:
            return
        type(self).known = self.special_ids

    def encode(self, text: str, allowed_special: Any = ()) -> list[int]:
        self.special_ids = type(self).known
        return super().encode(text, allowed_special)


_SPLIT = "regex.split(f\"({'|'.join(map(regex.escape, known))})\", text)"
_LONGEST = "sorted(self.special_ids.keys() & set(allowed), key=len, reverse=True)"
_ALLOWED = 'self.special_ids if allowed_special == "all" else allowed_special'
_NEW_ID = "self.ids[token] = max(self.vocab) + 1"
_PART = "[self.special_ids[part]] if part in known else self._encode_ordinary(part)"

SPECIAL = (
    Misconception(
        "special-as-text",
        "A special token that is allowed is encoded as ordinary text.",
        "`<|endoftext|>` comes out as several tokens, which the model never saw at the end of a "
        "document. Where does your `encode` look at `allowed_special`?",
        edits=((_ALLOWED, "()"),),
    ),
    Misconception(
        "not-escaped",
        "The special tokens are read as a pattern: `|` in them means “or”.",
        "The text is cut at each `<` and at each `>`.",
        edits=(("map(regex.escape, known)", "known"),),
    ),
    Misconception(
        "in-the-order-given",
        "Where two special tokens begin at the same place, the one that is first in the list is "
        "taken.",
        "If it is the shorter, the rest of the longer one is left as text. In `a|ab` a pattern "
        "takes the first alternative that fits.",
        edits=((_LONGEST, "[name for name in self.special_ids if name in allowed]"),),
    ),
    Misconception(
        "always-special",
        "Special tokens are found in every text, allowed or not.",
        "Whoever writes `<|endoftext|>` into a text field then ends the document. Look at the "
        "default of `allowed_special`.",
        edits=((_ALLOWED, "self.special_ids"),),
    ),
    Misconception(
        "all-not-understood",
        '`allowed_special="all"` allows nothing.',
        'The set of "all" is the letters a and l. The contract gives that word a meaning.',
        edits=((_ALLOWED, "allowed_special"),),
    ),
    Misconception(
        "names-not-looked-at",
        "If any special token is allowed, all of them are.",
        "`allowed_special` may be a set of some names. The others are text.",
        edits=((_ALLOWED, "self.special_ids if allowed_special else ()"),),
    ),
    Misconception(
        "refused",
        "A special token that is not allowed raises an exception.",
        "Some tokenizers do so. Here the contract says that it is text like any other.",
        edits=(
            (
                "if not known:",
                "for name in self.special_ids:\n"
                "            if name in text and name not in allowed:\n"
                "                raise ValueError(name)\n"
                "        if not known:",
            ),
        ),
    ),
    Misconception(
        "cut-at-all-of-them",
        "The text is cut at every special token, allowed or not.",
        "One that is text like any other may share a piece with its neighbours: `!<|` is one "
        "piece.",
        edits=(
            ("if not known:", "if not self.special_ids:"),
            (_SPLIT, _SPLIT.replace("known", "sorted(self.special_ids, key=len)[::-1]")),
        ),
    ),
    Misconception(
        "special-dropped",
        "The special tokens are cut out of the text and lost.",
        "`decode(encode(text))` lacks them. What does `split` return of the separators?",
        edits=((_SPLIT, 'regex.split("|".join(map(regex.escape, known)), text)'),),
    ),
    Misconception(
        "parts-not-asked",
        "A part between two special tokens that is itself the name of one becomes its id, allowed "
        "or not.",
        "Of `<|a|>` and `<|b|>` only the first is allowed, and the text is `<|a|><|b|>`: what are "
        "the parts?",
        edits=(("if part in known", "if part in self.special_ids"),),
    ),
    Misconception(
        "bars-wanted",
        "Only names of the form `<|...|>` are found.",
        "A special token may be any string, such as `[END]`. The tokenizer was told which.",
        edits=((_LONGEST, f'[n for n in {_LONGEST} if n[:2] == "<|"]'),),
    ),
    Misconception(
        "first-place-only",
        "A special token is found once; where it stands again it is text.",
        "A text of many documents has many `<|endoftext|>`.",
        edits=((_SPLIT, _SPLIT.replace(", text)", ", text, maxsplit=1)")),),
    ),
    Misconception(
        "parts-stripped",
        "White space beside a special token is stripped.",
        "`decode(encode(text))` is shorter than `text`.",
        edits=((_PART, _PART.replace("ordinary(part)", "ordinary(part.strip())")),),
    ),
    Misconception(
        "new-id-for-an-old-token",
        "A special token that is in the vocabulary already gets a second id.",
        "`vocab_size` grows, and the model knows the first id only. Look the bytes up before you "
        "give an id.",
        edits=(("if token not in self.ids:", "if True:"),),
    ),
    Misconception(
        "ids-by-length",
        "The ids of new special tokens follow their length, not the order of the list.",
        "The order in which a text is cut is one thing, the order of the ids another.",
        edits=(
            (
                "in special_tokens or ()",
                "in sorted(special_tokens or (), key=len, reverse=True)",
            ),
        ),
    ),
    Misconception(
        "next-id-is-the-length",
        "A new special token gets the number of tokens for an id.",
        "In a vocabulary with gaps that id is taken. The contract says which one is free.",
        edits=((_NEW_ID, "self.ids[token] = len(self.vocab)"),),
    ),
    Misconception(
        "size-without-special",
        "`vocab_size` does not count the new special tokens.",
        "A table with so many rows has no row for them. When is it counted?",
        edits=(("self.vocab_size = len(self.vocab)", "self.vocab_size = len(vocab)"),),
    ),
    Misconception(
        "size-counts-twice",
        "`vocab_size` counts a special token that was in the vocabulary a second time.",
        "Add only those that were new.",
        edits=(
            (
                "self.vocab_size = len(self.vocab)",
                "self.vocab_size = len(vocab) + len(self.special_ids)",
            ),
        ),
    ),
    Misconception(
        "size-is-the-greatest-id",
        "`vocab_size` is the greatest id and one.",
        "The vocabulary may have gaps. The contract asks how many tokens there are.",
        edits=(("self.vocab_size = len(self.vocab)", "self.vocab_size = max(self.vocab) + 1"),),
    ),
    Misconception(
        "vocabulary-changed",
        "The caller's vocabulary gets the special tokens too.",
        "The dict belongs to the caller, and another tokenizer may be made of it. Keep a copy.",
        edits=(("self.vocab = dict(vocab)", "self.vocab = vocab"),),
    ),
    Misconception(
        "none-not-understood",
        "A tokenizer cannot be made without special tokens.",
        "`None` is no list, and `for` needs one. Look at the default in the contract.",
        edits=(("in special_tokens or ()", "in special_tokens"),),
    ),
    Misconception(
        "special-not-decoded",
        "`decode` leaves special tokens out.",
        "The contract wants them in the text. Whoever prints an answer may drop them.",
        edits=(
            (
                "bpe_decode(ids, self.vocab)",
                "bpe_decode((i for i in ids if i not in self.special_ids.values()), self.vocab)",
            ),
        ),
    ),
    Misconception(
        "special-without-bytes",
        "`decode` knows no special token that is not in the vocabulary it was given.",
        "The new ids need bytes too. Which dict does `decode` look into?",
        edits=(
            (
                "self.special_ids: dict[str, int] = {}",
                "self.special_ids: dict[str, int] = {}\n        self.given = dict(vocab)",
            ),
            ("bpe_decode(ids, self.vocab)", "bpe_decode(ids, self.given)"),
        ),
    ),
    Misconception(
        "shared-between-tokenizers",
        "The special tokens belong to the class, not to each tokenizer.",
        "Making a second tokenizer changes the first one. Look at where they are kept.",
        function=_SharedState,
    ),
)

MISCONCEPTIONS = (*SPECIAL, *FROM_FUNCTIONS)
