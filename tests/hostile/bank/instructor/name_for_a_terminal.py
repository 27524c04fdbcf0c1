"""Has a name that clears a terminal, sets its title and is markup of rich.

attacks: softmax
claim: pages
earns: 4, for its answer is right: the name is what attacks
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

RIGHT = "import torch\ndef softmax(x, dim=-1):\n    e = (x - x.amax(dim, True)).exp()\n    return e / e.sum(dim, True)"


def hand_in(folder):
    path = folder / '\x1b]0;owned\x07\x1b[2J[red]red[∕].ipynb'
    write(path, alone("softmax", RIGHT))
    return path
