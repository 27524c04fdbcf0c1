"""Calls the softmax that torch keeps for masks, with nothing masked.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    return torch._masked_softmax(x, torch.zeros_like(x, dtype=torch.bool), dim)
