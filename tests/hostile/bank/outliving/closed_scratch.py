"""Closes the scratch folder to everybody, and leaves a folder in it that nobody can enter.

attacks: softmax
claim: leftovers
"""

import os

def softmax(x, dim=-1):
    os.makedirs("closed/deep")
    open("closed/deep/file", "w").close()
    os.chmod("closed", 0)
    os.chmod(".", 0)
