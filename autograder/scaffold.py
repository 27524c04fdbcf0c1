"""`autograder new NAME`: writes a small working exercise into the right files, to be rewritten.

What it writes passes every invariant, so that the author starts from green and keeps it so.
"""

import keyword
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.notebooks import ROOT

__all__ = ["package_of", "scaffold"]

REFERENCE = '''

def {name}(x: Tensor) -> Tensor:
    """Double each number. Rewrite this: it is the contract.

    Args:
        x: the numbers, float.

    Shape:
        - x: any shape
        - returns: the shape of `x`

    Example:
        >>> {name}(torch.tensor([1.0, 2.0]))
        tensor([2., 4.])
    """
    return x * 2
'''

PROBE = '''

def {name}({name}: Callable[..., Tensor], x: Tensor) -> Outputs:
    """Call it once."""
    return {{"output": {name}(x)}}
'''

HIDDEN_TESTS = '''"""{name}."""

import torch
from torch import Tensor

from autograder.exercise import Case, Exercise, Misconception, Variant


def _sum(x: Tensor) -> Tensor:
    return x + x


def _loop(x: Tensor) -> Tensor:
    return torch.tensor([2 * value for value in x.flatten().tolist()]).reshape(x.shape)


def _numpy(x: Tensor) -> Tensor:
    return torch.from_numpy(x.double().numpy() * 2)


EXERCISE = Exercise(
    id="{name}",
    chapter="{chapter}",
    title="{title}",
    reference="gpt2.{module}.{name}",
    probe="{package}.{name}",
    minutes=10,
    difficulty=1,
    groups={{"doubles each number": 1}},
    cases=(Case("a few numbers", "doubles each number", lambda d: {{"x": d.normal(2, 3)}}),),
    misconceptions=(
        Misconception(
            "unchanged",
            "The numbers come back as they are.",
            "Compare the first number that went in with the first that came out.",
            edits=(("return x * 2", "return x * 1"),),
        ),
        Misconception(
            "squared",
            "The numbers are squared.",
            "At 2 both are 4. Look at another number.",
            edits=(("return x * 2", "return x**2"),),
        ),
    ),
    variants=(
        Variant("sum", _sum),
        Variant("loop", _loop),
        Variant("numpy in float64", _numpy),
    ),
    hints=(
        "What is twice a number?",
        "A tensor times a number multiplies each element.",
        "One line: return x times two.",
    ),
)
'''

DIRECTIVE = """
```{{exercise}} {name}
Say in two or three sentences what to build, and why the reader needs it now.
```
"""


def package_of(chapter: str) -> str:
    """Return the module name of a chapter: "what_is_a_gpt" for "01-what-is-a-gpt"."""
    return chapter.partition("-")[2].replace("-", "_")


def scaffold(name: str, chapter: str, module: str, root: Path = ROOT) -> Iterable[tuple[Path, str]]:
    """Write the exercise, and yield (file, what was done there).

    Raises:
        ValueError: the name cannot be used, or the chapter or the module is not there.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise ValueError(f"{name!r} cannot name a function: use lower case and underscores")
    package = package_of(chapter)
    words = {
        "name": name,
        "chapter": chapter,
        "module": module,
        "package": package,
        "title": name.replace("_", " ").capitalize(),
    }
    reference = root / "solutions" / "gpt2" / f"{module}.py"
    probes = root / "exercises" / "gptcourse" / "probes" / f"{package}.py"
    folder = root / "autograder" / "hidden_tests" / package
    page = root / "book" / f"{chapter}.md"
    for path in (reference, probes, folder / "__init__.py", page):
        if not path.exists():
            raise ValueError(f"there is no {path.relative_to(root)}: make it first")
    if (folder / f"{name}.py").exists():
        raise ValueError(f"{name} is there already")
    _append(
        reference, REFERENCE.format(**words), needs=["import torch", "from torch import Tensor"]
    )
    _export(reference, name)
    yield reference, "the contract and the solution"
    _append(probes, PROBE.format(**words), needs=["from torch import Tensor"])
    yield probes, "how it is called"
    (folder / f"{name}.py").write_text(HIDDEN_TESTS.format(**words), encoding="utf-8")
    yield folder / f"{name}.py", "cases, misconceptions, variants, hints, points"
    _register(folder / "__init__.py", package, name)
    yield folder / "__init__.py", "its place in the chapter"
    _append(page, DIRECTIVE.format(**words), needs=[])
    yield page, "its place on the page (now at the end: move it)"


def _append(path: Path, text: str, needs: list[str]) -> None:
    old = path.read_text(encoding="utf-8")
    for line in needs:
        name = line.split()[-1]
        if not re.search(rf"^(from|import) .*\b{name}\b", old, re.MULTILINE):
            # Behind the module's docstring.
            old = re.sub(r'(\A""".*?"""\n)', rf"\1\n{line}\n", old, count=1, flags=re.DOTALL)
    path.write_text(old.rstrip("\n") + "\n" + text, encoding="utf-8")


def _export(path: Path, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("__all__ = [", f'__all__ = ["{name}", ', 1), encoding="utf-8")


def _register(path: Path, package: str, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    line = f"from autograder.hidden_tests.{package} import {name}\n"
    text = text.replace("\nEXERCISES", f"\n{line}\nEXERCISES", 1)
    text = re.sub(
        r"(EXERCISES[^=]*= \(.*?),?\s*\)\s*\Z", rf"\1, {name}.EXERCISE)\n", text, flags=re.DOTALL
    )
    path.write_text(text, encoding="utf-8")
