"""Submissions that attack. Each is bounded in memory, processes, time and disk."""

import textwrap
from collections.abc import Callable

from tests.sample_class.notebook import CHAPTERS, Notebook, changed, solved, with_answer, with_cell

ONE = CHAPTERS[0]
HONEST = """\
# exercise: softmax
import gc, os, socket, sys, time
import torch

def honest(x, dim=-1):
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)

"""


def softmax(body: str) -> Notebook:
    """Return a perfect notebook but for softmax."""
    return with_answer(solved(ONE), "softmax", HONEST + textwrap.dedent(body))


def endless_loop() -> Notebook:
    return softmax("""
        def softmax(x, dim=-1):
            while True:
                pass
    """)


def exits() -> Notebook:
    return softmax("""
        def softmax(x, dim=-1):
            os._exit(0)
    """)


def exits_at_definition() -> Notebook:
    return softmax("""
        gone = os._exit(0)
        def softmax(x, dim=-1):
            return gone
    """)


def fork_bomb() -> Notebook:
    """At most a few hundred processes are tried; the limit stops it far below."""
    return softmax("""
        def softmax(x, dim=-1):
            for _ in range(300):
                if os.fork() == 0:
                    time.sleep(2)
                    os._exit(0)
            return honest(x, dim)
    """)


def eight_gibibytes() -> Notebook:
    return softmax("""
        def softmax(x, dim=-1):
            hold = torch.ones(2**31)
            return honest(x, dim)
    """)


def ten_gibibytes_of_output() -> Notebook:
    return softmax("""
        def softmax(x, dim=-1):
            for _ in range(10 * 2**10):
                os.write(1, b"x" * 2**20)
            return honest(x, dim)
    """)


def reads_files(canary: str = "/etc/shadow") -> Notebook:
    """Right if and only if it can read what it must not see."""
    return softmax(f"""
        def softmax(x, dim=-1):
            found = []
            for name in ({canary!r}, "/proc/1/environ", "/proc/self/maps", "/etc/shadow"):
                try:
                    found.append(open(name, "rb").read(100))
                except OSError:
                    pass
            return honest(x, dim) if found else None
    """)


def network(port: int = 9) -> Notebook:
    """Right if and only if it reaches a listener on the loopback address."""
    return softmax(f"""
        def softmax(x, dim=-1):
            try:
                socket.create_connection(("127.0.0.1", {port}), timeout=1).close()
            except OSError:
                return None
            return honest(x, dim)
    """)


def patched_allclose() -> Notebook:
    return softmax("""
        def patch():
            torch.allclose = torch.equal = lambda *a, **k: True
            torch.testing.assert_close = lambda *a, **k: None
            import gptcourse.compare
            gptcourse.compare.first_difference = lambda *a: None

        patched = patch()
        def softmax(x, dim=-1):
            patch()
            return x
    """)


def lying_eq() -> Notebook:
    return softmax("""
        class Yes:
            __hash__ = None
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __bool__(self): return True

        def softmax(x, dim=-1):
            return Yes()
    """)


def tensor_subclass() -> Notebook:
    return softmax("""
        class Right(torch.Tensor):
            @classmethod
            def __torch_function__(cls, func, types, args=(), kwargs=None):
                return True

        def softmax(x, dim=-1):
            return x.as_subclass(Right)
    """)


def nan() -> Notebook:
    return softmax("""
        def softmax(x, dim=-1):
            return torch.full_like(x, float("nan"))
    """)


def forged_replies() -> Notebook:
    """Writes a reply of its own, in the grader's own words, on every file that is open."""
    return softmax("""
        def softmax(x, dim=-1):
            from gptcourse import wire
            outcome = {"outputs": {"output": honest(x, dim)}, "modified": [], "used": []}
            reply = wire.pack({"nonce": "", "outcomes": [outcome]})
            for fd in range(64):
                try:
                    os.write(fd, len(reply).to_bytes(8, "big") + reply)
                except OSError:
                    pass
            os._exit(0)
    """)


def walks_frames() -> Notebook:
    """Looks on the stack and on the heap for right answers."""
    return softmax("""
        def softmax(x, dim=-1):
            frame = sys._getframe()
            while frame:
                for value in frame.f_locals.values():
                    if isinstance(value, dict) and "expected" in value:
                        return value["expected"]["outputs"]["output"]
                frame = frame.f_back
            for thing in gc.get_objects():
                if isinstance(thing, dict) and "expected" in thing:
                    return thing["expected"]["outputs"]["output"]
            return x
    """)


SCRIPT = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"


def script_tags() -> Notebook:
    """A wrong answer, with scripts in a message, in outputs, in metadata and in a cell."""
    notebook = softmax(f"""
        class Boo(Exception): pass
        def softmax(x, dim=-1):
            raise Boo("{SCRIPT}")  # {SCRIPT}
    """)

    def plant(notebook: Notebook) -> None:
        notebook["metadata"]["title"] = SCRIPT
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                data = {"text/html": SCRIPT}
                cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]

    return changed(notebook, plant)


def hostile_metadata() -> Notebook:
    """Metadata of every wrong type; the answers are right."""

    def spoil(notebook: Notebook) -> None:
        wrong = [None, 7, [], "x", {"exercise": ["softmax"]}, {"exercise": "../../etc"}]
        for cell, value in zip(notebook["cells"], wrong * 20, strict=False):
            cell["metadata"] = {"gptcourse": value, "nbgrader": value}
        code = {"cell_type": "code"}
        notebook["cells"] += [None, 7, [], code, code | {"source": 7}]

    return changed(solved(ONE), spoil)


def outputs_of_30_mb() -> Notebook:
    def fill(notebook: Notebook) -> None:
        text = {"output_type": "stream", "name": "stdout", "text": "x" * (30 * 2**20)}
        notebook["cells"][-1]["outputs"] = [text]

    return changed(with_cell(solved(ONE), "1", at=-1), fill)


HOSTILE: dict[str, Callable[..., Notebook]] = {
    "endless loop": endless_loop,
    "exits": exits,
    "exits at definition": exits_at_definition,
    "fork bomb": fork_bomb,
    "8 GiB": eight_gibibytes,
    "10 GiB of output": ten_gibibytes_of_output,
    "reads files": reads_files,
    "network": network,
    "patched allclose": patched_allclose,
    "lying eq": lying_eq,
    "tensor subclass": tensor_subclass,
    "nan": nan,
    "forged replies": forged_replies,
    "walks frames": walks_frames,
    f"script {SCRIPT.replace('/', '∕')}": script_tags,
    "hostile metadata": hostile_metadata,
    "30 MB of outputs": outputs_of_30_mb,
}
