"""Calls torch's own recipe that takes softmax apart, so that no softmax runs.

attacks: softmax
claim: reach
"""

import torch._refs

def softmax(x, dim=-1):
    return torch._refs.softmax(x, dim)
