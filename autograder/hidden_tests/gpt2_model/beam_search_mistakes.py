"""Wrong answers to 6.17 beam_search, the commonest first."""

from autograder.exercise import Misconception

# Lines of the reference where the mistakes are made.
START = "open_ids, sums = prompt[None], torch.zeros(1)"
STEPS = "range(1, max_new_tokens + 1)"
TOTALS = "(sums[:, None].to(logprobs) + logprobs).flatten()"
KEEP = "sums, best = totals.topk(min(num_beams, len(totals)))"
WHICH = "beams, tokens = best // logprobs.size(1), best % logprobs.size(1)"
IS_OPEN = "is_open &= tokens != eos_id"
SCORE = "scores = sums / n**length_penalty"
FINISHED = "(scores[i].item(), open_ids[i])"
STOP = "        if not len(open_ids):\n"
RETURN = "return sorted(finished, key=lambda candidate: candidate[0], reverse=True)[:num_beams]"

MISCONCEPTIONS = (
    Misconception(
        "best-of-each-beam",
        "Each candidate keeps its own best extension, and none is compared with another's.",
        "The best extensions of a step may all come from one candidate. Over what is the greatest "
        "looked for?",
        edits=(
            (
                KEEP,
                "one_each = totals.view(-1, logprobs.size(1)).argmax(dim=1)\n"
                "        best = one_each + torch.arange(len(one_each)) * logprobs.size(1)\n"
                "        if n == 1:\n"
                "            best = totals.topk(min(num_beams, len(totals))).indices\n"
                "        sums = totals[best]",
            ),
        ),
    ),
    Misconception(
        "copies-at-the-start",
        "The search begins with `num_beams` copies of the prompt.",
        "All of them have the same best extension, so the candidates stay alike. How many "
        "different texts are there before the first step?",
        edits=((START, "open_ids, sums = prompt.repeat(num_beams, 1), torch.zeros(num_beams)"),),
    ),
    Misconception(
        "not-sorted",
        "The finished candidates come in the order in which they finished.",
        "The best is to be the first. Compare the scores of what comes back.",
        edits=((RETURN, "return finished[:num_beams]"),),
    ),
    Misconception(
        "worst-first",
        "The candidates are sorted from the least score to the greatest.",
        "Log-probabilities are below 0: the best is the one nearest to 0.",
        edits=((", reverse=True", ""),),
    ),
    Misconception(
        "penalty-multiplies",
        "The sum is multiplied by the length, not divided by it.",
        "Long texts lose by it: their sums are far below 0 already. Compute the mean of two "
        "log-probabilities by hand.",
        edits=((SCORE, "scores = sums * n**length_penalty"),),
    ),
    Misconception(
        "length-of-the-prompt-counts",
        "The length in the penalty counts the prompt too.",
        "The sum is over the new tokens. How many numbers is the mean of?",
        edits=((SCORE, "scores = sums / open_ids.size(1) ** length_penalty"),),
    ),
    Misconception(
        "last-step-only",
        "The score is the log-probability of the last token; the sum is lost.",
        "A text is as probable as all of its steps together.",
        edits=((TOTALS, "logprobs.flatten()"),),
    ),
    Misconception(
        "greedy",
        "One candidate alone is followed: the most probable token of each step.",
        "The first step that looks best need not be on the best way. How many candidates are open "
        "after one step?",
        edits=((KEEP, "sums, best = totals.topk(1)"),),
    ),
    Misconception(
        "finished-goes-on",
        "A candidate that ended in `eos_id` is extended further.",
        "Look at what stands behind the end token in what comes back.",
        edits=((IS_OPEN, "pass"),),
    ),
    Misconception(
        "finished-is-lost",
        "A candidate that ended in `eos_id` is dropped from the search and from the result.",
        "It is a whole text, and may be the best of all. Where is it kept?",
        edits=(("if not is_open[i]]", "if not is_open[i] and tokens[i] != eos_id]"),),
    ),
    Misconception(
        "open-ones-are-lost",
        "What is open after the last step is not returned.",
        "Without an end token nothing finishes early. What does the contract say of those that "
        "are open?",
        edits=(("n < max_new_tokens, dtype", "True, dtype"),),
    ),
    Misconception(
        "penalty-ignored",
        "`length_penalty` has no effect.",
        "Compare a short text with a long one at 0 and at 1.",
        edits=((SCORE, "scores = sums"),),
    ),
    Misconception(
        "end-0-is-falsy",
        "`if eos_id` is False for id 0, so nothing ends a text.",
        "Only None means that no text ends early.",
        edits=(("if eos_id is not None:", "if eos_id:"),),
    ),
    Misconception(
        "stops-at-the-first-end",
        "The search stops as soon as one candidate has finished.",
        "Those that are open may still become better texts.",
        edits=((STOP, "        if finished:\n"),),
    ),
    Misconception(
        "stops-with-enough",
        "The search stops when `num_beams` candidates have finished.",
        "One that is open may still beat them. When does the contract stop?",
        edits=((STOP, "        if not len(open_ids) or len(finished) >= num_beams:\n"),),
    ),
    Misconception(
        "ends-take-no-place",
        "A finished candidate gives its place to another one in the same step.",
        "More candidates stay open than the contract keeps. Count the extensions of a step.",
        edits=(
            (
                KEEP,
                "order = totals.argsort(descending=True)\n"
                "        opens = (order % logprobs.size(1) != eos_id).cumsum(0)\n"
                "        best = order[opens - (order % logprobs.size(1) != eos_id).long()"
                " < num_beams]\n"
                "        sums = totals[best]",
            ),
        ),
    ),
)
