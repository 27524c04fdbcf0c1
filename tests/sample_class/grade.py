"""Builds the sample class and grades it with the command: python -m tests.sample_class.grade."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.sample_class.build import build


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("grades"))
    out = parser.parse_args().out
    command = [str(Path(sys.executable).with_name("autograder"))]
    if shutil.which("bwrap") is None:
        print(
            "bubblewrap is not installed: the sample class, which is hostile, is not graded here."
        )
        print("Install it (Debian, Ubuntu: apt install bubblewrap) and run this again.")
        return
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "class", followers=False)
        secret = Path(folder) / "secret"
        subprocess.run([*command, "seed", str(secret)], check=True, stdout=subprocess.DEVNULL)
        paths = ["--seed-file", str(secret), "--out", str(out), "--seconds", "10"]
        subprocess.run([*command, "grade", f"{folder}/class", *paths], check=True)


if __name__ == "__main__":
    main()
