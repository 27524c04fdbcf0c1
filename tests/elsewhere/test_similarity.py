"""Planted copies come out on top of an honest class, and short right answers accuse nobody."""

import json
import random
import re
from pathlib import Path

import pytest

from autograder.similarity.answers import Answer, catalogue, read_answers
from autograder.similarity.compare import Pair, compare
from autograder.similarity.page import similarity_page
from tests.elsewhere.command import autograder
from tests.sample_class.crowd import crowd
from tests.sample_class.notebook import CHAPTERS, exercises, solved, with_answer, write

CHAPTER = CHAPTERS[0]

# A way of one's own, with helpers.
ORIGINAL = '''# exercise: softmax
import math
import torch

def biggest(row):
    # go through all of them by hand
    best = row[0]
    for value in row[1:]:
        if value > best:
            best = value
    return best

def weights_of(row):
    top = biggest(row)
    return [math.exp(float(value) - float(top)) for value in row]

def softmax(x, dim=-1):
    """Mine."""
    moved = x.transpose(dim, -1)
    flat = moved.reshape(-1, moved.size(-1))
    out = torch.empty_like(flat)
    for i, row in enumerate(flat.unbind(0)):
        w = weights_of(row)
        total = sum(w)
        for j, each in enumerate(w):
            out[i, j] = each / total
    return out.reshape(moved.shape).transpose(dim, -1)
'''
# The same idea, written by somebody else.
INDEPENDENT = """# exercise: softmax
import torch

def softmax(x, dim=-1):
    result = torch.zeros(x.shape)
    rows = x.movedim(dim, 0)
    highest = rows[0]
    for k in range(1, len(rows)):
        highest = torch.maximum(highest, rows[k])
    powers = []
    for k in range(len(rows)):
        powers.append(torch.exp(rows[k] - highest))
    denominator = 0
    for p in powers:
        denominator = denominator + p
    result = torch.stack([p / denominator for p in powers], 0)
    return result.movedim(0, dim)
"""
RENAMED = {
    "biggest": "find_max", "weights_of": "compute", "best": "m", "value": "v", "row": "vec",
    "top": "mx", "moved": "t", "flat": "mat", "out": "res", "w": "ex", "total": "z", "each": "e",
}  # fmt: skip
WORDS = ("row", "of", "logits", "divide", "what", "it", "sums", "to", "so", "that", "all", "fine")
LOCALS = ("shifted", "weights", "values", "result", "total", "nats", "out", "kept", "e", "z")


def renamed(source: str) -> str:
    return re.sub(r"\b[a-z_]+\b", lambda word: RENAMED.get(word[0], word[0]), source)


def reordered(source: str) -> str:
    """Turn the two helpers round."""
    head, first, second, last = re.split(r"(?m)^(?=def )", source)
    return head + second + first + last


def recommented(source: str) -> str:
    return source.replace("# go through all of them by hand", "# loop").replace("Mine", "Softmax")


def spaced(source: str) -> str:
    return source.replace(" = ", "  =  ").replace("(row)", "( row )")


def personal(rng: random.Random, source: str) -> str:
    """Give an answer names and comments of the learner's own, from words that all use."""
    for name in LOCALS:
        source = re.sub(rf"\b{name}\b(?!\()", f"{name}{rng.choice(['', '1', '_t', 's'])}", source)
    lines = []
    for line in source.split("\n"):
        if re.match(r"    (return|\w+ =)", line) and rng.random() < 0.5:
            lines.append(f"    # {' '.join(rng.choices(WORDS, k=4))}")
        lines.append(line)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 100 honest submissions."""
    folder = tmp_path_factory.mktemp("class") / "honest"
    rng = random.Random(7)
    for made in crowd(folder, 100, 7):
        path = folder / made.name
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if cell["metadata"].get("gptcourse", {}).get("exercise"):
                cell["source"] = personal(rng, "".join(cell["source"]))
        path.write_text(json.dumps(notebook))
    return folder


@pytest.fixture(scope="module")
def answers(honest: Path) -> list[Answer]:
    return [one for path in sorted(honest.iterdir()) for one in read_answers(path, path.name)]


def planted(folder: Path, **sources: str) -> list[Answer]:
    result = []
    for name, source in sources.items():
        write(folder / f"{name}.ipynb", with_answer(solved(CHAPTER), "softmax", source))
        result += read_answers(folder / f"{name}.ipynb", name)
    return result


def names(pairs: list[Pair]) -> list[set[str]]:
    return [set(pair.names) for pair in pairs]


def test_an_honest_class_has_no_pair(answers: list[Answer], tmp_path: Path) -> None:
    pairs, _ = compare(answers + planted(tmp_path, one=ORIGINAL, other=INDEPENDENT))
    assert pairs == []


@pytest.mark.parametrize(
    "copy",
    [renamed, reordered, recommented, spaced, lambda s: recommented(reordered(renamed(s)))],
    ids=["renamed", "reordered", "other comments", "other spacing", "all of it"],
)
def test_a_copy_is_on_top(answers: list[Answer], tmp_path: Path, copy: object) -> None:
    source = copy(ORIGINAL)  # type: ignore[operator]
    assert source != ORIGINAL
    pairs, bar = compare([*planted(tmp_path, original=ORIGINAL, copied=source), *answers])
    assert names(pairs) == [{"original", "copied"}]
    assert pairs[0].rarity > bar + 20
    assert [one.exercise for one in pairs[0].shared] == ["softmax"]


def test_what_all_write_is_rare_to_nobody(answers: list[Answer], tmp_path: Path) -> None:
    """Ten who use one trick of the lecture are ten, and a pair of copies is still first."""
    trick = {f"ten{n}": INDEPENDENT.replace("highest", f"highest{n}") for n in range(30)}
    pairs, _ = compare(
        [*planted(tmp_path, original=ORIGINAL, copied=renamed(ORIGINAL), **trick), *answers]
    )
    assert names(pairs)[0] == {"original", "copied"}


def test_equal_right_answers_accuse_nobody(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"{number}.ipynb", solved(CHAPTER))
    softmax = exercises(CHAPTER)[0]
    for number, source in enumerate(catalogue(softmax)[-3:] * 2):
        write(tmp_path / f"variant {number}.ipynb", with_answer(solved(CHAPTER), "softmax", source))
    short = (
        "import torch\ndef softmax(x, dim=-1):\n    q = x.exp()\n    return q / q.sum(dim)[None]\n"
    )
    for name in "ab":
        write(tmp_path / f"{name}.ipynb", with_answer(solved(CHAPTER), "softmax", short))
    found = [one for path in sorted(tmp_path.iterdir()) for one in read_answers(path, path.name)]
    assert compare(found)[0] == []


def test_a_class_of_two(tmp_path: Path) -> None:
    assert names(compare(planted(tmp_path, a=ORIGINAL, b=renamed(ORIGINAL)))[0]) == [{"a", "b"}]
    assert compare(planted(tmp_path, a=ORIGINAL, b=INDEPENDENT))[0] == []


def test_handed_out_code_is_nobodys_own(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", solved(CHAPTER))
    texts = [one.code for one in read_answers(tmp_path / "a.ipynb", "a")]
    assert len(texts) == len(exercises(CHAPTER))
    assert not any("import" in text.split("def ")[0] for text in texts)


def test_the_page_escapes_what_is_hostile_and_calls_itself_a_hint(tmp_path: Path) -> None:
    evil = ORIGINAL.replace("best", "bäst").replace(
        "# go through all of them by hand", "# </pre><script>alert(1)</script> \u202e {{ 7*7 }}"
    )
    folder = tmp_path / "class"
    for name in ("<img src=x onerror=alert(1)>", "b\u202ec"):
        write(folder / f"{name}.ipynb", with_answer(solved(CHAPTER), "softmax", evil))
    (folder / "broken <b>.ipynb").write_text("no")
    (folder / "deep.ipynb").write_text(
        json.dumps(
            with_answer(solved(CHAPTER), "softmax", f"def softmax(x):\n return {'-' * 5000}x")
        )
    )
    out = tmp_path / "page.html"
    done = autograder("similar", folder, "--out", out)
    assert done.exit_code == 0, done.output
    page = out.read_text()
    assert "<script" not in page
    assert "<img" not in page
    assert "broken <b>" not in page
    assert "\u202e" not in page
    assert "{{ 7*7 }}" in page
    assert "never a verdict" in page
    assert "&lt;script&gt;" in page


def test_words_where_there_is_nothing_to_compare(tmp_path: Path) -> None:
    done = autograder("similar", tmp_path)
    assert done.exit_code == 1
    assert "fewer than two notebooks" in done.output
    assert "No pair stands out" in similarity_page([], 2, 10.0)


def test_a_large_hostile_class_is_bounded() -> None:
    """Each answer is as long as is looked at, and all of them share all of it but a line."""
    body = "\n".join(f"    a{i} = x.f{i}({i}) + torch.g{i % 97}(x, {i})" for i in range(400))
    made = [
        Answer(f"{n}", "softmax", (f"def softmax(x):\n    y = {n // 2}\n{body}"[:16_000],))
        for n in range(24)
    ]
    pairs, _ = compare(made, most=10)
    assert len(pairs) <= 10
