"""Takes the exponential of log_softmax.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    return torch.log_softmax(x, dim).exp()
