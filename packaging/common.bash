# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Functions of the scripts of this folder. Sourced; sets `root` and changes to that folder.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd -- "$root"

say() { printf '%s\n' "$*"; }

# Prints the error as the last line on standard error and ends the script.
die() {
  printf '%s: %s\n' "packaging/${0##*/}" "$*" >&2
  exit 1
}

# Runs a command and prints its output only if it fails, so that a failure is not hidden among
# thousands of lines. On a terminal the output is printed at once.
quietly() {
  local log status=0
  if [ -t 1 ]; then
    "$@"
    return
  fi
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || cat -- "$log" >&2
  rm -f -- "$log"
  return "$status"
}

# as_root COMMAND...: runs it as root, with sudo if needed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    command -v sudo >/dev/null || die "run this as root, which has no sudo here: $*"
    sudo "$@"
  fi
}

# apt ARGUMENT...: apt-get without output and without questions.
apt() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

# build PRESET [SETTING...] [-- [TARGET...]]: configures and builds into build/PRESET.
build() {
  local preset=$1 settings=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    settings+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift
  if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
    # Without the sloppiness, nothing is cached that uses a precompiled header. The sources have no
    # __TIME__, and no macro that changes what a precompiled header has.
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="${CCACHE_BASEDIR:-$root}" \
      CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}"
  fi
  quietly cmake --preset "$preset" "${settings[@]}" || return
  local without_progress=()
  [ -t 1 ] || without_progress=(-- --quiet)
  quietly cmake --build "build/$preset" ${1:+--target "$@"} "${without_progress[@]}"
}

# build_tested_release TARGET...: builds the release with the programs of the tests, in build/bench.
build_tested_release() {
  say "Building (release) ..."
  quietly cmake --preset release -DCHATD_TESTS=ON -B build/bench ||
    die "the build cannot be configured"
  quietly cmake --build build/bench --target "$@" || die "the build failed"
}
