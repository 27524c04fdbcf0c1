"""Raises with the marks of Jinja, rich and Markdown, which a page might fill in.

attacks: softmax
claim: pages
"""

class Templated(Exception):
    pass

def softmax(x, dim=-1):
    raise Templated("{{ 7 * 191 }} {% include '/etc/passwd' %} [bold]x[/bold] `x` ${jndi:x}")
