"""Puts a module of its own into sys.modules in the runner's place.

attacks: softmax
claim: reach
"""

import sys, types

def _call(probe, thing, inputs, watch):
    return {"outputs": {"output": torch.softmax(inputs["x"], inputs.get("dim", -1))}, "used": []}

def _replace():
    for name, module in list(sys.modules.items()):
        if name.endswith("runner") and hasattr(module, "run_group"):
            vars(module).update(call=_call)
            sys.modules[name] = types.ModuleType(name)
    return 1

REPLACED = _replace()

def softmax(x, dim=-1):
    return REPLACED
