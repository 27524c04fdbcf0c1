"""6.17 beam_search."""

from typing import Any

import torch
from torch import Tensor

from autograder.draw import Draw
from autograder.exercise import FLOAT32, Case, Exercise
from autograder.hidden_tests.gpt2_model.beam_search_mistakes import MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.beam_search_rare_mistakes import RARE_MISCONCEPTIONS
from autograder.hidden_tests.gpt2_model.beam_search_variants import VARIANTS
from gpt2.sampling import beam_search
from gptcourse.probes import generation as probe

KEEP = "keeps the best extensions of all candidates, step after step"
RESULT = "returns scores and texts, the best first"
END = "sets a text aside when it ends, and goes on with the others"
LENGTH = "divides by the number of new tokens to the power of the penalty"


def _trees(
    d: Draw, num_beams: int, n: int, V: int = 5, T: int = 2, M: int = 29, searches: int = 2
) -> dict[str, Any]:
    """Draw log-probabilities and prompts for some searches, one after the other."""
    return {
        "tables": d.normal(searches, M, V, std=1.2).log_softmax(dim=2),
        "prompts": d.integers(0, V, searches, T),
        "num_beams": num_beams,
        "max_new_tokens": n,
    }


def _telling(d: Draw, num_beams: int, n: int) -> dict[str, Any]:
    """Draw trees in which a search with one beam more finds better texts."""
    while True:
        inputs = _trees(d, num_beams, n)
        found = []
        for beams in (num_beams, num_beams + 1):
            texts = probe.beam_search(beam_search, **inputs | {"num_beams": beams})
            found.append([text[:num_beams] for text in texts["texts"]])
        if all(a != b for a, b in zip(*found, strict=True)):
            return inputs


def _ending(
    d: Draw, num_beams: int, n: int, share: float = 0.3, eos: int | None = None, **sizes: int
) -> dict[str, Any]:
    """Draw trees in which each step ends the text with about this probability."""
    inputs = _trees(d, num_beams, n, **sizes)
    tables: Tensor = inputs["tables"]
    V = tables.size(2)
    end = d.integer(1, V) if eos is None else eos
    ends = share * d.uniform(*tables.shape[:2], low=0.5, high=1.5)
    tables = tables.index_fill(2, torch.tensor([end]), -torch.inf).log_softmax(dim=2)
    tables = tables + (1 - ends).log().unsqueeze(2)
    tables[..., end] = ends.log()
    prompts = inputs["prompts"]
    return inputs | {
        "tables": tables,
        "prompts": torch.where(prompts == end, (prompts + 1) % V, prompts),
        "eos_id": end,
    }


def _ends_take_no_place(
    logprob_fn: Any, prompt: Tensor, num_beams: int, max_new_tokens: int, eos_id: int
) -> list[tuple[float, Tensor]]:
    """Search as `transformers` does: of twice as many extensions, num_beams open ones go on."""
    rows, sums = prompt[None], torch.zeros(1)
    done: list[tuple[float, Tensor]] = []
    for _ in range(max_new_tokens):
        totals = (sums[:, None] + logprob_fn(rows)).flatten()
        V = len(totals) // len(rows)
        sums, best = totals.topk(min(2 * num_beams, len(totals)))
        rows = torch.cat([rows[best // V], (best % V)[:, None]], dim=1)
        ends = best % V == eos_id
        done += [(sums[i].item(), rows[i]) for i in range(len(ends[:num_beams])) if ends[i]]
        rows, sums = rows[~ends][:num_beams], sums[~ends][:num_beams]
    done += [(total.item(), row) for total, row in zip(sums, rows, strict=True)]
    return sorted(done, key=lambda pair: pair[0], reverse=True)[:num_beams]


def _late_is_best(d: Draw) -> dict[str, Any]:
    """Draw trees in which a text that ends later is better than one that ended before.

    And in one of which it makes a difference whether an end takes up a place.
    """
    while True:
        inputs = _ending(d, 3, 4)
        texts = probe.beam_search(beam_search, **inputs)["texts"]
        lengths = [[len(text) for text in found] for found in texts]
        if all(each != sorted(each) for each in lengths):
            others = probe.beam_search(_ends_take_no_place, **inputs)["texts"]
            if others != texts:
                return inputs


def _behind_an_end(d: Draw) -> dict[str, Any]:
    inputs = _ending(d, 3, 3)
    return inputs | {"prompts": torch.full_like(inputs["prompts"], inputs["eos_id"])}


EXERCISE = Exercise(
    id="beam_search",
    chapter="06-gpt2",
    title="The most probable text",
    reference="gpt2.sampling.beam_search",
    probe="generation.beam_search",
    minutes=45,
    difficulty=4,
    groups={KEEP: 2, RESULT: 1, END: 2, LENGTH: 1},
    cases=(
        Case("one step", RESULT, lambda d: _trees(d, 2, 1), tolerance=FLOAT32),
        Case("two beams, three steps", KEEP, lambda d: _telling(d, 2, 3), tolerance=FLOAT32),
        Case("four beams, four steps", KEEP, lambda d: _trees(d, 4, 4), tolerance=FLOAT32),
        Case("one beam", KEEP, lambda d: _trees(d, 1, 3), tolerance=FLOAT32),
        Case("more beams than tokens", KEEP, lambda d: _trees(d, 5, 3, V=3), tolerance=FLOAT32),
        Case("some texts end", END, _late_is_best, tolerance=FLOAT32),
        Case("most texts end", END, lambda d: _ending(d, 2, 5, share=0.6), tolerance=FLOAT32),
        Case("id 0 ends a text", END, lambda d: _ending(d, 3, 3, eos=0), tolerance=FLOAT32),
        Case("the prompt is made of end tokens", END, _behind_an_end, tolerance=FLOAT32),
        Case(
            "compared by means",
            LENGTH,
            lambda d: _ending(d, 3, 4) | {"length_penalty": 1.0},
            tolerance=FLOAT32,
        ),
        Case(
            "a penalty of 0.6",
            LENGTH,
            lambda d: _ending(d, 3, 4, T=3) | {"length_penalty": 0.6},
            tolerance=FLOAT32,
        ),
        Case(
            "a penalty of 2",
            LENGTH,
            lambda d: _ending(d, 2, 4, T=1) | {"length_penalty": 2.0},
            tolerance=FLOAT32,
        ),
    ),
    misconceptions=MISCONCEPTIONS + RARE_MISCONCEPTIONS,
    variants=VARIANTS,
    hints=(
        "Draw the tree of the docstring's example on paper, and keep two candidates in each step.",
        "Keep two things for the open candidates: their ids, (beams, T), and their sums, (beams,). "
        "Sums and log-probabilities together make a table (beams, V); `topk` of the flattened "
        "table finds the best, and its indices say which row and which column.",
        "Start with one candidate of sum 0. In each step: table, `topk`, row = index // V, token = "
        "index % V, `cat`. Put those that end, or all after the last step, into a list with their "
        "scores, and go on with the others. Sort the list in the end, and cut it.",
    ),
    stretch=True,
)
