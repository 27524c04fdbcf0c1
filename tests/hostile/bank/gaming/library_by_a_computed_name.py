"""Calls torch.softmax by a name that is put together.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    return getattr(torch, "soft" + "max")(x, dim)
