#!/bin/sh
# Our trainer beside libtorch, with one command: builds what is needed, runs the two in turn
# (A B, A B, ...), each in a process of its own, and prints one table. README.md says what is
# compared and how to be fair.
#
#     compare.sh [--shape SHAPE]... [--rounds N] [--steps N] [--generate] [--no-train]
#
#     --shape SHAPE   tiny, small or gpt2-124m; may be given again; default small
#     --rounds N      default 3
#     --steps N       measured steps; default 10
#     --generate      generation too: one sequence, greedy, with cached keys and values
#     --no-train      generation only
#
# Also writes target/compare.json. Needs Python 3; the build fetches libtorch (90 MB) once.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$here/../..
unset OPENBLAS_CORETYPE # the kernels must be the same for everybody

(cd "$root" && ./mvnw -q -Pbench -Dmaven.test.skip=true -pl tests/bench -am package) >&2
"$root/tiebreak" --version >/dev/null 2>&1 || "$root/tiebreak" --help >/dev/null # builds, if need be

exec python3 "$here/compare.py" "$@"
