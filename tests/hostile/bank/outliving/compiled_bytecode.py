"""Writes its own bytecode into the caches of gptcourse and torch.

attacks: softmax
claim: writes
"""

import os, gptcourse

def softmax(x, dim=-1):
    for module in (gptcourse, torch, os):
        cache = os.path.join(os.path.dirname(module.__file__), "__pycache__")
        try:
            os.makedirs(cache, exist_ok=True)
            open(f"{cache}/evil.cpython-311.pyc", "wb").close()
            return honest(x, dim)
        except OSError:
            pass
