"""Wrong answers to 6.14 generate that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.generate_mistakes import (
    APPEND,
    ASK,
    CROP,
    DRAW,
    FORCE,
    NOTE,
    STOP,
    TAKE,
    TEMPERATURE,
    TOP_K,
    TOP_P,
)
from autograder.hidden_tests.gpt2_model.plain_loop import changed

LAST_LINES = "    model.train(was_training)\n    return idx\n"

RARE_MISCONCEPTIONS = (
    Misconception(
        "prompt-cropped-once",
        "The prompt is cropped before the loop, and nothing is cropped in it.",
        "The text grows with every step. What is the model shown at the second?",
        edits=changed(
            (CROP, "context = torch.cat([prompt, idx[:, T:]], dim=1)"),
            (
                "    was_training",
                "    T, prompt = idx.size(1), idx[:, -model.config.block_size :]\n    was_training",
            ),
        ),
    ),
    Misconception(
        "context-one-too-short",
        "The model is shown one token fewer than it can read.",
        "As if room had to be kept for the new one. Count what the model is given.",
        edits=changed((CROP, "context = idx[:, -max(model.config.block_size - 1, 1) :]")),
    ),
    Misconception(
        "stops-at-the-context",
        "The loop stops when the text is as long as the context.",
        "A text may be longer: the model forgets its beginning, and goes on.",
        edits=changed(
            (
                CROP,
                CROP + "\n            if idx.size(1) >= model.config.block_size:\n"
                "                break",
            ),
        ),
    ),
    Misconception(
        "context-in-chunks",
        "A full context is thrown away, and a new one begins.",
        "Right behind the border the model has nearly nothing to read. Print the lengths of what "
        "it is shown.",
        edits=changed(
            (
                CROP,
                "context = idx[:, (idx.size(1) - 1) // model.config.block_size"
                " * model.config.block_size :]",
            ),
        ),
    ),
    Misconception(
        "second-last-position",
        "The logits of the position before the last are used.",
        "They are about the last token of the text, which is known already.",
        edits=changed((TAKE, "logits = logits[:, -2:][:, 0]")),
    ),
    Misconception(
        "mean-of-positions",
        "The logits of all positions are averaged.",
        "Those of earlier positions are about tokens that are known already.",
        edits=changed((TAKE, "logits = logits.mean(dim=1)")),
    ),
    Misconception(
        "prompt-asked-again",
        "The model is shown the prompt alone at every step, not what has been written since.",
        "It then says the same at every step.",
        edits=changed(
            ("    was_training", "    prompt = idx\n    was_training"),
            (CROP, CROP.replace("idx", "prompt")),
        ),
    ),
    Misconception(
        "one-draw-for-all",
        "All rows get the token that was drawn for the first.",
        "Each row is a text of its own. Give it two that differ.",
        edits=changed((DRAW, DRAW + "[:1].expand(idx.size(0), 1)")),
    ),
    Misconception(
        "row-by-row",
        "The texts are written one after the other.",
        "The result is right, and the model runs B times as often. It takes a whole batch at once.",
        edits=changed(
            (
                "    was_training",
                "    if idx.size(0) > 1:\n"
                "        rows = [generate(model, row[None], max_new_tokens, temperature, top_k,"
                " top_p, eos_id, generator)[0] for row in idx]\n"
                "        return torch.nn.utils.rnn.pad_sequence(rows, True, eos_id or 0)\n"
                "    was_training",
            ),
        ),
    ),
    Misconception(
        "always-in-training-mode-afterwards",
        "The model is put into training mode at the end, whatever it was in.",
        "A model that was in evaluation mode comes back with dropout.",
        edits=changed(("model.train(was_training)", "model.train()")),
    ),
    Misconception(
        "gradients-off-for-good",
        "Gradients are switched off and not on again.",
        "Nothing learns from then on. Look at `torch.is_grad_enabled()` after the call.",
        edits=changed(
            ("with torch.no_grad():", "torch.set_grad_enabled(False)\n    if True:"),
        ),
    ),
    Misconception(
        "top-k-ignored",
        "`top_k` has no effect.",
        "Draw a thousand tokens with `top_k=1`, and count.",
        edits=changed((TOP_K, "")),
    ),
    Misconception(
        "top-p-ignored",
        "`top_p` has no effect.",
        "Draw a thousand tokens with a small `top_p`, and count.",
        edits=changed((TOP_P, "")),
    ),
    Misconception(
        "top-k-or-top-p",
        "With `top_k` given, `top_p` is not looked at.",
        "Both may be given; each cuts what the one before has left.",
        edits=changed((TOP_P, TOP_P.replace("if", "elif"))),
    ),
    Misconception(
        "top-p-before-temperature",
        "Top-p comes before the temperature.",
        "The temperature changes how much probability the first tokens have together. In which "
        "order does the contract name them?",
        edits=changed((TOP_P, ""), (TEMPERATURE, TOP_P + TEMPERATURE)),
    ),
    Misconception(
        "top-p-before-top-k",
        "Top-p comes before top-k.",
        "What top-k leaves is all there is, and has probability 1 together. In which order does "
        "the contract name them?",
        edits=changed((TOP_K + TOP_P, TOP_P + TOP_K)),
    ),
    Misconception(
        "temperature-multiplied",
        "The logits are multiplied by the temperature.",
        "The probable gets more probable above 1. Count draws at temperature 2.",
        edits=changed(
            (
                TEMPERATURE,
                TEMPERATURE.replace("temperature)", "temperature and 1 / temperature)"),
            )
        ),
    ),
    Misconception(
        "temperature-only-above-0",
        "At temperature 0 the logits stay as they are.",
        "`if temperature` is False for 0. What is the limit of ever smaller temperatures?",
        edits=changed(
            (TEMPERATURE, "            if temperature:\n    " + TEMPERATURE),
        ),
    ),
    Misconception(
        "no-end-at-temperature-0",
        "At temperature 0 no text ends early.",
        "What is done with an end does not depend on how the token was chosen.",
        edits=changed(("if eos_id is not None:", "if eos_id is not None and temperature > 0:")),
    ),
    Misconception(
        "end-0-is-falsy",
        "`if eos_id` is False for id 0, so a text with `eos_id=0` never ends.",
        "Only None means that no text ends early.",
        edits=changed(("if eos_id is not None:", "if eos_id:")),
    ),
    Misconception(
        "stops-at-0-by-default",
        "Without an `eos_id` a text ends at id 0.",
        "None means that no text ends early. 0 is a token like any other.",
        edits=changed(("    was_training", "    eos_id = eos_id or 0\n    was_training")),
    ),
    Misconception(
        "all-in-the-same-step",
        "The loop stops only if all texts end in the same step.",
        "Which rows have ended has to be remembered from step to step.",
        edits=changed((FORCE, ""), (NOTE, "ended = token == eos_id")),
    ),
    Misconception(
        "first-row-decides",
        "The loop stops when the first text has ended.",
        "The others may not have. Put the shortest text first.",
        edits=changed((STOP, STOP.replace("ended.all()", "ended[0]"))),
    ),
    Misconception(
        "never-stops",
        "Ended rows are filled up to the full length when all have ended.",
        "The contract lets the loop stop at once. Count how often the model runs.",
        edits=changed((STOP, "")),
    ),
    Misconception(
        "stops-one-step-late",
        "The model runs once more after the last text has ended.",
        "The result is right, and the last answer of the model is thrown away. Count how often it "
        "runs.",
        edits=changed((STOP, ""), (ASK, ASK + STOP)),
    ),
    Misconception(
        "drops-the-end",
        "The loop stops before the last end token is appended.",
        "The caller cannot tell a text that ended from one that was cut off.",
        edits=changed((STOP, ""), (APPEND, STOP.lstrip() + "            " + APPEND)),
    ),
    Misconception(
        "filled-with-0",
        "Behind its end a text is filled with id 0.",
        "0 is a token like any other: a caller would read it. What may follow an end token?",
        edits=changed((FORCE, FORCE.replace("eos_id", "0"))),
    ),
    Misconception(
        "end-in-the-prompt-counts",
        "A text whose prompt holds the end token counts as ended.",
        "GPT-2 begins a text with the token that ends one. Only one that was produced counts.",
        edits=changed(
            (
                "ended = torch.zeros(idx.size(0), 1, dtype=torch.bool)",
                "ended = (idx == eos_id).any(dim=1, keepdim=True) if eos_id is not None else "
                "torch.zeros(idx.size(0), 1, dtype=torch.bool)",
            ),
        ),
    ),
    Misconception(
        "reseeded",
        "The generator is set back to its first state inside the function.",
        "Two calls in a row write the same text. A generator moves on as it is used.",
        edits=changed(
            (
                "    was_training",
                "    if generator is not None:\n"
                "        generator.manual_seed(generator.initial_seed())\n    was_training",
            ),
        ),
    ),
    Misconception(
        "seeds-torch",
        "Without a generator a seed is set inside the function.",
        "Every call writes the same text.",
        edits=changed(
            (
                "    was_training",
                "    if generator is None:\n"
                "        generator = torch.Generator().manual_seed(1337)\n    was_training",
            ),
        ),
    ),
    Misconception(
        "total-length",
        "`max_new_tokens` is taken for the length of the whole text.",
        "A prompt of as many tokens gets nothing written behind it.",
        edits=changed(("range(max_new_tokens)", "range(max_new_tokens - idx.size(1))")),
    ),
    Misconception(
        "at-least-one",
        "A token is written before the number is looked at.",
        "With `max_new_tokens=0` the prompt comes back.",
        edits=changed(("range(max_new_tokens)", "range(max(max_new_tokens, 1))")),
    ),
    Misconception(
        "one-too-few",
        "One token too few is written.",
        "Count the columns before and after.",
        edits=changed(("range(max_new_tokens)", "range(1, max_new_tokens)")),
    ),
    Misconception(
        "prompt-changed",
        "The caller's `idx` grows with the text.",
        "The next call begins with what this one has written. Print `idx` after the call.",
        edits=changed(
            (LAST_LINES, "    prompt.data = idx\n" + LAST_LINES),
            ("    was_training", "    prompt = idx\n    was_training"),
        ),
    ),
)
