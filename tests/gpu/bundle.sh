#!/bin/sh
# Packs all that the suite needs on a machine with a GPU and no Java, network or compiler: a Java
# runtime of the modules in use, our jars with their dependencies, the tests, and PyTorch's part.
#
#     tests/gpu/bundle.sh [FILE]        FILE is tests/gpu/target/tiebreak-gpu.tar.xz if not given
#
# For Linux on x86-64, and to be run there. Needs a JDK 25 with jlink, and xz.
set -eu

limit_mib=60 # what can be carried to a machine without much trouble

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(dirname -- "$(dirname -- "$here")")
target=$here/target
file=${1:-$target/tiebreak-gpu.tar.xz}

die() {
  echo "bundle.sh: $*" >&2
  exit 1
}

[ "$(uname -sm)" = 'Linux x86_64' ] || die "builds for Linux on x86-64 and needs to run there"
command -v xz >/dev/null || die "needs xz (package xz-utils)"
jdk=$("$root/.mvn/find-jdk.sh")
[ -x "$jdk/bin/jlink" ] || die "$jdk has no jlink"

echo "Building ..."
(cd "$root" && JAVA_HOME=$jdk ./mvnw -q -DskipTests -pl tests -am package)

bundle=$target/tiebreak-gpu
rm -rf "$bundle"
mkdir -p "$bundle/lib"
app=$root/trainer/target/app
cp "$app"/modules/*.jar "$bundle/lib"

# Tests as jars of their own. Everything runs from the class path, where they may share packages.
for module in tensor tests; do
  "$jdk/bin/jar" --create --no-compress --file "$bundle/lib/tiebreak-$module-test-classes.jar" \
    -C "$root/$module/target/test-classes" .
done
assertj=$(find "$HOME/.m2/repository/org/assertj/assertj-core" -name 'assertj-core-*.jar' | sort | tail -n 1)
[ -n "$assertj" ] || die "no AssertJ in $HOME/.m2/repository"
cp "$assertj" "$bundle/lib"

# Of OpenBLAS only what is loaded: a third of its jar. Not compressed, because xz does it better.
blas=$target/blas
rm -rf "$blas"
mkdir -p "$blas"
(cd "$blas" && "$jdk/bin/jar" --extract --file "$(ls "$app"/native/openblas-*-linux-x86_64.jar)")
find "$blas" \( -name include -o -name 'libjni*' \) -prune -exec rm -rf {} +
"$jdk/bin/jar" --create --no-compress --file "$bundle/lib/openblas.jar" -C "$blas" .

# java.desktop and java.sql belong to parts of Jackson that nobody here calls; jdk.unsupported has
# the signals that jdeps does not see.
modules=$("$jdk/bin/jdeps" -s --multi-release 25 --module-path "$app/modules" \
  "$app"/modules/*.jar 2>/dev/null |
  sed -n 's/.* -> \(java\.[a-z.]*\|jdk\.[a-z.]*\)$/\1/p' |
  sort -u | grep -v -x -e java.desktop -e java.sql | paste -s -d , -)
"$jdk/bin/jlink" --add-modules "$modules,jdk.unsupported" --strip-debug --no-header-files \
  --no-man-pages --compress=zip-0 --output "$bundle/runtime" 2>/dev/null ||
  die "jlink failed for the modules $modules"

cp "$here/run.sh" "$here"/*.py "$bundle"
cat "$root"/trainer/src/main/java/dev/tiebreak/trainer/*/*/*.java >"$bundle/text.txt"
{
  git -C "$root" rev-parse HEAD
  git -C "$root" status --porcelain
} >"$bundle/version" 2>/dev/null || echo unknown >"$bundle/version"

mkdir -p "$(dirname -- "$file")"
tar -C "$target" -c tiebreak-gpu | xz -T0 -6 >"$file.part"
mv "$file.part" "$file"

bytes=$(wc -c <"$file")
echo "$file: $((bytes / 1048576)) MiB ($(du -sm "$bundle" | cut -f 1) MiB unpacked)"
[ "$bytes" -le $((limit_mib * 1048576)) ] || die "larger than $limit_mib MiB"
