"""Sandboxes to attack, and the honest job that has to work after each attack."""

import textwrap
from collections.abc import Callable, Iterator

import pytest
import torch

from autograder.sandbox import Died, Finished, Job, Limits, Sandbox, SandboxError, open_sandbox

HONEST = """
import torch
def softmax(x, dim=-1):
    e = (x - x.max(dim, keepdim=True).values).exp()
    return e / e.sum(dim, keepdim=True)
"""
X = torch.tensor([[1.0, 2.0, 3.0], [-1.0, 0.0, 50.0]])
LIMITS = Limits(seconds=5.0, cpu_seconds=5, memory_bytes=2**30)

Attack = Callable[[str], Finished | Died]


def job(source: str, cases: int = 1) -> Job:
    """A job that defines `softmax` and calls it."""
    chunk = {"cell": 1, "source": textwrap.dedent(source)}
    case = {"probe": "what_is_a_gpt.softmax", "inputs": {"x": X}}
    return Job((chunk,), "softmax", (case,) * cases)  # type: ignore[arg-type]


def opened(kind: str) -> Sandbox:
    """A sandbox of the kind, or a skip that says why there is none."""
    try:
        return open_sandbox(kind, LIMITS)  # type: ignore[arg-type]
    except SandboxError as error:
        pytest.skip(f"no {kind} here: {error}")


def assert_honest_job_works(sandbox: Sandbox) -> None:
    """The right answer for the right code."""
    result = sandbox.run(job(HONEST, cases=2))
    assert isinstance(result, Finished), result
    for outcome in result.outcomes:
        torch.testing.assert_close(outcome["outputs"]["output"], torch.softmax(X, -1))
        assert outcome["modified"] == []


@pytest.fixture(scope="session")
def bubblewrap() -> Iterator[Sandbox]:
    with opened("bubblewrap") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def process() -> Iterator[Sandbox]:
    with opened("process") as sandbox:
        yield sandbox


@pytest.fixture(params=["bubblewrap", "process"])
def either(request: pytest.FixtureRequest) -> Sandbox:
    sandbox: Sandbox = request.getfixturevalue(request.param)
    return sandbox


@pytest.fixture
def attack(either: Sandbox) -> Iterator[Attack]:
    """Run hostile code in both kinds of sandbox; afterwards an honest job has to work."""
    yield lambda source: either.run(job(source))
    assert_honest_job_works(either)


@pytest.fixture
def attack_walls(bubblewrap: Sandbox) -> Iterator[Attack]:
    """The same, in bubblewrap alone."""
    yield lambda source: bubblewrap.run(job(source))
    assert_honest_job_works(bubblewrap)


def told(result: Finished | Died) -> str:
    """What code inside reported: the message of the exception that it raised."""
    assert isinstance(result, Finished), result
    message: str = result.outcomes[0]["raised"]["message"]
    return message
