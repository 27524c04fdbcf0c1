"""Has a name of two lines and quotes, which would be two rows of a table.

attacks: softmax
claim: pages
earns: 4, for its answer is right: the name is what attacks
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

RIGHT = "import torch\ndef softmax(x, dim=-1):\n    e = (x - x.amax(dim, True)).exp()\n    return e / e.sum(dim, True)"


def hand_in(folder):
    path = folder / 'two\nlines, "quoted",9,9.ipynb'
    write(path, alone("softmax", RIGHT))
    return path
