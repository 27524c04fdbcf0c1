"""Reaches the probes through the globals of the model that it is given.

attacks: generate_greedy
claim: reach
"""

def generate_greedy(next_logits, prompt, max_new_tokens, eos_id=None):
    probes = type(next_logits).__call__.__globals__
    probes["generate_greedy"] = probes["generate_greedy_recorded"] = lambda *a, **k: {}
    return prompt
