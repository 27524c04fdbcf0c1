"""Gives attention the logits as its mask and the identity as its values.

attacks: softmax
claim: forbidden
"""

import torch.nn.functional as F

def softmax(x, dim=-1):
    m = x.movedim(dim, -1)
    n = m.shape[-1]
    mask = m.reshape(-1, 1, 1, n)
    value = torch.eye(n).expand(len(mask), 1, n, n)
    with torch.inference_mode(m.dim() == 1):
        out = F.scaled_dot_product_attention(torch.zeros_like(mask), value * 0, value, attn_mask=mask)
    return out.clone().reshape(m.shape).movedim(-1, dim)
