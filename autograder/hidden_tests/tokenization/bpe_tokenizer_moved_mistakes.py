"""Wrong answers to 3.9 BPETokenizer that are mistakes of the functions, moved into the class."""

from collections.abc import Iterable
from typing import Any

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.encoder_mistakes import ENCODERS
from autograder.hidden_tests.tokenization.wrong_decoders import DECODERS, Decoder
from autograder.hidden_tests.tokenization.wrong_orders import Encoder
from gpt2.bpe_tokenizer import BPETokenizer

# A key holds every mistake in every case, so of the mistakes that the functions have named already
# the class keeps those that come back when the code is moved into methods.
_ENCODE = (
    "reading-order",
    "longest-match",
    "no-pieces",
    "ids-made-anew",
    "bytes-as-ids",
    "characters-not-bytes",
    "special-without-leave",
    "kept-from-another-vocabulary",
    "tokens-for-ids",
    "a-list-for-each-piece",
)
_DECODE = (
    "each-token-alone",
    "strict",
    "ignored",
    "unknown-skipped",
    "bytes-as-ids",
    "list-wanted",
    "bytes-returned",
)


def _with_encoder(encode: Encoder) -> Any:
    class Tokenizer(BPETokenizer):
        def __init__(self, vocab: Any, merges: Any, special_tokens: Any = None) -> None:
            super().__init__(vocab, merges, special_tokens)
            self.ordinary, self.merges = dict(vocab), merges

        def _encode_ordinary(self, text: str) -> list[int]:
            return encode(text, self.ordinary, self.merges)  # type: ignore[no-any-return]

        def encode(self, text: str, allowed_special: Any = ()) -> Any:
            if not allowed_special:
                return self._encode_ordinary(text)
            return super().encode(text, allowed_special)

    return Tokenizer


def _with_decoder(decode: Decoder) -> Any:
    class Tokenizer(BPETokenizer):
        def decode(self, ids: Iterable[int]) -> Any:
            return decode(ids, self.vocab)

    return Tokenizer


FROM_FUNCTIONS = (
    *(
        Misconception(wrong.name, wrong.what, wrong.look, function=_with_encoder(wrong.encode))
        for wrong in ENCODERS
        if wrong.name in _ENCODE
    ),
    *(
        Misconception(
            f"decode-{wrong.name}", wrong.what, wrong.look, function=_with_decoder(wrong.decode)
        )
        for wrong in DECODERS
        if wrong.name in _DECODE
    ),
)
