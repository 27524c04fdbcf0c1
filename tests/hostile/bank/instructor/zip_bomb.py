"""Is a zip file of a gigabyte of zeros, under the name of a notebook.

attacks: softmax
claim: reading
"""

import zipfile


def hand_in(folder):
    path = folder / "instructor.zip_bomb.ipynb"
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as file:
        file.writestr('a.ipynb', bytes(2**26))
    return path
