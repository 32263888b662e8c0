#!/bin/sh
# Prints the home of a JDK 25 or newer; says in one line what is missing where there is none.
# First of: JAVA_HOME, the java on PATH, then in the usual folders the one closest to 25.
# TIEBREAK_JDKS (folders that hold JDKs, separated by colons) takes the place of the usual folders.
set -eu

needed=25

# The feature release of the JDK at $1 (0 if that is no JDK), read from its release file: no JVM starts.
release_of() {
  if [ ! -f "$1/release" ] || [ ! -x "$1/bin/javac" ]; then
    echo 0
    return
  fi
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  echo "${version:-0}"
}

# The JDK that the java on PATH belongs to, through any links.
on_path() {
  file=$(command -v java) || return 0
  while [ -L "$file" ]; do
    link=$(readlink "$file")
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  (cd -P "$(dirname "$file")/.." && pwd)
}

path_jdk=$(on_path)
for home in "${JAVA_HOME:-}" "$path_jdk"; do
  if [ -n "$home" ] && [ "$(release_of "$home")" -ge "$needed" ]; then
    echo "$home"
    exit
  fi
done

folders=${TIEBREAK_JDKS-/usr/lib/jvm:/usr/java:/opt:/opt/java:${HOME:-}/.sdkman/candidates/java:${HOME:-}/.jdks:/Library/Java/JavaVirtualMachines:/opt/homebrew/opt:/usr/local/opt}
best=
best_release=1000
IFS=:
for folder in $folders; do
  for home in "$folder"/*/libexec/openjdk.jdk/Contents/Home "$folder"/*/Contents/Home "$folder"/*; do
    [ -x "$home/bin/javac" ] || continue
    release=$(release_of "$home")
    if [ "$release" -ge "$needed" ] && [ "$release" -lt "$best_release" ]; then
      best=$home
      best_release=$release
    fi
  done
done

if [ -z "$best" ]; then
  echo "Tiebreak needs a JDK $needed or newer and found none (JAVA_HOME: ${JAVA_HOME:-not set}; java on PATH: ${path_jdk:-none}; in: $folders). Install one, for example Temurin $needed, or set JAVA_HOME to where it is." >&2
  exit 1
fi
echo "$best"
