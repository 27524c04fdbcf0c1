"""Raises with codes that clear a terminal, set its title and turn the direction of text.

attacks: softmax
claim: pages
"""

def softmax(x, dim=-1):
    raise ValueError("\x1b]0;owned\x07\x1b[2J[red]red[/] \u202egnp.exe")  # ‮ ⁦ turned
