"""Wrong answers to 1.4 generate_greedy that are rarer."""

from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Misconception
from autograder.hidden_tests.what_is_a_gpt.generate_greedy_mistakes import (
    CHOOSE,
    TAKE,
    Model,
)


def _goes_on_silently(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    idx = prompt
    for _ in range(max_new_tokens):
        idx = torch.cat([idx, f(idx)[:, -1].argmax(-1, keepdim=True)], dim=1)
    new = idx[0, prompt.size(1) :].tolist()
    kept = new.index(eos_id) + 1 if eos_id in new else len(new)
    return idx[:, : prompt.size(1) + kept]


def _remembers(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    # A list as a default argument would outlive the case; one kept with the model does not.
    idx = torch.cat([getattr(f, "text", prompt[:, :0]), prompt], dim=1)
    for _ in range(max_new_tokens):
        token = f(idx)[:, -1].argmax(-1, keepdim=True)
        idx = torch.cat([idx, token], dim=1)
        if token.item() == eos_id:
            break
    f.text = idx  # type: ignore[attr-defined]
    return idx


RARE_MISCONCEPTIONS = (
    Misconception(
        "one-step-only",
        "The loop returns after its first token.",
        "Look at the indentation of the `return`.",
        edits=(
            (
                "            break\n    return idx",
                "            break\n        return idx\n    return idx",
            ),
        ),
    ),
    Misconception(
        "cuts-afterwards",
        "All tokens are produced, and what follows the end is cut off afterwards.",
        "The result is right, and the model was asked for nothing. Count the calls.",
        function=_goes_on_silently,
    ),
    Misconception(
        "stops-at-0-by-default",
        "Without an `eos_id` the loop ends at id 0.",
        "None means that nothing ends the text. 0 is a token like any other.",
        edits=(("if token.item() == eos_id:", "if token.item() == (eos_id or 0):"),),
    ),
    Misconception(
        "at-least-one",
        "A token is produced before the number is looked at.",
        "`max_new_tokens=0` returns the prompt.",
        edits=(("range(max_new_tokens)", "range(max(1, max_new_tokens))"),),
    ),
    Misconception(
        "remembers-the-last-text",
        "Something of the first text is left over when a second one is begun.",
        "A list as a default argument, or a global one, is made once and kept from call to call.",
        function=_remembers,
    ),
    Misconception(
        "window-of-the-prompt",
        "The model is shown as many tokens as the prompt has, and forgets the oldest.",
        "The text so far is all of it; look at what the model is given at the second step.",
        edits=((TAKE, "last = next_logits(idx[:, -prompt.size(1) :])[:, -1]"),),
    ),
    Misconception(
        "window-of-64",
        "The model is shown the last 64 tokens of a longer text.",
        "How much of a text a model can read is the model's own affair. Start from a prompt of "
        "100 tokens.",
        edits=((TAKE, "last = next_logits(idx[:, -64:])[:, -1]"),),
    ),
    Misconception(
        "argmax-over-positions",
        "The maximum is taken along the positions, not along the vocabulary.",
        "It answers at which position token 0 is most probable. Which dimension is V?",
        edits=(
            (TAKE, "last = next_logits(idx)"),
            (CHOOSE, "last.argmax(1)[:, :1]"),
        ),
    ),
    Misconception(
        "new-tokens-first",
        "The new token is put before the text, not after it.",
        "Look at the order of the two in `cat`.",
        edits=(("torch.cat([idx, token], dim=1)", "torch.cat([token, idx], dim=1)"),),
    ),
    Misconception(
        "exp-without-shift",
        "The logits are turned into probabilities by `exp` without a shift.",
        "From a logit of 89 on `exp` is infinite in float32; the probabilities are nan, and "
        "`argmax` takes nan for the largest.",
        edits=((CHOOSE, "(last.exp() / last.exp().sum()).argmax(-1, keepdim=True)"),),
    ),
    Misconception(
        "never-repeats",
        "Tokens that are in the text already are left out.",
        "Greedy means: always the most probable one, seen before or not.",
        edits=((CHOOSE, "last.index_fill(1, idx[0], -1e9).argmax(-1, keepdim=True)"),),
    ),
    Misconception(
        "best-begins-at-0",
        "The search for the largest logit begins with 0 as the best so far.",
        "Logits may all be negative: then nothing beats 0, and the token is always the first.",
        edits=((CHOOSE, "last.clamp(min=0).argmax(-1, keepdim=True)"),),
    ),
    Misconception(
        "mean-of-positions",
        "The logits of all positions are averaged before the maximum is taken.",
        "Those of earlier positions are about tokens that are known already.",
        edits=((TAKE, "last = next_logits(idx).mean(1)"),),
    ),
    Misconception(
        "second-last-position",
        "The logits of the position before the last are used.",
        "They are about the last token of the text, which is known already.",
        edits=((TAKE, "last = next_logits(idx)[:, -2:][:, 0]"),),
    ),
    Misconception(
        "end-not-noticed-at-first",
        "The first new token is never compared with `eos_id`.",
        "A text may end at once.",
        edits=(
            (
                "if token.item() == eos_id:",
                "if idx.size(1) > prompt.size(1) + 1 and token.item() == eos_id:",
            ),
        ),
    ),
    Misconception(
        "end-always-appended",
        "A text that ran out of tokens gets the end token all the same.",
        "The model has not said that the text is over, and the result is longer than allowed.",
        edits=(
            (
                "    return idx",
                "    if eos_id is not None and idx[0, -1].item() != eos_id:\n"
                "        idx = torch.cat([idx, torch.tensor([[eos_id]])], dim=1)\n"
                "    return idx",
            ),
        ),
    ),
    Misconception(
        "second-best",
        "The second most probable token is taken.",
        "Print the logits of the last position and the token that you took.",
        edits=((CHOOSE, "last.topk(2).indices[:, 1:]"),),
    ),
    Misconception(
        "argmin",
        "The least probable token is taken.",
        "Print the logits of the last position and the token that you took.",
        edits=((CHOOSE, "last.argmin(-1, keepdim=True)"),),
    ),
)
