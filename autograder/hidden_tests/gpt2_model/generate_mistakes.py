"""Wrong answers to 6.14 generate that learners write often, the commonest first."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.plain_loop import changed

# Lines of the plain loop where the mistakes are made.
CROP = "context = idx[:, -model.config.block_size :]"
ASK = "logits, _ = model(context)\n"
TAKE = "logits = logits[:, -1]"
TEMPERATURE = "            logits = apply_temperature(logits, temperature)\n"
TOP_K = """\
            if top_k is not None:
                logits = top_k_filter(logits, top_k)
"""
TOP_P = """\
            if top_p is not None:
                logits = top_p_filter(logits, top_p)
"""
DRAW = "sample_next(logits, generator)"
FORCE = "                token = token.masked_fill(ended, eos_id)\n"
NOTE = "ended = ended | (token == eos_id)"
APPEND = "idx = torch.cat([idx, token], dim=1)"
STOP = "            if ended.all():\n                break\n"

MISCONCEPTIONS = (
    Misconception(
        "context-not-cropped",
        "The model is given the whole text, however long it is.",
        "A model reads at most `block_size` tokens. Write more tokens than that.",
        edits=changed((CROP, "context = idx")),
    ),
    Misconception(
        "crop-from-the-wrong-end",
        "A long text is cut behind its first `block_size` tokens.",
        "What was written last is then never read, and the model says the same again and again. "
        "Which tokens are nearest to the next one?",
        edits=changed((CROP, "context = idx[:, : model.config.block_size]")),
    ),
    Misconception(
        "joined-along-the-batch",
        "The new tokens are joined to the texts along the batch.",
        "They become further rows and not a further column. Look at the shapes before and after "
        "`cat`.",
        edits=changed((APPEND, "idx = torch.cat([idx, token])")),
    ),
    Misconception(
        "text-cropped-too",
        "The text itself is cropped, and not only what the model is shown.",
        "The beginning of a long text is missing in the result. The context may forget it; the "
        "caller wants it back.",
        edits=changed(
            (CROP, "context = idx = idx[:, -model.config.block_size :]"),
        ),
    ),
    Misconception(
        "dropout-left-on",
        "The model runs in training mode.",
        "Dropout removes other channels at every step. Draw twice at temperature 0 from a model "
        "with dropout.",
        edits=changed(("    model.eval()\n", "")),
    ),
    Misconception(
        "left-in-evaluation-mode",
        "The model stays in evaluation mode afterwards.",
        "Whoever looks at a sample in the middle of training goes on without dropout from then on.",
        edits=changed(("    model.train(was_training)\n", "")),
    ),
    Misconception(
        "gradients-kept",
        "Gradients are on while the model runs.",
        "All that backward would need is kept for every step. Look at `requires_grad` of the "
        "logits.",
        edits=changed(("with torch.no_grad():", "with torch.enable_grad():")),
    ),
    Misconception(
        "k-on-stale-logits",
        "The k-th greatest is looked up before the temperature is applied, and compared "
        "afterwards.",
        "The logits have another scale by then, and too many or too few are cut. Set `top_k` and a "
        "temperature together.",
        edits=changed(
            (
                TEMPERATURE + TOP_K,
                "            stale = logits\n" + TEMPERATURE + "            if top_k is not None:\n"
                "                smallest = stale.topk(min(top_k, stale.size(1))).values[:, -1:]\n"
                "                logits = logits.masked_fill(logits < smallest, -torch.inf)\n",
            )
        ),
    ),
    Misconception(
        "eos-ignored",
        "`eos_id` is not looked at: every text goes on after its end.",
        "Call it with an `eos_id` that the model will produce.",
        edits=changed((FORCE, ""), (NOTE, "pass")),
    ),
    Misconception(
        "first-end-stops-all",
        "The loop stops as soon as one of the texts has ended.",
        "The other rows are cut off in the middle. When may the whole batch stop?",
        edits=changed((STOP, STOP.replace("all", "any"))),
    ),
    Misconception(
        "ended-rows-go-on",
        "A text that has ended goes on while the others are written.",
        "Look at what stands behind the first `eos_id` of a row.",
        edits=changed((FORCE, "")),
    ),
    Misconception(
        "only-new-tokens",
        "Only the new tokens are returned, without the prompt.",
        "The contract asks for (B, T + n).",
        edits=changed(
            ("    was_training", "    T = idx.size(1)\n    was_training"),
            ("    return idx", "    return idx[:, T:]"),
        ),
    ),
    Misconception(
        "generator-ignored",
        "The generator is not used.",
        "The same seed gives another text each time. Which of the steps is random?",
        edits=changed((DRAW, "sample_next(logits)")),
    ),
    Misconception(
        "greedy",
        "The most probable token is taken, and nothing is drawn.",
        "The text is the same for every seed, and temperature and top-k have no effect.",
        edits=changed((DRAW, "logits.argmax(dim=-1, keepdim=True)")),
    ),
    Misconception(
        "pair-for-logits",
        "What the model returns is taken for the logits alone.",
        "It returns two things. Print the type of what comes back.",
        edits=changed((ASK, "logits = model(context)\n")),
    ),
    Misconception(
        "first-position",
        "The logits of the first position are used, not of the last.",
        "They are about the second token of the text, which is known already.",
        edits=changed((TAKE, "logits = logits[:, 0]")),
    ),
    Misconception(
        "last-token-only",
        "The model is shown the last token alone.",
        "It has forgotten all the others. Only with a cache is one token enough.",
        edits=changed((CROP, "context = idx[:, -1:]")),
    ),
    Misconception(
        "temperature-ignored",
        "The temperature has no effect.",
        "Draw a thousand tokens at temperature 0.1 and at 10, and count.",
        edits=changed((TEMPERATURE, "")),
    ),
    Misconception(
        "temperature-0-divides",
        "The logits are divided by a temperature of 0.",
        "Infinities and nan come of it. One of the functions that you have written knows the "
        "limit.",
        edits=changed((TEMPERATURE, "            logits = logits / temperature\n")),
    ),
    Misconception(
        "probabilities-for-logits",
        "The logits go through a softmax before they are drawn from.",
        "`sample_next` applies a softmax itself, so the draws are nearly uniform.",
        edits=changed((DRAW, "sample_next(logits.softmax(dim=-1), generator)")),
    ),
)
