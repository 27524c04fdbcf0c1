#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. It needs the internet.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
venv="${AUTOGRADER_VENV:-/opt/autograder-python}"
source="$root/source"

# The seed and the hidden tests are root's; learners' code runs as another user.
chmod -R go= "$source"

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # bubblewrap works in few containers; where it does not, run_autograder says so.
    apt-get install -yqq --no-install-recommends bubblewrap || true
    find_python >/dev/null || apt-get install -yqq --no-install-recommends python3-venv || true
    find_python >/dev/null || apt-get install -yqq --no-install-recommends python3.11 python3.11-venv
fi
python="$(find_python)" || { echo "no Python 3.11 to 3.13: choose the base image Ubuntu 24.04"; exit 1; }

# Others may read this Python: learners' code imports torch from it. What they must not read is
# installed into $source/packages instead.
umask 022
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }
torch="$(grep '^torch==' "$source/constraints.txt")"
pip install --quiet --index-url "${AUTOGRADER_TORCH_INDEX:-https://download.pytorch.org/whl/cpu}" \
    --extra-index-url https://pypi.org/simple "$torch"
pip install --quiet -c "$source/constraints.txt" -r "$source/requirements.txt"
pip install --quiet --no-deps --force-reinstall "$source"/wheels/gptcourse-*.whl
umask 077
pip install --quiet --no-deps --upgrade --target "$source/packages" "$source"/wheels/gpt2_from_scratch-*.whl
