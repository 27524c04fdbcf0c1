"""Switches the recorder off while torch.softmax runs.

attacks: softmax
claim: reach
"""

from torch.utils._python_dispatch import _disable_current_modes as quiet

def softmax(x, dim=-1):
    with quiet():
        return torch.softmax(x, dim)
