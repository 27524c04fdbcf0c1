"""The argument CHAPTER, as several commands take it."""

import click

__all__ = ["chapter_argument"]


class _Chapter(click.ParamType[str]):
    """A chapter by its stem, "02-bigrams", or by its number."""

    name = "chapter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the stem, or say which chapters there are."""
        from autograder.hidden_tests import chapters

        for stem in chapters():
            number = stem.split("-")[0]
            if value in (stem, number, number.lstrip("0")):
                return stem
        raise click.BadParameter(
            f"there is no chapter {value!r}; there are {', '.join(chapters())}", ctx, param
        )


chapter_argument = click.argument("chapter", type=_Chapter())
