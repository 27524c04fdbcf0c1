#!/usr/bin/env bash
# GPT-2 124M, trained from the start on 10 billion tokens of the web:  runs/gpt2-124m.sh SHARDS OUT
#
# SHARDS holds *train*.npy and *val*.npy: FineWeb-Edu's sample of 10 billion tokens as GPT-2's ids,
# uint16, made by `gpt2.data.encode_corpus` of chapter 3. The hyperparameters are those of the
# GPT-3 paper for this size, as build-nanogpt and llm.c published them: 524,288 tokens a step,
# 19,073 steps, learning rate 6e-4 down to a tenth along a cosine behind 715 steps of warm-up,
# weight decay 0.1, betas 0.9 and 0.95, gradients of at most 1.
#
# Expected: a validation loss of 3.28 to 3.29 (build-nanogpt, llm.c; OpenAI's own weights have 3.292
# on this text). On eight H100 they took one to two hours. This script has not been run to its
# end by us: its shapes, its two processes and its resuming have been, on a CPU, by
#   SMOKE=1 runs/gpt2-124m.sh SHARDS OUT
# which takes four steps of two rows on two processes.
set -euo pipefail
cd "$(dirname "$0")/.."
shards=${1:?the folder with the shards}
out=${2:?the folder for the run}
python=${PYTHON:-.venv/bin/python}
size=(--n-layer 12 --n-head 12 --n-embd 768 --block-size 1024)
rates=(--lr 6e-4 --end 0.1 --schedule cosine --warmup 0.0375 --decay 0.9625
       --weight-decay 0.1 --beta2 0.95 --clip 1.0)
if [[ -n "${SMOKE:-}" ]]; then
    processes=2
    run=(--steps 4 --batch 1 --accumulate 1 --block-size 64 --eval-every 4 --save-every 2 --device cpu)
else
    processes=$("$python" -c 'import torch; print(torch.cuda.device_count())')
    # 64 rows of 1,024 tokens on each GPU at once: eight of them make a step of 524,288.
    run=(--steps 19073 --batch 64 --accumulate $((8 / processes)) --dtype bfloat16 --compile
         --eval-every 250 --save-every 1000)
fi
resume=()
[[ -e "$out/checkpoint.pt" ]] && resume=(--resume)
exec "$python" -m torch.distributed.run --standalone --nproc-per-node "$processes" \
    -m gpt2 train "$shards" --out "$out" "${size[@]}" "${rates[@]}" "${run[@]}" "${resume[@]}"
