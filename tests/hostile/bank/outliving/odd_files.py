"""Leaves a pipe, a socket's name, a dangling link, a name that is no text, and a locked file.

attacks: softmax
claim: leftovers
"""

import fcntl, os

def softmax(x, dim=-1):
    os.mkfifo("pipe")
    os.symlink("nowhere", "dangling")
    os.symlink(".", "loop")
    os.mkdir(b"\xff\xfe")
    file = open(b"\xff\xfe/" + b"x" * 200, "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    os.chmod(b"\xff\xfe", 0o500)
