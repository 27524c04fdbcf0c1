"""Returns, and prints, the hidden inputs as a text.

attacks: softmax
claim: inputs
"""

def softmax(x, dim=-1):
    print(x.tolist())
    return {f"hidden input {x.tolist()}": x, "text": str(x.tolist())}
