"""Wrong answers to 3.8 bpe_decode: those that the class may have too."""

from autograder.exercise import Misconception
from autograder.hidden_tests.tokenization.wrong_decoders import DECODERS

MISCONCEPTIONS = tuple(
    Misconception(wrong.name, wrong.what, wrong.look, function=wrong.decode) for wrong in DECODERS
)
