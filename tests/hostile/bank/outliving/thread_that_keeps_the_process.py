"""Leaves a thread that is no daemon, so that Python would wait for it at the end.

attacks: softmax
claim: leftovers
"""

import threading, time

def softmax(x, dim=-1):
    threading.Thread(target=time.sleep, args=(3600,)).start()
    return x
