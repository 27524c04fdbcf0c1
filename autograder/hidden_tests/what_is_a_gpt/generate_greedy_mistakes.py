"""Wrong answers to 1.4 generate_greedy that learners write often, the commonest first."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.exercise import Misconception

Model = Callable[[Tensor], Tensor]

# Lines of the reference where the mistakes are made.
TAKE = "last = next_logits(idx)[:, -1]"
CHOOSE = "last.argmax(-1, keepdim=True)"
STOPPING = "        if token.item() == eos_id:\n            break\n"
APPEND = "        idx = torch.cat([idx, token], dim=1)\n"


def _all_positions(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    idx = prompt
    for _ in range(max_new_tokens):
        tokens = f(idx).argmax(-1)
        idx = torch.cat([idx, tokens], dim=1)
        if tokens[0, -1].item() == eos_id:
            break
    return idx


def _grows_the_prompt(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    for _ in range(max_new_tokens):
        token = f(prompt)[:, -1].argmax(-1, keepdim=True)
        prompt.data = torch.cat([prompt, token], dim=1)
        if token.item() == eos_id:
            break
    return prompt


def _pads(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    out = prompt
    for n in range(max_new_tokens):
        token = f(out)[:, -1].argmax(-1, keepdim=True)
        out = torch.cat([out, token], dim=1)
        if token.item() == eos_id:
            rest = torch.full((1, max_new_tokens - n - 1), token.item())
            return torch.cat([out, rest], dim=1)
    return out


def _zeros_left(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    size = prompt.size(1)
    out = torch.zeros(1, size + max_new_tokens, dtype=torch.int64)
    out[:, :size] = prompt
    for t in range(size, size + max_new_tokens):
        out[:, t] = f(out[:, :t])[:, -1].argmax(-1)
        if out[0, t] == eos_id:
            break
    return out


def _once_too_often(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: Any = None) -> Tensor:
    idx = prompt
    logits = f(idx)
    for _ in range(max_new_tokens):
        token = logits[:, -1].argmax(-1, keepdim=True)
        idx = torch.cat([idx, token], dim=1)
        if token.item() == eos_id:
            break
        logits = f(idx)
    return idx


MISCONCEPTIONS = (
    Misconception(
        "first-position",
        "The logits of the first position are used, not of the last.",
        "Those are about the second token of the text, which is known already.",
        edits=((TAKE, "last = next_logits(idx)[:, 0]"),),
    ),
    Misconception(
        "all-positions",
        "A token is taken at every position, and all of them are appended.",
        "The text doubles at each step. Only the last position is about a token that is not "
        "there yet.",
        function=_all_positions,
    ),
    Misconception(
        "never-stops",
        "`eos_id` is not looked at: the text goes on after its end.",
        "Call it with an `eos_id` that you know the model will produce.",
        edits=((STOPPING, ""),),
    ),
    Misconception(
        "drops-the-end",
        "The loop stops before the end token is appended.",
        "The caller then cannot tell a text that ended from one that ran out of tokens.",
        edits=((APPEND + STOPPING, STOPPING + APPEND),),
    ),
    Misconception(
        "continuation-only",
        "Only the new tokens are returned, without the prompt.",
        "The contract asks for (1, T0 + n).",
        edits=(("return idx", "return idx[:, prompt.size(1) :]"),),
    ),
    Misconception(
        "samples",
        "The next token is drawn at random by its probability.",
        "Greedy means: always the most probable one. Call it twice and compare.",
        edits=((CHOOSE, "torch.multinomial(last.softmax(-1), 1)"),),
    ),
    Misconception(
        "end-0-is-falsy",
        "`if eos_id` is False for id 0, so a text with `eos_id=0` never ends.",
        "Only None means that there is no end token.",
        edits=(("if token.item() == eos_id:", "if eos_id and token.item() == eos_id:"),),
    ),
    Misconception(
        "last-token-only",
        "The model is shown the last token alone.",
        "A model that looks at more than one token then forgets all the others.",
        edits=((TAKE, "last = next_logits(idx[:, -1:])[:, -1]"),),
    ),
    Misconception(
        "prompt-asked-again",
        "The model is shown the prompt alone at every step, not what has been added to it.",
        "It then says the same token every time.",
        edits=((TAKE, "last = next_logits(prompt)[:, -1]"),),
    ),
    Misconception(
        "prompt-can-end-it",
        "The last token is compared with `eos_id` before the model is asked.",
        "A prompt that ends with the end token then gets no new token. GPT-2 starts a text "
        "with the token that ends one.",
        edits=(
            (STOPPING, ""),
            (TAKE, "if idx[0, -1].item() == eos_id: break\n        " + TAKE),
        ),
    ),
    Misconception(
        "looks-for-the-end-anywhere",
        "The end token is looked for in the whole text, the prompt included.",
        "One in the prompt ends the loop after a single token.",
        edits=(("if token.item() == eos_id:", "if eos_id in idx[0].tolist():"),),
    ),
    Misconception(
        "ended-prompt-returned",
        "A prompt that holds the end token is returned as it is.",
        "GPT-2 starts a text with the token that ends one. Only a new one stops the loop.",
        edits=(
            (
                "idx = prompt\n",
                "idx = prompt\n    if eos_id in prompt[0].tolist(): return prompt\n",
            ),
        ),
    ),
    Misconception(
        "argmax-over-everything",
        "The maximum is taken over all positions and tokens at once.",
        "The result is an index into T times V numbers, and can be larger than any id. Look at the "
        "shape that goes into `argmax`.",
        edits=((TAKE, "last = next_logits(idx)"), (CHOOSE, "last.argmax().view(1, 1)")),
    ),
    Misconception(
        "total-length",
        "`max_new_tokens` is taken for the length of the whole text.",
        "A prompt that is longer than that then gets no new token.",
        edits=(("for _ in range(max_new_tokens)", "while idx.size(1) < max_new_tokens"),),
    ),
    Misconception(
        "one-too-many",
        "One token too many is produced.",
        "`max_new_tokens=0` returns the prompt.",
        edits=(("range(max_new_tokens)", "range(max_new_tokens + 1)"),),
    ),
    Misconception(
        "one-too-few",
        "One token too few is produced.",
        "Count the calls for `max_new_tokens=1`.",
        edits=(("range(max_new_tokens)", "range(max_new_tokens - 1)"),),
    ),
    Misconception(
        "no-batch-dimension",
        "The result has lost its first dimension.",
        "The contract asks for (1, T0 + n), a batch of one, as the prompt is.",
        edits=(("return idx", "return idx[0]"),),
    ),
    Misconception(
        "pads-after-the-end",
        "After the end the text is filled up with the end token.",
        "The result has T0 + n tokens, where n counts what was produced.",
        function=_pads,
    ),
    Misconception(
        "zeros-after-the-end",
        "The result is as long as it could have become, with zeros after the end.",
        "0 is a token: the caller cannot tell these from produced ones.",
        function=_zeros_left,
    ),
    Misconception(
        "one-after-the-end",
        "One more token is produced after the end token.",
        "Where in the loop is the new token compared with `eos_id`?",
        edits=(
            (STOPPING, ""),
            (
                TAKE,
                "ended = idx.size(1) > prompt.size(1) and idx[0, -1].item() == eos_id\n        "
                + TAKE,
            ),
            (APPEND, APPEND + "        if ended:\n            break\n"),
        ),
    ),
    Misconception(
        "one-call-too-many",
        "The model is asked once more than there are new tokens.",
        "The last answer is thrown away. With a real model it costs as much as the others.",
        function=_once_too_often,
    ),
    Misconception(
        "asks-twice",
        "The model is asked twice for each new token.",
        "Look for a second call in the loop, such as one inside a print or an `if`.",
        edits=((TAKE, TAKE + "\n        next_logits(idx)"),),
    ),
    Misconception(
        "grows-the-prompt",
        "The caller's prompt is changed.",
        "Print the prompt after the call. Build a new tensor and leave the old one as it was.",
        function=_grows_the_prompt,
    ),
)
