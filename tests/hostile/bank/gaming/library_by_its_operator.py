"""Calls the operators of torch under the functions that have names.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    out = torch.empty_like(x)
    return torch.ops.aten._softmax.out(x, dim % x.dim(), False, out=out)
