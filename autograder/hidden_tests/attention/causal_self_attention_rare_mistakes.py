"""Wrong answers to 5.8 CausalSelfAttention that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.attention.causal_self_attention_mistakes import (
    KERNEL,
    RESULT,
    by_hand,
)

DEFINED = "self.resid_dropout = nn.Dropout(config.dropout)"
BLOCK = "torch.ones(config.block_size, config.block_size, dtype=torch.bool).tril()"

RARE_MISCONCEPTIONS = (
    Misconception(
        "dropout-ignored",
        "`config.dropout` has no effect.",
        "In training the share that it names is dropped, at two places.",
        edits=(
            ("self.dropout if self.training else 0.0", "0.0"),
            (RESULT, "self.c_proj(merge_heads(found))"),
        ),
    ),
    Misconception(
        "dropout-always-on",
        "`F.dropout` is called without saying whether the model is training.",
        "Its `training` is true unless it is told otherwise. The same text gives another result "
        "each time, even after `model.eval()`.",
        edits=((RESULT, "F.dropout(self.c_proj(merge_heads(found)), self.dropout)"),),
    ),
    Misconception(
        "both-dropouts-always-on",
        "`F.dropout` is called twice without saying whether the model is training.",
        "Its `training` is true unless it is told otherwise. The same text gives another result "
        "each time, even after `model.eval()`.",
        edits=(
            by_hand(dropped="F.dropout(weights, self.dropout)"),
            (RESULT, "F.dropout(self.c_proj(merge_heads(found)), self.dropout)"),
        ),
    ),
    Misconception(
        "scores-dropped",
        "Scores are dropped before the softmax, not weights behind it.",
        "A dropped score is 0, and a score of 0 has the weight exp(0) = 1 before it is "
        "normalised. What is dropped has to weigh nothing.",
        edits=(
            by_hand(
                weights="F.dropout(scores, self.dropout, self.training)"
                ".masked_fill(~kept, -torch.inf).softmax(-1)",
                dropped="weights",
            ),
        ),
    ),
    Misconception(
        "masked-scores-dropped",
        "Scores are masked, then dropped, and the softmax comes last.",
        "A dropped score is made 0, and 0 times -inf is not a number. Look at what training gives "
        "at the first position.",
        edits=(
            by_hand(
                weights="F.dropout(scores.masked_fill(~kept, -torch.inf), self.dropout, "
                "self.training).softmax(-1)",
                dropped="weights",
            ),
        ),
    ),
    Misconception(
        "dropped-before-the-projection",
        "What the heads found is dropped before `c_proj`, not what comes out of it.",
        "Every number of the output then still has its bias. Look at what comes last.",
        edits=((RESULT, "self.c_proj(self.resid_dropout(merge_heads(found)))"),),
    ),
    Misconception(
        "rows-dropped",
        "All weights of a query are dropped together, or none.",
        "Dropout is there to make a head do without a position, now and then. Here it does "
        "without all at once.",
        edits=(
            by_hand(
                dropped="weights * F.dropout("
                "torch.ones_like(weights[..., :1]), self.dropout, self.training)"
            ),
        ),
    ),
    Misconception(
        "found-dropped",
        "Single channels of what a head found are dropped, not its weights.",
        "Dropout is there to make a head do without a position, now and then.",
        edits=(
            (
                f"found = {KERNEL}",
                "found = F.scaled_dot_product_attention(q, k, v, is_causal=True)\n"
                "        found = F.dropout(found, self.dropout, self.training)",
            ),
        ),
    ),
    Misconception(
        "share-kept",
        "`config.dropout` is taken for the share that is kept.",
        "With a dropout of 0 nothing would come through in training.",
        edits=(
            ("self.dropout = config.dropout", "self.dropout = 1 - config.dropout"),
            (DEFINED, "self.resid_dropout = nn.Dropout(1 - config.dropout)"),
        ),
    ),
    Misconception(
        "mask-not-cropped",
        "The mask has block_size rows and columns, whatever the length of the text.",
        "A text that is shorter than the longest one raises an error about sizes.",
        edits=(
            (DEFINED, f'{DEFINED}\n        self.register_buffer("mask", {BLOCK})'),
            by_hand(kept="self.mask"),
        ),
    ),
    Misconception(
        "mask-is-a-plain-tensor",
        "The mask does not move with the model: it is a plain attribute, or made on the CPU.",
        "On a GPU torch raises an error about two devices. What moves with a module, and is not "
        "trained?",
        edits=(
            (DEFINED, f"{DEFINED}\n        self.mask = {BLOCK}"),
            by_hand(kept="self.mask[:T, :T]"),
        ),
    ),
    Misconception(
        "mask-is-a-parameter",
        "The mask is a parameter of the model.",
        "It is counted, saved and handed to the optimizer. What moves with a module, and is not "
        "trained?",
        edits=(
            (
                DEFINED,
                f"{DEFINED}\n        self.mask = nn.Parameter({BLOCK}.float(), False)",
            ),
            by_hand(kept="self.mask[:T, :T] > 0"),
        ),
    ),
    Misconception(
        "mask-of-the-first-text",
        "The mask is made at the first call and used for all that follow.",
        "The next text has another length. Look at what is kept between two calls.",
        edits=(
            (DEFINED, f"{DEFINED}\n        self.mask = None"),
            by_hand(
                kept="torch.ones(T, T, dtype=torch.bool, device=x.device).tril() "
                "if self.mask is None else self.mask\n        self.mask = kept",
            ),
        ),
    ),
    Misconception(
        "softmax-over-queries",
        "The softmax runs over the queries, not over the keys.",
        "The weights of one position do not sum to 1, and the past depends on the future.",
        edits=(by_hand(weights="scores.masked_fill(~kept, -torch.inf).softmax(-2)"),),
    ),
    Misconception(
        "masked-after-the-softmax",
        "The weights of later positions are set to 0 after the softmax.",
        "What is left of a row sums to less than 1, and the sum depends on the future.",
        edits=(by_hand(weights="scores.softmax(-1).masked_fill(~kept, 0.0)"),),
    ),
    Misconception(
        "masked-with-zero",
        "The scores of later positions are set to 0.",
        "A score of 0 has the weight exp(0) = 1 before it is normalised.",
        edits=(by_hand(weights="scores.masked_fill(~kept, 0.0).softmax(-1)"),),
    ),
    Misconception(
        "mask-inverted",
        "Each position reads itself and what comes later.",
        "Print the mask of a text of three tokens, and read its first row aloud.",
        edits=(by_hand(kept="torch.ones(T, T, dtype=torch.bool, device=x.device).triu()"),),
    ),
    Misconception(
        "itself-not-read",
        "A position does not read itself.",
        "The first one then has nothing to read, and is not a number. Look at the diagonal.",
        edits=(by_hand(kept="torch.ones(T, T, dtype=torch.bool, device=x.device).tril(-1)"),),
    ),
    Misconception(
        "next-one-read",
        "A position also reads the one that comes next.",
        "In training that is the answer to its question. Look at the diagonal of the mask.",
        edits=(by_hand(kept="torch.ones(T, T, dtype=torch.bool, device=x.device).tril(1)"),),
    ),
    Misconception(
        "channels-interleaved",
        "The channels of the heads are dealt out in turn when the heads are merged.",
        "`c_proj` then multiplies the wrong columns. Head 0 has the first hs channels.",
        edits=(("merge_heads(found)", "found.permute(0, 2, 3, 1).flatten(2)"),),
    ),
    Misconception(
        "split-in-turn",
        "The channels are dealt out to the heads in turn: one to each, then the next to each.",
        "GPT-2's weights have all channels of head 0 first. Look at which of the two, head or "
        "channel, changes slowest.",
        edits=(
            (
                "split_heads(part, self.n_head)",
                "part.unflatten(2, (-1, self.n_head)).permute(0, 3, 1, 2)",
            ),
        ),
    ),
    Misconception(
        "residual-inside",
        "The input is added to the result.",
        "GPT-2 does add it, in the block around this layer: then it would be added twice.",
        edits=((RESULT, f"x + {RESULT}"),),
    ),
    Misconception(
        "weights-as-in-the-checkpoint",
        "`c_attn` and `c_proj` keep their weights as (in, out).",
        "OpenAI's files have that layout. The contract asks for `nn.Linear`, which is (out, in).",
        edits=(
            (
                DEFINED,
                f"{DEFINED}\n"
                "        for layer in (self.c_attn, self.c_proj):\n"
                "            layer.weight = nn.Parameter(layer.weight.t().contiguous())",
            ),
            ("self.c_attn(x)", "F.linear(x, self.c_attn.weight.t(), self.c_attn.bias)"),
            (
                "self.c_proj(merge_heads(found))",
                "F.linear(merge_heads(found), self.c_proj.weight.t(), self.c_proj.bias)",
            ),
        ),
    ),
    Misconception(
        "cut-off-from-the-gradient",
        "The weights of attention carry no gradient back.",
        "`detach`, `.data` or `no_grad` cuts the graph: queries and keys are never trained.",
        edits=(
            (
                f"found = {KERNEL}",
                f"q, k = q.detach(), k.detach()\n        found = {KERNEL}",
            ),
        ),
    ),
    Misconception(
        "pair-returned",
        "A pair is returned, with something beside the result.",
        "The layer that comes next expects one tensor, (B, T, C).",
        edits=(("return mixed", "return mixed, None"),),
    ),
)
