"""Takes the recipe for softmax out of the table of torch's compiler.

attacks: softmax
claim: reach
"""

from torch._inductor.decomposition import decompositions

def softmax(x, dim=-1):
    return decompositions[torch.ops.aten._softmax.default](x, dim % x.dim(), False)
