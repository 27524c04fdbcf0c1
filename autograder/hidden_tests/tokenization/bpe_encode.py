"""3.7 bpe_encode."""

from autograder.exercise import EXACT, Case, Exercise, Variant
from autograder.hidden_tests.tokenization.bpe_encode_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.tokenization.bpe_texts import encoding_cases
from autograder.hidden_tests.tokenization.right_encoders import (
    by_heap,
    by_joined_bytes,
    each_merge_in_order,
    in_text,
    one_at_a_time,
)

RANK = "merges the pair that was learned first, until there is none"
PIECES = "works on the bytes of each piece"
IDS = "takes the ids from the vocabulary"
ANY = "takes any text as it is"


EXERCISE = Exercise(
    id="bpe_encode",
    chapter="03-tokenization",
    title="From text to ids",
    reference="gpt2.bpe_tokenizer.bpe_encode",
    probe="bpe.bpe_encode",
    minutes=30,
    difficulty=4,
    groups={RANK: 2, PIECES: 1, IDS: 1, ANY: 1},
    cases=tuple(
        Case(name, group, inputs, tolerance=EXACT)
        for name, group, inputs in encoding_cases(RANK, PIECES, IDS, ANY)
    ),
    misconceptions=MISCONCEPTIONS,
    variants=(
        Variant("one pass over the merges", each_merge_in_order),
        Variant("one place at a time", one_at_a_time),
        Variant("ranks of joined bytes", by_joined_bytes),
        Variant("a heap of pairs", by_heap),
        Variant("replacing in a text", in_text),
    ),
    hints=(
        "Take one piece and write its bytes down as tokens. Which pairs of neighbours are in "
        "`merges`, and which of those was learned first?",
        "A dict from pair to its place in `merges` gives each pair a rank. `min` over the pairs "
        "of the piece with that rank as its key finds the next merge; what is no key ranks last.",
        "While the piece has two tokens or more: find the pair of least rank, stop if it has "
        "none, else `merge` it. Turn the dict `vocab` round once, from bytes to id, to look up "
        "the ids of the bytes and of each `left + right`.",
    ),
)
