"""Wrong answers to 6.17 beam_search that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.beam_search_mistakes import (
    FINISHED,
    IS_OPEN,
    KEEP,
    RETURN,
    SCORE,
    START,
    STEPS,
    TOTALS,
    WHICH,
)

RARE_MISCONCEPTIONS = (
    Misconception(
        "more-beams-than-tokens",
        "`num_beams` are looked for in the first step, where there are only V.",
        "`topk` raises an exception when there are too few. Search with more beams than there are "
        "tokens.",
        edits=((KEEP, "sums, best = totals.topk(num_beams)"),),
    ),
    Misconception(
        "one-beam-too-many",
        "A step keeps one candidate more than `num_beams`.",
        "Print how many rows the model is shown at the second step.",
        edits=((KEEP, "sums, best = totals.topk(min(num_beams + 1, len(totals)))"),),
    ),
    Misconception(
        "at-most-v-beams",
        "No step keeps more than V candidates.",
        "From the second step on there are more extensions than tokens.",
        edits=((KEEP, "sums, best = totals.topk(min(num_beams, logprobs.size(1)))"),),
    ),
    Misconception(
        "probabilities-are-added",
        "Probabilities are added up, and not their logarithms.",
        "The probability of a text is a product. What becomes of a product under a logarithm?",
        edits=((TOTALS, "(sums[:, None].to(logprobs) + logprobs.exp()).flatten()"),),
    ),
    Misconception(
        "wrong-parents",
        "The new tokens are joined to the candidates in their old order.",
        "A token belongs to the candidate that it extends. Where in the flattened table does it "
        "stand?",
        edits=(
            (
                WHICH,
                "beams, tokens = torch.arange(len(best)) % len(open_ids), best % logprobs.size(1)",
            ),
        ),
    ),
    Misconception(
        "rows-and-columns-mixed-up",
        "The place in the flattened table is divided by the number of candidates.",
        "A row of the table has V numbers, one for each token. What is the shape before it is "
        "flattened?",
        edits=(
            (
                WHICH,
                "beams, tokens = best // len(logprobs) % len(open_ids),"
                " best % len(logprobs) % logprobs.size(1)",
            ),
        ),
    ),
    Misconception(
        "without-the-prompt",
        "The texts come back without the prompt.",
        "The contract asks for ids with the prompt.",
        edits=((FINISHED, "(scores[i].item(), open_ids[i, len(prompt) :])"),),
    ),
    Misconception(
        "without-the-end",
        "The end token is cut off.",
        "It is kept: without it, a text that ended looks like one that was cut off.",
        edits=(
            (
                FINISHED,
                "(scores[i].item(), open_ids[i, :-1] if tokens[i] == eos_id else open_ids[i])",
            ),
        ),
    ),
    Misconception(
        "score-is-a-tensor",
        "The score is a tensor and not a number.",
        "The contract asks for a Python float. Print the type.",
        edits=((FINISHED, "(scores[i], open_ids[i])"),),
    ),
    Misconception(
        "text-first",
        "The pairs hold the text first and the score second.",
        "The contract says which comes first; then a list of pairs can be sorted by score.",
        edits=(
            (
                RETURN,
                RETURN.replace("return ", "pairs = ")
                + "\n    return [(ids, score) for score, ids in pairs]",
            ),
        ),
    ),
    Misconception(
        "texts-are-lists",
        "The texts are lists of numbers and not tensors.",
        "Everything else in the course takes token ids as a tensor.",
        edits=((FINISHED, "(scores[i].item(), open_ids[i].tolist())"),),
    ),
    Misconception(
        "a-batch-of-one",
        "Each text is a batch of one row.",
        "The contract asks for ids in one dimension, as the prompt has.",
        edits=((FINISHED, "(scores[i].item(), open_ids[i : i + 1])"),),
    ),
    Misconception(
        "best-alone",
        "Only the best candidate is returned.",
        "The contract asks for a list of `num_beams`, or of all if there are fewer.",
        edits=((RETURN, RETURN.replace("[:num_beams]", "[:1]")),),
    ),
    Misconception(
        "all-returned",
        "All finished candidates are returned.",
        "There may be more of them than `num_beams`. Count what comes back.",
        edits=((RETURN, RETURN.replace("[:num_beams]", "")),),
    ),
    Misconception(
        "sorted-by-the-sum",
        "The candidates are sorted by their sums, and the penalty comes afterwards.",
        "The score decides about the order, and about who is among the best.",
        edits=(
            (FINISHED, "(sums[i].item(), n, open_ids[i])"),
            (
                RETURN,
                RETURN.replace("return ", "best = ") + "\n    return [(total /"
                " length**length_penalty, ids) for total, length, ids in best]",
            ),
            ("list[tuple[float, Tensor]] = []", "list = []"),
        ),
    ),
    Misconception(
        "all-divided-by-the-last-length",
        "Every sum is divided by the greatest length, whenever its text ended.",
        "A text of two tokens has a mean over two. Is the length that of this candidate?",
        edits=((SCORE, "scores = sums / max_new_tokens**length_penalty"),),
    ),
    Misconception(
        "end-not-in-the-length",
        "The end token is not counted in the length.",
        "Its log-probability is in the sum. How many numbers were added up?",
        edits=(
            (
                SCORE,
                "counted = torch.tensor([max(n - (t == eos_id), 1) for t in tokens.tolist()])\n"
                "        scores = sums / counted**length_penalty",
            ),
        ),
    ),
    Misconception(
        "penalty-is-a-factor",
        "The sum is divided by the length times the penalty.",
        "With a penalty of 0 that divides by 0, and the contract asks for a power.",
        edits=((SCORE, "scores = sums / (n * length_penalty if length_penalty else 1)"),),
    ),
    Misconception(
        "penalty-of-another-paper",
        "The length is put into the formula ((5 + n) / 6) of Google's translation system.",
        "The contract takes the number of new tokens itself to the power.",
        edits=((SCORE, "scores = sums / ((5 + n) / 6) ** length_penalty"),),
    ),
    Misconception(
        "mean-by-default",
        "Without a `length_penalty` the mean is taken.",
        "The default compares sums.",
        edits=((SCORE, "scores = sums / n ** (length_penalty or 1.0)"),),
    ),
    Misconception(
        "means-are-summed",
        "The penalty is applied in each step, and the next step adds to what it has left.",
        "The sum itself has to be kept from step to step.",
        edits=((SCORE, "scores = sums = sums / n**length_penalty"),),
    ),
    Misconception(
        "prompt-can-end-it",
        "A prompt that ends in `eos_id` counts as a finished text.",
        "GPT-2 begins a text with the token that ends one. Only a new one counts.",
        edits=(
            (
                START,
                START + "\n    if prompt[-1] == eos_id:\n        return [(0.0, prompt)]",
            ),
        ),
    ),
    Misconception(
        "end-anywhere-counts",
        "A candidate is finished when `eos_id` stands anywhere in it, in the prompt too.",
        "Look at the new token alone.",
        edits=((IS_OPEN, "is_open &= (open_ids != eos_id).all(dim=1)"),),
    ),
    Misconception(
        "one-step-too-few",
        "The search is a step too short.",
        "Count the new tokens of the longest text.",
        edits=(
            (STEPS, "range(1, max(max_new_tokens, 2))"),
            ("n < max_new_tokens, dtype", "n < max(max_new_tokens, 2) - 1, dtype"),
        ),
    ),
    Misconception(
        "no-repeats",
        "A token that stands in the text already is left out.",
        "A text may say the same twice.",
        edits=(
            (
                TOTALS,
                "(sums[:, None].to(logprobs) + logprobs.scatter(1, open_ids, -1e4)).flatten()",
            ),
        ),
    ),
    Misconception(
        "prompt-not-shown",
        "The model is shown the text from the last token of the prompt on.",
        "It has not read what stands before it. Print the first input of the model.",
        edits=(("logprob_fn(open_ids)", "logprob_fn(open_ids[:, len(prompt) - 1 :])"),),
    ),
)
