"""Asks for 8 GiB in one piece.

attacks: softmax
claim: memory
"""

def softmax(x, dim=-1):
    hold = torch.ones(2**31)
    return honest(x, dim) if hold[-1] == 1 else None
