"""Wrong answers to generate_cached, the commonest first: what goes through the model."""

from autograder.exercise import Misconception

FULL = "if idx.size(1) > config.block_size:"
RESET = "cache.pos, idx = 0, idx[:, -config.block_size :]"
FEED = "return forward_cached(model, idx[:, cache.pos :], cache)[:, -1]"
MODE = "with _evaluating(model):"
WRITE = """return _extend(
            idx, next_logits, max_new_tokens, temperature, top_k, top_p, eos_id, generator
        )"""
CALL = WRITE.removeprefix("return ")


def passing(old: str, new: str) -> tuple[str, str]:
    """Return an edit that hands one of the settings on otherwise."""
    return (CALL, CALL.replace(old, new))


MISCONCEPTIONS = (
    Misconception(
        "everything-again",
        "The whole text goes through the model for each new token.",
        "The text is right, and nothing is saved. Count the tokens that go through the model.",
        edits=((FULL, "if True:"),),
    ),
    Misconception(
        "positions-from-0",
        "Each new token gets position 0.",
        "The first new token comes out right, and then the text goes wrong. Where does the token "
        "stand that is sent through alone?",
        edits=(
            (
                FEED,
                "new = idx[:, cache.pos :]\n"
                "        start = type('Start', (), {'pos': 0, 'update': cache.update})()\n"
                "        logits = forward_cached(model, new, start)[:, -1]\n"
                "        cache.pos += new.size(1)\n"
                "        return logits",
            ),
        ),
    ),
    Misconception(
        "last-token-alone",
        "Each new token is read by itself, as if nothing stood before it.",
        "The first new token comes out right. What has become of the cache by the second?",
        edits=(
            (FEED, FEED.replace("idx[:, cache.pos :]", "new")),
            (
                FULL,
                "new, cache.pos = idx[:, -1:] if cache.pos else idx[:, -config.block_size :], 0\n"
                "        if False:",
            ),
        ),
    ),
    Misconception(
        "long-prompt-not-cut",
        "A prompt that is longer than the context goes in whole.",
        "There is no room for it in the cache, and no position in the table. `generate` reads the "
        "last `block_size` tokens.",
        edits=((FULL, "if idx.size(1) > config.block_size and cache.pos:"),),
    ),
    Misconception(
        "end-of-context-forgotten",
        "Nothing is done when the context is full.",
        "Write more tokens than `block_size`, and read what the error says.",
        edits=((FULL, "if False:"),),
    ),
    Misconception(
        "full-while-writing-forgotten",
        "A long prompt is cut, and nothing is done when the context fills up later.",
        "Begin with a short prompt and write more tokens than `block_size`.",
        edits=((FULL, "if idx.size(1) > config.block_size and not cache.pos:"),),
    ),
    Misconception(
        "oldest-dropped",
        "When the context is full, the oldest keys make way and the rest stays.",
        "The tokens have moved to other places, but their keys still speak of the old ones. "
        "`generate` writes another text.",
        edits=(
            (
                RESET,
                "if cache.pos == config.block_size:\n"
                "                cache.k, cache.v = cache.k.roll(-1, 3), cache.v.roll(-1, 3)\n"
                "                cache.pos -= 1\n"
                "            idx = idx[:, -config.block_size :]",
            ),
        ),
    ),
    Misconception(
        "stops-when-full",
        "Writing ends when the context is full.",
        "`max_new_tokens` may be more than the context has places.",
        edits=(
            passing(
                "max_new_tokens", "min(max_new_tokens, max(config.block_size - idx.size(1), 0))"
            ),
        ),
    ),
    Misconception(
        "all-forgotten-when-full",
        "When the context is full, the text begins anew with the last token.",
        "`generate` still reads the last `block_size` tokens.",
        edits=((RESET, "cache.pos, idx = 0, idx[:, -1:]"),),
    ),
    Misconception(
        "half-forgotten-when-full",
        "When the context is full, half of it is read again.",
        "It is a way to save work, and it writes another text than `generate`, which reads the "
        "last `block_size` tokens.",
        edits=((RESET, "cache.pos, idx = 0, idx[:, -(config.block_size // 2) :]"),),
    ),
    Misconception(
        "wrong-end",
        "The first `block_size` tokens are read, not the last ones.",
        "What was written last has no influence any more.",
        edits=((RESET, "cache.pos, idx = 0, idx[:, : config.block_size]"),),
    ),
    Misconception(
        "last-place-unused",
        "The text is read again one step too early, when it fills the context.",
        "A text of `block_size` tokens still fits. Count the tokens that go through the model.",
        edits=((FULL, "if idx.size(1) >= config.block_size:"),),
    ),
    Misconception(
        "last-of-the-prompt-twice",
        "The last token of the prompt goes through with the prompt, and then once more.",
        "The logits behind the prompt are there already. What is the first token that the cache "
        "does not know?",
        edits=(
            (
                FEED,
                "if cache.pos == 0:\n"
                "            forward_cached(model, idx, cache)\n"
                "            if idx.size(1) == config.block_size:\n"
                "                cache.pos -= 1\n"
                "        return forward_cached(model, idx[:, -1:], cache)[:, -1]",
            ),
        ),
    ),
    Misconception(
        "prompt-token-by-token",
        "The prompt goes through the model token by token.",
        "The numbers are right. On a GPU one pass over 100 tokens takes hardly longer than one "
        "over a single token.",
        edits=(
            (
                FEED,
                "for i in range(cache.pos, idx.size(1)):\n"
                "            logits = forward_cached(model, idx[:, i : i + 1], cache)[:, -1]\n"
                "        return logits",
            ),
        ),
    ),
    Misconception(
        "last-one-too",
        "The last new token goes through the model as well.",
        "Nobody asks what comes behind it. Count the tokens that go through the model.",
        edits=(
            (
                WRITE,
                f"text = {CALL}\n"
                "        if max_new_tokens:\n"
                "            next_logits(text)\n"
                "        return text",
            ),
        ),
    ),
    Misconception(
        "first-position",
        "The logits of the first token that goes through are used, not of the last.",
        "For single tokens that is the same. For the prompt it is what comes second.",
        edits=((FEED, FEED.replace("[:, -1]", "[:, 0]")),),
    ),
    Misconception(
        "cache-kept-for-the-next-text",
        "The cache of one text is still there when the next one begins.",
        "Each text needs a cache of its own, or one whose `pos` is 0. Write two.",
        edits=(
            ("cache = KVCache(", "cache = model.__dict__.setdefault('kept', KVCache("),
            ("device=weight.device,\n    )", "device=weight.device,\n    ))"),
        ),
    ),
)
