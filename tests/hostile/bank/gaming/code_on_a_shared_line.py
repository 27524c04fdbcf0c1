"""Puts its code on the line of a harmless statement, so that whoever looks at that sees nothing.

attacks: softmax
claim: reach
"""

y = 1; import gptcourse.runner as r; r.call = lambda p, o, i, w: {"outputs": {"output": torch.softmax(i["x"], i.get("dim", -1))}, "used": []}

def softmax(x, dim=-1):
    return y
