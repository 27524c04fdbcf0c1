"""Wrong answers to generate_cached that are rarer: settings, sizes, and the end of a text."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.generate_cached_mistakes import (
    CALL,
    MODE,
    WRITE,
    passing,
)


def loop(
    settings: str = "logits = apply_temperature(logits, temperature)\n{filters}",
    ended: str = "token = token.masked_fill(ended, eos_id)",
    before: str = "torch.zeros(idx.size(0), 1, dtype=torch.bool, device=idx.device)",
    stop: str = "ended.all()",
) -> tuple[str, str]:
    """Return an edit that writes the loop out, one of its steps changed."""
    filters = (
        "            if top_k is not None:\n"
        "                logits = top_k_filter(logits, top_k)\n"
        "            if top_p is not None:\n"
        "                logits = top_p_filter(logits, top_p)"
    )
    return (
        WRITE,
        f"""ended = {before}
        for _ in range(max_new_tokens):
            logits = next_logits(idx)
            {settings.format(filters=filters).lstrip()}
            token = sample_next(logits, generator)
            if eos_id is not None:
                {ended}
                ended = ended | (token == eos_id)
            idx = torch.cat([idx, token], dim=1)
            if {stop}:
                break
        return idx""",
    )


RARE_MISCONCEPTIONS = (
    Misconception(
        "mode-not-restored",
        "The model is left in evaluation mode.",
        "Whoever goes on training it then trains without dropout.",
        edits=((MODE, "model.eval()\n    with torch.no_grad():"),),
    ),
    Misconception(
        "training-mode-at-the-end",
        "The model is in training mode at the end, whatever it was before.",
        "Its next answer then depends on chance. Which mode was it in?",
        edits=((WRITE, f"text = {CALL}\n    model.train()\n    return text"),),
    ),
    Misconception(
        "dropout-while-writing",
        "The model writes in the mode in which it was: in training, numbers are dropped.",
        "The most probable text is another one each time.",
        edits=((MODE, "with torch.no_grad():"),),
    ),
    Misconception(
        "gradients-kept",
        "The model runs with gradients.",
        "Everything that it computes is kept, in case someone asks for them, and the memory "
        "fills up.",
        edits=((MODE, "with _evaluating(model), torch.enable_grad():"),),
    ),
    Misconception(
        "temperature-ignored",
        "`temperature` has no effect.",
        "With 0 the most probable token is taken, each time.",
        edits=(passing("temperature", "1.0"),),
    ),
    Misconception(
        "always-greedy",
        "The most probable token is always taken.",
        "Without a setting a token is drawn, as probable as the model says.",
        edits=(passing("temperature", "0.0"),),
    ),
    Misconception(
        "top-k-ignored",
        "`top_k` has no effect.",
        "With `top_k=1` the most probable token is taken, each time.",
        edits=(passing("top_k", "None"),),
    ),
    Misconception(
        "top-p-ignored",
        "`top_p` has no effect.",
        "With a very small `top_p` the most probable token is taken, each time.",
        edits=(passing("top_p", "None"),),
    ),
    Misconception(
        "filters-before-the-temperature",
        "The temperature comes behind the filters.",
        "A filter by probability then looks at other probabilities than those from which a token "
        "is drawn.",
        edits=(loop("{filters}\n            logits = apply_temperature(logits, temperature)"),),
    ),
    Misconception(
        "generator-ignored",
        "`generator` has no effect.",
        "The same state is to give the same text. Who draws?",
        edits=(passing("generator", "None"),),
    ),
    Misconception(
        "seed-set",
        "The seed of torch's own generator is set in the function.",
        "Every call then writes the same text, and whoever draws next does not know of it.",
        edits=((MODE, f"torch.manual_seed(1337)\n    {MODE}"),),
    ),
    Misconception(
        "end-ignored",
        "`eos_id` has no effect.",
        "A text that has ended goes on.",
        edits=(passing("eos_id", "None"),),
    ),
    Misconception(
        "end-0-is-falsy",
        "`eos_id` is taken for None when it is 0, so a text does not end at id 0.",
        "Only None means that no text ends early.",
        edits=(passing("eos_id", "eos_id or None"),),
    ),
    Misconception(
        "ended-rows-write-on",
        "A row that has ended goes on while others are not done.",
        "What comes behind its end is to be the end token, and nothing else.",
        edits=(loop(ended="pass"),),
    ),
    Misconception(
        "first-end-stops-all",
        "All rows stop when one of them ends.",
        "The other texts are cut off. When is the loop done?",
        edits=(loop(stop="ended.any()"),),
    ),
    Misconception(
        "end-in-the-prompt",
        "An end token in the prompt ends the text.",
        "GPT-2 begins a text with the token that ends one. Only a new one counts.",
        edits=(loop(before="(idx == (-1 if eos_id is None else eos_id)).any(1, keepdim=True)"),),
    ),
    Misconception(
        "never-stops-early",
        "The loop goes on when all texts have ended.",
        "The rest is end tokens. The contract wants the loop to stop at once.",
        edits=(loop(stop="False"),),
    ),
    Misconception(
        "new-tokens-only",
        "Only what was written is returned, without the prompt.",
        "The contract asks for (B, T + n).",
        edits=((CALL, f"{CALL}[:, idx.size(1) :]"),),
    ),
    Misconception(
        "one-at-least",
        "One token is written even if none is asked for.",
        "Call it with `max_new_tokens=0`.",
        edits=(passing("max_new_tokens", "max(max_new_tokens, 1)"),),
    ),
    Misconception(
        "one-too-many",
        "One token more is written than was asked for.",
        "The logits behind the prompt give the first new token. How many are still to come?",
        edits=(passing("max_new_tokens", "max_new_tokens + 1"),),
    ),
    Misconception(
        "one-too-few",
        "One token less is written than was asked for.",
        "The logits behind the prompt give the first new token.",
        edits=(passing("max_new_tokens", "max_new_tokens - 1"),),
    ),
    Misconception(
        "room-for-one-row",
        "The cache has room for one row.",
        "Several texts at once are a batch of B rows.",
        edits=(("B=idx.size(0)", "B=1"),),
    ),
    Misconception(
        "room-for-the-new-ones",
        "The cache has room for the new tokens alone.",
        "The prompt is kept as well. How long can a text get before it is read again?",
        edits=(("max_T=config.block_size", "max_T=max_new_tokens"),),
    ),
    Misconception(
        "all-channels-in-a-head",
        "The cache takes all C channels for those of one head.",
        "A head has `n_embd // n_head` of them.",
        edits=(("config.n_embd // config.n_head", "config.n_embd"),),
    ),
    Misconception(
        "heads-and-channels-exchanged",
        "The cache gets the number of heads and the channels of a head the other way round.",
        "In GPT-2 there are 12 heads of 64 channels. Where the two numbers are equal, nothing "
        "shows.",
        edits=(
            ("n_head=config.n_head,", "n_head=config.n_embd // config.n_head,"),
            ("hs=config.n_embd // config.n_head,", "hs=config.n_head,"),
        ),
    ),
    Misconception(
        "cache-in-float32",
        "The cache has torch's default dtype, whatever the model has.",
        "Try a model in float64: queries and keys have to be of one kind.",
        edits=(("dtype=weight.dtype", "dtype=None"),),
    ),
    Misconception(
        "cache-on-the-cpu",
        "The cache is on the CPU, wherever the model is.",
        "On a GPU torch raises an error about two devices.",
        edits=(("device=weight.device", "device=None"),),
    ),
)
