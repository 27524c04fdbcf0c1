"""Ignores every signal that can be ignored, then spins.

attacks: softmax
claim: time
endless: yes
"""

import signal

def softmax(x, dim=-1):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
