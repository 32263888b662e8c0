#!/bin/sh
# Times libtorch, at the settings at which it is fastest on two cores (README.md has the figures).
#
#     libtorch.sh SHAPE train [STEPS [fused|plain]]     tiny, small or gpt2-124m
#     libtorch.sh SHAPE generate [TOKENS]
#
# Needs `./mvnw -Pbench -Dmaven.test.skip=true -pl tests/bench -am package`, which compare.sh runs.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
jdk=$("$here/../../.mvn/find-jdk.sh")
. "$here/settings.sh"

# shellcheck disable=SC2154 # from settings.sh
echo "OpenBLAS: ${blas:-of JavaCPP, with its own threads}; malloc: ${malloc:-glibc, told to keep memory}"

exec env LD_PRELOAD="$LIBRARIES" \
  "$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -Dorg.bytedeco.javacpp.cachedir="$here/target/javacpp" \
  -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -cp "$here/target/classes:$here/target/lib/*" dev.tiebreak.bench.libtorch.LibtorchBench "$@"
