"""How a child gives up what learners' code must not have, before any of that code runs."""

import os
import resource
import sys
from dataclasses import dataclass

if sys.platform == "linux":
    from . import kernel

__all__ = ["LockDown"]

OPEN_FILES = 256


@dataclass
class LockDown:
    """What is prepared once and applied in every child.

    Attributes:
        seccomp: the filter program; empty where there is none for this machine.
        landlock: the file descriptor of a ruleset, or None where the kernel has no Landlock.
        own_user: the user id is this sandbox's alone, so that its processes can be counted.
    """

    seccomp: bytes
    landlock: int | None
    own_user: bool

    @classmethod
    def prepare(
        cls, seccomp: bytes, read: list[str], write: list[str], own_user: bool
    ) -> "LockDown":
        """Make the ruleset, if this kernel has Landlock."""
        landlock = None
        if sys.platform == "linux" and kernel.landlock_version() > 0:
            landlock = kernel.landlock_ruleset(read, write)
        return cls(seccomp, landlock, own_user)

    def apply(self, limits: dict[str, int]) -> None:
        """Lock this process down. Raises OSError if any part of it is refused."""
        cpu = limits["cpu_seconds"]
        # One second between the signal that can be caught and the one that cannot.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        _limit(resource.RLIMIT_AS, limits["address_space"])
        _limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
        _limit(resource.RLIMIT_CORE, 0)
        if self.own_user:
            _limit(resource.RLIMIT_NPROC, limits["processes"])
        if sys.platform == "linux":
            _limit(resource.RLIMIT_MSGQUEUE, 0)
            kernel.no_new_privileges()
            if self.landlock is not None:
                kernel.restrict_to(self.landlock)
                os.close(self.landlock)
            if self.seccomp:
                kernel.install_filter(self.seccomp)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))
