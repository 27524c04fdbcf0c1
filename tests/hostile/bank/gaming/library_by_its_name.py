"""Calls torch.softmax by every name it has in torch.

attacks: softmax
claim: forbidden
"""

import torch.nn.functional as F

def softmax(x, dim=-1):
    ways = [torch.softmax, torch.special.softmax, F.softmax, torch.Tensor.softmax, x.softmax.__func__ if
            hasattr(x.softmax, "__func__") else torch.softmax]
    return ways[x.dim() % 5](x, dim)
