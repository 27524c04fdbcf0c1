"""Build the site: ``python book/_ext/build.py [--out DIR]``.

Without ``--out`` the site lies in ``_build/html`` at the top of the repository. An author who
wants a build of their own passes a folder: the site is then ``DIR/_build/html``. A warning is
a failure: its page and line are printed, and the exit status is not 0.

The site has to be served (``python -m http.server -d _build/html``): ES modules do not load
from ``file://``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORTED = (ROOT / "solutions" / "gpt2", ROOT / "exercises" / "gptcourse")

_ICON = re.compile(r"fa-[a-z0-9-]+")
_ICON_RULE = re.compile(r'(?:\.fa-[a-z0-9-]+::?before,?)+\{content:"[^"]*"\}')


def main(arguments: list[str] | None = None) -> int:
    """Build, and return the exit status."""
    parser = argparse.ArgumentParser(description="Build the site; a warning is a failure.")
    parser.add_argument("--out", type=Path, default=ROOT, help="folder that gets _build/")
    parser.add_argument("--if-needed", action="store_true", help="keep a site that is up to date")
    options = parser.parse_args(arguments)
    out = options.out.resolve() / "_build"
    key = digest([ROOT / "_config.yml", ROOT / "book", ROOT / "autograder", *IMPORTED])
    record = out / "site.sha256"
    if not (options.if_needed and _says(record, key)):
        record.unlink(missing_ok=True)
        status = build(out)
        if status != 0:
            print("The build failed: see above.", file=sys.stderr)
            return status
        record.write_text(key, encoding="utf-8")
    print(f"The site is in {out / 'html'}")
    return 0


def build(out: Path) -> int:
    """Build into ``out / "html"`` from scratch and return Jupyter Book's exit status."""
    forget_stale_outputs(out)
    shutil.rmtree(out / "html", ignore_errors=True)
    status = run_jupyter_book(out.parent)
    if (out / "html" / "index.html").exists():
        lighten(out / "html")
    return status


def run_jupyter_book(out: Path) -> int:
    """Run Jupyter Book on the whole book, with our packages importable here and in kernels."""
    paths = [str(ROOT), *(str(path.parent) for path in IMPORTED), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "OMP_NUM_THREADS": "1",
    }
    cells = [sys.executable, str(Path(__file__).with_name("execute.py"))]
    subprocess.run([*cells, str(out / "_build" / ".jupyter_cache")], env=environment, check=False)
    program = Path(sys.executable).with_name("jupyter-book")
    options = ["--all", "-W", "--keep-going", "--path-output", str(out)]
    command = [str(program), "build", str(ROOT / "book"), *options]
    return subprocess.run(command, env=environment, check=False).returncode


def forget_stale_outputs(out: Path) -> None:
    """Drop the cached outputs of cells if the code that they import has changed.

    Jupyter Book's cache looks at the text of the cells alone.
    """
    key = digest(IMPORTED)
    record = out / "imported-code.sha256"
    if not _says(record, key):
        shutil.rmtree(out / ".jupyter_cache", ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        record.write_text(key, encoding="utf-8")


def digest(places: Iterable[Path]) -> str:
    """Return a hash of some files, and of all files under some folders, but bytecode."""
    total = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                total.update(f"{path.relative_to(ROOT)}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _says(record: Path, key: str) -> bool:
    return record.exists() and record.read_text(encoding="utf-8") == key


def lighten(site: Path) -> None:
    """Take out what the theme ships for icons that no page shows.

    Its icon script (540 kB gzipped) doubles what its CSS does and is emptied; of the CSS's rules,
    one for each of two thousand icons, those that the site names stay.

    Raises:
        FileNotFoundError: the theme no longer has one of the two files.
    """
    static = site / "_static"
    script = static / "scripts" / "fontawesome.js"
    style = static / "styles" / "pydata-sphinx-theme.css"
    for path in (script, style):
        if not path.exists():
            raise FileNotFoundError(f"no {path}: has the theme changed?")
    script.write_text("/* Emptied by book/_ext/build.py: the CSS draws the icons. */\n")
    named = set()
    for path in [*site.glob("*.html"), *(static / "scripts").glob("*.js")]:
        named.update(_ICON.findall(path.read_text(encoding="utf-8")))

    def kept(rule: re.Match[str]) -> str:
        return rule[0] if named.intersection(_ICON.findall(rule[0])) else ""

    style.write_text(_ICON_RULE.sub(kept, style.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
