"""Writes the hidden inputs into the type, the line and the function of the exception it raises.

attacks: softmax
claim: inputs
"""

def softmax(x, dim=-1):
    name = "Inputs" + "".join(hex(int(1000 * v) & 0xFFF)[2:] for v in x.flatten()[:9])
    raise type(name, (Exception,), {})(str(x.tolist()))
