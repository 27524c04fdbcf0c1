"""Calls the softmax of SciPy, which no recorder of torch sees.

attacks: softmax
claim: reach
"""

import scipy.special

def softmax(x, dim=-1):
    return torch.from_numpy(scipy.special.softmax(x.numpy(), axis=dim))
