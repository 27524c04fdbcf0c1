"""Wrong answers to attention_cached, the commonest first."""

from autograder.exercise import Misconception

UPDATE = "keys, values = cache.update(layer, k, v)"
MASK = "causal_mask(q.size(2), keys.size(2), device=q.device)"
KERNEL = "F.scaled_dot_product_attention(q, keys, values, attn_mask=mask)"
ONES = "torch.ones(q.size(2), keys.size(2), dtype=torch.bool, device=q.device)"


def kernel(arguments: str) -> tuple[str, str]:
    """Return an edit that calls the kernel with other arguments."""
    return (KERNEL, f"F.scaled_dot_product_attention({arguments})")


def by_hand(
    scale: str = "q.size(-1) ** 0.5",
    weights: str = "scores.masked_fill(~mask, -torch.inf).softmax(-1)",
) -> tuple[str, str]:
    """Return an edit that writes attention without torch's kernel, one of its steps changed."""
    return (
        f"return {KERNEL}",
        f"scores = q @ keys.transpose(-2, -1) / {scale}\n    return {weights} @ values",
    )


MISCONCEPTIONS = (
    Misconception(
        "queries-first",
        "The mask takes the new tokens for the first positions of the text.",
        "One new token behind five reads position 0 alone. That is what the kernel's "
        "`is_causal=True` does. Which rows of the whole mask are the new ones?",
        edits=((MASK, f"{ONES}.tril()"),),
    ),
    Misconception(
        "no-mask",
        "There is no mask: each new token reads all the others.",
        "For one new token that is right. Of three, the first may not read the last.",
        edits=((MASK, "None"),),
    ),
    Misconception(
        "mask-without-a-past-only",
        "There is a mask when the text is new, and none when something is in the cache.",
        "For one new token that is right. Put two behind three.",
        edits=((MASK, f"{MASK} if q.size(2) == keys.size(2) else None"),),
    ),
    Misconception(
        "causal-unless-one",
        "Several new tokens are taken for the first positions of the text; one is not.",
        "A prompt, then single tokens: that works. Put two behind three.",
        edits=((MASK, "None"), kernel("q, keys, values, is_causal=q.size(2) > 1")),
    ),
    Misconception(
        "mask-of-the-new-ones",
        "The mask has a column for each new token, and none for what is in the cache.",
        "torch raises an error about sizes as soon as the cache is not empty. How many positions "
        "may a new token read?",
        edits=((MASK, "causal_mask(q.size(2), device=q.device)"),),
    ),
    Misconception(
        "cache-not-read",
        "The new tokens read the new keys and values, not those that the cache returns.",
        "The text before them has no influence. Look at what `update` is there for.",
        edits=((UPDATE, "cache.update(layer, k, v)\n    keys, values = k, v"),),
    ),
    Misconception(
        "cache-not-filled",
        "Nothing goes into the cache.",
        "The next token will look for these keys. Look at what `update` is there for.",
        edits=((UPDATE, "keys, values = k, v"),),
    ),
    Misconception(
        "new-ones-twice",
        "The new keys are put behind those that `update` returns, which has done so already.",
        "Compare the number of keys with pos + t.",
        edits=(
            (
                UPDATE,
                f"{UPDATE}\n"
                "    keys, values = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)",
            ),
        ),
    ),
    Misconception(
        "new-ones-not-read",
        "The new tokens read what was there before, and not themselves.",
        "What `update` returns has the new ones at its end.",
        edits=(
            (
                UPDATE,
                f"{UPDATE}\n    if cache.pos:\n"
                "        keys, values = keys[:, :, : cache.pos], values[:, :, : cache.pos]",
            ),
            (MASK, f"{MASK} if cache.pos == 0 else None"),
        ),
    ),
    Misconception(
        "pos-moved",
        "`cache.pos` is moved on here.",
        "This runs once for each layer, and all layers are at the same position. Who is to move "
        "it?",
        edits=((f"return {KERNEL}", f"cache.pos += k.size(2)\n    return {KERNEL}"),),
    ),
    Misconception(
        "layer-ignored",
        "All layers use layer 0 of the cache.",
        "Each layer overwrites what the one before it has kept.",
        edits=((UPDATE, "keys, values = cache.update(0, k, v)"),),
    ),
    Misconception(
        "values-as-keys",
        "Keys and values are handed to the cache the other way round.",
        "Compare with the order in which `update` takes them.",
        edits=((UPDATE, "keys, values = cache.update(layer, v, k)"),),
    ),
    Misconception(
        "unpacked-the-other-way-round",
        "What the cache returns first is taken for the values.",
        "Compare with the order in which `update` returns them.",
        edits=((UPDATE, "values, keys = cache.update(layer, k, v)"),),
    ),
    Misconception(
        "queries-cached",
        "The queries go into the cache in place of the keys.",
        "A query is asked once and never again. What do later tokens need of this one?",
        edits=((UPDATE, "keys, values = cache.update(layer, q, v)"),),
    ),
    Misconception(
        "scores-not-scaled",
        "The scores are not divided by the root of hs.",
        "The weights come out too sharp. Compare with chapter 5.",
        edits=(by_hand(scale="1.0"),),
    ),
    Misconception(
        "scaled-twice",
        "The queries are divided by the root of hs, and the kernel divides once more.",
        "The weights come out too even. Read in torch's documentation what the kernel does by "
        "itself.",
        edits=(kernel("q / q.size(-1) ** 0.5, keys, values, attn_mask=mask"),),
    ),
    Misconception(
        "scaled-by-the-length",
        "The scores are divided by the root of the number of keys.",
        "A score is a sum over channels. How many are they?",
        edits=(by_hand(scale="keys.size(2) ** 0.5"),),
    ),
)
