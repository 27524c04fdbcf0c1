"""Wrong answers to forward_cached, the commonest first."""

from autograder.exercise import Misconception

POSITIONS = "torch.arange(cache.pos, cache.pos + idx.size(1), device=idx.device)"
QKV = """q, k, v = (
            split_heads(part, n_head) for part in block.attn.c_attn(block.ln_1(x)).chunk(3, dim=-1)
        )"""
READ = "x = x + block.attn.c_proj(merge_heads(attention_cached(q, k, v, cache, layer)))"
WORK = "x = x + block.mlp(block.ln_2(x))"
MOVE = "cache.pos += idx.size(1)"
LOGITS = "model.lm_head(stages.ln_f(x))"
START = "stages, n_head = model.transformer, model.config.n_head"
SUM = "x = stages.wte(idx) + stages.wpe(positions)"

MISCONCEPTIONS = (
    Misconception(
        "positions-from-0",
        "The positions of the new tokens begin at 0 in every call.",
        "The prompt comes out right and all that follows is wrong. Where does the first new token "
        "stand in the text?",
        edits=((POSITIONS, "torch.arange(idx.size(1), device=idx.device)"),),
    ),
    Misconception(
        "pos-moved-by-each-layer",
        "`pos` is moved on once for each layer.",
        "All layers are at the same position. Compare `pos` with the number of tokens, for a "
        "model of two layers.",
        edits=((f"\n    {MOVE}", f"\n        {MOVE}"),),
    ),
    Misconception(
        "pos-not-moved",
        "`pos` stays where it was.",
        "The next tokens then take the places of these, in the text and in the cache.",
        edits=((f"    {MOVE}\n", ""),),
    ),
    Misconception(
        "pos-moved-by-one",
        "`pos` is moved on by 1, however many tokens there are.",
        "That is right for single tokens. A prompt has more.",
        edits=((MOVE, "cache.pos += 1"),),
    ),
    Misconception(
        "pos-set-to-the-length",
        "`pos` is set to the number of new tokens.",
        "After a prompt of three and one token more it is to be 4.",
        edits=((MOVE, "cache.pos = idx.size(1)"),),
    ),
    Misconception(
        "pos-moved-first",
        "`pos` is moved on before the layers run.",
        "The new keys then go t places too far. When are all layers done with this step?",
        edits=((f"    {MOVE}\n", ""), (f"    {SUM}", f"    {MOVE}\n    {SUM}")),
    ),
    Misconception(
        "layer-0-for-all",
        "All layers use layer 0 of the cache.",
        "With a model of one layer nothing shows. Each layer has keys of its own.",
        edits=(("cache, layer)", "cache, 0)"),),
    ),
    Misconception(
        "layers-from-1",
        "The layers are counted from 1.",
        "A cache for n layers knows the numbers 0 to n - 1.",
        edits=(("enumerate(stages.h)", "enumerate(stages.h, start=1)"),),
    ),
    Misconception(
        "cache-not-used",
        "The new tokens go through the model as if they were the whole text.",
        "What was written before has no influence on the logits. Which part of a block is it that "
        "reads other positions?",
        edits=((f"    {START}", f"    {MOVE}\n    return model(idx)[0]\n    {START}"),),
    ),
    Misconception(
        "blocks-own-attention",
        "The block's own attention runs, on the new tokens alone.",
        "The positions are right and the cache stays empty.",
        edits=((READ, "x = x + block.attn(block.ln_1(x))"),),
    ),
    Misconception(
        "same-position-for-all",
        "All new tokens get the position of the first of them.",
        "For single tokens that is right. Try a prompt of three.",
        edits=((POSITIONS, "torch.tensor([cache.pos], device=idx.device)"),),
    ),
    Misconception(
        "positions-one-too-far",
        "The first new token gets position pos + 1.",
        "`pos` counts the tokens that are known. With none, the first stands at 0.",
        edits=((POSITIONS, f"{POSITIONS} + 1"),),
    ),
    Misconception(
        "last-logits-only",
        "Only the logits of the last new token are returned.",
        "To go on writing, that is enough. The contract asks for (B, t, V).",
        edits=((LOGITS, "model.lm_head(stages.ln_f(x[:, -1:]))"),),
    ),
    Misconception(
        "logits-and-loss",
        "What is returned is a pair, as the model returns it.",
        "There is no loss here. The contract asks for the logits alone.",
        edits=(("return logits", "return logits, None"),),
    ),
    Misconception(
        "vectors-for-logits",
        "What is returned has C numbers for each token, not V.",
        "`lm_head` makes logits of vectors.",
        edits=((LOGITS, "stages.ln_f(x)"),),
    ),
)
