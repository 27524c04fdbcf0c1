"""What each level of the sandbox claims to hold, said once; and what nothing here holds.

The instructors' page prints these lists. Each hostile submission in `tests/hostile/bank` names the
claim that it attacks, and the tests hold every level to its claims.
"""

from dataclasses import dataclass

__all__ = ["CLAIMS", "RESIDUAL", "Claim"]

BUBBLEWRAP = ("bubblewrap",)
BOTH = ("bubblewrap", "process")
# What is done outside of any sandbox holds whichever is chosen.
OUTSIDE = BOTH


@dataclass(frozen=True)
class Claim:
    """One thing that a submission cannot do.

    Attributes:
        name: the word by which hostile submissions refer to it.
        says: the end of "A submission ...".
        held_by: the kinds of sandbox that hold it.
        where: what holds it, when it is not a wall: "policy" is the list of what an answer may
            use (`gptcourse.reach`), without which code in the runner's own process gets points.
    """

    name: str
    says: str
    held_by: tuple[str, ...]
    where: str = "walls"


_LIST = (
    Claim("files", "reads no file of the machine but Python, its packages and gptcourse", BOTH),
    Claim("names", "does not learn which files, users and processes there are", BUBBLEWRAP),
    Claim("grader", "reads no environment, memory or open file of the grader", BOTH),
    Claim("answers", "never has the right answers: they are not where it runs", BOTH),
    Claim("inputs", "carries no hidden input out, and has none before it is called", BOTH),
    Claim("writes", "writes nowhere but in a scratch folder that is emptied", BOTH),
    Claim("leftovers", "leaves nothing to the next one: no process, file or setting", BOTH),
    Claim("memory", "takes no more memory than is allowed, all its processes together", BOTH),
    Claim("processes", "makes no more processes and threads than are allowed", BOTH),
    Claim("one-file", "makes no file larger than is allowed", BOTH),
    Claim("disk", "makes no more files, and no more bytes of files, than are allowed", BUBBLEWRAP),
    Claim("output", "prints no more than is allowed", BOTH),
    Claim("time", "runs no longer than is allowed", BOTH),
    Claim("crash", "loses its own part when it crashes, exits or answers nonsense", BOTH),
    Claim("signals", "stops, slows and traces no process but its own", BOTH),
    Claim("kernel", "makes none of the system calls that an answer has no use for", BOTH),
    Claim("network", "reaches no network, no socket and no service of the machine", BOTH),
    Claim("verdict", "sends values and never a verdict", OUTSIDE, "judge"),
    Claim("values", "gets points for right values alone", OUTSIDE, "judge"),
    Claim("forbidden", "cannot call what an exercise forbids by another name", OUTSIDE, "judge"),
    Claim("reach", "gets no points when it reaches into Python or the grader", OUTSIDE, "policy"),
    Claim("pages", "is shown and not obeyed, in pages, tables and terminals", OUTSIDE, "pages"),
    Claim("reading", "is read as data: no link, pipe or bomb stops the class", OUTSIDE, "pages"),
)
CLAIMS: dict[str, Claim] = {claim.name: claim for claim in _LIST}

RESIDUAL = (
    "A learner's code runs in the process that reports on it. A way to get hold of that process "
    "which the list of allowed names overlooks could earn points that the answer does not deserve. "
    "It would not reach the right answers, other submissions or your machine.",
    "A hole in Linux itself would go through every wall. Keep the kernel up to date, and grade on "
    "a machine that holds nothing you could not lose.",
    "What a learner is told about a failed part is a little about the hidden inputs: one number of "
    "the result and the one expected. Who may hand in again and again can collect them: use "
    "another seed for another round.",
    "The level “process” has no walls of its own. It leans on the kernel: without Landlock (Linux "
    "before 5.13) code can read what every user may read, and it always sees which files and "
    "processes there are. It does not limit the number of files.",
    "The memory that the kernel itself keeps for pipes, and the heat of the processor, are limited "
    "by the number of processes and by time, and by nothing else.",
    "A part whose right answer is the same for all inputs can be guessed: one of five points of "
    "`get_batch` goes to whoever returns anything on the device that was asked for.",
    "Two learners with one right answer are not an attack that a grader sees.",
)
