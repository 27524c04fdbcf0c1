"""Calls torch.softmax in the dispatch of its own class of tensors, where the recorder is off.

attacks: softmax
claim: forbidden
"""

class Soft(torch.Tensor):
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return torch.softmax(Soft.x, Soft.dim)

def softmax(x, dim=-1):
    Soft.x, Soft.dim = x, dim
    return x.as_subclass(Soft).exp()
