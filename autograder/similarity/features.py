"""An answer as a set of features: runs of code with names taken out, names, comments, lines."""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

from autograder.similarity.answers import statements

__all__ = ["RUN", "features", "line_shapes", "size"]

RUN = 9  # tokens; shorter runs are everyone's
SHORTEST_NAME, SHORTEST_COMMENT, SHORTEST_LINE = 3, 8, 16
MOST = 2_000  # features of an answer: a hostile notebook must not fill the memory

Feature = tuple[str, str]


def features(texts: Iterable[str]) -> frozenset[Feature]:
    """Return the features of an answer, each a kind and a text.

    Renaming leaves the runs as they are, moving functions about leaves all as it is, and a run
    never goes from one top-level statement into the next.
    """
    texts = tuple(texts)
    own = _own_names(texts)
    found: dict[Feature, None] = {("name", name): None for name in sorted(own) if _is_word(name)}
    for text in texts:
        tokens = _tokens(_unparsed(text), own)
        for start in range(len(tokens) - RUN + 1):
            found["code", " ".join(tokens[start : start + RUN])] = None
        for comment in _comments(text):
            found["comment", comment] = None
        for line in text.splitlines():
            line = line.strip()
            if len(line) >= SHORTEST_LINE and not line.startswith(("#", "def ", "class ", '"')):
                found["line", line[:200]] = None
        if len(found) > MOST:
            break
    return frozenset(list(found)[:MOST])


def size(texts: Iterable[str]) -> int:
    """Return the number of tokens of an answer, docstrings and comments left out."""
    return sum(len(_tokens(_unparsed(text), frozenset())) for text in texts)


def line_shapes(text: str) -> list[str]:
    """Return each line with names taken out: by these, two answers are set side by side."""
    own = _own_names([text])
    return [" ".join(_tokens(line, own)) for line in text.splitlines()]


@lru_cache(1024)
def _unparsed(text: str) -> str:
    try:
        return "\n".join(ast.unparse(node) for node in statements(text))
    except (ValueError, RecursionError, MemoryError):
        return ""


def _own_names(texts: Iterable[str]) -> set[str]:
    """Return the names that the code itself gives to things."""
    names: set[str] = set()
    for node in (node for text in texts for tree in statements(text) for node in ast.walk(tree)):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
    return names


def _is_word(name: str) -> bool:
    return len(name) >= SHORTEST_NAME and not name.startswith("__")


def _tokens(code: str, own: Set[str]) -> list[str]:
    """Return the tokens, with v for a name of the learner's and s for a text."""
    return ["v" if is_name and text in own else text for is_name, text in _all_tokens(code)]


@lru_cache(1024)
def _all_tokens(code: str) -> list[tuple[bool, str]]:
    """Return the tokens but for comments and empty lines, and whether each is a name."""
    result = []
    for token in _read(code):
        if token.type == tokenize.STRING:
            result.append((False, "s"))
        elif token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.OP):
            is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            result.append((is_name, token.string))
        elif token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE):
            result.append((False, tokenize.tok_name[token.type]))
    return result


def _comments(text: str) -> Iterator[str]:
    for token in _read(text):
        if token.type == tokenize.COMMENT:
            words = re.sub(r"\W+", " ", token.string).strip().casefold()
            if len(words) >= SHORTEST_COMMENT and not words.startswith("exercise"):
                yield words[:200]


def _read(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return  # the end of what can be read: one line of a longer statement
