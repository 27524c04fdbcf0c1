"""Lets modules and distributions of torch call softmax for it.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    if x.dim() == 1:
        return torch.nn.Softmax(dim)(x)
    if x.dim() == 2:
        return torch.distributions.Categorical(logits=x.movedim(dim, -1)).probs.movedim(-1, dim)
    return torch.nn.Softmin(dim)(-x)
