#!/usr/bin/env bash
# Tiny Shakespeare in three minutes on two cores:  runs/shakespeare-3min.sh OUT [SEED]
#
# GPT-2's architecture with 4 layers, 4 heads, 128 channels and a context of 64 characters; AdamW;
# the learning rate falls along a line over the last 95 % of the three minutes. The loss is that of
# the whole last tenth of the text, in windows of 64 that do not overlap, in nats a character.
# nanoGPT publishes 1.88 for this model and time.
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${PYTHON:-.venv/bin/python}" -m gpt2 train exercises/gptcourse/data/shakespeare.txt \
    --out "${1:?the folder for the run}" --seed "${2:-0}" --minutes 3 --batch 16 --lr 4e-3
