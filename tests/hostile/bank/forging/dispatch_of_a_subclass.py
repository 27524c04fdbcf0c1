"""Returns a tensor of its own class that gives other values each time it is looked at.

attacks: softmax
claim: verdict
"""

class Changing(torch.Tensor):
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return torch.rand(())

def softmax(x, dim=-1):
    return x.as_subclass(Changing)
