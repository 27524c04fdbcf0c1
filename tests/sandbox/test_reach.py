"""What code inside can reach: no file of the host, no network, no other process, no next job."""

import ast
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Attack, assert_honest_job_works, job, opened, told

from autograder.sandbox import Died, Finished, Sandbox, bubblewrap, python_view

SECRET = "canary-3f1c"


@pytest.fixture
def canaries() -> Iterator[list[Path]]:
    """A file in the repository and one in the folder for temporary files."""
    repository = Path(__file__).resolve().parents[2]
    folders = [repository / "autograder", Path(tempfile.gettempdir())]
    paths = [folder / f"{SECRET}-{os.getpid()}.txt" for folder in folders]
    for path in paths:
        path.write_text(SECRET)
        path.chmod(0o666)
    yield paths
    for path in paths:
        assert path.read_text() == SECRET
        path.unlink()


def reading(paths: list[Path]) -> str:
    return f"""
        def softmax(x):
            found = []
            for path in {[str(path) for path in paths]!r}:
                for mode in ("r", "r+"):
                    try: found.append(open(path, mode).read())
                    except OSError as error: found.append(type(error).__name__)
            raise RuntimeError(found)
    """


def test_host_files(attack: Attack, canaries: list[Path]) -> None:
    found = told(attack(reading(canaries)))
    assert SECRET not in found
    assert found.count("Error") == 4


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/proc/1/environ", "/proc/self/maps", "/proc/self/environ", "/sys/class",
     "/root/.bashrc", "/home", "/var", "/dev/sda", "/dev/vda", "/dev/tty", "/dev/shm"],
)  # fmt: skip
def test_no_such_path_inside(attack_walls: Attack, path: str) -> None:
    assert told(attack_walls(f"""
        import os
        def softmax(x): raise RuntimeError(os.path.exists({path!r}))
    """)) == "False"  # fmt: skip


def test_of_the_kernels_settings_two_are_shown(attack_walls: Attack) -> None:
    shown = told(
        attack_walls("""
        import os
        def softmax(x):
            raise RuntimeError(sorted(f for _, _, files in os.walk("/sys") for f in files))
    """)
    )
    assert set(ast.literal_eval(shown)) <= {"enabled", "hpage_pmd_size"}


def test_nothing_but_the_scratch_folder_can_be_written(attack_walls: Attack) -> None:
    written = told(
        attack_walls("""
        import os
        def softmax(x):
            written = []
            for folder, names, _ in os.walk("/"):
                try:
                    open(f"{folder}/canary", "w").close()
                    written.append(folder)
                except OSError: pass
                if folder.count("/") > 3: names.clear()
            raise RuntimeError(written)
    """)
    )
    assert written == "['/autograder-scratch']"


@pytest.mark.parametrize("package", ["autograder", "gpt2"])
def test_solutions_cannot_be_imported(attack_walls: Attack, package: str) -> None:
    message = told(attack_walls(f"def softmax(x): import {package}.hidden_tests"))
    assert message.startswith(f"No module named '{package}")


def test_environment_is_clean(attack: Attack) -> None:
    listed = told(
        attack("""
        import os
        def softmax(x): raise RuntimeError(sorted(os.environ))
    """)
    )
    assert "OMP_NUM_THREADS" in listed
    assert "PATH'" not in listed


def test_network(attack: Attack) -> None:
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        message = told(
            attack(f"""
            import socket
            def softmax(x): socket.create_connection(("127.0.0.1", {port}), timeout=2)
        """)
        )
        try:
            server.accept()[0].close()
            reached.set()
        except TimeoutError:
            pass
    assert not reached.is_set()
    assert "not permitted" in message


def test_other_programs(attack: Attack) -> None:
    message = told(
        attack("""
        import subprocess, sys
        def softmax(x): subprocess.run([sys.executable, "-c", "pass"], check=True)
    """)
    )
    assert "not permitted" in message


def test_signals_to_the_parent(attack_walls: Attack) -> None:
    """By the names, and by the number of the system call; in bubblewrap the parent is pid 1."""
    message = told(
        attack_walls("""
        import ctypes, os, signal
        libc = ctypes.CDLL(None, use_errno=True)
        def softmax(x):
            for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGTERM):
                for call in (os.kill, libc.kill):
                    try: call(os.getppid(), number)
                    except OSError: pass
            raise RuntimeError(f"still here, child of {os.getppid()}")
    """)
    )
    assert message == "still here, child of 1"


def test_signals_out_of_a_process(process: Sandbox) -> None:
    """Aimed at a process of this test's own, and at no other."""
    got: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))
    try:
        result = process.run(
            job(f"""
            import ctypes, os, signal
            def softmax(x):
                ctypes.CDLL(None).kill({os.getpid()}, signal.SIGUSR1)
                os.kill({os.getpid()}, signal.SIGUSR1)
        """)
        )
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert "not permitted" in told(result)
    assert got == []
    assert_honest_job_works(process)


@pytest.mark.parametrize("call", ["ptrace(16, os.getppid(), 0, 0)",
                                  "process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)"])  # fmt: skip
def test_memory_of_the_parent(attack: Attack, call: str) -> None:
    message = told(
        attack(f"""
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        def softmax(x):
            result = libc.{call}
            raise RuntimeError((result, ctypes.get_errno()))
    """)
    )
    assert message == "(-1, 1)"


def test_leftovers(attack_walls: Attack) -> None:
    """A file, a folder that cannot be entered, and a process that outlives its job."""
    attack_walls("""
        import os, time
        def softmax(x):
            open("left", "w").close()
            os.makedirs("closed/deep")
            os.chmod("closed", 0)
            if os.fork() == 0:
                while True: time.sleep(0.01)
            return x
    """)
    message = told(
        attack_walls("""
        import os
        def softmax(x):
            others = []
            for pid in range(2, 2000):
                try:
                    os.sched_getscheduler(pid)
                    others.append(pid)
                except ProcessLookupError: pass
            others.remove(os.getpid())
            raise RuntimeError((os.listdir("."), others))
    """)
    )
    assert message == "([], [])"


def test_patched_torch_does_not_outlive_its_job(attack: Attack) -> None:
    result = attack("""
        import builtins, torch
        torch.allclose = torch.equal = lambda *a, **k: True
        torch.Tensor.max = None
        builtins.len = None
        def softmax(x): return x
    """)
    assert isinstance(result, Finished | Died)


def test_deep_folders_do_not_hold_up_the_clean_up(attack_walls: Attack) -> None:
    result = attack_walls("""
        import os
        def softmax(x):
            for _ in range(1000):
                os.mkdir("d"); os.chdir("d")
            return x
    """)
    assert isinstance(result, Finished)


def test_masked_packages_look_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for a site-packages that holds the solutions: another package is masked there."""
    opened("bubblewrap").close()
    real = python_view.view()
    package = next(folder for folder in real.path if (folder / "safetensors").is_dir())
    masked = package / "packaging" if (package / "packaging").is_dir() else package / "pytest"
    monkeypatch.setattr(bubblewrap, "view", lambda: replace(real, masked=(masked,)))
    with opened("bubblewrap") as sandbox:
        found = told(
            sandbox.run(
                job(f"import os\ndef softmax(x): raise RuntimeError(os.listdir({str(masked)!r}))")
            )
        )
        assert_honest_job_works(sandbox)
    assert found == "[]"
