"""Is a symbolic link to a file of the grader.

attacks: softmax
claim: reading
"""

import os


def hand_in(folder):
    path = folder / "instructor.link_to_the_secret.ipynb"
    os.symlink(folder.parent / 'walls.json', path)
    return path
