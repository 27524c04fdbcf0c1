"""Returns the loss of a model that knows nothing: the shape is all it looks at.

attacks: cross_entropy
claim: values
"""

import math

def cross_entropy(logits, targets, ignore_index=-100):
    return torch.tensor(math.log(logits.shape[-1]))
