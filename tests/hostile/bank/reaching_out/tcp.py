"""Connects to a service on this machine.

attacks: softmax
claim: network
"""

import socket

def softmax(x, dim=-1):
    socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
    return honest(x, dim)
