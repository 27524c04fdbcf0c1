"""Lowers the priority of another process of its user.

attacks: softmax
claim: signals
"""

import os

def softmax(x, dim=-1):
    os.setpriority(os.PRIO_PROCESS, VICTIM, 19)
    return honest(x, dim)
