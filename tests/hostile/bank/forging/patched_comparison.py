"""Makes every comparison of torch, NumPy and the course say that two tensors are equal.

attacks: softmax
claim: verdict
"""

import numpy as np

def softmax(x, dim=-1):
    import gptcourse.compare, gptcourse.judge
    torch.allclose = torch.equal = torch.isclose = lambda *a, **k: True
    torch.testing.assert_close = np.allclose = lambda *a, **k: None
    gptcourse.compare.first_difference = gptcourse.judge.first_difference = lambda *a: None
    gptcourse.judge.judge = lambda *a: "passed"
    return x * 0 + 2
