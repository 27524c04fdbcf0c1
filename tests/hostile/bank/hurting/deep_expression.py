"""Nests an expression three thousand levels deep, on which a recursive reader stops.

attacks: softmax
claim: crash
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'y = ' + '-' * 3_000 + '1' + '.real' * 3_000 + '()' * 3_000 + '\ndef softmax(x, dim=-1):\n    return y'


def hand_in(folder):
    path = folder / "hurting.deep_expression.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
