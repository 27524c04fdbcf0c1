"""6.14 generate."""

from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import EXACT, Case, Exercise
from autograder.hidden_tests.gpt2_model.generate_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.generate_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.generate_variants import VARIANTS

LOOP = "writes the next tokens behind each text of a batch"
CONTEXT = "shows the model the last block_size tokens, once a step"
MODE = "runs without dropout and gradients, and leaves the model as it was"
KNOBS = "applies the temperature, then top-k, then top-p, and draws"
END = "writes nothing but the end token behind an end, and stops when all texts have ended"
SOURCE = "takes its randomness from the generator"

V = 23  # a prime of which 3 does not divide V - 1: different numbers have different cubes
SHARES = torch.tensor([0.35, 0.25, 0.18, 0.12, 0.06, 0.04])


def _scores(d: Draw) -> Tensor:
    """Draw scores below 0, one of them so far above the others that it is always drawn."""
    order = d.permutation(V)
    return order / 10 - 90 + 60.0 * (order == V - 1)


def _follow(best: int, prompt: list[int], n: int, block_size: int) -> list[int]:
    """Return the n tokens that are right for a PretendGPT whose largest score is at `best`."""
    ids = list(prompt)
    for _ in range(n):
        total = sum(place * (i + 1) for place, i in enumerate(ids[-block_size:], start=1))
        ids.append((best - total**3) % V)
    return ids[len(prompt) :]


def _texts(d: Draw, B: int, T: int, n: int, N: int) -> dict[str, Any]:
    """Draw prompts whose continuations differ, at each step and from row to row."""
    scores = _scores(d)
    best = int(scores.argmax())
    while True:
        idx = d.integers(0, V, B, T)
        rows = [_follow(best, row, n, N) for row in idx.tolist()]
        if n == 0 or (all(2 * len(set(row)) > n for row in rows) and len({*map(tuple, rows)}) == B):
            return {"scores": scores, "idx": idx, "max_new_tokens": n, "block_size": N}


def _with_0(d: Draw) -> dict[str, Any]:
    """Draw one text whose first new token is 0, which ends nothing."""
    while True:
        inputs = _texts(d, 1, 3, 3, 9)
        best = int(inputs["scores"].argmax())
        if _follow(best, inputs["idx"][0].tolist(), 1, 9) == [0]:
            return inputs


def _ending(
    d: Draw, at: list[int | None], n: int, eos: int | None = None, prompt_has: int | None = None
) -> dict[str, Any]:
    """Draw prompts, one for each row, whose token number at[row] is the first end token.

    None: the row does not end within n tokens. `prompt_has`: where in the prompt an end stands.
    Behind an end a model that is asked would go on with other tokens.
    """
    N = 4
    while True:
        scores = _scores(d)
        best = int(scores.argmax())
        end = d.integer(1, V) if eos is None else eos
        rows: list[list[int]] = []
        for place in at:
            for _ in range(300):
                prompt = d.integers(0, V, 3).tolist()
                if prompt_has is not None:
                    prompt[prompt_has] = end
                new = _follow(best, prompt, n + 1, N)
                first = new.index(end) if end in new[:n] else None
                again = first is not None and new[first + 1] in (0, end)
                if first == place and not again and prompt.count(end) == (prompt_has is not None):
                    rows.append(prompt)
                    break
        if len(rows) == len(at):
            idx = torch.tensor(rows)
            inputs = {"scores": scores, "idx": idx, "max_new_tokens": n, "block_size": N}
            return inputs | {"eos_id": end}


def _drawing(d: Draw, rows: int, temperature: float = 1.0, **knobs: Any) -> dict[str, Any]:
    """Draw logits that have these shares, in any order, once the temperature is applied."""
    logits = (temperature or 1.0) * SHARES.log()[d.permutation(len(SHARES))] - 1.0
    if temperature != 1.0:
        knobs["temperature"] = temperature
    return {"logits": logits, "rows": rows, "knobs": knobs}


def _counted(
    name: str, temperature: float = 1.0, rows: int = 200, by_place: bool = False, **knobs: Any
) -> Case:
    return Case(
        name,
        KNOBS,
        lambda d: _drawing(d, rows, temperature, **knobs) | {"by_place": by_place},
        probe="generation.generate_counted",
        tolerance=EXACT,
        frequencies=("how often each id came",) if rows >= 500 else (),
    )


def _text(name: str, group: str, *sizes: int, recorded: bool = False) -> Case:
    probe = "generation.generate_recorded" if recorded else None
    return Case(name, group, lambda d: _texts(d, *sizes), probe, tolerance=EXACT)


def _end(name: str, at: list[int | None], n: int, counted: bool = False, **more: Any) -> Case:
    probe = "generation.generate_until_the_end" if counted else None
    return Case(name, END, lambda d: _ending(d, at, n, **more), probe, tolerance=EXACT)


def _greedy_end(name: str, at: list[int | None], n: int) -> Case:
    return Case(
        name,
        END,
        lambda d: _ending(d, at, n) | {"temperature": 0.0},
        probe="generation.generate_until_the_end",
        tolerance=EXACT,
    )


EXERCISE = Exercise(
    id="generate",
    chapter="06-gpt2",
    title="The loop for a GPT",
    reference="gpt2.generation.generate",
    probe="generation.generate",
    minutes=35,
    difficulty=3,
    groups={LOOP: 1, CONTEXT: 1, MODE: 1, KNOBS: 1, END: 1, SOURCE: 1},
    cases=(
        _text("three texts", LOOP, 3, 4, 4, 12),
        _text("two texts of one token", LOOP, 2, 1, 4, 9),
        Case("one text, with id 0 in it", LOOP, _with_0, tolerance=EXACT),
        _text("no new token", LOOP, 2, 3, 0, 9, recorded=True),
        _text("more new tokens than the context has", CONTEXT, 2, 2, 6, 3, recorded=True),
        _text("a prompt longer than the context", CONTEXT, 2, 6, 2, 4, recorded=True),
        _text("one token behind a long prompt", CONTEXT, 2, 6, 1, 3),
        _text("a context of one token", CONTEXT, 2, 2, 3, 1),
        Case(
            "a model with dropout",
            MODE,
            lambda d: _texts(d, 1, 2, 3, 4),
            probe="generation.generate_with_dropout",
            tolerance=EXACT,
        ),
        _counted("600 draws", rows=600),
        _counted("temperature 2", 2.0, 600),
        _counted("temperature 0.5", 0.5, 600),
        _counted("temperature 0", 0.0),
        _counted("top_k 3", top_k=3),
        _counted("top_k 50, of 6 ids", rows=600, top_k=50),
        _counted("top_p 0.65", top_p=0.65),
        _counted("temperature 2 and top_k 2", 2.0, top_k=2),
        _counted("temperature 2 and top_p 0.65", 2.0, top_p=0.65),
        _counted("top_k 3 and top_p 0.4", top_k=3, top_p=0.4),
        _counted("all three, by position", 2.0, by_place=True, top_k=3, top_p=0.65),
        _end("three texts end one after the other", [1, 2, 0], 5),
        _end("one of two does not end", [1, None], 4),
        _end("id 0 ends a text", [1], 4, eos=0),
        _end("the prompt ends with the end token", [2, 1], 4, prompt_has=-1),
        _end("how often the model runs", [1, 0], 4, counted=True),
        _greedy_end("at temperature 0", [0, 1], 3),
        Case(
            "seeds",
            SOURCE,
            lambda d: {"logits": SHARES.log()[d.permutation(6)], "seed": d.integer(0, 10**6)},
            probe="generation.generate_again",
            tolerance=EXACT,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Begin with a single step: what does the model return for (B, T) ids, and which part of "
        "it is about the next token?",
        "`idx[:, -N:]` is the context, also where there are fewer than N tokens. The functions of "
        "the last four exercises turn (B, V) logits into (B, 1) tokens. Note `model.training` "
        "before you change it.",
        "In a `for` over `max_new_tokens`: crop, run the model, take the last position, apply what "
        "is not None, draw; put `eos_id` into the rows that have ended, note which rows have ended "
        "now, `cat` along dimension 1, and leave the loop if all have ended.",
    ),
)
