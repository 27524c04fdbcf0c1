"""The system call filter, as a BPF program.

It is short enough to be written here: an own assembler of four instructions needs no library on
the machine, and the filter can be read. The zygote gets the bytes and each child installs them.
"""

import platform
import struct

from .syscalls import ARCHITECTURES, REFUSED, SPECIAL

__all__ = ["filter_program"]

# linux/filter.h and linux/seccomp.h
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENT_0, _ARGUMENT_1 = 0, 4, 16, 24  # offsets in seccomp_data
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020000
# TIOCSTI, TIOCLINUX: typing into the grader's terminal. FIOSETOWN, SIOCSPGRP and, by fcntl,
# F_SETOWN, F_SETSIG, F_SETOWN_EX: having the kernel send a signal of one's choice.
_REFUSED_IOCTL = (0x5412, 0x541C, 0x8901, 0x8902)
_REFUSED_FCNTL = (8, 10, 15)

# Calls that are younger than this file are unknown to it, and answered as an old kernel does.
_FIRST_UNKNOWN = 463


def filter_program(allow_fork: bool, machine: str | None = None) -> bytes | None:
    """Return the filter, or None where the machine is not one that we know the numbers of.

    Args:
        allow_fork: let new processes be made. Threads can always be made.
        machine: as `platform.machine()` says; by default this one.
    """
    architecture = ARCHITECTURES.get(machine or platform.machine())
    if architecture is None:
        return None
    special = {name: numbers[architecture.column] for name, numbers in SPECIAL.items()}
    refused = [numbers[architecture.column] for numbers in REFUSED.values()]

    program = [_op(_LOAD, _ARCHITECTURE)]
    program += [_op(_JUMP_EQUAL, architecture.audit, 1, 0), _op(_RETURN, _KILL)]
    program += [_op(_LOAD, _NUMBER)]
    program += [_op(_JUMP_AT_LEAST, _FIRST_UNKNOWN, 0, 1), _return_errno(_ENOSYS)]
    for number in refused:
        if number is not None:
            program += _when(number, [_return_errno(_EPERM)])
    if not allow_fork:
        for name in ("fork", "vfork"):
            program += _when(special[name], [_return_errno(_EPERM)])
    # clone3 keeps its flags in memory, where a filter cannot look; libc falls back to clone.
    program += _when(special["clone3"], [_return_errno(_ENOSYS)])
    program += _when(special["clone"], _clone(allow_fork))
    program += _when(special["ioctl"], _refuse_argument(_ARGUMENT_1, _REFUSED_IOCTL))
    program += _when(special["fcntl"], _refuse_argument(_ARGUMENT_1, _REFUSED_FCNTL))
    program += _when(special["prlimit64"], _only_itself())
    program += [_op(_RETURN, _ALLOW)]
    return b"".join(program)


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _return_errno(number: int) -> bytes:
    return _op(_RETURN, _ERRNO | number)


def _when(number: int | None, body: list[bytes]) -> list[bytes]:
    """Run `body`, which returns, when the call has this number."""
    if number is None:
        return []
    return [_op(_JUMP_EQUAL, number, 0, len(body)), *body]


def _clone(allow_fork: bool) -> list[bytes]:
    body = [_op(_LOAD, _ARGUMENT_0), _op(_JUMP_ANY_BIT, _CLONE_NAMESPACES, 0, 1)]
    body += [_return_errno(_EPERM)]
    if not allow_fork:
        body += [_op(_JUMP_ANY_BIT, _CLONE_THREAD, 1, 0), _return_errno(_EPERM)]
    return [*body, _op(_RETURN, _ALLOW)]


def _refuse_argument(offset: int, values: tuple[int, ...]) -> list[bytes]:
    body = [_op(_LOAD, offset)]
    for value in values:
        body += [_op(_JUMP_EQUAL, value, 0, 1), _return_errno(_EPERM)]
    return [*body, _op(_RETURN, _ALLOW)]


def _only_itself() -> list[bytes]:
    """Let prlimit64 name process 0, the caller, and no other."""
    return [
        _op(_LOAD, _ARGUMENT_0),
        _op(_JUMP_EQUAL, 0, 1, 0),
        _return_errno(_EPERM),
        _op(_RETURN, _ALLOW),
    ]
