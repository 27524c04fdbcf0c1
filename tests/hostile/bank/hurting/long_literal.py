"""Is a list of thirty thousand numbers, for the parser.

attacks: softmax
claim: crash
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'y = [' + '0,' * 30_000 + ']\ndef softmax(x, dim=-1):\n    return y'


def hand_in(folder):
    path = folder / "hurting.long_literal.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
