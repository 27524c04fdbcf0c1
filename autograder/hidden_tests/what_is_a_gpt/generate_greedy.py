"""1.4 generate_greedy."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import Case, Exercise, Variant
from autograder.hidden_tests.what_is_a_gpt.generate_greedy_mistakes import MISCONCEPTIONS, Model
from autograder.hidden_tests.what_is_a_gpt.generate_greedy_rare_mistakes import RARE_MISCONCEPTIONS

LOOP = "adds the most probable token after the last one, again and again"
CALLS = "shows the model all tokens so far, once for each new token"
LENGTH = "makes as many tokens as it is asked for"
STOP = "stops at the token that ends a text, and keeps it"

V = 59  # a prime of which 3 does not divide V - 1: different numbers have different cubes
RECORDED = "what_is_a_gpt.generate_greedy_recorded"


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
    """Draw inputs whose continuation has at least half of n different tokens, and no id 0.

    0 is left to the cases about the end: whether it ends a text must not depend on luck.
    """
    walks = _walks(d, prompt_size, n)
    return next(inputs for inputs, new in walks if 2 * len(set(new)) >= n and 0 not in new)


def _stammering(d: Draw) -> dict[str, Any]:
    """Draw a long prompt and a continuation that says a token twice in a row, then others.

    At place 2 * V a token adds nothing to a ContextModel's sum, so the same one comes again.
    """
    return _free(d, 2 * V - 2, 4)


def _large(d: Draw) -> dict[str, Any]:
    """Draw inputs whose logits lie far above and far below 0, 50 apart."""
    inputs = _free(d, 3, 5)
    return inputs | {"scores": inputs["scores"] * 500 + 2500}


def _repeating(d: Draw, prompt_size: int, n: int) -> dict[str, Any]:
    """Draw inputs whose continuation meets a token twice, with others between."""
    walks = _walks(d, prompt_size, n)
    return next(
        inputs
        for inputs, new in walks
        if n / 2 <= len(set(new)) < n and 0 not in new and all(a != b for a, b in pairwise(new))
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
        Case("a long text with a token twice in a row", LOOP, _stammering),
        Case("very large and very small logits", LOOP, _large),
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
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
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
