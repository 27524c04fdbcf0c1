"""Imports run one way: autograder -> gpt2 and gptcourse; these two import nothing of ours."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"autograder", "gpt2", "gptcourse", "tests"}
ALLOWED = {
    "solutions/gpt2": {"gpt2"},
    "exercises/gptcourse": {"gptcourse"},
    "autograder": {"autograder", "gpt2", "gptcourse"},
}
THIRD_PARTY_OF_GPT2 = {"numpy", "regex", "torch"}
# What runs the reference, and is no part of what a learner writes.
RUNNERS_OF_GPT2 = {
    "__main__.py": {"click"},
    "commands": {"click", "rich", "safetensors"},
    "pretrained.py": {"huggingface_hub", "safetensors"},
}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("folder", ALLOWED)
def test_imports_run_one_way(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    for path in files:
        assert imported(path) & OURS <= ALLOWED[folder], path


def test_reference_needs_torch_numpy_and_regex_alone() -> None:
    import sys

    folder = ROOT / "solutions/gpt2"
    for path in sorted(folder.rglob("*.py")):
        others = imported(path) - OURS - set(sys.stdlib_module_names)
        also = RUNNERS_OF_GPT2.get(path.relative_to(folder).parts[0], set())
        assert others <= THIRD_PARTY_OF_GPT2 | also, path


def test_process_for_learners_code_sees_gptcourse_alone() -> None:
    for path in sorted((ROOT / "autograder/sandbox/inside").rglob("*.py")):
        assert imported(path) & OURS <= {"gptcourse"}, path
