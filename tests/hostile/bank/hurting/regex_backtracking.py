"""Holds the interpreter inside a regular expression that tries 2**60 ways.

attacks: softmax
claim: time
endless: yes
"""

import re

def softmax(x, dim=-1):
    return honest(x, dim) if re.match(r"(a+)+$", "a" * 60 + "b") else None
