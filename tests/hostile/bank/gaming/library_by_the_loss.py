"""Takes the gradient of cross_entropy, which is softmax minus a one-hot row.

attacks: softmax
claim: forbidden
"""

import torch.nn.functional as F

def softmax(x, dim=-1):
    m = x.movedim(dim, -1)
    rows = m.reshape(-1, m.shape[-1]).clone().requires_grad_()
    F.cross_entropy(rows, torch.zeros(len(rows), dtype=torch.long), reduction="sum").backward()
    rows.grad[:, 0] += 1
    return rows.grad.reshape(m.shape).movedim(-1, dim)
