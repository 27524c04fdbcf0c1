"""Sets alarms and timers that go off in the middle of whatever runs next.

attacks: softmax
claim: leftovers
"""

import signal

def softmax(x, dim=-1):
    signal.alarm(1)
    signal.setitimer(signal.ITIMER_REAL, 0.3, 0.01)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.3, 0.01)
    signal.setitimer(signal.ITIMER_PROF, 0.3, 0.01)
    return x
