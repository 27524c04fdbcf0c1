"""`autograder serve`: the site and the grades, on this machine alone."""

from pathlib import Path

import click

__all__ = ["serve"]


@click.command()
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--site", type=click.Path(path_type=Path), default=Path("_build/html"))
@click.option("--grades", type=click.Path(path_type=Path), default=Path("grades"))
def serve(port: int, site: Path, grades: Path) -> None:
    """Serve the site and the grades on this machine alone."""
    from autograder.serve import serve as run

    run(port, site, grades)
