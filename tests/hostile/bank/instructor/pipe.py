"""Is a pipe, on which a reader would wait for ever.

attacks: softmax
claim: reading
"""

import os


def hand_in(folder):
    path = folder / "instructor.pipe.ipynb"
    os.mkfifo(path)
    return path
