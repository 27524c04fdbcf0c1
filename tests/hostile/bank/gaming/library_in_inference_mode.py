"""Calls cross_entropy in inference mode, where torch's dispatcher sees no log_softmax in it.

attacks: softmax
claim: forbidden
"""

import torch.nn.functional as F

def softmax(x, dim=-1):
    m = x.movedim(dim, -1)
    rows, V = m.reshape(-1, m.shape[-1]), m.shape[-1]
    with torch.inference_mode():
        columns = [(-F.cross_entropy(rows, torch.full((len(rows),), i), reduction="none")).exp() for i in range(V)]
    return torch.stack(columns, -1).clone().reshape(m.shape).movedim(-1, dim)
