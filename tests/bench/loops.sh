#!/bin/sh
# Runs the JMH benchmarks of the inner loops: all of them in under three minutes, or those that match.
#
#     loops.sh [JMH OPTIONS] [REGULAR EXPRESSION]     loops.sh -h says which
#
# For example: loops.sh -p operation=GELU,ATTENTION Operation
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
unset OPENBLAS_CORETYPE
(cd "$here/../.." && ./mvnw -q -Pbench -Dmaven.test.skip=true -pl tests/bench -am package) >&2
exec "$("$here/../../.mvn/find-jdk.sh")/bin/java" --sun-misc-unsafe-memory-access=allow \
  -cp "$here/target/classes:$here/target/lib/*" org.openjdk.jmh.Main -foe true "$@"
