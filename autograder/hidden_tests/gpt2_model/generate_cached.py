"""6.16 generate_cached."""

from autograder.exercise import EXACT, Case, Exercise
from autograder.hidden_tests.gpt2_model import generate_cached_texts as texts
from autograder.hidden_tests.gpt2_model.generate_cached_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.generate_cached_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.generate_cached_variants import VARIANTS

SAME = "writes what a model that reads everything again would write"
ONCE = "sends each token through the model once"
FULL = "goes on when the context is full"
KNOBS = "draws, filters and ends as `generate` does"
LEAVES = "leaves the model as it was, whatever its dtype and device"

COUNTED = ("counts of each token",)

EXERCISE = Exercise(
    id="generate_cached",
    chapter="06-gpt2",
    title="The same text, with each token read once",
    reference="gpt2.generation.generate_cached",
    probe="cached_writing.write",
    minutes=30,
    difficulty=4,
    groups={SAME: 1, ONCE: 1, FULL: 2, KNOBS: 1, LEAVES: 1},
    cases=(
        Case(
            "two texts at once, from single tokens",
            SAME,
            lambda d: texts.lively(d, 2, 1, 4, n_layer=2),
            tolerance=EXACT,
        ),
        Case("no new token", SAME, lambda d: texts.nothing(d, 3), tolerance=EXACT),
        Case(
            "two texts, one after the other",
            SAME,
            texts.two_texts,
            probe="cached_writing.write_twice",
            tolerance=EXACT,
        ),
        Case(
            "tokens that are read",
            ONCE,
            lambda d: texts.lively(d, 2, 3, texts.N - 2),
            probe="cached_writing.write_counted",
            tolerance=EXACT,
        ),
        Case(
            "tokens that are read, and places left",
            ONCE,
            lambda d: texts.lively(d, 1, 2, texts.N - 3),
            probe="cached_writing.write_counted",
            tolerance=EXACT,
        ),
        Case(
            "more new tokens than places",
            FULL,
            lambda d: texts.lively(d, 1, 3, texts.N + 2),
            tolerance=EXACT,
        ),
        Case(
            "one token behind two prompts that are too long",
            FULL,
            lambda d: texts.lively(d, 2, texts.N + 2, 1),
            tolerance=EXACT,
        ),
        Case(
            "a prompt as long as the context",
            FULL,
            lambda d: texts.lively(d, 1, texts.N, 10, least=6),
            tolerance=EXACT,
        ),
        Case(
            "settings that leave one token",
            KNOBS,
            lambda d: texts.uncertain(d, 3),
            probe="cached_writing.write_narrowly",
            tolerance=EXACT,
        ),
        Case(
            "two tokens behind many texts",
            KNOBS,
            lambda d: texts.draws(d, 300, temperature=3.0, top_p=0.55),
            probe="cached_writing.count_draws",
            frequencies=COUNTED,
        ),
        Case(
            "two generators",
            KNOBS,
            lambda d: texts.uncertain(d, 3),
            probe="cached_writing.write_from_generators",
            tolerance=EXACT,
        ),
        Case(
            "the end comes early",
            KNOBS,
            texts.ending_at_once,
            probe="cached_writing.write_until",
            tolerance=EXACT,
        ),
        Case(
            "id 0 ends a text",
            KNOBS,
            texts.ending_with_0,
            probe="cached_writing.write_until",
            tolerance=EXACT,
        ),
        Case(
            "two texts end at different steps",
            KNOBS,
            texts.ending_apart,
            probe="cached_writing.write_until",
            tolerance=EXACT,
        ),
        Case(
            "in training",
            LEAVES,
            lambda d: texts.lively(d, 1, 2, 4),
            probe="cached_writing.write_in_training",
            tolerance=EXACT,
        ),
        Case(
            "float64, and another device",
            LEAVES,
            lambda d: texts.lively(d, 1, 2, 3),
            probe="cached_writing.write_elsewhere",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Take `generate`, and change what goes through the model. `cache.pos` says how many "
        "tokens of the text the cache knows.",
        "`forward_cached(model, idx[:, cache.pos :], cache)` reads the prompt in the first step "
        "and one token in each later one. Take the logits of the last position.",
        "When the text is longer than `block_size`, set `cache.pos` to 0 and read the last "
        "`block_size` tokens, in this step and in each that follows.",
    ),
)
