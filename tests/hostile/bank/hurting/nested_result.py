"""Returns a list that holds itself, and a dict a hundred thousand levels deep.

attacks: softmax
claim: crash
"""

def softmax(x, dim=-1):
    loop = []
    loop.append(loop)
    deep = {}
    for _ in range(100_000):
        deep = {"d": deep}
    return [loop, deep]
