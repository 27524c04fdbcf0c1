"""Goes on after every exception, SystemExit and MemoryError included.

attacks: softmax
claim: time
endless: yes
"""

def softmax(x, dim=-1):
    while True:
        try:
            raise SystemExit
        except BaseException:
            continue
