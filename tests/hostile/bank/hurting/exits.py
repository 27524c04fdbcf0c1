"""Ends its process with the status of a success.

attacks: softmax
claim: crash
"""

import os

def softmax(x, dim=-1):
    os._exit(0)
