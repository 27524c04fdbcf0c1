#!/usr/bin/env bash
# One model and one text, five recipes:  runs/recipes.sh OUT
#
# The model of nanoGPT's small run: 4 layers, 4 heads, 128 channels, a context of 64 characters of
# tiny Shakespeare. 1,500 steps each, so that what the machine does besides changes nothing. The
# loss is that of the whole last tenth of the text, in windows of 64 that do not overlap.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?the folder for the runs}
run() {
    "${PYTHON:-.venv/bin/python}" -m gpt2 train exercises/gptcourse/data/shakespeare.txt \
        --out "$out/$1" --steps 1500 --eval-every 100 "${@:2}"
}
constant=(--warmup 0 --end 1)
run small-rate --lr 3e-4 "${constant[@]}"
run large-rate --lr 4e-3 "${constant[@]}"
run huge-rate --lr 2e-2 "${constant[@]}" --clip 1e9
run nanogpt --lr 1e-3 --end 0.1 --schedule cosine --warmup 0.0667 --decay 0.9333 --beta2 0.99
run ours --lr 4e-3
