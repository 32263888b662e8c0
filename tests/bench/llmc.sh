#!/bin/sh
# Times llm.c's CPU program (train_gpt2.c) on a shape of `tiebreak bench`, with random weights and
# tokens.
#
#     llmc.sh CHECKOUT SHAPE      a checkout of karpathy/llm.c; tiny, small or gpt2-124m
#
# Builds a copy with its own Makefile. The copy differs in B, T, the number of steps and the length
# of its evaluations; there is no text to print, since llm.c generates only after 20 steps. Needs
# gcc with OpenMP, make and Python 3.
set -eu

if [ $# -ne 2 ] || [ ! -f "$1/train_gpt2.c" ]; then
  echo "usage: llmc.sh CHECKOUT SHAPE, with a checkout of karpathy/llm.c" >&2
  exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
checkout=$1
shape=$2
steps=${LLMC_STEPS:-4} # after one that warms up

case $shape in
  #               V     T  L  H  C   B
  tiny) set --      65  64  4  4 128 12 ;;
  small) set --    256 256  6  6 384 16 ;;
  gpt2-124m) set -- 50257  64 12 12 768  4 ;;
  *)
    echo "llmc.sh: no shape '$shape'; shapes are tiny, small, gpt2-124m" >&2
    exit 2
    ;;
esac

work=$here/target/llmc-$shape
rm -rf "$work"
mkdir -p "$work"
cp -R "$checkout/Makefile" "$checkout/train_gpt2.c" "$checkout/llmc" "$work"
cd "$work"
sed -i -e "s/int B = 4;/int B = $6;/" -e "s/int T = 64;/int T = $2;/" \
  -e "s/step <= 40;/step <= $steps;/" -e "s/val_num_batches = 5;/val_num_batches = 1;/" train_gpt2.c
make -s train_gpt2 CC="${CC:-gcc}" >make.log 2>&1 || {
  cat make.log >&2
  exit 1
}
python3 "$here/llmc_files.py" "$1" "$2" "$3" "$4" "$5" "$6"

OMP_NUM_THREADS=${OMP_NUM_THREADS-2}
export OMP_NUM_THREADS
python3 "$here/peak.py" ./train_gpt2 | tee run.log | grep -v '^ *num_\|^\[GPT-2\]\|^max_seq'
python3 - "$(($6 * $2))" <<'PY'
import re
import statistics
import sys

times = [float(t) for t in re.findall(r"took ([0-9.]+) ms", open("run.log").read())]
median = statistics.median(times[1:])
print(f"  tokens            {1e3 * int(sys.argv[1]) / median:8.1f} a second")
PY
rm -f gpt2_124M.bin
