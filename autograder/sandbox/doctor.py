"""Tries each layer of a sandbox, from inside of it: what holds is seen, not read off a version."""

import json
import os
import socket
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .bubblewrap import why_unavailable
from .protocol import Died, Finished, Job, Limits, SandboxError
from .sandbox import Kind, Sandbox, open_sandbox

__all__ = ["Layer", "examine", "why_unavailable"]

_LIMITS = Limits(seconds=5.0, memory_bytes=2**30)


@dataclass(frozen=True)
class Layer:
    """One thing that a sandbox keeps learners' code from.

    Attributes:
        name: what was tried.
        held: it did not succeed.
        detail: what happened.
        meaning: what that is worth to an instructor.
    """

    name: str
    held: bool
    detail: str
    meaning: str


@dataclass(frozen=True)
class _Trial:
    """Code that tries something, and returns what it got hold of: nothing, if the layer holds."""

    name: str
    meaning: str
    code: str


def examine(kind: Kind = "bubblewrap") -> list[Layer]:
    """Open a sandbox of this kind and try to get out of it.

    The first layer is the sandbox itself; where it cannot be had, it is the only one.
    """
    try:
        with open_sandbox(kind, _LIMITS) as sandbox, _bait() as (address, folder):
            layers = [_opens(sandbox)]
            values = {"PORT": str(address), "PID": str(os.getpid()), "FOLDER": repr(str(folder))}
            layers += [_try(sandbox, trial, values) for trial in _TRIALS]
            layers += [_refused(sandbox, *limit) for limit in _OVER]
            layers.append(_next_job(sandbox))
        return layers
    except SandboxError as error:
        meaning = "Nothing can be graded in this kind of sandbox."
        return [Layer(f"{kind} starts", False, str(error), meaning)]


@contextmanager
def _bait() -> Iterator[tuple[int, Path]]:
    """A listener on the loopback of this machine, and a folder that anybody may read and write."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "secret").write_text("secret")
        (folder / "secret").chmod(0o666)
        yield server.getsockname()[1], folder


def _run(sandbox: Sandbox, code: str) -> Finished | Died:
    source = textwrap.dedent(code)
    case = {"probe": "doctor.none", "inputs": {}}
    return sandbox.run(Job(({"cell": 0, "source": source},), "undefined", (case,)))  # type: ignore[arg-type]


def _told(result: Finished | Died) -> object:
    """What the code reported: it ends with an exception whose message is JSON."""
    if isinstance(result, Died):
        return f"{result.reason}: {result.detail}"
    message = result.outcomes[0].get("raised", {}).get("message", "")
    try:
        return json.loads(message)
    except ValueError:
        return message


def _opens(sandbox: Sandbox) -> Layer:
    told = _told(_run(sandbox, "import torch, json; raise Exception(json.dumps('torch'))"))
    return Layer("starts and imports torch", told == "torch", str(told), "Code can be run at all.")


def _try(sandbox: Sandbox, trial: _Trial, values: dict[str, str]) -> Layer:
    told = _told(_run(sandbox, _program(trial, values)))
    return Layer(trial.name, told == [], "refused" if told == [] else f"got {told}", trial.meaning)


def _program(trial: _Trial, values: dict[str, str]) -> str:
    """Put the values in, and report at the end what was got."""
    code = textwrap.dedent(trial.code)
    for name, value in values.items():
        code = code.replace(name, value)
    return _BEFORE + code + "raise Exception(json.dumps(got))\n"


def _refused(
    sandbox: Sandbox, name: str, meaning: str, code: str, held: Callable[[str], bool]
) -> Layer:
    told = str(_told(_run(sandbox, code)))
    return Layer(name, held(told), told, meaning)


def _next_job(sandbox: Sandbox) -> Layer:
    _run(sandbox, "import os\nopen(os.environ['TMPDIR'] + '/left', 'w').close()")
    code = "import os, json; raise Exception(json.dumps(os.listdir(os.environ['TMPDIR'])))"
    told = _told(_run(sandbox, code))
    meaning = "One submission cannot leave something for the next."
    return Layer("finds the file of the job before", told == [], f"found {told}", meaning)


_BEFORE = """
import ctypes, json, os, signal, socket
libc = ctypes.CDLL(None, use_errno=True)
got = []
def attempt(action):
    try: action()
    except BaseException: return False
    return True
"""

_TRIALS = (
    _Trial(
        "connects to a listener on this machine",
        "Learners' code cannot send anything away or ask anybody for an answer.",
        """
        if attempt(lambda: socket.create_connection(("127.0.0.1", PORT), timeout=1)):
            got.append("a connection")
        """,
    ),
    _Trial(
        "reads this machine's files",
        "Other submissions, hidden tests and secrets are out of reach.",
        """
        for path in (FOLDER + "/secret", "/etc/passwd"):
            if attempt(lambda: open(path).read()):
                got.append(path)
        """,
    ),
    _Trial(
        "writes outside its own folder",
        "Nothing on this machine can be changed.",
        """
        for path in (FOLDER + "/secret", FOLDER + "/new", "/new", "/usr/lib/new"):
            if attempt(lambda: open(path, "r+" if "secret" in path else "w").close()):
                got.append(path)
        """,
    ),
    _Trial(
        "sees other processes",
        "Command lines and environments of other programs are out of reach.",
        """
        if attempt(lambda: os.sched_getscheduler(PID)) and PID != os.getpid():
            got.append("process PID")
        if os.path.exists("/proc/PID"):
            got.append("/proc/PID")
        """,
    ),
    _Trial(
        "signals other processes",
        "The grader cannot be stopped from inside.",
        """
        for pid in {PID, os.getppid()}:
            if attempt(lambda: os.kill(pid, 0)):
                got.append(pid)
        """,
    ),
    _Trial(
        "traces another process",
        "The grader's memory cannot be read or changed.",
        """
        for pid in {PID, os.getppid()}:
            for request in (0x4206,):
                if libc.ptrace(request, pid, 0, 0) == 0:
                    got.append(pid)
        """,
    ),
    _Trial(
        "starts another program",
        "There is no shell to use.",
        """
        for program in ("/bin/true", "/usr/bin/true"):
            if attempt(lambda: os.posix_spawn(program, ["true"], {})):
                got.append(program)
        """,
    ),
    _Trial(
        "makes a user namespace",
        "The part of the kernel where most escapes were found is closed.",
        """
        if libc.unshare(0x10000000) == 0:
            got.append("a user namespace")
        """,
    ),
    _Trial(
        "is root",
        "What it could do to the machine is what nobody can.",
        """
        if os.getuid() == 0:
            got.append("user id 0")
        """,
    ),
)

_OVER: tuple[tuple[str, str, str, Callable[[str], bool]], ...] = (
    (
        "makes 1,000 processes",
        "A fork bomb costs its own job only.",
        """
        import json, os
        made = 0
        try:
            while made < 1000:
                if os.fork() == 0: os._exit(0)
                made += 1
        except OSError: pass
        raise Exception(json.dumps(made))
        """,
        # On a busy machine the children pile up, and their memory is over the limit first.
        lambda told: (told.isdigit() and int(told) < 100) or told.startswith("out of memory"),
    ),
    (
        "takes 8 GiB of memory",
        "This machine does not run out of memory.",
        """
        import json
        try: kept = bytearray(8 * 2**30)
        except MemoryError: raise Exception(json.dumps("MemoryError"))
        raise Exception(json.dumps("8 GiB"))
        """,
        lambda told: told == "MemoryError" or told.startswith("out of memory"),
    ),
    (
        "prints without end",
        "Neither memory nor disk fills up with output.",
        "import os\nwhile True: os.write(1, b'x' * 2**20)",
        lambda told: told.startswith("too much output"),
    ),
    (
        "loops without end",
        "Every submission gets a result, and soon.",
        "while True: pass",
        lambda told: told.startswith("timed out"),
    ),
)
