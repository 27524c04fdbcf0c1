"""The few calls of Linux that Python has no name for."""

import ctypes
import os
import signal
import struct

__all__ = [
    "die_with_parent",
    "hide_memory",
    "install_filter",
    "landlock_ruleset",
    "landlock_version",
    "no_new_privileges",
    "reap_orphans",
    "restrict_to",
]

_libc = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_SECCOMP = 1, 4, 22
_SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 36, 38
_SECCOMP_MODE_FILTER = 2

# linux/landlock.h: the numbers are the same on every architecture
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_MAKE_DEVICES = 1 << 6 | 1 << 11  # character and block devices
_EXECUTE = 1 << 0
_ALL_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK_RIGHTS = 0b11  # bind and connect by TCP; from version 4
_SCOPES = 0b11  # abstract UNIX sockets and signals; from version 6


def _prctl(option: int, value: int, pointer: object = 0) -> None:
    if _libc.prctl(option, value, pointer, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")


def _syscall(name: str, *arguments: object) -> int:
    result = int(_libc.syscall(*arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result


def die_with_parent() -> None:
    """Be killed when the parent ends. A change of the user id takes it back: call it after."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Keep processes of the same user from reading this one's memory and file descriptors."""
    _prctl(_SET_DUMPABLE, 0)


def reap_orphans() -> None:
    """Become the parent of grandchildren whose parent ends."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    """Give up set-user-id programs for ever; filters and Landlock ask for it."""
    _prctl(_SET_NO_NEW_PRIVS, 1)


def install_filter(program: bytes) -> None:
    """Install a seccomp filter; it holds for this process and all that it makes."""
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    _prctl(_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header, len(header)))


def landlock_version() -> int:
    """Return the version of Landlock that this kernel offers, 0 for none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, 1)))


def landlock_ruleset(read: list[str], write: list[str]) -> int:
    """Make a ruleset: read under some paths, read and write under others, no network, no signals.

    Returns:
        Its file descriptor. Raises OSError where the kernel refuses; paths that do not exist are
        left out.
    """
    version = landlock_version()
    everything = max(v for k, v in _ALL_RIGHTS_BY_VERSION.items() if k <= version)
    attributes = struct.pack("=QQQ", everything, _NETWORK_RIGHTS, _SCOPES)
    attributes = attributes[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _syscall("landlock_create_ruleset", _CREATE_RULESET, attributes, len(attributes), 0)
    for path in read:
        _allow(ruleset, path, (_READ_FILE | _READ_DIR) & everything)
    for path in write:
        _allow(ruleset, path, everything & ~_MAKE_DEVICES & ~_EXECUTE)
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = struct.pack("=Qi", rights, place)
        _syscall("landlock_add_rule", _ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def restrict_to(ruleset: int) -> None:
    """Put this process under the ruleset, for ever."""
    _syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
