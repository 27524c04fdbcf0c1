"""Wrong answers to forward_cached that are rarer: something of the block is lost or moved."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.forward_cached_mistakes import (
    LOGITS,
    POSITIONS,
    QKV,
    READ,
    SUM,
    WORK,
)

RARE_MISCONCEPTIONS = (
    Misconception(
        "no-last-norm",
        "`ln_f` is left out.",
        "Compare with the model's own `forward`, from its last line up.",
        edits=((LOGITS, "model.lm_head(x)"),),
    ),
    Misconception(
        "no-first-norm",
        "`ln_1` is left out.",
        "Compare with the block's own `forward`.",
        edits=(("block.ln_1(x)", "x"),),
    ),
    Misconception(
        "no-second-norm",
        "`ln_2` is left out.",
        "Compare with the block's own `forward`.",
        edits=(("block.ln_2(x)", "x"),),
    ),
    Misconception(
        "norms-exchanged",
        "`ln_2` stands before attention, and `ln_1` before the MLP.",
        "In a new model they are alike, and nothing shows. In a trained one they differ.",
        edits=(("block.ln_1(x)", "block.ln_2(x)"), (WORK, "x = x + block.mlp(block.ln_1(x))")),
    ),
    Misconception(
        "attention-replaces",
        "What attention finds replaces x.",
        "In a block both parts add to the residual stream.",
        edits=((READ, READ.replace("x + ", "")),),
    ),
    Misconception(
        "mlp-replaces",
        "What the MLP returns replaces x.",
        "In a block both parts add to the residual stream.",
        edits=((WORK, "x = block.mlp(block.ln_2(x))"),),
    ),
    Misconception(
        "no-mlp",
        "The MLP is left out.",
        "Attention is one of two parts of a block.",
        edits=((f"        {WORK}\n", ""),),
    ),
    Misconception(
        "side-by-side",
        "The MLP reads what the block got, without what attention found.",
        "Some other models work like this. In GPT-2 one comes after the other.",
        edits=((READ, f"before = x\n        {READ}"), ("block.ln_2(x)", "block.ln_2(before)")),
    ),
    Misconception(
        "norms-behind",
        "The layer norms stand behind each sum, not before each part.",
        "That was the order of 2017. GPT-2 normalises a copy, and the residual stream stays as "
        "it is.",
        edits=(
            ("block.ln_1(x)", "x"),
            (WORK, "x = block.ln_1(x)\n        x = block.ln_2(x + block.mlp(x))"),
        ),
    ),
    Misconception(
        "not-projected",
        "What the heads found is added as it is: `c_proj` of attention is not used.",
        "The heads never mix. Compare with the attention layer's own `forward`.",
        edits=((READ, "x = x + merge_heads(attention_cached(q, k, v, cache, layer))"),),
    ),
    Misconception(
        "keys-first",
        "The first third of `c_attn` is taken for the keys, the second for the queries.",
        "Compare with the attention layer's own `forward`.",
        edits=(("q, k, v = (", "k, q, v = ("),),
    ),
    Misconception(
        "one-head",
        "All channels are one head.",
        "`model.config.n_head` says how many there are.",
        edits=(("split_heads(part, n_head)", "split_heads(part, 1)"),),
    ),
    Misconception(
        "heads-not-exchanged",
        "The heads are split by a `view` as (B, nh, t, hs) at once.",
        "For a single token nothing shows. A `view` moves no number.",
        edits=(
            (
                "split_heads(part, n_head)",
                "part.reshape(idx.size(0), n_head, idx.size(1), -1)",
            ),
        ),
    ),
    Misconception(
        "heads-merged-by-a-view",
        "The heads are merged by a `view`, without moving them behind the positions.",
        "For a single token nothing shows. A `view` moves no number.",
        edits=(
            (
                "merge_heads(attention_cached(q, k, v, cache, layer))",
                "attention_cached(q, k, v, cache, layer).reshape(x.shape)",
            ),
        ),
    ),
    Misconception(
        "no-positions",
        "The position table is not used.",
        "Without it a model cannot tell an order of words from another.",
        edits=((SUM, "x = stages.wte(idx)"),),
    ),
    Misconception(
        "positions-in-each-block",
        "The positions are added again in every block.",
        "They are added once, to the tokens.",
        edits=((QKV, f"x = x + stages.wpe(positions)\n        {QKV}"),),
    ),
    Misconception(
        "first-row-only",
        "All rows of the batch get what the first row has.",
        "The rows are different texts. Try B = 2.",
        edits=((SUM, f"{SUM}\n    x = x[:1].expand_as(x)"),),
    ),
    Misconception(
        "first-layer-again",
        "Every step of the loop runs the first block.",
        "With a model of one layer nothing shows.",
        edits=((QKV, f"block = stages.h[0]\n        {QKV}"),),
    ),
    Misconception(
        "dropped",
        "Numbers are dropped, although the model is in evaluation mode.",
        "`F.dropout` drops unless it is told `training=False`.",
        edits=((SUM, f"{SUM}\n    x = F.dropout(x, 0.1)"),),
    ),
    Misconception(
        "positions-on-the-cpu",
        "The positions are made on the CPU, wherever the tokens are.",
        "On a GPU torch raises an error about two devices.",
        edits=((POSITIONS, "torch.arange(cache.pos, cache.pos + idx.size(1))"),),
    ),
    Misconception(
        "probabilities",
        "Probabilities are returned.",
        "The contract asks for logits: the softmax comes when a token is drawn.",
        edits=((LOGITS, f"{LOGITS}.softmax(-1)"),),
    ),
)
