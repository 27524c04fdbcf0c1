"""Wrong answers to 4.3 sinusoidal_positions, the commonest first."""

from autograder.exercise import Misconception

ANGLES = "t / base ** (even / n_embd)"
PAIRS = "pairs = torch.stack([angles.sin(), angles.cos()], dim=-1)"
OUT = "return pairs.flatten(1).to(torch.get_default_dtype())"
START = "    t = torch.arange(T"

MISCONCEPTIONS = (
    Misconception(
        "halves",
        "All sines stand in the first half of the channels and all cosines in the second.",
        "Other code does it so, and it would train as well. Here each pair lies side by side: "
        "look at channels 0 and 1.",
        edits=((PAIRS, "pairs = torch.cat([angles.sin(), angles.cos()], dim=-1)"),),
    ),
    Misconception(
        "sine-and-cosine-exchanged",
        "Sine and cosine are exchanged.",
        "Position 0 should begin with 0, 1.",
        edits=((PAIRS, "pairs = torch.stack([angles.cos(), angles.sin()], dim=-1)"),),
    ),
    Misconception(
        "faster-with-each-pair",
        "The angles grow with each pair: the sign of the exponent is turned round.",
        "The hands should go round more slowly to the right. Look at position 1 from left to "
        "right.",
        edits=((ANGLES, "t * base ** (even / n_embd)"),),
    ),
    Misconception(
        "positions-from-one",
        "The positions are counted from 1.",
        "At position 0 every angle is 0.",
        edits=((ANGLES, f"(t + 1){ANGLES[1:]}"),),
    ),
    Misconception(
        "twice-the-exponent",
        "The exponent is twice as large as it should be.",
        "It runs from 0 up to nearly 1. A channel's number that already goes in steps of two is "
        "2i, not i.",
        edits=((ANGLES, "t / base ** (2 * even / n_embd)"),),
    ),
    Misconception(
        "half-the-exponent",
        "The exponent is half as large as it should be.",
        "It runs from 0 up to nearly 1. Where is the 2 of 2i?",
        edits=((ANGLES, "t / base ** (even / 2 / n_embd)"),),
    ),
    Misconception(
        "own-angle-for-each-channel",
        "Each channel has an angle of its own: the two of a pair differ.",
        "A hand of a clock is one angle. The squares of channels 2i and 2i + 1 should sum to 1.",
        edits=((PAIRS, PAIRS.replace("angles.cos()", "(angles / base ** (1 / n_embd)).cos()")),),
    ),
    Misconception(
        "channels-taken-for-pairs",
        "The channel's number stands where the pair's number belongs.",
        "Channels 2i and 2i + 1 share one angle. Which i do channels 4 and 5 have?",
        edits=(
            (
                PAIRS,
                "fast, slow = (t / base ** (2 * (even + i) / n_embd) for i in (0, 1))\n    "
                + PAIRS.replace("angles.sin", "fast.sin").replace("angles.cos", "slow.cos"),
            ),
        ),
    ),
    Misconception(
        "pairs-from-one",
        "The pairs are counted from 1.",
        "The first pair is number 0, and its hand turns by one radian a position.",
        edits=((ANGLES, "t / base ** ((even + 2) / n_embd)"),),
    ),
    Misconception(
        "base-fixed",
        "`base` is not used.",
        "10000 is its default. Ask for another one and compare.",
        edits=((ANGLES, "t / 10000.0 ** (even / n_embd)"),),
    ),
    Misconception(
        "one-speed",
        "All pairs turn at the same speed.",
        "Two positions that lie one turn apart look the same. Where does the pair's number enter, "
        "and is it lost in a division by `//`?",
        edits=((ANGLES, "t / base ** (even // n_embd)"),),
    ),
    Misconception(
        "to-the-last-pair",
        "The speeds are spread so that the last pair reaches the base exactly.",
        "That divides by one less than the number of pairs. In the paper's formula the "
        "denominator is C.",
        edits=((ANGLES, "t / base ** (even / max(n_embd - 2, 1))"),),
    ),
    Misconception(
        "halves-to-the-last-pair",
        "Sines stand in one half and cosines in the other, and the last pair reaches the base "
        "exactly.",
        "Some libraries do it so, and it would train as well. Compare with the formula of the "
        "contract: where a pair stands, and what its exponent is divided by.",
        edits=(
            (ANGLES, "t / base ** (even / max(n_embd - 2, 1))"),
            (PAIRS, "pairs = torch.cat([angles.sin(), angles.cos()], dim=-1)"),
        ),
    ),
    Misconception(
        "no-exponent",
        "The base is multiplied by the exponent, not raised to it.",
        "The first pair then divides by 0, and the speeds fall like 1/i.",
        edits=((ANGLES, "t / (base * even / n_embd).clamp(min=1)"),),
    ),
    Misconception(
        "other-logarithm",
        "The speeds come from a logarithm and an exponential of different bases.",
        "`exp` undoes the natural logarithm, which is `log` and not `log10`.",
        edits=((ANGLES, "t * (-even / n_embd * torch.log10(torch.tensor(float(base)))).exp()"),),
    ),
    Misconception(
        "whole-turns",
        "The angles are multiplied by 2π.",
        "The first hand then stands at the same place at every position. The angle is "
        "already in radians.",
        edits=((ANGLES, f"{ANGLES} * 2 * torch.pi"),),
    ),
    Misconception(
        "sines-only",
        "Both channels of a pair hold the sine.",
        "One number does not say where a hand stands: two angles have the same sine.",
        edits=((PAIRS, PAIRS.replace("cos", "sin")),),
    ),
    Misconception(
        "alternates-over-positions",
        "Even positions get sines and odd positions cosines: the two alternate along the wrong "
        "dimension.",
        "They alternate over the channels. Position 0 should be 0, 1, 0, 1, and so on.",
        edits=(
            (
                OUT,
                "both = angles.repeat_interleave(2, dim=1)\n"
                "    both[0::2], both[1::2] = both[0::2].sin(), both[1::2].cos()\n"
                "    return both.to(torch.get_default_dtype())",
            ),
        ),
    ),
    Misconception(
        "angles-returned",
        "The angles come out, without sine and cosine.",
        "They grow with the position without end. All numbers should lie between -1 and 1.",
        edits=((PAIRS, "pairs = torch.stack([angles, angles], dim=-1)"),),
    ),
    Misconception(
        "pairs-kept-apart",
        "The result has three dimensions: the pairs are not laid side by side.",
        "(T, C/2, 2) holds the right numbers in the right order. Look at the shape.",
        edits=((OUT, OUT.replace(".flatten(1)", "")),),
    ),
    Misconception(
        "channels-first",
        "The result is (C, T).",
        "Each row should be a position.",
        edits=((OUT, OUT.replace(".flatten(1)", ".flatten(1).t()")),),
    ),
    Misconception(
        "batch-dimension",
        "There is a batch dimension in front: (1, T, C).",
        "Broadcasting adds it where it is needed. Look at the shape in the contract.",
        edits=((OUT, OUT.replace(".flatten(1)", ".flatten(1)[None]")),),
    ),
    Misconception(
        "one-position-more",
        "There is a position too many.",
        "Positions run from 0 to T - 1: how many are these?",
        edits=((START, "    t = torch.arange(T + 1"),),
    ),
    Misconception(
        "scaled",
        "The numbers are scaled down.",
        "Sine and cosine go as far as 1. A scale belongs to the token vectors, if anywhere.",
        edits=((OUT, OUT.replace(".flatten(1)", ".flatten(1).div(n_embd**0.5)")),),
    ),
    Misconception(
        "parameter-returned",
        "The result asks for a gradient, as a Parameter does.",
        "These positions are computed and stay as they are: nothing in them is learned.",
        edits=((OUT, f"return torch.nn.Parameter({OUT[7:]})"),),
    ),
    Misconception(
        "relative-positions",
        "The positions are divided by T.",
        "Position 1 then depends on how long the text is.",
        edits=((ANGLES, "t / T / base ** (even / n_embd)"),),
    ),
)
