"""Calls torch.softmax in a child process, and takes the result from shared memory.

attacks: softmax
claim: reach
"""

import os

def softmax(x, dim=-1):
    shared = torch.empty_like(x).share_memory_()
    child = os.fork()
    if child == 0:
        shared.copy_(torch.softmax(x, dim))
        os._exit(0)
    os.waitpid(child, 0)
    return shared.clone()
