"""Has pkgutil find the runner by a text, and replaces its call.

attacks: softmax
claim: reach
"""

import pkgutil

runner = pkgutil.resolve_name("gptc" + "ourse.run" + "ner")
runner.call = lambda probe, thing, inputs, watch: {
    "outputs": {"output": torch.softmax(inputs["x"], inputs.get("dim", -1))}, "used": []
}

def softmax(x, dim=-1):
    return runner
