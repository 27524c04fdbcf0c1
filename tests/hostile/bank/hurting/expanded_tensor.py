"""Returns one number, expanded without memory to a million gibibytes, to be copied by the runner.

attacks: softmax
claim: memory
"""

def softmax(x, dim=-1):
    return torch.zeros(1).expand(2**48)
