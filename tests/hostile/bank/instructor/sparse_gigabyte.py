"""Is a file of a gibibyte without content.

attacks: softmax
claim: reading
"""

import os


def hand_in(folder):
    path = folder / "instructor.sparse_gigabyte.ipynb"
    path.touch()
    os.truncate(path, 2**30)
    return path
