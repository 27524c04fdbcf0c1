"""One docutils node for any HTML element, and small builders on it.

docutils has no node for ``<details>``, ``<fieldset>`` or ``<label>``. With this one a directive
can mix such elements with parsed MyST, and the words stay in the search index.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxDirective
    from sphinx.writers.html5 import HTML5Translator

_VOID = frozenset({"input", "br", "hr", "img"})


class Element(nodes.General, nodes.Element):
    """An HTML element. Builders other than HTML write its children only."""


def element(tag: str, *children: nodes.Node | str, **attributes: str | bool | None) -> Element:
    """Make an HTML element.

    Args:
        tag: the element's name.
        children: nodes, or strings that become text nodes.
        attributes: ``class_`` is written ``class``, ``data_x`` is written ``data-x``. ``True``
            writes the bare name; ``False`` and ``None`` write nothing.
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    node = Element("", tag=tag, html=names)
    for child in children:
        node += nodes.Text(child) if isinstance(child, str) else child
    return node


def raw(html: str) -> nodes.raw:
    """Return HTML to be written as it is."""
    return nodes.raw("", html, format="html")


def inline(directive: SphinxDirective, text: str) -> list[nodes.Node]:
    """Parse one line of MyST (code, emphasis, mathematics, links) for a directive."""
    parsed, messages = directive.state.inline_text(" ".join(text.split()), directive.lineno)
    return [*parsed, *messages]


def start_tag(node: Element) -> str:
    """Return an element's opening tag, values escaped.

    >>> start_tag(element("input", type="radio", checked=True, id=None))
    '<input type="radio" checked>'
    """
    written = [node["tag"]]
    for name, value in node["html"].items():
        if value is True:
            written.append(name)
        elif value is not None and value is not False:
            written.append(f'{name}="{escape(str(value))}"')
    return f"<{' '.join(written)}>"


def _visit(self: HTML5Translator, node: Element) -> None:
    self.body.append(start_tag(node))


def _depart(self: HTML5Translator, node: Element) -> None:
    if node["tag"] not in _VOID:
        self.body.append(f"</{node['tag']}>")


def _skip(self: nodes.NodeVisitor, node: Element) -> None:
    pass


def setup(app: Sphinx) -> None:
    """Register the node."""
    nothing = (_skip, _skip)
    app.add_node(Element, html=(_visit, _depart), latex=nothing, text=nothing)
