"""Runs learners' code where it can do no harm, and brings back what it returned.

    with open_sandbox("bubblewrap", Limits()) as sandbox:
        result = sandbox.run(Job(chunks, target, cases))

The result is `Finished` with an outcome for each case, or `Died` with a reason. `SandboxError`
means that there is no sandbox, which is never the learner's fault.
"""

from .protocol import (
    SANDBOX_ENDED,
    CaseInput,
    Chunk,
    Died,
    Finished,
    Job,
    Limits,
    Reason,
    SandboxError,
)
from .sandbox import Kind, Sandbox, open_sandbox

__all__ = [
    "SANDBOX_ENDED",
    "CaseInput",
    "Chunk",
    "Died",
    "Finished",
    "Job",
    "Kind",
    "Limits",
    "Reason",
    "Sandbox",
    "SandboxError",
    "open_sandbox",
]
