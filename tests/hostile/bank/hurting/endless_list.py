"""Returns a list of an iterator that has no end.

attacks: softmax
claim: memory
"""

def softmax(x, dim=-1):
    return [*iter(int, 1)]
