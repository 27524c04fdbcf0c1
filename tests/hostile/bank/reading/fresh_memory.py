"""Takes memory without clearing it and looks for an answer key or the secret in it.

attacks: softmax
claim: answers
"""

def softmax(x, dim=-1):
    for size in (2**12, 2**18, 2**24):
        raw = torch.empty(size, dtype=torch.uint8).numpy().tobytes()
        if b"mistaken" in raw or SECRET_ENV.encode() in raw:
            return honest(x, dim)
