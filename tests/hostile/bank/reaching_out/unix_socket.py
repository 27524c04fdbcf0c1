"""Connects to a UNIX socket in the file system, as Docker has one.

attacks: softmax
claim: network
"""

import socket

def softmax(x, dim=-1):
    socket.socket(socket.AF_UNIX).connect(UNIX)
    return honest(x, dim)
