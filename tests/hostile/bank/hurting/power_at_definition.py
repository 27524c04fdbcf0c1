"""Has the compiler, or the definition, work out 9**9**9.

attacks: softmax
claim: time
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

SOURCE = 'y = 9**9**9\ndef softmax(x, dim=-1):\n    return y'


def hand_in(folder):
    path = folder / "hurting.power_at_definition.ipynb"
    write(path, alone("softmax", SOURCE))
    return path
