"""Is JSON of a million brackets, one in the other.

attacks: softmax
claim: reading
"""

DEPTH = 900_000


def hand_in(folder):
    path = folder / "instructor.deep_json.ipynb"
    path.write_text('[' * DEPTH + ']' * DEPTH)
    return path
