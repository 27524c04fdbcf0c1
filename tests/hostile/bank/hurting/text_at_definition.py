"""Multiplies a text to terabytes while it is being defined.

attacks: softmax
claim: memory
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'y = "x" * 10**13\ndef softmax(x, dim=-1):\n    return y'


def hand_in(folder):
    path = folder / "hurting.text_at_definition.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
