"""Serves the built site at / and the grades at /grades/, on the loopback address alone."""

import errno
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

__all__ = ["serve"]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, site: Path, grades: Path) -> None:
        self.site, self.grades = site, grades
        super().__init__(*args, directory=str(site))  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        inside = path.split("?")[0].split("#")[0]
        if inside.startswith("/grades/"):
            self.directory = str(self.grades)
            return super().translate_path(path.removeprefix("/grades"))
        self.directory = str(self.site)
        return super().translate_path(path)

    def do_GET(self) -> None:
        if self.path == "/grades":
            self.send_response(301)
            self.send_header("Location", "/grades/")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request: the addresses stay on the screen."""


def serve(port: int, site: Path, grades: Path) -> None:
    """Serve until interrupted. Raises ClickException if there is no site or the port is taken."""
    if not (site / "index.html").exists():
        raise click.ClickException(f"there is no site in {site}: run `make site` first")
    handler = partial(_Handler, site=site.resolve(), grades=grades.resolve())
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(f"port {port} is taken: choose another with PORT=") from None
    address = f"http://127.0.0.1:{server.server_address[1]}"
    click.echo(f"site    {address}/")
    if (grades / "index.html").exists():
        click.echo(f"grades  {address}/grades/")
    click.echo("stop with Ctrl-C")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("stopped")
