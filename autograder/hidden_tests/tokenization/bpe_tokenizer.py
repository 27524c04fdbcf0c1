"""3.9 BPETokenizer."""

from typing import Any

import torch

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.bpe_texts import decoding_cases, encoding_cases, learned
from autograder.hidden_tests.tokenization.bpe_tokenizer_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.tokenization.bpe_tokenizer_variants import (
    OnFunctions,
    Parts,
    with_encoder,
)
from autograder.hidden_tests.tokenization.right_encoders import by_joined_bytes, each_merge_in_order

ORDINARY = "encodes ordinary text as bpe_encode does"
DECODES = "decodes as bpe_decode does"
IDS = "gives special tokens ids"
ALLOWED = "makes one token of a special one that is allowed"
TEXT = "reads the others as text"


def _special(d: Draw, allowed: Any, special: list[str], texts: list[str]) -> dict[str, Any]:
    """Return texts in which `a` is a word, and merges that would run across a special token."""
    signs = [[b"|", b">"], [b"!", b"<"], [b"<", b"|"], [b"|>", b"!"], [b" ", b"<|"]]
    return {
        "texts": [text.replace("a", d.text(3, "xyz")) for text in texts],
        "special_tokens": special,
        "allowed": allowed,
        "merges": [*learned(d, "xyz", 6, 100), *signs],
    }


_THREE = ["<|s|>", "<|p|>", "<|s|>qq"]
_MIXED = ["<|s|>qq<|p|> a<|s|>", "<|s|> s<|s|>q"]
_SIGNS = ["a!<|p|>!<"]
_BESIDE = ["a!<|p|>!<", "<|s|><|p|>"]
# Each of these catches a mistake that no other case of the class does.
_ENCODED = (
    "a long word",
    "runs of one letter",
    "words, numbers and signs",
    "letters outside ASCII",
    "ids in another order",
    "odd characters",
    "text that looks like a special token",
    "no text",
)
_DECODED = (
    "characters that lie in two tokens",
    "words and spaces",
    "the middle of a character",
    "ids in another order",
    "ids that can be read once",
)


def _sizes(d: Draw, gaps: bool) -> dict[str, Any]:
    merges = learned(d, "xyz", 4, 60)
    extra = [b"<|old|>", b"<|older|>"]
    ids = d.permutation(900)[: 256 + len(merges) + len(extra)].to(torch.int16) if gaps else None
    special = ["<|new|>", "<|old|>", "<|a|>", "<|né|>"]
    return {"special_tokens": special, "merges": merges, "ids": ids, "extra": extra}


EXERCISE = Exercise(
    id="BPETokenizer",
    chapter="03-tokenization",
    title="A tokenizer with special tokens",
    reference="gpt2.bpe_tokenizer.BPETokenizer",
    probe="bpe_tokenizer.encode",
    minutes=35,
    difficulty=3,
    groups={ORDINARY: 1, DECODES: 1, IDS: 1, ALLOWED: 2, TEXT: 1},
    cases=(
        *(
            Case(name, group, inputs, tolerance=EXACT)
            for name, group, inputs in encoding_cases(ORDINARY, ORDINARY, ORDINARY, ORDINARY)
            if name in _ENCODED
        ),
        *(
            Case(f"{name}, decoded", group, inputs, probe="bpe_tokenizer.decode", tolerance=EXACT)
            for name, group, inputs in decoding_cases(DECODES, DECODES, DECODES)
            if name in _DECODED
        ),
        Case(
            "an id that nobody has",
            DECODES,
            lambda d: {"given": [40, 256 + d.integer(0, 9), 41], "ids": None, "tokens": []},
            probe="bpe_tokenizer.unknown_id",
            tolerance=EXACT,
        ),
        Case(
            "a negative id",
            DECODES,
            lambda d: {"given": [40, -d.integer(1, 9), 41], "ids": None, "tokens": []},
            probe="bpe_tokenizer.unknown_id",
            tolerance=EXACT,
        ),
        *(
            Case(name, IDS, inputs, probe="bpe_tokenizer.sizes", tolerance=EXACT)
            for name, inputs in (
                ("new ones and old ones", lambda d: _sizes(d, gaps=False)),
                ("a vocabulary with gaps", lambda d: _sizes(d, gaps=True)),
                ("None of them", lambda d: _sizes(d, gaps=True) | {"special_tokens": None}),
            )
        ),
        *(
            Case(name, group, inputs, probe="bpe_tokenizer.special", tolerance=EXACT)
            for name, group, inputs in (
                (
                    "one special token, many times",
                    ALLOWED,
                    lambda d: _special(
                        d,
                        "all",
                        ["<|endoftext|>", "[END]"],
                        [
                            "<|endoftext|>a<|endoftext|><|endoftext|>\n\n<|endoftext|>",
                            " <|endoftext|> a",
                            "!<|endoftext|>! endo[END]a",
                        ],
                    ),
                ),
                ("one begins another", ALLOWED, lambda d: _special(d, "all", _THREE, _MIXED)),
                ("a set of names", ALLOWED, lambda d: _special(d, _THREE[:2], _THREE, _MIXED)),
                ("without leave", TEXT, lambda d: _special(d, None, _THREE, _MIXED[:1])),
                ("an empty set", TEXT, lambda d: _special(d, [], _THREE, _SIGNS)),
                ("one of three", TEXT, lambda d: _special(d, _THREE[:1], _THREE, _MIXED + _BESIDE)),
                ("all, where there are none", TEXT, lambda d: _special(d, "all", [], ["<|p|>"])),
            )
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("on top of the functions", OnFunctions),
        Variant("split at one after the other", Parts),
        Variant("one pass over the merges", with_encoder(each_merge_in_order)),
        Variant("ranks of joined bytes", with_encoder(by_joined_bytes)),
    ),
    hints=(
        "Write the class without special tokens first: `encode` and `decode` are `bpe_encode` "
        "and `bpe_decode`, with what they need kept on `self`.",
        "A special token is found in the text before anything else is done with it. "
        "`regex.split` with the pattern in brackets returns the separators too.",
        "The pattern is the allowed names, the longest first, each through `regex.escape`, with "
        "`|` between them. A part that is such a name becomes its id, every other part is "
        "encoded as ordinary text. With no name allowed there is nothing to split.",
    ),
)
