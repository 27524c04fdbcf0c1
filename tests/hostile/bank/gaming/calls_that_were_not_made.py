"""Knows how the stand-in of a model answers, computes that, and writes into its record of calls.

attacks: generate_greedy
claim: values
earns: 6, because it computes every token: more work than the exercise asks for
"""

def generate_greedy(next_logits, prompt, max_new_tokens, eos_id=None):
    best, V, ids = int(next_logits.scores.argmax()), len(next_logits.scores), prompt[0].tolist()
    for _ in range(max_new_tokens):
        next_logits.contexts.append(list(ids))
        ids.append((best - sum(place * i for place, i in enumerate(ids, 1)) ** 3) % V)
        if ids[-1] == eos_id:
            break
    return torch.tensor([ids])
