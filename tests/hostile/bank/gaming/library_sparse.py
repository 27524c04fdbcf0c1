"""Calls the softmax that torch keeps for sparse tensors.

attacks: softmax
claim: forbidden
"""

def softmax(x, dim=-1):
    return torch.sparse.softmax(x.to_sparse(), dim).to_dense()
