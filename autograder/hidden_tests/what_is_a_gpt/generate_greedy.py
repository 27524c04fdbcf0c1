"""1.4 generate_greedy."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Misconception, Variant

LOOP = "adds the most probable token after the last one, again and again"
CALLS = "shows the model all tokens so far, once for each new token"
LENGTH = "makes as many tokens as it is asked for"
STOP = "stops at the token that ends a text, and keeps it"

V = 59  # a prime of which 3 does not divide V - 1: different numbers have different cubes
RECORDED = "what_is_a_gpt.generate_greedy_recorded"
Model = Callable[[Tensor], Tensor]


def _follow(best: int, prompt: list[int], n: int) -> list[int]:
    """Return the n tokens that are right for a ContextModel whose largest score is at `best`."""
    ids = list(prompt)
    for _ in range(n):
        total = sum(place * i for place, i in enumerate(ids, start=1))
        ids.append((best - total**3) % V)
    return ids[len(prompt) :]


def _walks(d: Draw, prompt_size: int, n: int) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Draw inputs and the n tokens that are right for them, again and again.

    All scores are below 0, and each is 0.1 above the next: nearly even.
    """
    for _ in range(20_000):
        scores = d.permutation(V) / 10 - 8
        prompt = d.integers(0, V, 1, prompt_size)
        new = _follow(int(scores.argmax()), prompt[0].tolist(), n)
        yield {"scores": scores, "prompt": prompt, "max_new_tokens": n}, new


def _free(d: Draw, prompt_size: int, n: int) -> dict[str, Any]:
    """Draw inputs whose continuation has at least half of n different tokens."""
    walks = _walks(d, prompt_size, n)
    return next(inputs for inputs, new in walks if 2 * len(set(new)) >= n)


def _repeating(d: Draw, prompt_size: int, n: int) -> dict[str, Any]:
    """Draw inputs whose continuation meets a token twice, with others between."""
    walks = _walks(d, prompt_size, n)
    return next(
        inputs
        for inputs, new in walks
        if n / 2 <= len(set(new)) < n and all(a != b for a, b in pairwise(new))
    )


def _with_ends(d: Draw, prompt_size: int, n: int) -> dict[str, Any]:
    """Draw inputs whose continuation meets the first and the last id before its end."""
    walks = _walks(d, prompt_size, n)
    return next(inputs for inputs, new in walks if {0, V - 1} <= set(new[:-1]))


def _ending(d: Draw, n: int, at: int, eos: int | None = None) -> dict[str, Any]:
    """Draw inputs whose token number `at` is the first end token; the prompt has none."""
    for inputs, new in _walks(d, 2, n):
        end = new[at] if eos is None else eos
        if new[at] == end and end not in new[:at] and end not in inputs["prompt"]:
            return inputs | {"eos_id": end}
    raise AssertionError("no such text among 20,000")


def _endless(d: Draw, n: int) -> dict[str, Any]:
    """Draw inputs whose continuation does not meet the end token."""
    walks = _walks(d, 3, n)
    return next(inputs | {"eos_id": 7} for inputs, new in walks if 7 not in new)


def _begun_with_end(d: Draw, where: int) -> dict[str, Any]:
    """Draw inputs whose prompt holds the end token, which then comes as new token number 4."""
    for inputs, new in _walks(d, 3, 7):
        prompt = inputs["prompt"][0].tolist()
        if new[4] not in new[:4] and prompt[where] == new[4] and prompt.count(new[4]) == 1:
            return inputs | {"eos_id": new[4]}
    raise AssertionError("no such text among 20,000")


# Right answers in other styles.


def _recursive(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: int | None = None) -> Tensor:
    if max_new_tokens == 0:
        return prompt
    token = f(prompt)[0, -1].max(dim=0).indices
    longer = torch.hstack([prompt, token.reshape(1, 1)])
    if eos_id is not None and int(token) == eos_id:
        return longer
    return _recursive(f, longer, max_new_tokens - 1, eos_id)


def _list(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: int | None = None) -> Tensor:
    ids = prompt[0].tolist()
    stop = len(ids) + max_new_tokens
    while len(ids) < stop:
        scores = f(torch.tensor([ids]))[0][-1].tolist()
        ids.append(scores.index(max(scores)))
        if ids[-1] == eos_id:
            break
    return torch.tensor([ids])


def _numpy(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: int | None = None) -> Tensor:
    ids = prompt.numpy().astype(np.int32)
    done = False
    for _ in range(max_new_tokens):
        if not done:
            scores = f(torch.from_numpy(ids)).numpy()
            ids = np.append(ids, scores[:, -1:, :].argmax(-1).astype(np.int32), axis=1)
            done = ids[0, -1] == eos_id
    return torch.from_numpy(ids)


def _filled(f: Model, prompt: Tensor, max_new_tokens: int, eos_id: int | None = None) -> Tensor:
    size = prompt.size(1)
    out = torch.cat([prompt, prompt.new_zeros(1, max_new_tokens)], dim=1)
    for t in range(size, size + max_new_tokens):
        p = f(out[:, :t])[:, -1, :].double().softmax(-1)
        out[:, t] = p.topk(1).indices[:, 0]
        if out[0, t] == eos_id:
            return out[:, : t + 1]
    return out


# Wrong answers that an edit of the reference cannot say.


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


TAKE = "last = next_logits(idx)[:, -1]"
CHOOSE = "last.argmax(-1, keepdim=True)"
STOPPING = "        if token.item() == eos_id:\n            break\n"
APPEND = "        idx = torch.cat([idx, token], dim=1)\n"

EXERCISE = Exercise(
    id="generate_greedy",
    chapter="01-what-is-a-gpt",
    title="The loop",
    reference="gpt2.sampling.generate_greedy",
    probe="what_is_a_gpt.generate_greedy",
    minutes=20,
    difficulty=2,
    groups={LOOP: 2, CALLS: 1, LENGTH: 1, STOP: 2},
    cases=(
        Case("one token", LOOP, lambda d: _free(d, 2, 1)),
        Case("eight tokens", LOOP, lambda d: _repeating(d, 5, 8)),
        Case("from a single token", LOOP, lambda d: _free(d, 1, 6)),
        Case("calls", CALLS, lambda d: _free(d, 3, 6), probe=RECORDED),
        Case("calls until the end", CALLS, lambda d: _ending(d, 6, at=2), probe=RECORDED),
        Case(
            "two texts from one model",
            CALLS,
            lambda d: _free(d, 3, 4) | {"other_prompt": d.integers(0, V, 1, 2)},
            probe="what_is_a_gpt.generate_greedy_twice",
        ),
        Case("no new token", LENGTH, lambda d: _free(d, 2, 1) | {"max_new_tokens": 0}),
        Case(
            "no new token, no call",
            LENGTH,
            lambda d: _free(d, 2, 1) | {"max_new_tokens": 0},
            RECORDED,
        ),
        Case("fewer than the prompt has", LENGTH, lambda d: _free(d, 7, 3)),
        Case("nothing ends the text", LENGTH, lambda d: _with_ends(d, 2, 9)),
        Case("ends in the middle", STOP, lambda d: _ending(d, 8, at=3)),
        Case("ends at once", STOP, lambda d: _ending(d, 5, at=0)),
        Case("ends with the last token allowed", STOP, lambda d: _ending(d, 4, at=3)),
        Case("the end does not come", STOP, lambda d: _endless(d, 4)),
        Case("id 0 ends it", STOP, lambda d: _ending(d, 8, at=4, eos=0)),
        Case("the last id ends it", STOP, lambda d: _ending(d, 8, at=2, eos=V - 1)),
        Case("prompt ends with the end token", STOP, lambda d: _begun_with_end(d, -1)),
        Case("prompt begins with the end token", STOP, lambda d: _begun_with_end(d, 0)),
    ),
    misconceptions=(
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
            "argmax-over-everything",
            "The maximum is taken over all positions and tokens at once.",
            "The result is an index into T * V numbers, and can be larger than any id. Look at the "
            "shape that goes into `argmax`.",
            edits=((TAKE, "last = next_logits(idx)"), (CHOOSE, "last.argmax().view(1, 1)")),
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
            "mean-of-positions",
            "The logits of all positions are averaged before the maximum is taken.",
            "Those of earlier positions are about tokens that are known already.",
            edits=((TAKE, "last = next_logits(idx).mean(1)"),),
        ),
        Misconception(
            "best-begins-at-0",
            "The search for the largest logit begins with 0 as the best so far.",
            "Logits may all be negative: then nothing beats 0, and the token is always the first.",
            edits=((CHOOSE, "last.clamp(min=0).argmax(-1, keepdim=True)"),),
        ),
        Misconception(
            "second-best",
            "The second most probable token is taken.",
            "Print the logits of the last position and the token that you took.",
            edits=((CHOOSE, "last.topk(2).indices[:, 1:]"),),
        ),
        Misconception(
            "never-repeats",
            "Tokens that are in the text already are left out.",
            "Greedy means: always the most probable one, seen before or not.",
            edits=((CHOOSE, "last.index_fill(1, idx[0], -1e9).argmax(-1, keepdim=True)"),),
        ),
        Misconception(
            "second-last-position",
            "The logits of the position before the last are used.",
            "They are about the last token of the text, which is known already.",
            edits=((TAKE, "last = next_logits(idx)[:, -2:][:, 0]"),),
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
            "end-0-is-falsy",
            "`if eos_id` is False for id 0, so a text with `eos_id=0` never ends.",
            "Only None means that there is no end token.",
            edits=(("if token.item() == eos_id:", "if eos_id and token.item() == eos_id:"),),
        ),
        Misconception(
            "stops-at-0-by-default",
            "Without an `eos_id` the loop ends at id 0.",
            "None means that nothing ends the text. 0 is a token like any other.",
            edits=(("if token.item() == eos_id:", "if token.item() == (eos_id or 0):"),),
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
            "looks-for-the-end-anywhere",
            "The end token is looked for in the whole text, the prompt included.",
            "One in the prompt ends the loop after a single token.",
            edits=(("if token.item() == eos_id:", "if eos_id in idx[0].tolist():"),),
        ),
        Misconception(
            "pads-after-the-end",
            "After the end the text is filled up with the end token.",
            "The result has T0 + n tokens, where n counts what was produced.",
            function=_pads,
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
            "zeros-after-the-end",
            "The result is as long as it could have become, with zeros after the end.",
            "0 is a token: the caller cannot tell these from produced ones.",
            function=_zeros_left,
        ),
        Misconception(
            "cuts-afterwards",
            "All tokens are produced, and what follows the end is cut off afterwards.",
            "The result is right, and the model was asked for nothing. Count the calls.",
            function=_goes_on_silently,
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
            "continuation-only",
            "Only the new tokens are returned, without the prompt.",
            "The contract asks for (1, T0 + n).",
            edits=(("return idx", "return idx[:, prompt.size(1) :]"),),
        ),
        Misconception(
            "no-batch-dimension",
            "The result has lost its first dimension.",
            "The contract asks for (1, T0 + n), a batch of one, as the prompt is.",
            edits=(("return idx", "return idx[0]"),),
        ),
        Misconception(
            "samples",
            "The next token is drawn at random by its probability.",
            "Greedy means: always the most probable one. Call it twice and compare.",
            edits=((CHOOSE, "torch.multinomial(last.softmax(-1), 1)"),),
        ),
        Misconception(
            "argmin",
            "The least probable token is taken.",
            "Print the logits of the last position and the token that you took.",
            edits=((CHOOSE, "last.argmin(-1, keepdim=True)"),),
        ),
        Misconception(
            "prompt-asked-again",
            "The model is shown the prompt alone at every step, not what has been added to it.",
            "It then says the same token every time.",
            edits=((TAKE, "last = next_logits(prompt)[:, -1]"),),
        ),
        Misconception(
            "last-token-only",
            "The model is shown the last token alone.",
            "A model that looks at more than one token then forgets all the others.",
            edits=((TAKE, "last = next_logits(idx[:, -1:])[:, -1]"),),
        ),
        Misconception(
            "window-of-the-prompt",
            "The model is shown as many tokens as the prompt has, and forgets the oldest.",
            "The text so far is all of it; look at what the model is given at the second step.",
            edits=((TAKE, "last = next_logits(idx[:, -prompt.size(1) :])[:, -1]"),),
        ),
        Misconception(
            "new-tokens-first",
            "The new token is put before the text, not after it.",
            "Look at the order of the two in `cat`.",
            edits=(("torch.cat([idx, token], dim=1)", "torch.cat([token, idx], dim=1)"),),
        ),
        Misconception(
            "total-length",
            "`max_new_tokens` is taken for the length of the whole text.",
            "A prompt that is longer than that then gets no new token.",
            edits=(("for _ in range(max_new_tokens)", "while idx.size(1) < max_new_tokens"),),
        ),
        Misconception(
            "one-too-few",
            "One token too few is produced.",
            "Count the calls for `max_new_tokens=1`.",
            edits=(("range(max_new_tokens)", "range(max_new_tokens - 1)"),),
        ),
        Misconception(
            "one-too-many",
            "One token too many is produced.",
            "`max_new_tokens=0` returns the prompt.",
            edits=(("range(max_new_tokens)", "range(max_new_tokens + 1)"),),
        ),
        Misconception(
            "at-least-one",
            "A token is produced before the number is looked at.",
            "`max_new_tokens=0` returns the prompt.",
            edits=(("range(max_new_tokens)", "range(max(1, max_new_tokens))"),),
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
            "grows-the-prompt",
            "The caller's prompt is changed.",
            "Print the prompt after the call. Build a new tensor and leave the old one as it was.",
            function=_grows_the_prompt,
        ),
        Misconception(
            "remembers-the-last-text",
            "Something of the first text is left over when a second one is begun.",
            "A list as a default argument, or a global one, is made once and kept from call to "
            "call.",
            function=_remembers,
        ),
    ),
    variants=(
        Variant("recursion", _recursive),
        Variant("a list of ids", _list),
        Variant("numpy, int32", _numpy),
        Variant("filled into a prepared tensor, by way of softmax", _filled),
    ),
    hints=(
        "Write down what the model is given at the first step, at the second and at the third.",
        "The logits of the last position are `[:, -1]`. `argmax` along the vocabulary with "
        "`keepdim=True` gives (1, 1), which `torch.cat` can put at the end of (1, T).",
        "In a `for` over `max_new_tokens`: ask, take the last position, argmax, cat; then leave "
        "the loop if the new token equals `eos_id`.",
    ),
)
