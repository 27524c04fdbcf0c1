"""A hub on loopback that answers for one file as huggingface.co does, and can fail on purpose."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

COMMIT = "1" * 40


class Hub:
    """Serves `content` as model.safetensors of every repository; a context manager.

    Attributes:
        requests: (method, range asked for) of each request for the file.
        cut_after: close the connection after so many bytes, once.
        announced: the SHA-256 that is announced; by default that of the content.
    """

    def __init__(self, content: bytes) -> None:
        self.offer(content)
        self.requests: list[tuple[str, str]] = []
        self.cut_after: int | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def offer(self, content: bytes) -> None:
        """Serve this."""
        self.content = content
        self.announced = hashlib.sha256(content).hexdigest()

    def _handler(hub) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(b"")

            def do_GET(self) -> None:
                self._answer(hub.content)

            def _answer(self, body: bytes) -> None:
                if not self.path.endswith("/resolve/main/model.safetensors"):
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                asked = self.headers.get("Range", "")
                hub.requests.append((self.command, asked))
                start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
                self.send_response(206 if asked else 200)
                self.send_header("ETag", f'"{hub.announced}"')
                self.send_header("X-Linked-ETag", f'"{hub.announced}"')
                self.send_header("X-Linked-Size", str(len(hub.content)))
                self.send_header("X-Repo-Commit", COMMIT)
                self.send_header("Accept-Ranges", "bytes")
                size = len(hub.content)
                if asked:
                    self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
                self.send_header("Content-Length", str(size - start))
                self.end_headers()
                body = body[start:]
                if hub.cut_after is not None and body:
                    body, hub.cut_after = body[: hub.cut_after], None
                    self.close_connection = True
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
