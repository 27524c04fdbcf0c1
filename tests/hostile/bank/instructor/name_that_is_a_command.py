"""Has a name that a spreadsheet would run as a command.

attacks: softmax
claim: pages
earns: 4, for its answer is right: the name is what attacks
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

RIGHT = "import torch\ndef softmax(x, dim=-1):\n    e = (x - x.amax(dim, True)).exp()\n    return e / e.sum(dim, True)"


def hand_in(folder):
    path = folder / "@SUM(1+1)*cmd|' ∕C calc'!A0.ipynb"
    write(path, alone("softmax", RIGHT))
    return path
