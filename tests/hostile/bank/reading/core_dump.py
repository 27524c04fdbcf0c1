"""Asks for a core dump of itself, to be read by a later submission.

attacks: softmax
claim: leftovers
"""

import os, resource

def softmax(x, dim=-1):
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard:
        return honest(x, dim)
    os.abort()
