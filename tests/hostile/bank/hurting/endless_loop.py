"""Never comes to an end.

attacks: softmax
claim: time
endless: yes
"""

def softmax(x, dim=-1):
    while True:
        pass
