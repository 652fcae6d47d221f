#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/test: its last line and its exit status for each result of a test. The reports that it
# reads are those of the installed ctest; instead of cmake there is a program that builds nothing.
set -euo pipefail

source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
checkout=$(mktemp -d)
trap 'rm -rf -- "$checkout"' EXIT
mkdir -p "$checkout"/{packaging,programs,build/dev}
cp "$source"/packaging/{test,common.bash} "$checkout/packaging/"
cp "$source/CMakePresets.json" "$checkout/"
tests=$checkout/build/dev/CTestTestfile.cmake

# command FILE STATUS: this program of the checkout ends with this status.
command() {
  printf '#!/bin/sh\nexit %s\n' "$2" >"$checkout/$1"
  chmod +x "$checkout/$1"
}

# result NAME STATUS LINE...: adds a test of ctest, which prints these lines and ends with this status.
result() {
  local name=$1 status=$2 program=$checkout/programs/$1
  shift 2
  printf '#!/bin/bash\nprintf "%%s\\n"%s\nexit %s\n' "$(printf ' %q' "$@")" "$status" >"$program"
  chmod +x "$program"
  printf 'add_test(%s "%s")\nset_tests_properties(%s PROPERTIES LABELS unit %s %s)\n' "$name" "$program" "$name" \
    'SKIP_RETURN_CODE 77' 'SKIP_REGULAR_EXPRESSION "^.  SKIPPED . Only"' >>"$tests"
}

# expect STATUS LAST-LINE [SKIPPED]: packaging/test ends with STATUS and prints the counts as
# LAST-LINE, and before it the tests that were skipped. The next results are those of another run.
expect() {
  local status=0 output skipped
  output=$(PATH=$checkout/programs:$PATH "$checkout/packaging/test" --quick 2>&1) || status=$?
  skipped=$(sed -n 's/^[0-9]* skipped, not possible on this machine: //p' <<<"$output")
  if [ "$status" -ne "$1" ] || [ "$(tail -n 1 <<<"$output")" != "$2" ] || [ "$skipped" != "${3:-}" ]; then
    printf 'FAILED (line %s): want %s, skipped "%s" and exit status %s, not %s and\n%s\n' \
      "${BASH_LINENO[0]}" "$2" "${3:-}" "$1" "$status" "$output"
    exit 1
  fi
  rm -f -- "$tests"
}

command packaging/setup 0
command programs/cmake 0

result one 0 "any output"
result two 0
expect 0 "2 passed, 0 failed"

result one 0
result two 1 "any output"
expect 1 "1 passed, 1 failed"

result one 0
result no_root 77 "skipped: needs root"
result Only.HereAndThere 0 "[  SKIPPED ] Only.HereAndThere (0 ms)" "[  PASSED  ] 0 tests."
expect 0 "1 passed, 0 failed" "no_root Only.HereAndThere"

# Nothing ran.
result no_root 77
expect 1 "0 passed, 0 failed" "no_root"

# The program of a test is missing: it is no test that was skipped.
result one 0
result gone 0
rm "$checkout/programs/gone"
expect 1 "1 passed, 1 failed"

# One test of a program of GoogleTest, and a filter that selects none.
result Name.IsShort 0 "[       OK ] Name.IsShort (0 ms)" "[  PASSED  ] 1 test."
result Name.IsGone 0 "[  PASSED  ] 0 tests."
result other 0
expect 1 "2 passed, 1 failed"

# Several tests of one program count separately. A program without the line PASSED has not run all of
# them, whatever its exit status is.
result a.part_0 0 "[       OK ] Name.IsShort (0 ms)" "[  PASSED  ] 3 tests."
result a.part_1 0 "[  PASSED  ] 0 tests."
expect 0 "3 passed, 0 failed"
result a.part_0 0 "[  SKIPPED ] Name.NeedsRoot (0 ms)" "[  PASSED  ] 2 tests." "[  SKIPPED ] 1 test, listed below:" \
  "[  SKIPPED ] Name.NeedsRoot"
result other 0
expect 0 "3 passed, 0 failed" "Name.NeedsRoot"
result a.part_0 1 "[  FAILED  ] Name.IsShort (3 ms)" "[  SKIPPED ] Name.NeedsRoot (0 ms)" \
  "[  FAILED  ] Name.IsLong (12 ms)" "[  PASSED  ] 5 tests." "[  FAILED  ] 2 tests, listed below:" \
  "[  FAILED  ] Name.IsShort" "[  FAILED  ] Name.IsLong"
expect 1 "5 passed, 2 failed" "Name.NeedsRoot"
result a.part_0 0 "[       OK ] Name.IsShort (0 ms)"
expect 1 "0 passed, 1 failed"
result a.part_0 134 "[  FAILED  ] Name.IsShort (3 ms)" "[ RUN      ] Name.Aborts"
expect 1 "0 passed, 2 failed"
# All tests passed, but the program found a leak at its end.
result a.part_0 1 "[  PASSED  ] 4 tests."
expect 1 "4 passed, 1 failed"

# The output of a test is not read as a report.
result one 0 '<testcase name="other" status="fail">' '<skipped message="SKIP_RETURN_CODE=77"/>'
expect 0 "1 passed, 0 failed"

# ctest writes no report, and cmake does not build.
printf 'message(FATAL_ERROR)\n' >"$tests"
expect 1 "0 passed, 1 failed"
command programs/cmake 1
result one 0
expect 1 "0 passed, 1 failed"
