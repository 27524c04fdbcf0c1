"""The word model: probabilities by hand, sums of one, and what it is worth on held-out text."""

import math

import pytest

from gptcourse.datasets import shakespeare
from gptcourse.widgets.word_model import WORD, WordModel

WORDS = ["the", "cat", "sat", ".", "the", "cat", "ran", ".", "the", "dog", "sat", "."]


def test_probability_by_hand():
    model = WordModel(WORDS, order=2)
    # 12 words, 6 different; two (ran, dog) came once and two (cat, sat) twice: D = 2 / (2 + 4).
    # Below everything each word has 1/7, one of the seven places being for the unseen.
    cat = (2 - 1 / 3 + 1 / 3 * 6 * 1 / 7) / 12
    assert model.probability("cat", []) == pytest.approx(cat)
    # Pairs: five came once (cat sat, cat ran, the dog, ran ., dog sat), three twice (the cat,
    # sat ., . the): D = 5 / (5 + 6). After "the", 3 times, came cat twice and dog once.
    expected = (2 - 5 / 11 + 5 / 11 * 2 * cat) / 3
    assert model.probability("cat", ["the"]) == pytest.approx(expected)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("context", [[], ["the"], ["the", "cat"], ["a", "cat"], ["no", "such"]])
def test_probabilities_sum_to_one(order, context):
    model = WordModel(WORDS, order)
    total = sum(model.probability(word, context) for word in model.vocabulary)
    assert total == pytest.approx(1, abs=1e-12)
    assert min(model.probability(word, context) for word in model.vocabulary) > 0


def test_an_unseen_context_falls_back_on_its_end():
    model = WordModel(WORDS)
    assert model.probability("sat", ["bird", "cat"]) == model.probability("sat", ["cat"])
    assert model.probability("wolf", ["cat"]) == model.probability(model.UNKNOWN, ["cat"])


def test_distribution_is_scaled_to_sum_to_one():
    shares = WordModel(WORDS).distribution(["cat", "dog", "sat"], ["the"])
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > shares[1] > shares[2]


def test_longer_contexts_pay_fewer_bits_on_held_out_text():
    text = shakespeare()
    words = [match.group().lower() for match in WORD.finditer(text)]
    training, held_out = words[:-25_000], words[-25_000:-22_000]

    def bits_a_word(order):
        model = WordModel(training, order)
        probabilities = (
            model.probability(word, held_out[max(0, i - 5) : i]) for i, word in enumerate(held_out)
        )
        return sum(-math.log2(p) for p in probabilities) / len(held_out)

    one, two, three = map(bits_a_word, (1, 2, 3))
    assert three < two < one < math.log2(len(set(training)))


@pytest.mark.parametrize(("words", "order"), [([], 3), (WORDS, 0)])
def test_refuses_nothing_to_count(words, order):
    with pytest.raises(ValueError, match="at least one word"):
        WordModel(words, order)
