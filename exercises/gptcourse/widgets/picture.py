"""Picture: the base class of the moving pictures."""

import re
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets

HERE = Path(__file__).parent
_SHARED_IMPORT = re.compile(r'^import \{[^}]*\} from "\./picture\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class)", re.MULTILINE)


def bundle(name: str) -> str:
    """Return `<name>.js` as one ES module, with what it imports from picture.js written in.

    anywidget loads a module from a string, where a relative import has nothing to refer to.
    """
    shared = _EXPORT.sub("", (HERE / "picture.js").read_text(encoding="utf-8"))
    own = (HERE / f"{name}.js").read_text(encoding="utf-8")
    own, found = _SHARED_IMPORT.subn("", own)
    return f"{shared}\n{own}" if found else own


def styles(name: str) -> str:
    """Return the shared style sheet and the picture's own as one text."""
    return "\n".join(
        (HERE / f"{part}.css").read_text(encoding="utf-8") for part in ("picture", name)
    )


class Picture(anywidget.AnyWidget):
    """A picture whose whole state is JSON in synced traits.

    A subclass sets `name`, the stem of its .js and .css files, declares its traits with
    `.tag(sync=True)`, and writes `static_html` and, where Python has something to do, `controls`.
    """

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:  # anywidget derives a class for each instance; not again then
            cls._esm = bundle(cls.name)
            cls._css = styles(cls.name)
        super().__init_subclass__(**kwargs)

    def state(self) -> dict[str, Any]:
        """Return the public synced traits as a JSON-ready dict: what the module needs to draw."""
        inherited = set(ipywidgets.DOMWidget.class_trait_names())
        names = self.trait_names(sync=True)
        return {n: getattr(self, n) for n in names if n[0] != "_" and n not in inherited}

    def static_html(self) -> str:
        """Return what the picture says as HTML that needs no JavaScript."""
        raise NotImplementedError

    def controls(self) -> list[ipywidgets.Widget]:
        """Return the ipywidgets that stand above the picture in a notebook."""
        return []

    def with_controls(self) -> ipywidgets.VBox:
        """Return the picture under the controls that make Python do something about it."""
        return ipywidgets.VBox([*self.controls(), self])
