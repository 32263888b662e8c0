#!/bin/sh
# Times the CPU run that nanoGPT publishes in its README, on Tiny Shakespeare.
#
#     nanogpt.sh CHECKOUT TEXT     a checkout of karpathy/nanoGPT; tinyshakespeare.txt
#
# Prints the final validation loss, the time of the whole process, and the time of its 2,001 steps
# with their evaluations, which leaves out the start of Python. PYTHON names a Python 3 with PyTorch,
# NumPy and requests (default /usr/bin/python3: on Debian python3-torch, python3-numpy).
set -eu

if [ $# -ne 2 ] || [ ! -f "$1/train.py" ] || [ ! -f "$2" ]; then
  echo "usage: nanogpt.sh CHECKOUT TEXT, with a checkout of karpathy/nanoGPT" >&2
  exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
python=${PYTHON:-/usr/bin/python3}
unset OPENBLAS_CORETYPE
. "$here/settings.sh"
# shellcheck disable=SC2154 # from settings.sh
echo "OpenBLAS: ${blas:-of the system}; malloc: ${malloc:-glibc, told to keep memory}"

work=$here/target/nanogpt
rm -rf "$work"
mkdir -p "$work/data"
cp "$1/train.py" "$1/model.py" "$1/configurator.py" "$work"
cp -R "$1/config" "$work"
cp -R "$1/data/shakespeare_char" "$work/data"
cp "$2" "$work/data/shakespeare_char/input.txt"
cd "$work"
"$python" data/shakespeare_char/prepare.py >prepare.log

LD_PRELOAD=$LIBRARIES "$python" "$here/peak.py" "$python" -u train.py config/train_shakespeare_char.py --device=cpu \
  --compile=False --eval_iters=20 --log_interval=1 --block_size=64 --batch_size=12 --n_layer=4 \
  --n_head=4 --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0 >run.log 2>errors.log
"$python" - <<'PY'
import re

text = open("run.log").read()
losses = re.findall(r"step \d+: train loss [0-9.]+, val loss ([0-9.]+)", text)
times = [float(t) for t in re.findall(r"iter \d+: loss [0-9.]+, time ([0-9.]+)ms", text)]
print(f"  steps             {len(times):8d}")
print(f"  validation loss   {float(losses[-1]):8.4f}")
print(f"  training time     {1e-3 * sum(times):8.2f} s")
PY
tail -n 2 run.log
