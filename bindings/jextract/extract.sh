#!/bin/sh
# Writes the generated sources in ../src/main/java/dev/tiebreak/bindings/raw.
#
#   extract.sh           regenerate
#   extract.sh --check   change nothing; exit 1 and show the difference if a source is not what
#                        jextract makes from the allow-list
#
# JEXTRACT         the jextract launcher (default: jextract on PATH)
# OPENBLAS_INCLUDE the folder of cblas.h (default: unpacked from the OpenBLAS artifact of pom.xml)
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
sources=$root/bindings/src/main/java
package=dev.tiebreak.bindings.raw.cblas
folder=dev/tiebreak/bindings/raw/cblas

case ${1:-} in
  '' | --check) ;;
  *) echo "usage: extract.sh [--check]" >&2; exit 2 ;;
esac

jextract=$(command -v "${JEXTRACT:-jextract}") || {
  echo "extract.sh: no jextract: put it on PATH or name it in JEXTRACT (see README.md)" >&2
  exit 2
}
case $jextract in /*) ;; *) jextract=$PWD/$jextract ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${OPENBLAS_INCLUDE:-}" ]; then
  version=$(sed -n 's:.*<openblas.version>\(.*\)</openblas.version>.*:\1:p' "$root/pom.xml")
  (cd "$root" && ./mvnw -q -N dependency:unpack \
    "-Dartifact=org.bytedeco:openblas:$version:jar:linux-x86_64" \
    '-Dmdep.unpack.includes=**/include/*.h' "-DoutputDirectory=$work/artifact" \
    "-Dmdep.unpack.markers=$work")
  OPENBLAS_INCLUDE=$work/artifact/org/bytedeco/openblas/linux-x86_64/include
fi
header=$(CDPATH='' cd -- "$OPENBLAS_INCLUDE" && pwd)/cblas.h

# No --library: the library is loaded by OpenBlas, by absolute path, before this class is touched.
# "Skipping ... long double" notes are about functions that the allow-list leaves out anyway.
mkdir "$work/out" "$work/cwd"
(cd "$work/cwd" && "$jextract" --output "$work/out" --target-package "$package" \
  --header-class-name Cblas "@$here/cblas.symbols" "$header" 2>"$work/notes") || {
  cat "$work/notes" >&2
  exit 1
}
grep -v ': warning: Skipping ' "$work/notes" >&2 || true

if [ "${1:-}" = --check ]; then
  diff -r --exclude=package-info.java "$work/out/$folder" "$sources/$folder"
  echo "The generated sources are what jextract makes from the allow-list."
else
  find "$sources/$folder" -name '*.java' ! -name package-info.java -exec rm -f {} +
  cp "$work/out/$folder"/*.java "$sources/$folder/"
  echo "Wrote $folder"
fi
