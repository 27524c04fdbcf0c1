"""Is JSON of millions of empty lists, each of which takes fifty times its text.

attacks: softmax
claim: reading
"""

WIDTH = 5_000_000


def hand_in(folder):
    path = folder / "instructor.wide_json.ipynb"
    path.write_text('{"cells": [' + '[],' * WIDTH + '[]]}')
    return path
