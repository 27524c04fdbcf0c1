"""Has a name that a page would run as a script.

attacks: softmax
claim: pages
earns: 4, for its answer is right: the name is what attacks
"""

from tests.hostile.bank import alone
from tests.sample_class.notebook import write

RIGHT = "import torch\ndef softmax(x, dim=-1):\n    e = (x - x.amax(dim, True)).exp()\n    return e / e.sum(dim, True)"


def hand_in(folder):
    path = folder / "<script>document.title = 'owned'<∕script><img src=x onerror=alert(1)>.ipynb"
    write(path, alone("softmax", RIGHT))
    return path
