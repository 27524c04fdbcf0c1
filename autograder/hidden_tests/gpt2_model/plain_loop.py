"""`generate` as many write it, in one loop: the text in which its wrong answers change a line."""

from autograder.reference import apply_edits

__all__ = ["changed"]

REFERENCE = """\
    N = model.config.block_size
    with _evaluating(model):
        return _extend(
            idx,
            lambda idx: model(idx[:, -N:])[0][:, -1],
            max_new_tokens,
            temperature,
            top_k,
            top_p,
            eos_id,
            generator,
        )
"""

PLAIN = """\
    was_training = model.training
    model.eval()
    ended = torch.zeros(idx.size(0), 1, dtype=torch.bool)
    with torch.no_grad():
        for _ in range(max_new_tokens):
            context = idx[:, -model.config.block_size :]
            logits, _ = model(context)
            logits = logits[:, -1]
            logits = apply_temperature(logits, temperature)
            if top_k is not None:
                logits = top_k_filter(logits, top_k)
            if top_p is not None:
                logits = top_p_filter(logits, top_p)
            token = sample_next(logits, generator)
            if eos_id is not None:
                token = token.masked_fill(ended, eos_id)
                ended = ended | (token == eos_id)
            idx = torch.cat([idx, token], dim=1)
            if ended.all():
                break
    model.train(was_training)
    return idx
"""


def changed(*edits: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the edit that puts the plain loop, with some of its lines changed, into `generate`."""
    return ((REFERENCE, apply_edits(PLAIN, edits)),)
