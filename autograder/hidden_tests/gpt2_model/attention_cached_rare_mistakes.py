"""Wrong answers to attention_cached that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.attention_cached_mistakes import (
    KERNEL,
    MASK,
    ONES,
    UPDATE,
    by_hand,
    kernel,
)

RARE_MISCONCEPTIONS = (
    Misconception(
        "mask-inverted",
        "The mask is True where a key may not be read.",
        "What does True mean in `causal_mask`, and what to the function that takes it?",
        edits=((MASK, f"~{MASK}"),),
    ),
    Misconception(
        "mask-as-numbers",
        "The mask is handed over as zeros and ones.",
        "The kernel adds a float mask to the scores. A 1 more is no wall.",
        edits=((MASK, f"{MASK}.to(q.dtype)"),),
    ),
    Misconception(
        "masked-with-zero",
        "Masked scores become 0.",
        "A softmax gives exp(0) = 1 to each of them, before it is normalised.",
        edits=(by_hand(weights="scores.masked_fill(~mask, 0.0).softmax(-1)"),),
    ),
    Misconception(
        "weights-masked",
        "The weights are masked behind the softmax, and no longer add up to 1.",
        "What may not be read has had its share of the sum by then.",
        edits=(by_hand(weights="scores.softmax(-1).masked_fill(~mask, 0.0)"),),
    ),
    Misconception(
        "softmax-over-queries",
        "The softmax runs over the queries.",
        "With one query each weight is 1. Which dimension holds the keys that one query reads?",
        edits=(by_hand(weights="scores.masked_fill(~mask, -torch.inf).softmax(-2)"),),
    ),
    Misconception(
        "one-too-many",
        "A new token also reads the one that comes next.",
        "Put two behind three, and look at the diagonal of the mask.",
        edits=((MASK, f"{ONES}.tril(keys.size(2) - q.size(2) + 1)"),),
    ),
    Misconception(
        "itself-masked",
        "A new token does not read itself.",
        "The first token of a text then has nothing to read. Look at the diagonal of the mask.",
        edits=((MASK, f"{ONES}.tril(keys.size(2) - q.size(2) - 1)"),),
    ),
    Misconception(
        "heads-merged",
        "The result is (B, t, C): the heads are merged already.",
        "The contract asks for (B, nh, t, hs).",
        edits=((f"return {KERNEL}", f"return {KERNEL}.transpose(1, 2).flatten(2)"),),
    ),
    Misconception(
        "positions-before-heads",
        "The result is (B, t, nh, hs).",
        "The contract has the heads before the positions.",
        edits=((f"return {KERNEL}", f"return {KERNEL}.transpose(1, 2)"),),
    ),
    Misconception(
        "dropped",
        "Weights are dropped.",
        "A cache is for writing text, and there nothing is dropped. The same text gives another "
        "result each time.",
        edits=(kernel("q, keys, values, attn_mask=mask, dropout_p=0.1"),),
    ),
    Misconception(
        "queries-changed",
        "The queries themselves are multiplied.",
        "`q *= ...` changes the tensor that the caller still holds.",
        edits=(
            (UPDATE, f"q *= q.size(-1) ** -0.5\n    {UPDATE}"),
            kernel("q, keys, values, attn_mask=mask, scale=1.0"),
        ),
    ),
    Misconception(
        "cache-changed",
        "The keys that the cache returned are multiplied in place.",
        "They are the cache's own: the next token finds them changed.",
        edits=(
            (f"return {KERNEL}", f"keys *= q.size(-1) ** -0.5\n    return {KERNEL}"),
            kernel("q, keys, values, attn_mask=mask, scale=1.0"),
        ),
    ),
    Misconception(
        "mask-on-the-cpu",
        "The mask is made on the CPU, wherever the queries are.",
        "On a GPU torch raises an error about two devices.",
        edits=((", device=q.device", ""),),
    ),
    Misconception(
        "heads-read-each-other",
        "Heads and positions are exchanged before the scores are made.",
        "k comes as (B, nh, t, hs): the last two dimensions are those of one head.",
        edits=(
            (
                f"return {KERNEL}",
                "q, keys, values = (x.transpose(1, 2) for x in (q, keys, values))\n"
                "    keys, values = keys[:, -q.size(1) :], values[:, -q.size(1) :]\n"
                "    return F.scaled_dot_product_attention(q, keys, values).transpose(1, 2)",
            ),
        ),
    ),
    Misconception(
        "mask-from-pos-alone",
        "All new tokens read as far as the first of them.",
        "Look at the row of the second new token: it may read the first, and itself.",
        edits=(
            (
                MASK,
                "(torch.arange(keys.size(2), device=q.device) <= cache.pos).expand(q.size(2), -1)",
            ),
        ),
    ),
)
