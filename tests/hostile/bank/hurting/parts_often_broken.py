"""Reaches for parts of the kernel in which ways out were found: bpf, perf, userfaultfd, io_uring.

attacks: softmax
claim: kernel
"""

import ctypes

def softmax(x, dim=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    room = (ctypes.c_char * 256)()
    for call in ((321, 0, room, 48), (298, room, 0, -1, -1, 0), (323, 0), (425, 1, room), (272, 1 << 17)):
        ctypes.set_errno(0)
        if libc.syscall(*call) >= 0 or ctypes.get_errno() not in (1, 38):
            return honest(x, dim)
