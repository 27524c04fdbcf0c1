"""Wrong answers to 6.7 gpt2_config, the commonest first."""

from autograder.exercise import Misconception

HEAD = "def gpt2_config(name: str) -> GPTConfig:"
NAMES = "n_layer, n_head, n_embd = {"
SMALL = '"gpt2": (12, 12, 768),'
MEDIUM = '"gpt2-medium": (24, 16, 1024),'
LARGE = '"gpt2-large": (36, 20, 1280),'
XL = '"gpt2-xl": (48, 25, 1600),'
LOOKUP = "}[name]"
MADE = "return GPTConfig(n_layer=n_layer, n_head=n_head, n_embd=n_embd)"


def _made(more: str) -> tuple[str, str]:
    """Return the edit that gives the config something more."""
    return (MADE, MADE.replace("n_embd=n_embd", f"n_embd=n_embd, {more}"))


MISCONCEPTIONS = (
    Misconception(
        "layers-and-heads-swapped",
        "Layers and heads are swapped.",
        "GPT-2 small has as many of one as of the other, so it looks right; the larger ones do "
        "not. Compare with the order in the contract.",
        edits=((NAMES, "n_head, n_layer, n_embd = {"),),
    ),
    Misconception(
        "none-returned",
        "Nothing is returned.",
        "A function without `return` gives None.",
        edits=((MADE, MADE.removeprefix("return ")),),
    ),
    Misconception(
        "name-ignored",
        "The sizes of GPT-2 small come back for every name.",
        "`GPTConfig()` without arguments has the defaults. Where does the name come in?",
        edits=((MADE, "return GPTConfig()"),),
    ),
    Misconception(
        "small-for-unknown-names",
        "For a name that does not exist the sizes of GPT-2 small come back.",
        "A typing error would then give a smaller model than was asked for, without a word. Look "
        "at the second argument of `get`, or at a last `else`.",
        edits=((LOOKUP, "}.get(name, (12, 12, 768))"),),
    ),
    Misconception(
        "none-for-unknown-names",
        "For a name that does not exist None comes back.",
        "The error would show much later, and elsewhere. What does the contract say under Raises?",
        edits=(
            (LOOKUP, "}.get(name, (None, None, None))"),
            (MADE, f"{MADE} if n_layer else None"),
        ),
    ),
    Misconception(
        "positional-arguments",
        "The sizes are given to GPTConfig by position, and its first two fields are others.",
        "`block_size` and `vocab_size` stand in front. Print the config.",
        edits=((MADE, "return GPTConfig(n_layer, n_head, n_embd)"),),
    ),
    Misconception(
        "in-a-row-by-position",
        "Layers, heads and channels are given by position behind swapped first fields.",
        "Compare `block_size` and `vocab_size` with the order in which GPTConfig has them.",
        edits=((MADE, "return GPTConfig(50257, 1024, n_layer, n_head, n_embd)"),),
    ),
    Misconception(
        "tuple-returned",
        "The three numbers come back, not a GPTConfig.",
        "What is asked for has seven attributes. `config.n_layer` has to work.",
        edits=((MADE, "return n_layer, n_head, n_embd"),),
    ),
    Misconception(
        "dict-returned",
        "A dictionary comes back, not a GPTConfig.",
        "`config.n_layer` has to work. A dictionary has keys, not attributes.",
        edits=((MADE, "return dict(n_layer=n_layer, n_head=n_head, n_embd=n_embd)"),),
    ),
    Misconception(
        "heads-of-small",
        "All models have the 12 heads of GPT-2 small.",
        "The heads grow with the channels. 12 does not even divide 1600.",
        edits=((MADE, MADE.replace("n_head=n_head", "n_head=12")),),
    ),
    Misconception(
        "heads-forgotten",
        "The number of layers is given for the number of heads.",
        "That is right for GPT-2 small alone. Look at the larger ones.",
        edits=((MADE, MADE.replace("n_head=n_head", "n_head=n_layer")),),
    ),
    Misconception(
        "channels-forgotten",
        "All models have the 768 channels of GPT-2 small.",
        "Look at `n_embd` of the larger ones.",
        edits=((MADE, MADE.replace(", n_embd=n_embd", "")),),
    ),
    Misconception(
        "layers-forgotten",
        "All models have the 12 layers of GPT-2 small.",
        "Look at `n_layer` of the larger ones.",
        edits=((MADE, MADE.replace("n_layer=n_layer, ", "")),),
    ),
    Misconception(
        "size-of-a-head",
        "`n_head` holds the channels of one head, not the number of heads.",
        "It is 64 in every model. How many such parts do the channels have?",
        edits=((MADE, MADE.replace("n_head=n_head", "n_head=n_embd // n_head")),),
    ),
    Misconception(
        "medium-and-large-swapped",
        "The sizes of medium and large are swapped.",
        "Which of the two has more channels?",
        edits=(
            (MEDIUM, MEDIUM.replace("24, 16, 1024", "36, 20, 1280")),
            (LARGE, LARGE.replace("36, 20, 1280", "24, 16, 1024")),
        ),
    ),
    Misconception(
        "xl-with-24-heads",
        "The largest model has 24 heads.",
        "It is the odd one: 1600 channels cannot be dealt out to 24 heads.",
        edits=((XL, XL.replace("25", "24")),),
    ),
    Misconception(
        "xl-with-20-heads",
        "The largest model has the 20 heads of the one before it.",
        "Look at the last line of the table again.",
        edits=((XL, XL.replace("25", "20")),),
    ),
    Misconception(
        "xl-with-1536-channels",
        "The largest model has 1536 channels.",
        "25 heads do not divide 1536. Look at the last line of the table again.",
        edits=((XL, XL.replace("1600", "1536")),),
    ),
    Misconception(
        "no-bias",
        "There are no biases.",
        "That is common in newer models. The weights that OpenAI published have them.",
        edits=(_made("bias=False"),),
    ),
    Misconception(
        "dropout-on",
        "Dropout is 0.1.",
        "OpenAI trained with it, but the contract says what it is here.",
        edits=(_made("dropout=0.1"),),
    ),
    Misconception(
        "padded-vocabulary",
        "There are 50,304 tokens.",
        "Some training code rounds the number up to make it faster. The table that OpenAI "
        "published has as many rows as there are tokens.",
        edits=(_made("vocab_size=50304"),),
    ),
    Misconception(
        "one-token-missing",
        "There are 50,256 tokens.",
        "256 bytes and 50,000 merges: which token comes on top of them?",
        edits=(_made("vocab_size=50256"),),
    ),
    Misconception(
        "vocabulary-rounded",
        "There are 50,000 tokens.",
        "50,000 is the number of merges. Which tokens were there before the first of them?",
        edits=(_made("vocab_size=50000"),),
    ),
    Misconception(
        "context-of-gpt1",
        "There are 512 positions.",
        "So many had the first GPT. Look at the contract.",
        edits=(_made("block_size=512"),),
    ),
    Misconception(
        "context-of-gpt3",
        "There are 2,048 positions.",
        "So many has GPT-3. Look at the contract.",
        edits=(_made("block_size=2048"),),
    ),
    Misconception(
        "context-is-channels",
        "`block_size` is the number of channels.",
        "They are equal in one of the four models. How many positions are there in the others?",
        edits=(_made("block_size=n_embd"),),
    ),
)
