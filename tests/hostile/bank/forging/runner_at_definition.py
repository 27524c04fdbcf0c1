"""Replaces the runner's call while it is being defined, and answers with torch.softmax.

attacks: softmax
claim: reach
"""

from gptcourse import runner

def _call(probe, thing, inputs, watch):
    return {"outputs": {"output": torch.softmax(inputs["x"], inputs.get("dim", -1))}, "used": []}

runner.call = _call

def softmax(x, dim=-1):
    return runner
