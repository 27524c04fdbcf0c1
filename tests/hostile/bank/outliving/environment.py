"""Changes environment, locale, umask, directory and limits of its process.

attacks: softmax
claim: leftovers
again: yes
"""

import locale, os, resource

def softmax(x, dim=-1):
    found = os.environ.get("SPOILED")
    os.environ.update(SPOILED="1", OMP_NUM_THREADS="64", LD_PRELOAD="x.so", PYTHONPATH="x")
    locale.setlocale(locale.LC_ALL, "C")
    os.umask(0o777)
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    os.chdir("/")
    return honest(x, dim) if found else None
