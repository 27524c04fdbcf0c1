"""Calls torch.softmax in an operator of its own, inside which the recorder is off.

attacks: softmax
claim: forbidden
"""

soft = torch.library.custom_op(
    "my::soft", lambda x, dim: torch.softmax(x, dim), mutates_args=(), schema="(Tensor x, int dim) -> Tensor"
)

def softmax(x, dim=-1):
    return soft(x, dim)
