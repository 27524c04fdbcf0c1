"""Has every key twice, so that two readers see two notebooks.

attacks: softmax
claim: reading
"""

KEYS = '{"cells": [], "cells": [{"cell_type": "code"}], "cells": 7, "nbformat": 4}'


def hand_in(folder):
    path = folder / "instructor.keys_that_repeat.ipynb"
    path.write_text(KEYS)
    return path
