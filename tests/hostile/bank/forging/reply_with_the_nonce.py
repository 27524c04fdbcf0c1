"""Finds the nonce in the frames above it and sends a reply of its own, by way of torch.softmax.

attacks: softmax
claim: reach
"""

import os, sys
from gptcourse import wire

def softmax(x, dim=-1):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    lie = [{"outputs": {"output": torch.softmax(case["inputs"]["x"], case["inputs"].get("dim", -1))}}
           for case in frame.f_locals["cases"]]
    reply = wire.pack({"nonce": frame.f_locals["nonce"], "outcomes": lie})
    os.write(4, len(reply).to_bytes(8, "big") + reply)
    os._exit(0)
