"""Connects to a service on this machine by IPv6.

attacks: softmax
claim: network
"""

import socket

def softmax(x, dim=-1):
    socket.create_connection(("::1", PORT), timeout=1).close()
    return honest(x, dim)
