"""Wrong answers to 6.5 GPT that are rarer: its parts, and the way of a text through them."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.gpt_mistakes import (
    BLOCKS,
    ENTRANCE,
    HEAD,
    LN_F,
    LOGITS,
    POSITIONS,
    REFUSED,
    RUN,
)

FOR = "for block in stages.h:"

PARTS = (
    Misconception(
        "one-block-too-few",
        "There is one block fewer than `config.n_layer`.",
        "Print the names of the model's parameters: the blocks are numbered from 0.",
        edits=(("range(config.n_layer)", "range(config.n_layer - 1)"),),
    ),
    Misconception(
        "last-norm-always-has-a-bias",
        "The last norm has a bias, whatever `config.bias` says.",
        "Count the parameters with `bias=False`.",
        edits=((LN_F, "nn.LayerNorm(config.n_embd)"),),
    ),
    Misconception(
        "bias-of-the-last-norm-taken-for-eps",
        "`config.bias` is given to the last norm by position, where eps is expected.",
        "`nn.LayerNorm` takes `eps` second. True is 1 as a number, and the bias is always there.",
        edits=((LN_F, "nn.LayerNorm(config.n_embd, config.bias)"),),
    ),
    Misconception(
        "smaller-eps-of-the-last-norm",
        "The last norm has another eps than 1e-5.",
        "A stream of normal size does not show it. Try rows that are nearly constant.",
        edits=((LN_F, "nn.LayerNorm(config.n_embd, eps=1e-6, bias=config.bias)"),),
    ),
    Misconception(
        "without-transformer",
        "Tables, blocks and last norm are attributes of the model, not of its `transformer`.",
        "The mathematics is the same, but GPT-2's weights are named `transformer.wte.weight` "
        "and find no place.",
        edits=(
            (
                HEAD,
                f"{HEAD}\n        parts = self.transformer\n        del self.transformer\n"
                "        for name, part in parts.items():\n            setattr(self, name, part)",
            ),
            ("tie_weights(self)", "self.lm_head.weight = self.wte.weight"),
            ("stages: Any = self.transformer", "stages: Any = self"),
        ),
    ),
    Misconception(
        "python-dict",
        "The parts are in a Python dict, and the model does not know their parameters.",
        "`model.parameters()` does not list them, so they are never trained and never saved.",
        edits=(
            ("self.transformer = nn.ModuleDict(", "self.transformer = dict("),
            ("tie_weights(self)", 'self.lm_head.weight = self.transformer["wte"].weight'),
            ("stages: Any = self.transformer", "stages: Any = nn.ModuleDict(self.transformer)"),
        ),
    ),
    Misconception(
        "padding-row",
        "Token 0 is taken for padding: its row gets no gradient at the entrance.",
        "Token 0 of GPT-2 is an exclamation mark, and is to be learned like any other.",
        edits=(
            (
                '"wte": nn.Embedding(config.vocab_size, config.n_embd)',
                '"wte": nn.Embedding(config.vocab_size, config.n_embd, padding_idx=0)',
            ),
        ),
    ),
    Misconception(
        "blocks-by-another-name",
        "The list of blocks has another name than in GPT-2.",
        "In the contract it is `h`, for hidden layers. Weights are loaded by these names.",
        edits=((f'"h": {BLOCKS}', f'"blocks": {BLOCKS}'), (FOR, FOR.replace(".h", ".blocks"))),
    ),
    Misconception(
        "position-table-of-the-vocabulary",
        "The position table has a row for each token.",
        "How many positions are there?",
        edits=(("nn.Embedding(config.block_size,", "nn.Embedding(config.vocab_size,"),),
    ),
    Misconception(
        "config-not-kept",
        "The model does not keep its `config`.",
        "What works on the model later, such as `init_weights`, asks it for its sizes.",
        edits=(
            ("self.config = config", "self.N = config.block_size"),
            ("self.config.block_size", "self.N"),
        ),
    ),
)

WAY = (
    Misconception(
        "first-block-again",
        "Every step goes through block 0.",
        "The other blocks never get a gradient.",
        edits=((RUN, "x = stages.h[0](x)"),),
    ),
    Misconception(
        "last-block-alone",
        "Each block reads what the tables gave, and the last one's result is used.",
        "A block is to read what the block before it left.",
        edits=(
            (
                f"{FOR}\n            {RUN}",
                f"start = x\n        {FOR}\n            x = block(start)",
            ),
        ),
    ),
    Misconception(
        "blocks-in-reverse",
        "The blocks run from the last to the first.",
        "A model that is trained from scratch would not notice. GPT-2's blocks are numbered in "
        "the order of the way.",
        edits=((FOR, "for block in reversed(stages.h):"),),
    ),
    Misconception(
        "stream-added-again",
        "What goes into a block is added to what comes out of it.",
        "The block has its two sums inside.",
        edits=((RUN, "x = x + block(x)"),),
    ),
    Misconception(
        "last-norm-behind-every-block",
        "The last norm runs behind every block.",
        "It then breaks the way on which nothing is changed. There is one place for it.",
        edits=((RUN, "x = stages.ln_f(block(x))"), (LOGITS, "self.lm_head(x)")),
    ),
    Misconception(
        "positions-in-every-block",
        "The rows of the positions are added in front of every block.",
        "The first transformers that read pictures did so. In GPT-2 they enter once.",
        edits=((f" + {POSITIONS}", ""), (RUN, f"x = block(x + {POSITIONS})")),
    ),
    Misconception(
        "positions-kept-from-the-first-text",
        "The positions of the first text are kept for those that follow.",
        "The next text has another length. Look at what is kept between two calls.",
        edits=(
            (
                ENTRANCE,
                'if not hasattr(self, "at"):\n'
                "            self.at = torch.arange(T, device=idx.device)\n"
                f"        {ENTRANCE.replace('torch.arange(T, device=idx.device)', 'self.at')}",
            ),
        ),
    ),
    Misconception(
        "tokens-scaled",
        "The rows of the tokens are multiplied by the root of C.",
        "The first transformer did so. GPT-2 adds the two rows as they are.",
        edits=(("stages.wte(idx) +", "stages.wte(idx) * self.config.n_embd**0.5 +"),),
    ),
    Misconception(
        "positions-used-twice",
        "Behind the last row the positions begin again at 0: a longer text is not refused.",
        "The model was never trained on two tokens of one position.",
        edits=(
            (REFUSED, "pass"),
            ("(torch.arange(T, device=idx.device))", "(torch.arange(T, device=idx.device) % N)"),
        ),
    ),
    Misconception(
        "one-row-for-all",
        "With a table of one row, longer texts are not refused: that row is added everywhere.",
        "A slice beyond the end of a table is shorter, not an error. What does adding (1, C) do?",
        edits=((REFUSED, "pass"), (POSITIONS, "stages.wpe.weight[:T]")),
    ),
)

RARE_MISCONCEPTIONS = PARTS + WAY
