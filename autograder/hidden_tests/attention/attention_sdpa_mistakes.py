"""Wrong answers to 5.9 attention_sdpa, the commonest first."""

from autograder.exercise import Misconception

MASK = "causal_mask(T, S, q.device) if is_causal and T != S else None"
IS_CAUSAL = "is_causal=is_causal and mask is None"
DROPOUT = "dropout_p=dropout_p if training else 0.0"
BEFORE = "    T, S = q.size(-2), k.size(-2)\n"
RESULT = "return F.scaled_dot_product_attention("
CALL = """return F.scaled_dot_product_attention(
        q,
        k,
        v,
        attn_mask=mask,
        is_causal=is_causal and mask is None,
        dropout_p=dropout_p if training else 0.0,
    )"""
INNER = CALL.removeprefix("return ")


def own_mask(mask: str) -> tuple[tuple[str, str], ...]:
    """Return edits that give the kernel a mask whenever it is causal, and never `is_causal`."""
    return ((MASK, f"{mask} if is_causal else None"), (IS_CAUSAL, "is_causal=False"))


MISCONCEPTIONS = (
    Misconception(
        "queries-first",
        "The queries are taken for the first T positions, as the kernel's `is_causal` does.",
        "One new token with eight keys reads key 0 alone. With as many queries as keys nothing "
        "shows.",
        edits=((MASK, "None"),),
    ),
    Misconception(
        "dropout-in-evaluation",
        "`training` has no effect on dropout: it is always on.",
        "The same call gives another result each time. The kernel knows nothing of a module's "
        "mode.",
        edits=((DROPOUT, "dropout_p=dropout_p"),),
    ),
    Misconception(
        "mask-and-is-causal",
        "The kernel gets a mask and `is_causal=True` together.",
        "torch refuses that: there would be two answers to one question.",
        edits=((IS_CAUSAL, "is_causal=is_causal"),),
    ),
    Misconception(
        "mask-inverted",
        "The mask is True where a key may not be read.",
        "`nn.MultiheadAttention` reads a mask that way, the kernel does not. What does True mean "
        "in `causal_mask`?",
        edits=own_mask("~causal_mask(T, S, q.device)"),
    ),
    Misconception(
        "mask-as-numbers",
        "The mask is handed over as zeros and ones.",
        "The kernel adds a float mask to the scores. A 1 more is no wall.",
        edits=own_mask("causal_mask(T, S, q.device).to(q.dtype)"),
    ),
    Misconception(
        "not-causal",
        "`is_causal` has no effect: every query reads all keys.",
        "Look at the first query of a text: what does it read?",
        edits=((MASK, "None"), (IS_CAUSAL, "is_causal=False")),
    ),
    Misconception(
        "always-causal",
        "It is causal even if `is_causal` is false.",
        "Without it every query reads all keys, also those that come later.",
        edits=((MASK, "causal_mask(T, S, q.device)"), (IS_CAUSAL, "is_causal=False")),
    ),
    Misconception(
        "causal-if-lengths-differ",
        "There is a mask whenever T and S differ, whatever `is_causal` says.",
        "Try fewer queries than keys with `is_causal=False`.",
        edits=((MASK, "causal_mask(T, S, q.device) if T != S else None"),),
    ),
    Misconception(
        "one-new-token-only",
        "Only one new token is a case of its own; several are taken for the first positions.",
        "One query reads everything, so it needs no mask. Try three queries and five keys.",
        edits=(
            (MASK, "None"),
            (IS_CAUSAL, "is_causal=is_causal and T > 1"),
        ),
    ),
    Misconception(
        "no-mask-if-lengths-differ",
        "If T and S differ, every query reads all keys.",
        "That is right for one new token. Of several, the first may not read the last.",
        edits=((MASK, "None"), (IS_CAUSAL, "is_causal=is_causal and T == S")),
    ),
    Misconception(
        "new-keys-only",
        "Only the last T keys are read.",
        "The text before them is forgotten. It is there for the new tokens to read.",
        edits=(
            (BEFORE, "    k, v = k[..., -q.size(-2) :, :], v[..., -q.size(-2) :, :]\n" + BEFORE),
        ),
    ),
    Misconception(
        "one-key-too-many",
        "A query also reads the key that comes next.",
        "In training that is the answer to its question. Look at the diagonal of the mask.",
        edits=own_mask("torch.ones(T, S, dtype=torch.bool, device=q.device).tril(S - T + 1)"),
    ),
    Misconception(
        "itself-not-read",
        "A query does not read its own position.",
        "The first query of a text then has nothing to read. Look at the diagonal of the mask.",
        edits=own_mask("torch.ones(T, S, dtype=torch.bool, device=q.device).tril(S - T - 1)"),
    ),
    Misconception(
        "scaled-twice",
        "The queries are divided by the root of hs, and the kernel divides once more.",
        "The weights come out too even. Read in torch's documentation what the kernel does by "
        "itself.",
        edits=((BEFORE, f"    q = q / q.size(-1) ** 0.5\n{BEFORE}"),),
    ),
    Misconception(
        "not-scaled",
        "The kernel is told not to scale the scores.",
        "The weights come out too sharp. Its default is the root of hs.",
        edits=((DROPOUT, f"{DROPOUT}, scale=1.0"),),
    ),
    Misconception(
        "queries-changed",
        "The queries themselves are multiplied.",
        "`q *= ...` changes the tensor that the caller still holds: the next call sees other "
        "queries.",
        edits=(
            (BEFORE, f"    q *= q.size(-1) ** -0.5\n{BEFORE}"),
            (DROPOUT, f"{DROPOUT}, scale=1.0"),
        ),
    ),
    Misconception(
        "dropout-ignored",
        "`dropout_p` has no effect.",
        "In training the share of weights that it names is dropped.",
        edits=((DROPOUT, "dropout_p=0.0"),),
    ),
    Misconception(
        "dropout-exchanged",
        "Weights are dropped in evaluation and kept in training.",
        "Read the condition aloud.",
        edits=((DROPOUT, "dropout_p=0.0 if training else dropout_p"),),
    ),
    Misconception(
        "share-kept",
        "`dropout_p` is taken for the share that is kept.",
        "With a dropout of 0 nothing would come through in training.",
        edits=((DROPOUT, "dropout_p=1 - dropout_p if training else 0.0"),),
    ),
    Misconception(
        "result-dropped",
        "Numbers of the result are dropped, not weights.",
        "Dropout is there to make a query do without a key, now and then.",
        edits=(
            (DROPOUT, "dropout_p=0.0"),
            (RESULT, "return F.dropout(F.scaled_dot_product_attention("),
            ("dropout_p=0.0,\n    )", "dropout_p=0.0,\n    ), dropout_p, training)"),
        ),
    ),
    Misconception(
        "kernel-not-called",
        "Attention is written out by hand, and torch's kernel is not called.",
        "The numbers are right, and the (T, S) scores lie in memory as a whole. The exercise is "
        "about not writing them.",
        edits=(
            (
                CALL,
                "scores = q @ k.mT / math.sqrt(q.size(-1))\n"
                "    if is_causal:\n"
                "        scores = scores.masked_fill(~causal_mask(T, S, q.device), -torch.inf)\n"
                "    return F.dropout(scores.softmax(-1), dropout_p, training) @ v",
            ),
        ),
    ),
    Misconception(
        "mask-on-the-cpu",
        "The mask is made on the CPU, wherever the queries are.",
        "On a GPU torch raises an error about two devices.",
        edits=(("causal_mask(T, S, q.device)", "causal_mask(T, S)"),),
    ),
    Misconception(
        "cut-off-from-the-gradient",
        "No gradient comes back to queries and keys.",
        "`detach`, `.data` or `no_grad` cuts the graph: what makes them is never trained.",
        edits=((BEFORE, f"    q, k = q.detach(), k.detach()\n{BEFORE}"),),
    ),
    Misconception(
        "mask-of-the-queries",
        "The mask is (T, T): it has a column for each query, not for each key.",
        "torch raises an error about sizes as soon as there are more keys than queries. How many "
        "keys may one new token read?",
        edits=own_mask("causal_mask(T, device=q.device)"),
    ),
    Misconception(
        "heads-read-each-other",
        "Heads and positions are exchanged before the kernel.",
        "The kernel attends along the last but one dimension. Which one is that in (B, nh, T, hs)?",
        edits=(
            (BEFORE, f"    q, k, v = (x.transpose(1, 2) for x in (q, k, v))\n{BEFORE}"),
            (RESULT, "return (F.scaled_dot_product_attention("),
            ("else 0.0,\n    )", "else 0.0,\n    )).transpose(1, 2)"),
        ),
    ),
    Misconception(
        "heads-merged",
        "The heads are merged in the result.",
        "The layer around it does that. The contract's result is (B, nh, T, hs).",
        edits=(
            (RESULT, "return (F.scaled_dot_product_attention("),
            ("else 0.0,\n    )", "else 0.0,\n    )).transpose(1, 2).flatten(2)"),
        ),
    ),
)
