"""Takes memory in small pieces, without an end.

attacks: softmax
claim: memory
"""

def softmax(x, dim=-1):
    kept = []
    while len(kept) < 2000:
        kept.append(torch.ones(2**20))
    return honest(x, dim)
