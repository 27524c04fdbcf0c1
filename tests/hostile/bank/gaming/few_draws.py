"""Returns a text so short that its frequencies differ from nothing.

attacks: sample_bigram
claim: values
"""

def sample_bigram(P, start_id, n, generator):
    V = len(P)
    return torch.tensor([*range(start_id, V), *range(start_id + 1)])
