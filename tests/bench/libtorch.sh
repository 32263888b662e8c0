#!/bin/sh
# Times libtorch, at the settings at which it is fastest on two cores (README.md has the figures).
#
#     libtorch.sh SHAPE train [STEPS [fused|plain]]     tiny, small or gpt2-124m
#     libtorch.sh SHAPE generate [TOKENS]
#
# Settings that are in the environment already are left as they are. LIBTORCH_BLAS names an OpenBLAS
# that shares its threads with libtorch (built with OpenMP; Debian: libopenblas0-openmp),
# LIBTORCH_MALLOC an allocator that keeps memory (tcmalloc or jemalloc); empty for neither. Both are
# found by themselves where they are.
#
# Needs `./mvnw -Pbench -Dmaven.test.skip=true -pl tests/bench -am package`, which compare.sh runs.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
jdk=$("$here/../../.mvn/find-jdk.sh")

first() {
  for file in "$@"; do
    if [ -e "$file" ]; then
      echo "$file"
      return
    fi
  done
}

blas=${LIBTORCH_BLAS-$(first /usr/lib/*/openblas-openmp/libopenblas.so.0)}
malloc=${LIBTORCH_MALLOC-$(first /usr/lib/*/libtcmalloc_minimal.so.4 /usr/lib/*/libjemalloc.so.2)}

# OpenMP's threads must not wait busily beside OpenBLAS's own: they would take each other's core.
# Where there is one team, a short busy wait is faster than sleeping at once.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY-passive}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS-2}"
if [ -n "$blas" ]; then
  export GOMP_SPINCOUNT="${GOMP_SPINCOUNT-30000}"
fi
# Without them each gradient of the step comes from fresh pages.
if [ -z "$malloc" ]; then
  export MALLOC_MMAP_MAX_="${MALLOC_MMAP_MAX_-0}"
  export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_-8000000000}"
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-1}"
fi

echo "OpenBLAS: ${blas:-of JavaCPP, with its own threads}; malloc: ${malloc:-glibc, told to keep memory}"

exec env LD_PRELOAD="$malloc:$blas" \
  "$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -Dorg.bytedeco.javacpp.cachedir="$here/target/javacpp" \
  -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -cp "$here/target/classes:$here/target/lib/*" dev.tiebreak.bench.libtorch.LibtorchBench "$@"
