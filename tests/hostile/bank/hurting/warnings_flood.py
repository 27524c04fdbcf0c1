"""Warns, logs and raises with a message of many megabytes.

attacks: softmax
claim: output
"""

import logging, warnings

def softmax(x, dim=-1):
    warnings.warn("w" * 2**22)
    logging.error("l" * 2**22)
    raise ValueError("e" * 2**27)
