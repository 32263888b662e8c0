#!/bin/sh
# Runs the whole GPU suite with one command. A machine with an NVIDIA GPU needs its driver, NVRTC,
# cuBLASLt and Python 3 with PyTorch; cuDNN and compute-sanitizer are used where they are there.
#
#     run.sh [--bundle FILE] [--out FOLDER] [--minutes N] [--only PART[,PART...]]
#     run.sh --simulate [...]      no GPU: simulated CUDA, tiny sizes, PyTorch on the CPU
#
#     --bundle FILE    what bundle.sh made; not needed beside an unpacked one
#     --out FOLDER     for results.json, results.md and logs.tar.gz; default ./gpu-results
#     --minutes N      for all parts together; default 15
#     --only PARTS     these alone; "check", "speed" and "quick" stand for several
#
# A part that fails or takes too long ends there, and the next one runs. The exit status is 0 if
# every part that could be run did well, 1 if not, 2 if run.sh was called wrongly.
# shellcheck disable=SC2317 # functions are called by name, through --part
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

# ---- what a part does; variables come from below, through the environment --------------------------

tiebreak() {
  java_program dev.tiebreak.trainer.cli.Main "$@"
}

suite() {
  if [ -n "$simulate" ]; then
    cd "$checkout/tests" # there the simulated CUDA finds its sources
    set -- --simulate "$@"
  fi
  java_program dev.tiebreak.tests.gpu.GpuSuite "$@"
}

java_program() {
  "$home/runtime/bin/java" -XX:+UseSerialGC -Xmx4g --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED -cp "$home/lib/*" "$@"
}

doctor() {
  tiebreak doctor
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi
    nvidia-smi -q -d CLOCK,POWER,TEMPERATURE,ECC
  else
    echo "no nvidia-smi here"
  fi
  suite libraries "$work/parts/libraries.json"
}

sanitizer() {
  tool=$1
  sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer) || {
    echo "no compute-sanitizer here"
    return 77
  }
  "$sanitizer" --tool "$tool" --target-processes all --error-exitcode 9 --print-limit 20 \
    "$home/runtime/bin/java" -XX:+UseSerialGC -Xmx2g --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED -cp "$home/lib/*" dev.tiebreak.tests.gpu.GpuSuite \
    small-step "$work/parts/$tool.json" 2>&1 | tee "$work/$tool.txt"
  # Its status says nothing if it could not look into the process, or the process crashed.
  [ -s "$work/parts/$tool.json" ]
  grep -q -e 'ERROR SUMMARY: 0 errors' -e 'RACECHECK SUMMARY: 0 hazards' "$work/$tool.txt"
}

peer() {
  name=$1
  shift
  "$python" "$home/peer.py" "$@" --device "$device" --out "$work/parts/$name.json"
}

peer_attention() {
  "$python" "$home/peer.py" attention --device "$device" --out "$work/cudnn"
  cp "$work/cudnn/attention.json" "$work/parts/peer-attention.json"
}

# The same run twice, by the command line that users have: the checkpoints must be equal bytes.
command_line_twins() {
  if [ -n "$simulate" ]; then
    # shellcheck disable=SC2012 # our own names; the newest
    library=$(ls -t "$checkout"/tests/target/simulated-cuda/*.so | head -n 1)
    export TIEBREAK_CUDA_DRIVER="$library" TIEBREAK_CUDA_NVRTC="$library"
    export TIEBREAK_CUDA_CUBLASLT="$library"
    set -- --set training.steps=2 --set training.batch=1 --set model.layers=1 \
      --set model.sequence_length=16 --set evaluation.batches=1
  else
    set -- --set training.steps=50
  fi
  for twin in a b; do
    tiebreak train --preset tiny --device cuda --precision bf16 --text "$home/text.txt" \
      --run "$work/twin-$twin" "$@"
    (cd "$work/twin-$twin" && find . -name '*.safetensors' -exec sha256sum {} + | sort) \
      >"$work/twin-$twin.sha256"
  done
  cat "$work/twin-a.sha256"
  [ -s "$work/twin-a.sha256" ]
  cmp "$work/twin-a.sha256" "$work/twin-b.sha256"
}

if [ "${1:-}" = --part ]; then
  shift
  "$@"
  exit
fi

# ---- the command line ------------------------------------------------------------------------------

bundle=''
out=gpu-results
minutes=15
only=''
simulate=''

die() {
  echo "run.sh: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --bundle | --out | --minutes | --only)
      [ $# -ge 2 ] || die "$1 needs a value"
      case $1 in
        --bundle) bundle=$2 ;;
        --out) out=$2 ;;
        --minutes) minutes=$2 ;;
        --only) only=$2 ;;
      esac
      shift
      ;;
    --simulate) simulate=--simulate ;;
    --help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done
case $minutes in '' | *[!0-9]*) die "--minutes needs a whole number, got '$minutes'" ;; esac
deadline=$(($(date +%s) + 60 * minutes))

mkdir -p "$out"
out=$(CDPATH='' cd -- "$out" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/parts" "$work/logs" "$work/cudnn"
: >"$work/parts.tsv"

# ---- what to run with ------------------------------------------------------------------------------

if [ -z "$bundle" ] && [ -x "$here/runtime/bin/java" ]; then
  home=$here
else
  [ -n "$bundle" ] || bundle=$here/target/tiebreak-gpu.tar.xz
  [ -f "$bundle" ] || die "no bundle $bundle: make it with tests/gpu/bundle.sh, or name one by --bundle"
  echo "Unpacking $bundle ..."
  # Python reads xz itself; tar needs a program for it that may not be there.
  if command -v xz >/dev/null; then
    tar -xJf "$bundle" -C "$work"
  else
    python3 -m tarfile -e "$bundle" "$work"
    chmod -R u+x "$work/tiebreak-gpu/runtime/bin" "$work/tiebreak-gpu/runtime/lib"
  fi
  home=$work/tiebreak-gpu
fi
cp "$home/version" "$work/version"

python=python3
device=cuda
checkout=''
if [ -n "$simulate" ]; then
  for checkout in "$here/../.." "$here/../../../.." ''; do
    [ ! -d "$checkout/tests/src/test/cpp" ] || break
  done
  [ -n "$checkout" ] || die "--simulate needs the checkout: run tests/gpu/run.sh in it"
  device=cpu
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
fi
export home work python device simulate checkout
export XDG_CACHE_HOME="$work/cache" PYTHONUNBUFFERED=1
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

# ---- running them ---------------------------------------------------------------------------------

# Whether --only names the part or one of its groups, or is not given.
wanted() {
  [ -n "$only" ] || return 0
  for each in $1 $2; do
    case ",$only," in *",$each,"*) return 0 ;; esac
  done
  return 1
}

# part NAME GROUPS SECONDS FUNCTION [ARGUMENT...]: one of the above, in a process of its own and with
# a time limit of its own, in what is left of the whole time.
part() {
  name=$1
  groups=$2
  limit=$3
  shift 3
  wanted "$name" "$groups" || return 0
  begin=$(date +%s)
  left=$((deadline - begin - 10)) # the rest is for the summary
  [ "$limit" -le "$left" ] || limit=$left
  if [ "$limit" -le 0 ]; then
    echo "== $name: no time left"
    printf '%s\t124\t0\t0\n' "$name" >>"$work/parts.tsv"
    return 0
  fi
  echo "== $name (at most $limit s)"
  status=0
  timeout -k 5 "$limit" sh "$here/run.sh" --part "$@" >"$work/logs/$name.log" 2>&1 || status=$?
  seconds=$(($(date +%s) - begin))
  grep -E '^(FAILED|ok) ' "$work/logs/$name.log" | tail -n 12 || true
  [ $status -eq 0 ] || tail -n 5 "$work/logs/$name.log"
  echo "   status $status, $seconds s"
  printf '%s\t%s\t%s\t%s\n' "$name" "$status" "$seconds" "$limit" >>"$work/parts.tsv"
}

parts=$work/parts
part libraries "check speed quick" 40 doctor
part parity check 150 suite parity "$parts/parity.json"
part golden "check quick" 60 suite golden "$parts/golden.json"
part twins check 60 suite twins "$parts/twins.json"
part command-line-twins check 60 command_line_twins
part attention "check quick" 60 suite attention "$parts/attention.json"
part peer-attention check 60 peer_attention
part rates "speed quick" 60 suite rates "$parts/rates.json"
if [ -n "$simulate" ]; then
  part peer-rates speed 60 peer peer-rates rates --size 128 --repeats 3
  part step-tiny speed 120 suite step "$parts/step-tiny.json" tiny
  part peer-tiny speed 60 peer peer-tiny step --model tiny-llama --batch 2 --steps 3
  part small-step check 60 suite small-step "$parts/small-step.json"
else
  part peer-rates speed 60 peer peer-rates rates
  part step-124m "speed quick" 90 suite step "$parts/step-124m.json" gpt2-124m
  part step-1.2b speed 120 suite step "$parts/step-1.2b.json" 1.2b
  part peer-1.2b speed 200 peer peer-1.2b step --model 1.2b --batch 16 --steps 10
  part peer-124m speed 120 peer peer-124m step --model gpt2-124m-padded --batch 32
  part memcheck check 120 sanitizer memcheck
  part racecheck check 120 sanitizer racecheck
  part peer-1.2b-bf16-weights speed 150 peer peer-1.2b-bf16-weights step --model 1.2b --batch 16 \
    --steps 10 --precision bf16-weights
fi

# ---- results ---------------------------------------------------------------------------------------

status=0
suite summary "$work" >"$work/logs/summary.log" 2>&1 || status=1
cp "$work/results.json" "$work/results.md" "$out" || {
  cat "$work/logs/summary.log"
  status=1
}
(cd "$work" && tar -czf "$out/logs.tar.gz" logs parts parts.tsv cudnn)
if [ -z "$simulate" ] && [ -d "$here/results" ] && [ -f "$out/results.json" ]; then
  name=$(date -u +%Y-%m-%d-%H%M)-$(sed -n 's/^ *"device" : "\(.*\)",$/\1/p' "$out/results.json" |
    head -n 1 | tr -c 'A-Za-z0-9\n' -)
  cp "$out/results.json" "$here/results/$name.json"
  cp "$out/results.md" "$here/results/$name.md"
fi
cat "$out/results.md" 2>/dev/null || true
echo "Written to $out: results.json, results.md, logs.tar.gz"
exit $status
