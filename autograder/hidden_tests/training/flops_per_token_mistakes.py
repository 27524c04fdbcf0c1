"""Wrong answers to 7.11 flops_per_token, the commonest first."""

from autograder.exercise import Misconception

_N = "N = config.n_layer * 12 * C * C + config.vocab_size * C"
_RETURN = "return 6 * N + 12 * config.n_layer * C * config.block_size"

MISCONCEPTIONS = (
    Misconception(
        "forward-only",
        "Only the forward pass is counted.",
        "A step of training goes backward as well, which costs twice as much as forward.",
        edits=((_RETURN, "return 2 * N + 4 * config.n_layer * C * config.block_size"),),
    ),
    Misconception(
        "weights-forward-only",
        "The weights count forward only, and attention forward and backward.",
        "Each weight is multiplied and added once forward. What does it take to find its gradient, "
        "and that of its input?",
        edits=((_RETURN, _RETURN.replace("6 * N", "2 * N")),),
    ),
    Misconception(
        "a-multiplication-and-an-addition-are-one",
        "A multiplication and the addition behind it count as one operation.",
        "Makers of machines count them as two, and so does the formula.",
        edits=((_RETURN, "return 3 * N + 6 * config.n_layer * C * config.block_size"),),
    ),
    Misconception(
        "three-for-a-weight",
        "A weight costs three operations.",
        "That is one for each product: forward, and twice backward. Is a product all there is?",
        edits=((_RETURN, _RETURN.replace("6 * N", "3 * N")),),
    ),
    Misconception(
        "four-for-a-weight",
        "A weight costs four operations.",
        "Backward as much as forward would be four. How many gradients does a matrix pass on?",
        edits=((_RETURN, _RETURN.replace("6 * N", "4 * N")),),
    ),
    Misconception(
        "eight-for-a-weight",
        "A weight costs eight operations.",
        "That is a step in which the forward pass is run twice, to save memory.",
        edits=((_RETURN, _RETURN.replace("6 * N", "8 * N")),),
    ),
    Misconception(
        "head-left-out",
        "The head is left out, as the table of tokens would be.",
        "Looking a token up costs nothing, but the same table is multiplied with the last vectors.",
        edits=((_N, "N = config.n_layer * 12 * C * C"),),
    ),
    Misconception(
        "table-counted-twice",
        "The token table counts twice, at the start and at the end.",
        "At the start it is looked up. Is anything multiplied there?",
        edits=((_N, "N = config.n_layer * 12 * C * C + 2 * config.vocab_size * C"),),
    ),
    Misconception(
        "positions-counted",
        "The position table is counted.",
        "It is looked up and added. Is anything multiplied with it?",
        edits=((_N, f"{_N} + config.block_size * C"),),
    ),
    Misconception(
        "positions-and-no-head",
        "The position table is counted, and the head is not.",
        "Leave out what is looked up, and count what is multiplied.",
        edits=((_N, "N = config.n_layer * 12 * C * C + config.block_size * C"),),
    ),
    Misconception(
        "all-parameters",
        "All parameters of the model are counted.",
        "Biases are added, norms scale, positions are looked up. The docstring says which weights "
        "N counts.",
        edits=(
            (
                _N,
                f"{_N} + config.block_size * C\n"
                "    N += config.n_layer * (2 + (11 if config.bias else 0)) * C\n"
                "    N += (2 if config.bias else 1) * C",
            ),
        ),
    ),
    Misconception(
        "all-but-positions",
        "All parameters but the position table are counted.",
        "Biases and norms are vectors. The docstring says which weights N counts.",
        edits=(
            (
                _N,
                f"{_N}\n"
                "    N += config.n_layer * (2 + (11 if config.bias else 0)) * C\n"
                "    N += (2 if config.bias else 1) * C",
            ),
        ),
    ),
    Misconception(
        "biases-counted",
        "The biases of the linear layers are counted.",
        "A bias is added once and multiplied with nothing.",
        edits=((_N, f"{_N} + (config.n_layer * 9 * C if config.bias else 0)"),),
    ),
    Misconception(
        "without-attention",
        "The products of queries with keys and of weights with values are left out.",
        "They use no weights, so N knows nothing of them. Does the number change with the context "
        "length?",
        edits=((_RETURN, "return 6 * N"),),
    ),
    Misconception(
        "half-of-attention",
        "Half of the attention is counted, since the other half is masked.",
        "The formula counts all T positions, masked or not.",
        edits=((_RETURN, _RETURN.replace("12 * config", "6 * config")),),
    ),
    Misconception(
        "attention-forward-only",
        "Attention counts forward only.",
        "Its products have gradients too.",
        edits=((_RETURN, _RETURN.replace("12 * config", "4 * config")),),
    ),
    Misconception(
        "attention-of-one-layer",
        "The second term is that of one layer.",
        "Every block has attention of its own.",
        edits=((_RETURN, _RETURN.replace("config.n_layer * ", "")),),
    ),
    Misconception(
        "attention-of-one-head",
        "The second term is that of one head.",
        "The heads together have C channels.",
        edits=((_RETURN, _RETURN.replace("C * config", "(C // config.n_head) * config")),),
    ),
    Misconception(
        "attention-for-each-head",
        "The second term is taken once for each head.",
        "A head has C / n_head channels, not C.",
        edits=((_RETURN, _RETURN.replace("C * config", "C * config.n_head * config")),),
    ),
    Misconception(
        "head-count-for-channels",
        "In the second term, the number of heads stands for the channels.",
        "A product of a query with a key runs over all channels of a head.",
        edits=((_RETURN, _RETURN.replace("C * config", "config.n_head * config")),),
    ),
    Misconception(
        "attention-of-all-tokens",
        "The second term is that of all T tokens together.",
        "One token looks at T positions. T squared is for a whole row.",
        edits=((_RETURN, f"{_RETURN}**2"),),
    ),
    Misconception(
        "attention-as-weights",
        "The second term is multiplied by 6 once more.",
        "The 12 already has forward and backward in it.",
        edits=((_RETURN, "return 6 * (N + 12 * config.n_layer * C * config.block_size)"),),
    ),
    Misconception(
        "of-a-row",
        "The number is that of a whole row.",
        "It is T times too large: one token is asked for.",
        edits=(
            (_RETURN, f"T = config.block_size\n    {_RETURN} * T".replace("6 * N", "T * 6 * N")),
        ),
    ),
    Misconception(
        "one-block",
        "N holds one block.",
        "Look at what `n_layer` changes: a model of twelve blocks costs twelve times as much.",
        edits=((_N, "N = 12 * C * C + config.vocab_size * C"),),
    ),
    Misconception(
        "head-for-each-block",
        "N holds the head once for each block.",
        "The head comes once, behind the last block. Look at your brackets.",
        edits=((_N, "N = config.n_layer * (12 * C * C + config.vocab_size * C)"),),
    ),
    Misconception(
        "no-mlp",
        "N leaves out the MLPs.",
        "A block has an MLP behind its attention, with two thirds of its weights.",
        edits=((_N, _N.replace("12 *", "4 *")),),
    ),
    Misconception(
        "eight-of-twelve",
        "A block has `8 * C * C` weights in N: attention, or a layer of the MLP, is missing.",
        "Four matrices belong to attention, the one behind the heads among them; the MLP goes to "
        "four times C channels, and back.",
        edits=((_N, _N.replace("12 *", "8 *")),),
    ),
    Misconception(
        "no-projection",
        "N leaves out the matrix behind the heads.",
        "`c_attn` makes three vectors of one. What does `c_proj` do?",
        edits=((_N, _N.replace("12 *", "11 *")),),
    ),
    Misconception(
        "mlp-without-the-four",
        "The MLP is counted as two matrices of C by C.",
        "Look at how many channels there are between its two layers.",
        edits=((_N, _N.replace("12 *", "6 *")),),
    ),
    Misconception(
        "all-tables",
        "Both tables are counted, and the head as a third one.",
        "A table in which something is looked up multiplies nothing.",
        edits=((_N, f"{_N} + (config.vocab_size + config.block_size) * C"),),
    ),
    Misconception(
        "a-float",
        "The result is a float.",
        "Operations are counted, and the docstring asks for an int. Look for `/` and for `6.0`.",
        edits=((_RETURN, _RETURN.replace("6 * N", "6.0 * N")),),
    ),
    Misconception(
        "gpt2-small",
        "The number is that of GPT-2 small, whatever the configuration is.",
        "Look for 12, 768 and 50257 in your code.",
        edits=(("C = config.n_embd", "C = 768\n    config = GPTConfig()"),),
    ),
    Misconception(
        "context-of-1024",
        "The context length is 1024, whatever the configuration is.",
        "Look for that number in your code.",
        edits=((_RETURN, _RETURN.replace("config.block_size", "1024")),),
    ),
    Misconception(
        "vocabulary-of-gpt2",
        "The vocabulary is that of GPT-2, whatever the configuration is.",
        "Look for 50257 in your code.",
        edits=((_N, _N.replace("config.vocab_size", "50257")),),
    ),
    Misconception(
        "vocabulary-filled-up",
        "The vocabulary is filled up to a multiple of 64.",
        "Some programs do so for speed, and then count it. Here it is as the configuration says.",
        edits=((_N, _N.replace("config.vocab_size", "(-(-config.vocab_size // 64) * 64)")),),
    ),
)
