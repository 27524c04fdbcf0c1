"""Wrong answers to 3.7 bpe_encode: those that the class may have too."""

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.encoder_mistakes import ENCODERS

MISCONCEPTIONS = tuple(
    Misconception(wrong.name, wrong.what, wrong.look, function=wrong.encode) for wrong in ENCODERS
)
