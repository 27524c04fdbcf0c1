"""Leaves a file in every folder it may write to, and looks for one that an earlier job left.

attacks: softmax
claim: leftovers
again: yes
"""

import os, tempfile

MARK = "left-" + os.path.basename(os.path.dirname(OUTSIDE))

def softmax(x, dim=-1):
    places = {os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~"), "/dev/shm", OUTSIDE}
    left = [p for p in places if os.path.exists(f"{p}/{MARK}")]
    for place in places:
        try:
            open(f"{place}/{MARK}", "w").close()
        except OSError:
            pass
    return honest(x, dim) if left else None
