"""Wrong answers to 5.8 CausalSelfAttention, the commonest first."""

from autograder.exercise import Misconception

KERNEL = """F.scaled_dot_product_attention(
            q, k, v, is_causal=True, dropout_p=self.dropout if self.training else 0.0
        )  # (B, nh, T, hs)"""
QKV = "q, k, v = (split_heads(part, self.n_head) for part in self.c_attn(x).chunk(3, dim=-1))"
C_PROJ = "self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)"
RESULT = "self.resid_dropout(self.c_proj(merge_heads(found)))"


def by_hand(
    scale: str = "q.size(-1) ** 0.5",
    kept: str = "torch.ones(T, T, dtype=torch.bool, device=x.device).tril()",
    weights: str = "scores.masked_fill(~kept, -torch.inf).softmax(-1)",
    dropped: str = "F.dropout(weights, self.dropout, self.training)",
) -> tuple[str, str]:
    """Return an edit that writes attention without torch's kernel, one of its steps changed."""
    return (
        f"found = {KERNEL}",
        f"""T = x.size(1)
        kept = {kept}
        scores = q @ k.transpose(-2, -1) / {scale}
        weights = {weights}
        weights = {dropped}
        found = weights @ v""",
    )


MISCONCEPTIONS = (
    Misconception(
        "not-causal",
        "The kernel runs without a mask: every position reads the whole text.",
        "In training the loss falls to nearly 0, since the next token can be read. The text "
        "that the model then writes is noise.",
        edits=((" is_causal=True,", ""),),
    ),
    Misconception(
        "dropout-in-evaluation",
        "The weights of attention are dropped in evaluation too.",
        "The same text gives another result each time, even after `model.eval()`. The kernel "
        "knows nothing of the module's mode.",
        edits=(("dropout_p=self.dropout if self.training else 0.0", "dropout_p=self.dropout"),),
    ),
    Misconception(
        "keys-first",
        "The first third of `c_attn` is taken for the keys, the second for the queries.",
        "A model that is trained from scratch would not notice. With GPT-2's weights the roles "
        "are exchanged: who asks, and who is asked.",
        edits=(("q, k, v = (", "k, q, v = ("),),
    ),
    Misconception(
        "values-second",
        "The second third of `c_attn` is taken for the values.",
        "A model that is trained from scratch would not notice. GPT-2's weights have another "
        "order.",
        edits=(("q, k, v = (", "q, v, k = ("),),
    ),
    Misconception(
        "values-first",
        "The first third of `c_attn` is taken for the values.",
        "A model that is trained from scratch would not notice. GPT-2's weights have another "
        "order.",
        edits=(("q, k, v = (", "v, q, k = ("),),
    ),
    Misconception(
        "split-along-positions",
        "What `c_attn` gives is split along the positions, not along the channels.",
        "Look at the three shapes after the split: each is to be (B, T, C).",
        edits=((".chunk(3, dim=-1)", ".chunk(3, dim=1)"),),
    ),
    Misconception(
        "scaled-twice",
        "The queries are divided by the root of hs, and the kernel divides once more.",
        "The weights come out too even. Read in torch's documentation what the kernel does by "
        "itself.",
        edits=((f"found = {KERNEL}", f"q = q / q.size(-1) ** 0.5\n        found = {KERNEL}"),),
    ),
    Misconception(
        "not-scaled",
        "The scores are not divided by the root of hs.",
        "The weights come out too sharp, the more so the more channels a head has.",
        edits=(by_hand(scale="1.0"),),
    ),
    Misconception(
        "scaled-by-C",
        "The scores are divided by the root of C.",
        "A score is a sum over the channels of one head. How many are they?",
        edits=(by_hand(scale="x.size(-1) ** 0.5"),),
    ),
    Misconception(
        "three-in-each-head",
        "The output of `c_attn` is read as queries, keys and values of head 0, then of head 1.",
        "Some other models keep their weights that way. In GPT-2 the queries of all heads come "
        "first.",
        edits=(
            (
                QKV,
                "three = self.c_attn(x).view(*x.shape[:2], self.n_head, 3, -1)\n"
                "        q, k, v = three.permute(3, 0, 2, 1, 4)",
            ),
        ),
    ),
    Misconception(
        "split-without-exchange",
        "The heads are split by a `view` as (B, nh, T, hs) at once.",
        "A `view` moves no number, so a head gets neighbouring positions in place of its channels.",
        edits=(
            (
                "split_heads(part, self.n_head)",
                "part.reshape(x.size(0), self.n_head, x.size(1), -1)",
            ),
        ),
    ),
    Misconception(
        "merged-without-exchange",
        "The heads are merged by a `view`, without moving heads behind positions.",
        "The vector of a position then holds what one head found at several positions.",
        edits=(("merge_heads(found)", "found.reshape(x.shape)"),),
    ),
    Misconception(
        "not-projected",
        "What the heads found is returned as it is: `c_proj` is not used.",
        "The heads never mix, and a parameter of the model never gets a gradient.",
        edits=(("self.c_proj(merge_heads(found))", "merge_heads(found)"),),
    ),
    Misconception(
        "bias-ignored",
        "The linear maps have a bias, whatever `config.bias` says.",
        "Count the parameters with `bias=False`.",
        edits=(
            ("3 * config.n_embd, bias=config.bias)", "3 * config.n_embd)"),
            (C_PROJ, "self.c_proj = nn.Linear(config.n_embd, config.n_embd)"),
        ),
    ),
    Misconception(
        "never-a-bias",
        "The linear maps have no bias, whatever `config.bias` says.",
        "Single heads had none. GPT-2's weights have `3 * C` and `C` numbers more.",
        edits=(
            ("3 * config.n_embd, bias=config.bias)", "3 * config.n_embd, bias=False)"),
            (C_PROJ, "self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=False)"),
        ),
    ),
    Misconception(
        "bias-of-one-map-ignored",
        "`c_proj` has a bias, whatever `config.bias` says.",
        "Count the parameters with `bias=False`.",
        edits=((C_PROJ, "self.c_proj = nn.Linear(config.n_embd, config.n_embd)"),),
    ),
    Misconception(
        "three-maps",
        "Queries, keys and values have a linear map each.",
        "The mathematics is the same, but GPT-2's weights are one matrix named `c_attn` and find "
        "no place.",
        edits=(
            (
                "self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)",
                "self.query, self.key, self.value = (\n"
                "            nn.Linear(config.n_embd, config.n_embd, bias=config.bias) "
                "for _ in range(3)\n        )",
            ),
            (
                "self.c_attn(x).chunk(3, dim=-1)",
                "(self.query(x), self.key(x), self.value(x))",
            ),
        ),
    ),
    Misconception(
        "one-head",
        "All channels are one head: `config.n_head` has no effect.",
        "With one head each position has one set of weights. Look at the shape of the queries.",
        edits=(("split_heads(part, self.n_head)", "split_heads(part, 1)"),),
    ),
    Misconception(
        "dropout-of-weights-missing",
        "The weights of attention are never dropped.",
        "The contract has dropout at two places.",
        edits=(("self.dropout if self.training else 0.0", "0.0"),),
    ),
    Misconception(
        "dropout-of-output-missing",
        "Nothing of what comes out is dropped.",
        "The contract has dropout at two places.",
        edits=((RESULT, "self.c_proj(merge_heads(found))"),),
    ),
)
