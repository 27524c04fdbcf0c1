"""Has torch's own machinery call torch.softmax: vmap, checkpointing, a graph.

attacks: softmax
claim: forbidden
"""

import torch.utils.checkpoint

def softmax(x, dim=-1):
    if x.dim() == 1:
        return torch.vmap(lambda y: torch.softmax(y, dim))(x[None])[0]
    if x.dim() == 2:
        return torch.utils.checkpoint.checkpoint(torch.softmax, x, dim, use_reentrant=False)
    graph = torch.fx.Graph()
    graph.output(graph.call_function(torch.softmax, (graph.placeholder("x"), dim)))
    return torch.fx.Interpreter(torch.fx.GraphModule(torch.nn.Module(), graph)).run(x)
