"""A PostgreSQL server of the test's own: a new cluster, one socket in a folder, no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_VERSIONS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@contextmanager
def server() -> Iterator[str]:
    """Start a server and yield the URL of an empty database; skip where there is none."""
    if not _VERSIONS:
        pytest.skip("PostgreSQL's server is not installed: install the package `postgresql`")
    programs = _VERSIONS[-1].parent
    # A socket's path has at most some 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _ordinary_user(folder)

    def run(program: str, *words: str) -> None:
        result = subprocess.run(
            [str(programs / program), *words],
            user=user,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,  # pg_ctl's server would keep a pipe open
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        assert result.returncode == 0, (program, (folder / "log").read_text(errors="replace"))

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        run("createdb", "-h", str(folder), "-U", "grader", "gradebook")
        yield f"postgresql://grader@/gradebook?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user(folder: Path) -> int | None:
    """Give the folder to an ordinary user if we are root, as whom the server refuses to run."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_uid
