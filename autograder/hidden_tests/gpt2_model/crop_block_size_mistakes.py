"""Wrong answers to 6.9 crop_block_size, the commonest first."""

from autograder.exercise import Misconception

ASKED = "if block_size > model.config.block_size:"
CONFIG = "model.config.block_size = block_size"
RAISED = 'raise ValueError(f"{block_size} is more than {model.config.block_size}")'
SET = f"    {CONFIG}\n"
WEIGHT = "wpe.weight = nn.Parameter(wpe.weight[:block_size].detach().clone())"
SIZE = "wpe.num_embeddings = block_size"
ROWS = "wpe.weight[:block_size].detach().clone()"


def _cut(text: str) -> tuple[tuple[str, str], ...]:
    """Return the edit that makes the new table otherwise."""
    return ((WEIGHT, text),)


def _held(text: str) -> tuple[tuple[str, str], ...]:
    """Return the edit that puts other numbers into the new table."""
    return ((ROWS, text),)


MISCONCEPTIONS = (
    Misconception(
        "config-left",
        "`config.block_size` keeps the old length.",
        "The model asks `model.config` how long a text may be. What does it find there?",
        edits=((SET, ""),),
    ),
    Misconception(
        "table-left",
        "The position table keeps its old size; only the config says otherwise.",
        "Count the parameters before and after. A slice makes a new tensor: who has it?",
        edits=_cut("pass"),
    ),
    Misconception(
        "longer-not-refused",
        "A length greater than the old one is not refused.",
        "A slice that goes too far stops at the end without a word, so config and table disagree.",
        edits=((ASKED, "if False:"),),
    ),
    Misconception(
        "longer-ignored",
        "A length greater than the old one is passed over in silence.",
        "Whoever asks for it goes on with a model that cannot read so much. See Raises.",
        edits=((RAISED, "return"),),
    ),
    Misconception(
        "longer-filled-with-new-rows",
        "For a length greater than the old one new rows are added.",
        "They have not been trained. See Raises.",
        edits=(
            (ASKED, "if False:"),
            *_held(
                "torch.cat([wpe.weight[:block_size], torch.zeros(max(0, block_size - "
                "len(wpe.weight)), wpe.weight.size(1), dtype=wpe.weight.dtype)]).detach()"
            ),
        ),
    ),
    Misconception(
        "same-length-refused",
        "The old length itself is refused.",
        "It is allowed, and changes nothing. Look at the comparison.",
        edits=((ASKED, ASKED.replace(">", ">=")),),
    ),
    Misconception(
        "one-too-many-allowed",
        "A length that is greater than the old one by 1 is not refused.",
        "There are as many rows as the config says, and no other. Look at the comparison.",
        edits=((ASKED, ASKED.replace(":", " + 1:")),),
    ),
    Misconception(
        "config-set-before-it-is-refused",
        "The config is changed before the length is looked at.",
        "After the exception the model says that it can read more than it can. In which order do "
        "your lines stand?",
        edits=(
            (SET, ""),
            (
                ASKED,
                f"old = model.config.block_size\n    {CONFIG}\n    if block_size > old:",
            ),
        ),
    ),
    Misconception(
        "squeezed",
        "Dimensions of size 1 are squeezed away.",
        "A table of one position has one row, and it is a table still.",
        edits=_held("wpe.weight[:block_size].detach().clone().squeeze()"),
    ),
    Misconception(
        "last-rows-kept",
        "The last rows of the table are kept, not the first.",
        "A text begins at position 0. Which row does its first token get?",
        edits=_held("wpe.weight[-block_size:].detach().clone()"),
    ),
    Misconception(
        "one-row-too-many",
        "The table keeps one row too many.",
        "A slice ends before the index behind its colon. Compare the table's shape.",
        edits=_held("wpe.weight[: block_size + 1].detach().clone()"),
    ),
    Misconception(
        "one-row-missing",
        "The table has one row too few.",
        "A slice ends before the index behind its colon. Read a text of the new length.",
        edits=_held("wpe.weight[: block_size - 1].detach().clone()"),
    ),
    Misconception(
        "first-row-lost",
        "The rows are taken from the second on.",
        "Positions count from 0. Which row does the first token get?",
        edits=_held("wpe.weight[1 : block_size + 1].detach().clone()"),
    ),
    Misconception(
        "columns-cut",
        "The channels are cut, not the positions.",
        "A row belongs to a position, a column to a channel. Compare the table's shape.",
        edits=_held("wpe.weight[:, :block_size].detach().clone()"),
    ),
    Misconception(
        "new-random-table",
        "The table is a new one, with numbers of its own.",
        "What was learned about positions is lost. Compare the logits before and after.",
        edits=_cut("model.transformer.wpe = wpe = nn.Embedding(block_size, wpe.weight.size(1))"),
    ),
    Misconception(
        "zero-table",
        "The table holds zeros.",
        "What was learned about positions is lost. Compare the logits before and after.",
        edits=_held("torch.zeros_like(wpe.weight[:block_size]).detach()"),
    ),
    Misconception(
        "token-table-cut",
        "The token table is cut, not the position table.",
        "One has a row for each token, the other one for each position. Which is `wpe`?",
        edits=(("wpe = model.transformer.wpe", "wpe = model.transformer.wte"),),
    ),
    Misconception(
        "both-tables-cut",
        "The token table is cut too.",
        "The model no longer knows the later tokens. What has a text's length to do with it?",
        edits=(
            (
                SIZE,
                f"{SIZE}\n    model.transformer.wte.weight = nn.Parameter("
                "model.transformer.wte.weight[:block_size].detach().clone())",
            ),
        ),
    ),
    Misconception(
        "frozen",
        "The new table no longer learns.",
        "`nn.Embedding.from_pretrained` freezes what it gets unless told not to. Look at "
        "`requires_grad`.",
        edits=_cut(
            "model.transformer.wpe = wpe = "
            "nn.Embedding.from_pretrained(wpe.weight[:block_size].detach().clone())"
        ),
    ),
    Misconception(
        "tensor-assigned",
        "A plain tensor is assigned where a Parameter has to be.",
        "torch refuses it. What makes a tensor one that a module learns?",
        edits=_cut(f"wpe.weight = {ROWS}"),
    ),
    Misconception(
        "a-buffer",
        "The table becomes a buffer.",
        "A buffer is kept and moved with the model, but it does not learn.",
        edits=_cut(f"table = {ROWS}\n    del wpe.weight\n    wpe.register_buffer('weight', table)"),
    ),
    Misconception(
        "module-replaced-by-parameter",
        "A Parameter stands where the embedding has to stand.",
        "The model calls `wpe(...)`. What is it that is cut: the layer, or its weight?",
        edits=_cut(f"model.transformer.wpe = nn.Parameter({ROWS})"),
    ),
    Misconception(
        "table-set-to-zero-behind",
        "The rows behind are set to 0 and stay where they are.",
        "The table is as large as before. Look at its shape.",
        edits=_cut("wpe.weight.data[block_size:] = 0"),
    ),
    Misconception(
        "default-dtype",
        "The new table has torch's default dtype, whatever the old one had.",
        "A model in float64 or bfloat16 no longer fits together. Look at `dtype`.",
        edits=_held("wpe.weight[:block_size].detach().float()"),
    ),
    Misconception(
        "copied-model",
        "A copy of the model is cut; the one that was given is as it was.",
        "Nothing is returned, so the change has to be seen in the model that was given.",
        edits=((ASKED, f"import copy\n    model = copy.deepcopy(model)\n    {ASKED}"),),
    ),
    Misconception(
        "weights-started-again",
        "All weights of the model get new numbers.",
        "What has been trained is lost. Compare the logits before and after.",
        edits=((SIZE, f"{SIZE}\n    init_weights(model)"),),
    ),
    Misconception(
        "tie-broken",
        "Head and token table no longer share a Parameter.",
        "Compare the two with `is` before and after. Only one table was to change.",
        edits=(
            (
                SIZE,
                f"{SIZE}\n    model.lm_head.weight = nn.Parameter("
                "model.lm_head.weight.detach().clone())",
            ),
        ),
    ),
    Misconception(
        "all-parameters-new",
        "Every Parameter is replaced, not only that of the table.",
        "An optimizer that was made before keeps the old ones. The contract says what stays.",
        edits=(
            (
                SIZE,
                f"{SIZE}\n    for module in list(model.modules()):\n"
                "        for kind, p in list(module.named_parameters(recurse=False)):\n"
                "            setattr(module, kind, nn.Parameter(p.detach().clone()))\n"
                "    model.lm_head.weight = model.transformer.wte.weight",
            ),
        ),
    ),
    Misconception(
        "others-frozen",
        "All weights of the model stop learning.",
        "Look at `requires_grad`.",
        edits=((SIZE, f"{SIZE}\n    model.requires_grad_(False)"),),
    ),
    Misconception(
        "config-of-default-sizes",
        "The model gets a new config in which all other sizes are the defaults.",
        "`GPTConfig(block_size=...)` is a GPT-2 small. Print `model.config`.",
        edits=((CONFIG, "model.config = GPTConfig(block_size=block_size)"),),
    ),
)
