"""Returns two hundred thousand tensors of one number.

attacks: softmax
claim: crash
"""

def softmax(x, dim=-1):
    return [torch.tensor(float(i)) for i in range(200_000)]
