"""Calls the softmax that scikit-learn keeps among its helpers.

attacks: softmax
claim: reach
"""

from sklearn.utils.extmath import softmax as theirs

def softmax(x, dim=-1):
    m = x.movedim(dim, -1)
    return torch.from_numpy(theirs(m.reshape(-1, m.shape[-1]).numpy())).reshape(m.shape).movedim(-1, dim)
