"""Whatever comes back from a sandbox is a value or a bad reply, and there is always a verdict."""

import json
import math
import struct
from functools import cache
from itertools import cycle
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from autograder import grade
from autograder.answer_key import make_key
from autograder.hidden_tests import CATALOGUE
from autograder.outcomes import rebuilt
from autograder.sandbox.protocol import BadReply, decode, frame, unframe
from autograder.submission import Submission
from gptcourse import wire
from gptcourse.judge import Report, judge
from gptcourse.key import AnswerKey
from tests.fuzz.conftest import PROFILE
from tests.fuzz.outcomes import fractions, outcomes, spoilt
from tests.fuzz.trees import json_values, mutations

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

SUBMISSION = Submission("01-what-is-a-gpt", "", [], {}, {}, [], ["def softmax(x): pass"])
IDS = [exercise.id for exercise in CATALOGUE]


@cache
def hidden(exercise: str) -> AnswerKey:
    found = next(each for each in CATALOGUE if each.id == exercise)
    return make_key(found, "a seed of the fuzz")


def is_a_verdict(report: Report, key: AnswerKey) -> None:
    """Check all that a report promises to those who add up points and show texts."""
    assert type(report.earned) is int
    assert 0 <= report.earned <= report.points == key.points
    assert [group.name for group in report.groups] == list(key.groups)
    assert (report.message is None) == (report.verdict == "passed")
    if report.message:
        parts = [report.message.text, *report.message.details.values()]
        assert all(type(text) is str and len(text) < 5_000 for text in parts)
    json.dumps([report.verdict, report.earned])


@PROFILE
@given(st.binary(max_size=400))
def test_any_bytes_are_a_bad_reply(data: bytes) -> None:
    try:
        decode(data, "n")
    except BadReply:
        return
    raise AssertionError("noise repeated the nonce")


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
TREE = {"nonce": "n", "outcomes": [{"outputs": {"output": {"$tensor": "00000"}}, "modified": []}]}


@PROFILE
@given(
    mutations(lambda: {"00000": TENSOR, "__metadata__": {"tree": "x"}}),
    mutations(lambda: TREE),
    st.binary(max_size=16),
)
def test_forged_messages_are_values_or_bad_replies(header: Any, tree: Any, body: bytes) -> None:
    if isinstance(header, dict) and header.get("__metadata__") == {"tree": "x"}:
        header["__metadata__"]["tree"] = json.dumps(tree)
    text = json.dumps(header).encode()
    try:
        message = decode(struct.pack("<Q", len(text)) + text + body, "n")
    except BadReply:
        return
    assert message["nonce"] == "n"


@PROFILE
@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 30), st.binary(max_size=9))
def test_frames_come_apart_however_they_arrive(
    payloads: list[bytes], step: int, rest: bytes
) -> None:
    stream = b"".join(map(frame, payloads)) + rest
    received, found = bytearray(), []
    try:
        for at in range(0, len(stream), step):
            received += stream[at : at + step]
            while (payload := unframe(received, 100)) is not None:
                found.append(payload)
    except BadReply:
        assert len(rest) >= 8
    assert found[: len(payloads)] == payloads


@PROFILE
@given(st.sampled_from(IDS), st.data())
def test_there_is_always_a_verdict(exercise: str, data: st.DataObject) -> None:
    key = hidden(exercise)
    like = data.draw(st.sampled_from(key.cases)).expected
    drawn = [rebuilt(data.draw(outcomes(like)), SUBMISSION.knows) for _ in range(2)]
    which = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=5))
    kinds = dict(zip((case.name for case in key.cases), cycle(which), strict=False))
    got = {name: drawn[kind] for name, kind in kinds.items() if kind < 2}
    failures: list[str] = []
    report = grade._judge(got, key, SUBMISSION, failures)
    is_a_verdict(report, key)
    assert report.verdict != "passed"
    for group in report.groups:
        cases = [case for case in key.cases if case.group == group.name]
        if sum(fractions(case.expected.get("outputs")) for case in cases) >= 3:
            assert not group.passed, (group, got)


@PROFILE
@given(st.sampled_from(IDS), st.data())
def test_one_wrong_place_costs_its_group(exercise: str, data: st.DataObject) -> None:
    key = hidden(exercise)
    right = {
        case.name: case.expected | {"used": []} for case in key.cases if "outputs" in case.expected
    }
    raised = {
        case.name: {
            "raised": case.expected["raised"] | {"message": "", "frames": []},
            "modified": [],
        }
        for case in key.cases
        if "raised" in case.expected
    }
    assert judge(right | raised, key).earned == key.points
    compared = [
        case
        for case in key.cases
        if case.name in right and set(case.expected["outputs"]) - set(case.frequencies)
    ]
    case = data.draw(st.sampled_from(compared))
    outputs = {k: v for k, v in case.expected["outputs"].items() if k not in case.frequencies}
    wrong = data.draw(spoilt(outputs, max(case.atol, case.rtol, 1e-6)))
    got = right | raised
    got[case.name] = case.expected | {"outputs": case.expected["outputs"] | wrong}
    report = judge(got, key)
    is_a_verdict(report, key)
    assert not next(group.passed for group in report.groups if group.name == case.group), wrong


@PROFILE
@given(st.sampled_from(IDS), st.data())
def test_keys_that_were_damaged_are_refused_or_work(exercise: str, data: st.DataObject) -> None:
    packed = hidden(exercise).pack()
    if data.draw(st.booleans()):
        raw = bytearray(packed)
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(raw) - 1) | st.integers(0, 3_000))
            raw[at : at + data.draw(st.sampled_from([0, 1, 9, 500]))] = data.draw(
                st.binary(max_size=3)
            )
    else:
        tree = data.draw(mutations(lambda: wire.unpack(packed, max_tensors=20_000)))
        try:
            raw = bytearray(wire.pack(tree))
        except (wire.WireError, UnicodeEncodeError, RecursionError):
            return
    try:
        key = AnswerKey.unpack(bytes(raw))
    except wire.WireError:
        return
    got = {
        case.name: case.expected | {"used": []} for case in key.cases if "outputs" in case.expected
    }
    report = judge(got, key)
    assert 0 <= report.earned <= report.points
    judge({case.name: {"outputs": {}, "modified": []} for case in key.cases}, key)


@PROFILE
@given(json_values)
@example({"outputs": {}, "modified": "x", "used": [[]]})
@example({"raised": {"type": "ValueError", "message": "\ud800", "frames": [["cell 1", True, ""]]}})
def test_outcomes_are_rebuilt_with_exact_types(outcome: Any) -> None:
    if not isinstance(outcome, dict):
        return
    plain = rebuilt(outcome, SUBMISSION.knows)
    assert plain.keys() <= {"outputs", "missing", "raised", "died", "modified", "used"}
    assert all(type(name) is str for name in plain.get("modified", []) + plain.get("used", []))


def test_a_million_is_no_answer() -> None:
    for exercise in IDS:
        key = hidden(exercise)
        for value in (0, 1.0, "", math.nan, torch.zeros(0), torch.tensor(math.inf), [], {}, None):
            got = {
                case.name: {
                    "outputs": dict.fromkeys(case.expected.get("outputs", {"output": 0}), value)
                }
                for case in key.cases
            }
            report = judge(got, key)
            is_a_verdict(report, key)
            assert report.verdict != "passed"
