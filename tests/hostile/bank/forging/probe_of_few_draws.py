"""Returns, by a probe of its own, a millionth of a draw for each pair.

attacks: sample_bigram
claim: verdict
"""

from gptcourse.probes import bigrams

def transitions(sample_bigram, P, start_id, n, seed):
    return {"transitions": torch.full((len(P), len(P)), 1e-6)}

bigrams.transitions = transitions

def sample_bigram(P, start_id, n, generator):
    return bigrams
