"""Is a symbolic link to a device that never ends.

attacks: softmax
claim: reading
"""

import os


def hand_in(folder):
    path = folder / "instructor.link_to_a_device.ipynb"
    os.symlink('/dev/zero', path)
    return path
