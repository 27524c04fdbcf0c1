"""The mistakes of encoding, which the function and the class share, the commonest first."""

import unicodedata
from typing import NamedTuple

from autograder.hidden_tests.tokenization import wrong_encoders, wrong_orders
from autograder.hidden_tests.tokenization.wrong_orders import Encoder

__all__ = ["ENCODERS", "WrongEncoder"]


class WrongEncoder(NamedTuple):
    """A mistake that both exercises keep."""

    name: str
    what: str
    look: str
    encode: Encoder


ENCODERS = (
    WrongEncoder(
        "reading-order",
        "Pairs are merged as they come from left to right, not the one learned first.",
        "A merge that was learned late takes a letter away from one that was learned early. Look "
        "at all pairs of the piece before you choose.",
        wrong_orders.reading_order,
    ),
    WrongEncoder(
        "longest-match",
        "The longest token that fits is taken, again and again from the left.",
        "It never asks in which order the merges were learned. Encode `hug` with the example of "
        "the contract by hand.",
        wrong_orders.longest,
    ),
    WrongEncoder(
        "one-walk",
        "There is one walk over the pairs, and what a merge has made is not merged again.",
        "Most tokens are two bytes long. After a merge there are new pairs.",
        wrong_orders.one_sweep,
    ),
    WrongEncoder(
        "leftmost-first",
        "Each time the leftmost pair that is in `merges` is merged, not the one learned first.",
        "Look at all pairs of the piece before you choose.",
        wrong_orders.leftmost,
    ),
    WrongEncoder(
        "no-pieces",
        "The text is not cut into pieces, so tokens run across the borders of words.",
        "A space ends up behind a letter in one token.",
        wrong_encoders.no_pieces,
    ),
    WrongEncoder(
        "white-space-lost",
        "The text is split at white space, which is lost.",
        "`decode(encode(text))` has all its words run together.",
        wrong_encoders.white_space,
    ),
    WrongEncoder(
        "least-id-first",
        "The pair whose token has the least id is merged, not the one learned first.",
        "Ids and ranks go side by side in what `train_bpe` returns, and need not elsewhere. The "
        "order is that of `merges`.",
        wrong_orders.least_id,
    ),
    WrongEncoder(
        "last-learned-first",
        "The pair that was learned last is merged first.",
        "Look at the direction of your ranks: which of two pairs comes first in `merges`?",
        wrong_orders.last_learned,
    ),
    WrongEncoder(
        "bytes-as-ids",
        "A single byte is taken for its own id.",
        "In GPT-2's vocabulary the byte 33, `!`, has id 0. Look each token up.",
        wrong_encoders.bytes_are_ids,
    ),
    WrongEncoder(
        "ids-by-rank",
        "The token of a merge gets 256 plus its rank for an id.",
        "It holds for what `train_bpe` returns and not for every vocabulary. Look each token up.",
        wrong_encoders.ids_by_rank,
    ),
    WrongEncoder(
        "ids-made-anew",
        "No id is looked up: a byte is its own id, and a merge gives 256 plus its rank.",
        "It holds for what `train_bpe` returns and not for every vocabulary. What is `vocab` for?",
        wrong_encoders.ids_made_anew,
    ),
    WrongEncoder(
        "characters-not-bytes",
        "The pieces begin as characters, not as bytes.",
        "On English text nobody sees it. `é` is two bytes, and merges may know only these.",
        wrong_encoders.characters,
    ),
    WrongEncoder(
        "each-merge-once",
        "A merge is made at one place of a piece, not everywhere.",
        "In `ababab` one `ab` is merged and the others are left.",
        wrong_orders.each_merge_once,
    ),
    WrongEncoder(
        "one-round",
        "Each piece gets one merge, and the next piece is begun.",
        "The pair is the right one. What has to be true before a piece is done?",
        wrong_orders.one_round,
    ),
    WrongEncoder(
        "stops-at-an-absent-pair",
        "The merges are tried in order, and the first one that does not fit ends it all.",
        "Common words come out in single bytes. A merge that is not there may be passed over.",
        wrong_orders.stops_early,
    ),
    WrongEncoder(
        "right-to-left",
        "Of several places of the same pair the rightmost is merged first.",
        "`aaa` becomes `a` and `aa`. `merge` goes from left to right.",
        wrong_orders.rightmost,
    ),
    WrongEncoder(
        "last-pair-left",
        "The last pair of a piece is never looked at.",
        "Words end in a single byte. A list of n tokens has n - 1 pairs.",
        wrong_orders.last_pair_left,
    ),
    WrongEncoder(
        "most-frequent-first",
        "The pair that is most frequent in the piece is merged first, as in training.",
        "The text to encode decides then, and the same word gets other tokens elsewhere. The "
        "order is that of `merges`.",
        wrong_orders.most_frequent,
    ),
    WrongEncoder(
        "whole-piece-looked-up",
        "A piece that is in the vocabulary as a whole is taken without a merge.",
        "The vocabulary may hold tokens that no merge makes, such as special ones. In the text "
        "they are text like any other.",
        wrong_encoders.whole_piece,
    ),
    WrongEncoder(
        "special-without-leave",
        "A special token in the text becomes one token, though nobody allowed it.",
        "Whoever writes `<|end|>` into a text field then ends the document. Look at what the "
        "contract says about it.",
        wrong_encoders.special_cut,
    ),
    WrongEncoder(
        "kept-from-another-vocabulary",
        "Pieces are remembered from a call with other merges.",
        "A cache outlives the call. Whose merges made what is in it?",
        wrong_encoders.kept,
    ),
    WrongEncoder(
        "merges-used-up",
        "The caller's list of merges is changed.",
        "A second call finds nothing to merge. Look for `pop`, `sort` or `reverse`.",
        wrong_encoders.used_up,
    ),
    WrongEncoder(
        "tokens-for-ids",
        "The bytes of the tokens are returned, not their ids.",
        "The tokens are right; look each one up.",
        wrong_encoders.tokens,
    ),
    WrongEncoder(
        "a-list-for-each-piece",
        "There is a list of ids for each piece, not one for the text.",
        "The ids are right. Look at the difference between `append` and `extend`.",
        wrong_encoders.nested,
    ),
    WrongEncoder(
        "tensor-returned",
        "A tensor is returned, not a list of ints.",
        "The ids are right; the caller decides whether a tensor is made of them.",
        wrong_encoders.tensor,
    ),
    WrongEncoder(
        "stripped",
        "White space at the ends of the text is stripped.",
        "The text that comes back is shorter than the one that went in.",
        wrong_encoders.on(str.strip),
    ),
    WrongEncoder(
        "lower-case",
        "The text is turned to lower case.",
        "`A` comes back as `a`.",
        wrong_encoders.on(str.lower),
    ),
    WrongEncoder(
        "normalised",
        "Accents are composed or replaced before encoding.",
        "The text that comes back has other code points. Every byte counts.",
        wrong_encoders.on(lambda text: unicodedata.normalize("NFC", text)),
    ),
    WrongEncoder(
        "ascii-only",
        "Characters outside ASCII are dropped.",
        "The text that comes back has lost its accents and emoji.",
        wrong_encoders.on(lambda text: text.encode("ascii", "ignore").decode()),
    ),
)
