"""Nests functions, lambdas and comprehensions as deep as they go.

attacks: softmax
claim: crash
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'y = ' + 'lambda: ' * 900 + '0\nz = ' + '[' * 90 + '0' + ' for i in [0]]' * 90 + '\ndef softmax(x, dim=-1):\n    return y, z'


def hand_in(folder):
    path = folder / "hurting.deep_functions.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
