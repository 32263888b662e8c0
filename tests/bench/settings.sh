# The settings at which programs on libtorch are fastest on two cores; libtorch.sh and nanogpt.sh read
# this. It sets LIBRARIES, to be preloaded, and exports the rest.
#
# What is set already is left as it is. LIBTORCH_BLAS names an OpenBLAS that shares its threads with
# libtorch (built with OpenMP; Debian: libopenblas0-openmp), LIBTORCH_MALLOC an allocator that keeps
# memory (tcmalloc or jemalloc); empty for neither. Both are found by themselves where they are.
# shellcheck shell=sh disable=SC2034

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
LIBRARIES=$malloc:$blas
