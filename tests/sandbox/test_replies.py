"""Forged, late, long and broken replies: values at most, a verdict never, an error never."""

import pytest
from conftest import Attack, told

from autograder.sandbox import Died, Finished

WRITE_EVERYWHERE = """
import os, struct
from gptcourse import wire
def everywhere(payload):
    data = struct.pack(">Q", len(payload)) + payload
    for fd in range(256):
        try: os.write(fd, data)
        except OSError: pass
"""


def forged(payload: str) -> str:
    return f"{WRITE_EVERYWHERE}\neverywhere({payload})\nos._exit(0)"


@pytest.mark.parametrize(
    "payload",
    [
        'b""',
        'b"{}"',
        'b"x" * 100_000',
        'wire.pack({"passed": True, "score": 100})',
        'wire.pack({"nonce": "0" * 16, "defined": True})',
        'wire.pack({"nonce": "0" * 16, "outcomes": [{"outputs": {}}]})',
        "wire.pack([])",
        'struct.pack("<Q", 2**62) + b"{}"',
    ],
)
def test_forged_reply(attack: Attack, payload: str) -> None:
    result = attack(forged(payload))
    assert isinstance(result, Died)
    assert result.reason == "bad reply"


def test_report_of_the_zygote_cannot_be_forged(attack: Attack) -> None:
    result = attack("""
        import os
        line = b'{"report": "x", "status": 0, "clean": true, "too_many_files": false}\\n'
        for fd in range(256):
            if fd in (3, 4): continue
            try: os.write(fd, line)
            except OSError: pass
        os._exit(7)
    """)
    assert isinstance(result, Died)
    assert result.detail.startswith("exit status 7")


WITH_NONCE = """
import gc, os, struct, sys
from gptcourse import wire
def send(message, raw=None):
    payload = raw or wire.pack(message)
    data = memoryview(struct.pack(">Q", len(payload)) + payload)
    while data: data = data[os.write(4, data):]
frame = sys._getframe()
while "nonce" not in frame.f_locals: frame = frame.f_back
nonce = frame.f_locals["nonce"]
"""


def with_nonce(code: str) -> str:
    """Code that has found the nonce in the frames above it, as it can."""
    return WITH_NONCE + code + "\nos._exit(0)"


@pytest.mark.parametrize(
    "code",
    [
        'send({"nonce": nonce, "outcomes": [{"outputs": {}}]})',
        'send({"nonce": nonce, "defined": 1})',
        'send({"nonce": nonce, "locked": True})',
        'send({"nonce": nonce, "defined": True}); send({"nonce": nonce, "outcomes": []})',
        'send({"nonce": nonce, "defined": True}); send({"nonce": nonce, "outcomes": [1]})',
        'send({"nonce": nonce, "defined": True}); send({"nonce": nonce, "outcomes": {}})',
        'send({"nonce": nonce, "defined": True}); os.write(4, struct.pack(">Q", 2**63))',
    ],
)
def test_reply_out_of_form(attack: Attack, code: str) -> None:
    result = attack(with_nonce(code))
    assert isinstance(result, Died)
    assert result.reason == "bad reply"


def test_reply_before_the_question_is_only_values(attack: Attack) -> None:
    """Who answers without having seen the input can send values, and they are wrong ones."""
    result = attack(
        with_nonce("""
send({"nonce": nonce, "defined": True})
send({"nonce": nonce, "outcomes": [{"outputs": {"output": 1.0}, "modified": []}]})
""")
    )
    assert isinstance(result, Finished)
    assert result.outcomes == [{"outputs": {"output": 1.0}, "modified": []}]


def test_reply_of_200_000_tensors(attack: Attack) -> None:
    result = attack("""
        import torch
        from gptcourse import wire
        def softmax(x): return [torch.tensor(float(i)) for i in range(200_000)]
    """)
    assert isinstance(result, Died)
    assert result.reason in ("bad reply", "timed out")


def test_hand_made_reply_of_200_000_tensors(attack: Attack) -> None:
    result = attack(
        with_nonce("""
entry = '"%d": {"dtype": "U8", "shape": [1], "data_offsets": [%d, %d]}, '
entries = "".join(entry % (i, i, i + 1) for i in range(200_000))
header = ("{" + entries + '"__metadata__": {"tree": "{}"}}').encode()
send({"nonce": nonce, "defined": True})
send(None, struct.pack("<Q", len(header)) + header + b"x" * 200_000)
""")
    )
    assert isinstance(result, Died)
    assert result.reason == "bad reply"


@pytest.mark.parametrize(
    "tree",
    ['"[" * 50_000 + "]" * 50_000', '"{" * 10', 'json.dumps({"nonce": nonce, "outcomes": '
     '[{"outputs": {"$tensor": "none"}}]})'],
)  # fmt: skip
def test_hand_made_json(attack: Attack, tree: str) -> None:
    result = attack(
        with_nonce(f"""
import json
header = json.dumps({{"__metadata__": {{"tree": {tree}}}}}).encode()
send({{"nonce": nonce, "defined": True}})
send(None, struct.pack("<Q", len(header)) + header)
""")
    )
    assert isinstance(result, Died)
    assert result.reason == "bad reply"


def test_reply_over_64_mib(attack: Attack) -> None:
    result = attack("""
        import torch
        def softmax(x): return torch.zeros(80 * 2**20, dtype=torch.uint8)
    """)
    assert isinstance(result, Died)
    assert result.reason == "bad reply"


def test_stub_that_replaces_the_runner(attack: Attack) -> None:
    result = attack("""
        from gptcourse import runner
        runner.run_group = lambda *a, **k: [{"outputs": {"output": 7}, "passed": True}]
        def softmax(x): return x
    """)
    assert isinstance(result, Finished)
    assert "passed" in result.outcomes[0]


def test_surrogates(attack: Attack) -> None:
    assert told(attack("def softmax(x): raise ValueError('\\\\ud800')")) in ("\\ud800", "\ud800")
