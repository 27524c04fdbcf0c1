"""A process that has imported torch once and forks a child for every job.

Where there is a pid namespace it is pid 1: when it ends, all others end, and no signal from them
reaches it. Standard input is the socket to the host; the host's first message is the configuration.
"""

import base64
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any

from . import child, cleanup
from .lockdown import LockDown

if sys.platform == "linux":
    from . import kernel

__all__ = ["main"]

TICK = 0.05  # seconds between two looks at the number of files
_MESSAGE = 65_536


class Host:
    """The socket to the host: messages of JSON, with file descriptors beside them."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def receive(self) -> tuple[dict[str, Any], list[int]]:
        """Wait for the next message."""
        data, files, _, _ = socket.recv_fds(self.connection, _MESSAGE, 3)
        if not data:
            os._exit(0)  # the host is gone
        message: dict[str, Any] = json.loads(data)
        return message, list(files)

    def send(self, message: dict[str, Any]) -> None:
        self.connection.sendall(json.dumps(message).encode())


def main() -> None:
    """Get ready, say so, and do jobs until the host closes the socket."""
    host = Host(socket.socket(fileno=os.dup(0)))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    config, _ = host.receive()
    try:
        lockdown = _prepare(config)
    except BaseException:
        host.send({"failed": traceback.format_exc(limit=-3)})
        os._exit(1)
    os.dup2(null, 2)
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page that children share
    host.send({"ready": True})
    while True:
        request, pipes = host.receive()
        if request["do"] != "job":
            continue  # a "stop" that came when its job had ended
        if config["fork"]:
            host.send(_serve(host, request, pipes, lockdown, config))
        else:
            child.run(request["nonce"], request["limits"], pipes, lockdown)


def _prepare(config: dict[str, Any]) -> LockDown:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a handler would let pid 1 be reached
    for name in config["preload"]:
        _import_whole(name)
    child.warm_up()
    cleanup.empty(config["scratch"])  # importing torch's compiler leaves a folder
    sys.path[:] = config["path"]
    if sys.platform == "linux":
        if config["uid"] is not None:
            os.setgroups([])
            os.setresgid(*[config["uid"]] * 3)
            os.setresuid(*[config["uid"]] * 3)
        kernel.hide_memory()
        kernel.die_with_parent()
        kernel.reap_orphans()
        kernel.no_new_privileges()
    os.umask(0o077)
    os.chdir(config["scratch"])
    own_user = bool(config["own_user"])
    seccomp = base64.b64decode(config["seccomp"])
    return LockDown.prepare(seccomp, config["read"], config["write"], own_user)


def _import_whole(name: str) -> None:
    """Import a module and, if it is a package whose name ends in ".*", what it holds."""
    module = importlib.import_module(name.removesuffix(".*"))
    if name.endswith(".*"):
        for inner in pkgutil.iter_modules(module.__path__, module.__name__ + "."):
            importlib.import_module(inner.name)


def _serve(
    host: Host,
    request: dict[str, Any],
    pipes: list[int],
    lockdown: LockDown,
    config: dict[str, Any],
) -> dict[str, Any]:
    """Run one job in a child and return the report on how it ended."""
    pid = os.fork()
    if pid == 0:
        child.run(request["nonce"], request["limits"], pipes, lockdown)
    for pipe in pipes:
        os.close(pipe)
    too_many = _watch(host, pid, request, config)
    cleanup.kill_all()
    status = cleanup.reap(pid)
    clean = cleanup.empty(config["scratch"]) and not too_many
    return {
        "report": request["nonce"],
        "status": status,
        "clean": clean,
        "too_many_files": too_many,
    }


def _watch(host: Host, pid: int, request: dict[str, Any], config: dict[str, Any]) -> bool:
    """Wait until the child ends or the host says "stop". True: it made too many files."""
    ended = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(host.connection, select.POLLIN)
        last = time.monotonic()
        while True:
            ready = {fd for fd, _ in poll.poll(TICK * 1000)}
            if ended in ready:
                return False
            if ready:
                message, _ = host.receive()
                if message["do"] == "stop" and message["nonce"] == request["nonce"]:
                    return False
            if config["own_files"] and time.monotonic() - last >= TICK:
                last = time.monotonic()
                state = os.statvfs(config["scratch"])
                if state.f_files - state.f_ffree > request["limits"]["files"]:
                    return True
    finally:
        os.close(ended)
