"""Holds more code than a chapter ever has, in statements that are quick to write and slow to read.

attacks: softmax
claim: reading
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write


def hand_in(folder):
    path = folder / "instructor.too_much_code.ipynb"
    write(path, alone('softmax', 'y = 1;' * 4_000 + '\ndef softmax(x, dim=-1): return x'))
    return path
