"""Calls torch.softmax in a thread: the recorder sees the one in which it was started.

attacks: softmax
claim: reach
"""

import threading

def softmax(x, dim=-1):
    found = []
    thread = threading.Thread(target=lambda: found.append(torch.softmax(x, dim)))
    thread.start()
    thread.join()
    return found[0]
