"""The filter's numbers against libseccomp's, and the filter itself against the kernel."""

import ctypes
import ctypes.util

import pytest
from conftest import job, told

from autograder.sandbox import Sandbox
from autograder.sandbox.seccomp import filter_program
from autograder.sandbox.syscalls import ARCHITECTURES, REFUSED, SPECIAL


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_numbers_are_those_of_libseccomp(machine: str) -> None:
    name = ctypes.util.find_library("seccomp")
    if name is None:
        pytest.skip("libseccomp is not installed")
    library = ctypes.CDLL(name)
    architecture = ARCHITECTURES[machine]
    for call, numbers in (REFUSED | SPECIAL).items():
        token = ctypes.c_uint32(architecture.audit)
        right = library.seccomp_syscall_resolve_name_arch(token, call.encode())
        # libseccomp answers a negative number where the architecture has no such call
        assert numbers[architecture.column] == (right if right >= 0 else None), call


def test_unknown_machine_has_no_filter() -> None:
    assert filter_program(allow_fork=True, machine="pdp11") is None


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_jumps_stay_inside(machine: str) -> None:
    program = filter_program(allow_fork=False, machine=machine)
    assert program is not None
    assert len(program) % 8 == 0
    count = len(program) // 8
    assert count < 4096  # BPF_MAXINSNS
    for index in range(count):
        code, if_true, if_false = (
            program[index * 8 : index * 8 + 4 : 1][0],
            *program[index * 8 + 2 : index * 8 + 4],
        )
        if code & 7 == 5:
            assert index + 1 + max(if_true, if_false) < count


def test_every_refused_call_is_refused(either: Sandbox) -> None:
    """By number, with arguments that are nonsense: EPERM comes before the kernel looks at them."""
    result = either.run(
        job(f"""
        import ctypes, json, platform
        from ctypes import get_errno, set_errno
        libc = ctypes.CDLL(None, use_errno=True)
        column = {{"x86_64": 0, "aarch64": 1}}[platform.machine()]
        def softmax(x):
            through = []
            for name, numbers in {REFUSED!r}.items():
                if numbers[column] is None: continue
                set_errno(0)
                if libc.syscall(numbers[column], -1, -1, -1, -1, -1, -1) != -1 or get_errno() != 1:
                    through.append(name)
            raise RuntimeError(through)
    """)
    )
    assert told(result) == "[]"


def test_calls_younger_than_the_filter_do_not_exist(either: Sandbox) -> None:
    result = either.run(
        job("""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        def softmax(x): raise RuntimeError((libc.syscall(600, 0), ctypes.get_errno()))
    """)
    )
    assert told(result) == "(-1, 38)"
