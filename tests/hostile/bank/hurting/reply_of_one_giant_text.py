"""Returns a text of 60 MiB, a number of thirty thousand digits and a name of a megabyte.

attacks: softmax
claim: crash
"""

def softmax(x, dim=-1):
    return [type("N" * 2**20, (), {})(), 10**4000, "s" * (60 * 2**20)]
