"""Returns what would be computed later: a generator, a function, a future, a map.

attacks: softmax
claim: verdict
"""

def softmax(x, dim=-1):
    future = torch.futures.Future()
    future.set_result(honest(x, dim))
    return [map(honest, [x]), lambda: honest(x, dim), future, (honest(y, dim) for y in [x])]
