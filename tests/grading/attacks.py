"""The red team's notebooks: each attacks the grader, and is bounded in memory, time and disk.

Each holds the one exercise that it attacks. The docstrings say by which mechanism.
"""

import textwrap
from collections.abc import Callable

from tests.sample_class.notebook import Notebook

HEAD = """\
import gc, os, sys, threading, time
import torch
from gptcourse import runner, wire
from gptcourse.probes import bigrams, what_is_a_gpt

def honest(x, dim=-1):
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)

"""


def alone(exercise: str, body: str, *others: str) -> Notebook:
    """Return a notebook with this exercise, and nothing else but the other cells."""
    source = f"# exercise: {exercise}\n" + textwrap.dedent(body).lstrip("\n")
    cells = [{"cell_type": "code", "metadata": {}, "source": s} for s in (HEAD, source, *others)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def replays_public_keys() -> Notebook:
    """Answers each call with the public key's right answer for inputs of this shape."""
    return alone("softmax", """
        from gptcourse.key import load_public
        def softmax(x, dim=-1):
            cases = load_public("softmax").cases
            near = min((c for c in cases if c.inputs["x"].shape == x.shape),
                       key=lambda c: (c.inputs["x"] - x).abs().max())
            return near.expected["outputs"]["output"]
    """)  # fmt: skip


def lies_about_what_ran() -> Notebook:
    """Replaces the runner's run_group, which may say anything: a verdict, points, odd keys."""
    return alone("softmax", """
        def run_group(namespace, target, cases):
            lie = {"verdict": "passed", "earned": 99, "points": 99, "problem": None}
            return [lie | {"outputs": lie, "used": {}, "modified": 7} for _ in cases]
        runner.run_group = run_group
        def softmax(x, dim=-1):
            return runner
    """)  # fmt: skip


def costly_message() -> Notebook:
    """Says that it raised, with a message that is a tree of 30,000 tensors to be printed."""
    return _forged_raise("{str(i): t for i in range(30_000)}")


def covert_channel() -> Notebook:
    """Writes the hidden inputs into the type, the line and the function of a forged exception."""
    return _forged_raise('"secret"', "int('9' * 4000)", "'f' * 80")


def _forged_raise(message: str, line: str = "1", function: str = "'f'") -> Notebook:
    return alone("softmax", f"""
        def softmax(x, dim=-1):
            t = torch.arange(1000.0)
            frames = [["cell 2", {line}, {function}]]
            raised = {{"type": "Boo", "message": {message}, "frames": frames}}
            frame = sys._getframe()
            while "nonce" not in frame.f_locals:
                frame = frame.f_back
            count = len(frame.f_locals["cases"])
            lie = [{{"raised": raised}}] + [{{"raised": raised | {{"message": ""}}}}] * (count - 1)
            reply = wire.pack({{"nonce": frame.f_locals["nonce"], "outcomes": lie}})
            data = memoryview(len(reply).to_bytes(8, "big") + reply)
            while data:
                data = data[os.write(4, data):]
            time.sleep(5)
    """)  # fmt: skip


def costly_type() -> Notebook:
    """Names as its unsupported type a tree of 30,000 tensors to be printed."""
    return alone("softmax", """
        t = torch.arange(1000.0)
        name = {str(i): t for i in range(30_000)}
        def describe(value, depth=0):
            return {"unsupported": name}
        def softmax(x, dim=-1):
            runner.describe = describe
    """)  # fmt: skip


def few_draws() -> Notebook:
    """Returns a text so short that its frequencies differ from nothing."""
    return alone("sample_bigram", """
        def sample_bigram(P, start_id, n, generator):
            V = len(P)
            return torch.tensor([*range(start_id, V), *range(start_id + 1)])
    """)  # fmt: skip


def tiny_draws() -> Notebook:
    """Returns, by a probe of its own, a millionth of a draw for each pair."""
    return alone("sample_bigram", """
        def transitions(sample_bigram, P, start_id, n, seed):
            return {"transitions": torch.full((len(P), len(P)), 1e-6)}
        bigrams.transitions = transitions
        def sample_bigram(P, start_id, n, generator):
            return bigrams
    """)  # fmt: skip


def softmax_in_a_thread() -> Notebook:
    """torch's dispatch mode belongs to a thread: another one is not seen. It earns its points."""
    return alone("softmax", """
        def softmax(x, dim=-1):
            found = []
            thread = threading.Thread(target=lambda: found.append(torch.softmax(x, dim)))
            thread.start()
            thread.join()
            return found[0]
    """)  # fmt: skip


def own_probe() -> Notebook:
    """Replaces a probe whose right answers do not depend on its inputs. It earns its points."""
    return alone("sample_bigram", """
        def again(sample_bigram, P, start_id, n, seed):
            return {"the same seed gives the same text": True,
                    "another seed gives the same text": False,
                    "a second call gives the same text": False}
        bigrams.sample_bigram_again = again
        def sample_bigram(P, start_id, n, generator):
            return bigrams
    """)  # fmt: skip


def hidden_shortcut() -> Notebook:
    """Calls torch.softmax by a name that is put together: the recorder sees operators."""
    return alone("softmax", """
        def softmax(x, dim=-1):
            return getattr(torch, "soft" + "max")(x, dim)
    """)  # fmt: skip


def walks_the_disk() -> Notebook:
    """Right if and only if it finds the solutions, the hidden tests or accounts on the disk."""
    return alone("softmax", """
        def softmax(x, dim=-1):
            wanted = {"gpt2", "hidden_tests", "records", "passwd", "shadow", "environ", ".ssh"}
            for _, folders, files in os.walk("/"):
                if wanted.intersection(folders + files):
                    return honest(x, dim)
            for name in ("gpt2", "autograder", "autograder.hidden_tests"):
                try:
                    __import__(name)
                    return honest(x, dim)
                except ImportError:
                    pass
    """)  # fmt: skip


def leaves_files() -> Notebook:
    """Leaves a deep folder behind, so that the sandbox has to be thrown away."""
    return alone("softmax", """
        def softmax(x, dim=-1):
            os.makedirs("d/" * 20, exist_ok=True)
            return honest(x, dim)
    """)  # fmt: skip


def hogs_the_processor() -> Notebook:
    """Spins in as many processes as it may have, beside its neighbours."""
    return alone("softmax", """
        def softmax(x, dim=-1):
            for _ in range(20):
                if os.fork() == 0:
                    while True:
                        pass
            while True:
                pass
    """)  # fmt: skip


def _answers(source: str) -> Callable[[], Notebook]:
    return lambda: alone("softmax", source)


RIGHT = "def softmax(x, dim=-1):\n    return honest(x, dim)\n"

# What the grader reads and does not run: code on which its own parsing, slicing or printing of
# Python would stop, or take for ever.
PATHOLOGICAL: dict[str, tuple[Callable[[], Notebook], str]] = {
    "two arguments of one name": (_answers("def softmax(x, x):\n    return x\n"), "error"),
    "global argument": (_answers("def softmax(x):\n    global x\n"), "error"),
    "20,000 hexadecimal digits": (
        _answers(f"def softmax(x, dim=-1):\n    0x{'f' * 20_000}\n    return honest(x, dim)\n"),
        "passed",
    ),
    "a sum of 600": (
        _answers(f"def softmax(x, dim=-1):\n    return honest(x, dim){' + 0' * 600}\n"),
        "passed",
    ),
    "a target 1,500 deep": (_answers(f"y = 1\ny{'.real' * 1500} = 3\n{RIGHT}"), "passed"),
    "a NUL": (_answers(RIGHT + "\0"), "error"),
    "a lone surrogate": (_answers(RIGHT + "# \ud800"), "error"),
    "a million spaces": (
        lambda: alone("softmax", RIGHT, " " * 200_000 + "(\n" + " " * 200_000 + "x?"),
        "passed",
    ),
    "60 magics in long lines": (
        lambda: alone("softmax", RIGHT, ("%m\ny = " + "0," * 1000 + "0\n") * 60),
        "passed",
    ),
    "4,900 cells": (lambda: alone("softmax", RIGHT, *["%x\n("] * 4_900), "passed"),
    "1,000 statements on 4,000 lines": (
        _answers("\n" * 3_000 + "y = 1\n" * 1_000 + RIGHT.replace("-1", "-1 * y")),
        "passed",
    ),
}

TOO_MUCH: dict[str, Callable[[], Notebook]] = {
    "many lines": lambda: alone("softmax", RIGHT + "y\n" * 20_000),
    "many lines of an old Macintosh": lambda: alone("softmax", RIGHT + "y\r" * 20_000),
    "many statements": lambda: alone("softmax", "y = 1;" * 4_000 + "\n" + RIGHT),
    "much code": lambda: alone("softmax", RIGHT + f"y = [{'0,' * 300_000}]"),
    "many brackets": lambda: alone("softmax", RIGHT) | {"metadata": {"x": [[]] * 1_100_000}},
    "many cells": lambda: alone("softmax", RIGHT, *["1"] * 5_000),
}

ATTACKS: dict[str, Callable[[], Notebook]] = {
    function.__name__: function
    for function in (
        replays_public_keys, lies_about_what_ran, costly_message, covert_channel, costly_type,
        few_draws, tiny_draws, softmax_in_a_thread, own_probe, hidden_shortcut, walks_the_disk,
        leaves_files, hogs_the_processor,
    )
}  # fmt: skip

# File names as an upload may have them.
NAMES = {
    "formula": '=HYPERLINK("http:∕∕127.0.0.1∕","x")',
    "newline": 'two\nlines, "quoted"',
    "terminal": "\x1b]0;owned\x07\x1b[2J[red]red[∕]",
    "same as another": "a b",
    "the other": "a_b",
    "right to left": "gnp\u202eipynb",
}
