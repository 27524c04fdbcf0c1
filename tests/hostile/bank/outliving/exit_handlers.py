"""Registers handlers for the end of the process, for forks and for the collector.

attacks: softmax
claim: leftovers
"""

import atexit, gc, os, time, weakref

def _late(*_):
    open(f"{OUTSIDE}/late", "w").close()
    time.sleep(60)

def softmax(x, dim=-1):
    atexit.register(_late)
    os.register_at_fork(before=_late, after_in_parent=_late, after_in_child=_late)
    gc.callbacks.append(_late)
    weakref.finalize(torch, _late)
    return x
