#!/bin/sh
# Writes the generated sources in ../src/main/java/dev/tiebreak/bindings/raw.
#
#   extract.sh [PART...]           regenerate
#   extract.sh --check [PART...]   change nothing; exit 1 and show the difference if a source is not
#                                  what jextract makes from the allow-list
#
# A PART is cblas, driver, nvrtc, cublaslt, cudnn or nccl; without one, all of them are done.
#
# JEXTRACT               the jextract launcher (default: jextract on PATH)
# OPENBLAS_INCLUDE       folder of cblas.h (default: unpacked from the OpenBLAS artifact of pom.xml)
# CUDA_INCLUDE           folder of cuda.h (default: /usr/local/cuda/include)
# CUDA_LIBRARIES_INCLUDE folder of nvrtc.h, cublasLt.h, cudnn_backend.h and of the runtime's headers
#                        that they include (default: CUDA_INCLUDE)
# NCCL_INCLUDE           folder of nccl.h (default: CUDA_LIBRARIES_INCLUDE)
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
sources=$root/bindings/src/main/java
raw=dev/tiebreak/bindings/raw

fail() {
  echo "extract.sh: $1" >&2
  exit 2
}

check=
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
[ $# -gt 0 ] || set -- cblas driver nvrtc cublaslt cudnn nccl

jextract=$(command -v "${JEXTRACT:-jextract}") ||
  fail "no jextract: put it on PATH or name it in JEXTRACT (see README.md)"
case $jextract in /*) ;; *) jextract=$PWD/$jextract ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

openblas_include() {
  if [ -n "${OPENBLAS_INCLUDE:-}" ]; then
    echo "$OPENBLAS_INCLUDE"
    return
  fi
  version=$(sed -n 's:.*<openblas.version>\(.*\)</openblas.version>.*:\1:p' "$root/pom.xml")
  (cd "$root" && ./mvnw -q -N dependency:unpack \
    "-Dartifact=org.bytedeco:openblas:$version:jar:linux-x86_64" \
    '-Dmdep.unpack.includes=**/include/*.h' "-DoutputDirectory=$work/artifact" \
    "-Dmdep.unpack.markers=$work") >&2
  echo "$work/artifact/org/bytedeco/openblas/linux-x86_64/include"
}

# extract PART CLASS FOLDER HEADER: one allow-list, one header, one generated class.
extract() {
  [ -r "$3/$4" ] || fail "no $4 in '$3' (see the variables at the top of this script)"
  include=$(CDPATH='' cd -- "$3" && pwd)
  mkdir -p "$work/out" "$work/cwd"
  # No --library: libraries are loaded by absolute path before a generated class is touched.
  # "Skipping ... long double" notes are about functions that the allow-list leaves out anyway.
  (cd "$work/cwd" && "$jextract" --output "$work/out" \
    --target-package "dev.tiebreak.bindings.raw.$1" --header-class-name "$2" \
    --include-dir "$include" --include-dir "${libraries:-$include}" \
    "@$here/$1.symbols" "$include/$4" 2>"$work/notes") || {
    cat "$work/notes" >&2
    exit 1
  }
  grep -v ': warning: Skipping ' "$work/notes" >&2 || true

  folder=$raw/$1
  if [ -n "$check" ]; then
    diff -r --exclude=package-info.java "$work/out/$folder" "$sources/$folder"
    echo "The generated sources of $1 are what jextract makes from the allow-list."
  else
    mkdir -p "$sources/$folder"
    find "$sources/$folder" -name '*.java' ! -name package-info.java -exec rm -f {} +
    cp "$work/out/$folder"/*.java "$sources/$folder/"
    echo "Wrote $folder"
  fi
}

cuda=${CUDA_INCLUDE:-/usr/local/cuda/include}
libraries_default=${CUDA_LIBRARIES_INCLUDE:-$cuda}
for part; do
  libraries=
  case $part in
    cblas) extract cblas Cblas "$(openblas_include)" cblas.h ;;
    driver) extract driver DriverApi "$cuda" cuda.h ;;
    nvrtc) extract nvrtc NvrtcApi "$libraries_default" nvrtc.h ;;
    cublaslt) extract cublaslt CublasLtApi "$libraries_default" cublasLt.h ;;
    cudnn) extract cudnn CudnnApi "$libraries_default" cudnn_backend.h ;;
    nccl)
      libraries=$libraries_default
      extract nccl NcclApi "${NCCL_INCLUDE:-$libraries_default}" nccl.h
      ;;
    *) fail "there is no part '$part': cblas, driver, nvrtc, cublaslt, cudnn, nccl" ;;
  esac
done
