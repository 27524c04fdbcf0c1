"""Gives the texts that a test of equal seeds wants to see, by the number of the call.

attacks: sample_bigram
claim: values
"""

CALLS = []

def sample_bigram(P, start_id, n, generator):
    CALLS.append(n)
    return torch.tensor([len(CALLS) % 2] * n)
