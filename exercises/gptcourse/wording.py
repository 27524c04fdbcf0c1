"""The words in which a failed case is told: what was called, what came, what was expected."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from gptcourse.compare import Difference
from gptcourse.key import AnswerKey, KeyCase

__all__ = ["SourceLine", "describe_case", "show"]

SourceLine = Callable[[str, int], str]

_DIED = {
    "timed out": "It did not come to an end in the time allowed. Look at what ends your loop.",
    "out of memory": "It needed more memory than is allowed. Look at the shape of what you build.",
    "too much output": "It printed more than is allowed. Take the printing out of the function.",
    "exited": "The Python process ended before it answered. Does your code exit or kill it?",
    "bad reply": "What came back could not be read. Return plain tensors and numbers.",
}


def describe_case(
    case: KeyCase,
    outcome: dict[str, Any],
    problem: Difference | str | None,
    key: AnswerKey,
    source_line: SourceLine | None,
) -> tuple[str, dict[str, str]]:
    """Return one or two sentences about a failed case, and details by label.

    Inputs and texts that may repeat them appear for public keys only.
    """
    details = {"part": case.group}
    if key.public:
        details["called with"] = "\n".join(_argument(n, v) for n, v in case.inputs.items())
    if problem == "raised":
        raised = outcome["raised"]
        if key.public:
            details["error"] = f"{raised['type']}: {raised['message']}".removesuffix(": ")
        for file, line, function in raised["frames"][-1:]:
            text = source_line(file, line) if source_line else ""
            details["your line"] = f"{text.strip()}  (line {line}{_of(file, function)})".strip()
        if raised["type"] == "NotImplementedError":
            return "A part of it still raises NotImplementedError: it is yours to write.", details
        return f"It raised {raised['type']}.", details
    if problem == "did not raise":
        expected = case.expected["raised"]["type"]
        return f"It returned a value where the contract asks for {expected}.", details
    if problem == "modified":
        names = ", ".join(f"`{name}`" for name in outcome["modified"])
        return (
            f"The result is right, but the call changed its input {names} in place. "
            "The caller still needs it as it was.",
            details,
        )
    if problem == "missing":
        return f"No cell defines `{key.target}`.", details
    if isinstance(problem, Difference):
        return _difference(problem, key, details), details
    return _DIED.get(str(outcome.get("died")), _DIED["exited"]), details


def _difference(difference: Difference, key: AnswerKey, details: dict[str, str]) -> str:
    where = _name(difference.where)
    if difference.kind == "missing":
        return f"{_sentence_case(where)} is missing."
    if difference.kind in ("type", "shape", "dtype", "length"):
        details["yours"], details["expected"] = difference.got, difference.expected
        if difference.kind == "type" and difference.where == "output":
            if difference.got == "None":
                return "It returned None. Does the function end with a `return`?"
            return f"It returned {difference.got}; {difference.expected} is expected."
        noun = {"dtype": "data type"}.get(difference.kind, difference.kind)
        return f"The {noun} of {where} is {difference.got}; expected is {difference.expected}."
    if difference.kind == "value" and difference.expected in ("True", "False"):
        verb = "does not hold" if difference.expected == "True" else "should not be so"
        return f"This {verb}: {difference.where}."
    at = f" at position {list(difference.index)}" if difference.index else ""
    if key.public or _is_number(difference.got):
        details["yours"] = difference.got + at
        details["expected"] = difference.expected + at
    if difference.kind == "finite":
        return f"{_sentence_case(where)} is not finite{at}: {difference.got}."
    if difference.kind == "frequency":
        return f"Over many draws, the frequencies of {where} are not those of the distribution."
    if _is_number(difference.got):
        values = f": it is {difference.got}, and {difference.expected} is expected"
        return f"{_sentence_case(where)} differs{at}{values}."
    return f"{_sentence_case(where)} differs{at}."


def _name(where: str) -> str:
    """Name an output: most are called "output", some by a phrase, some as in code."""
    if where == "output":
        return "the result"
    return f"“{where}”" if " " in where else f"`{where}`"


def _sentence_case(text: str) -> str:
    return text[0].upper() + text[1:]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _of(file: str, function: str) -> str:
    inside = f" of {function}" if function and function != "<module>" else ""
    return f"{inside}, {file}" if file.startswith("cell ") else inside


def _argument(name: str, value: Any) -> str:
    start = f"{name} = "
    return start + show(value).replace("\n", "\n" + " " * len(start))


def show(value: Any, limit: int = 160) -> str:
    """Return a value as a short text: small tensors whole, large ones by shape."""
    if isinstance(value, Tensor):
        if value.numel() <= 32:
            rounded = value.tolist() if not value.is_floating_point() else _rounded(value.tolist())
            text = f"tensor({rounded})"
            # A matrix gets a line a row, as torch prints it.
            return text.replace("], [", "],\n        [") if value.dim() == 2 else text
        return f"a {str(value.dtype).removeprefix('torch.')} tensor of shape {tuple(value.shape)}"
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _rounded(value: Any) -> Any:
    return [_rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.4g}")
