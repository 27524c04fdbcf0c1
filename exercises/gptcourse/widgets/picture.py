"""Picture: the base class of the moving pictures."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|const|class)", re.MULTILINE)


def bundle(name: str) -> str:
    """Return `<name>.js` as one ES module, with the shared modules that it needs written in.

    anywidget loads a module from a string, where a relative import has nothing to refer to. The
    modules share one scope then, so their names at the top level must differ.

    Raises:
        ValueError: an import gives something another name, which one scope cannot do.
    """
    parts = _modules(name)
    own = parts.pop(f"{name}.js")
    return "\n".join([*(_EXPORT.sub("", text) for text in parts.values()), own])


def styles(name: str) -> str:
    """Return the style sheets of the shared modules, then the picture's own, as one text."""
    sheets = [HERE / Path(module).with_suffix(".css") for module in _modules(name)]
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())


def _modules(name: str) -> dict[str, str]:
    """Return the texts of a picture's modules, without imports, each after those it needs."""
    parts: dict[str, str] = {}

    def add(file: str) -> None:
        text = (HERE / file).read_text(encoding="utf-8")
        parts[file] = ""  # seen: two modules may import each other
        for imported, shared in _IMPORT.findall(text):
            if " as " in imported:
                raise ValueError(f"{file} imports from {shared} under another name")
            if shared not in parts:
                add(shared)
        del parts[file]
        parts[file] = _IMPORT.sub("", text)

    add(f"{name}.js")
    return parts


class Picture(anywidget.AnyWidget):
    """A picture whose whole state is JSON in synced traits.

    A subclass sets `name`, the stem of its .js and .css files, declares its traits with
    `.tag(sync=True)`, and writes `static_html` and, where Python has something to do, `controls`.

    Large data that not every reader needs is no state but an asset: a name and a path inside the
    package. The module asks for it with `asset(model, name)` of picture.js when the reader does
    something that needs it. The site serves the file; in a notebook `send_asset` answers.
    """

    name: ClassVar[str] = ""
    assets: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:  # anywidget derives a class for each instance; not again then
            cls._esm = bundle(cls.name)
            cls._css = styles(cls.name)
        super().__init_subclass__(**kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.assets:
            self.on_msg(self.send_asset)

    @classmethod
    def read_asset(cls, name: str) -> bytes:
        """Return the bytes of an asset."""
        return (files("gptcourse") / cls.assets[name]).read_bytes()

    def send_asset(self, _: object, content: dict[str, Any], __: object) -> None:
        """Answer the module's request {"asset": name} by the same words and one buffer."""
        if content.get("asset") in self.assets:
            self.send(content, [self.read_asset(content["asset"])])

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
