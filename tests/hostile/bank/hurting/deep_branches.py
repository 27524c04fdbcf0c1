"""Chains two thousand branches, each of which lies in the one before.

attacks: softmax
claim: crash
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'if 0: y = 1\n' + 'elif 0: y = 2\n' * 2_000 + 'def softmax(x, dim=-1):\n    return y'


def hand_in(folder):
    path = folder / "hurting.deep_branches.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
