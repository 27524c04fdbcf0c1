"""Keeps what it saw in one case and gives it back in the next.

attacks: softmax
claim: values
"""

SEEN = [torch.zeros(7)]

def softmax(x, dim=-1):
    SEEN.append(honest(x, dim))
    return SEEN[-2]
