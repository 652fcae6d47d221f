#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# .ci/run: its last line and its exit status for each result of the commands that it calls.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
checkout=$(mktemp -d)
trap 'rm -rf -- "$checkout"' EXIT
mkdir "$checkout/.ci" "$checkout/packaging"
cp "$here/../../.ci/run" "$checkout/.ci/"

# command NAME STATUS LINE...: packaging/NAME writes these lines and ends with this status.
command() {
  local file=$checkout/packaging/$1 status=$2
  shift 2
  printf '#!/bin/bash\nprintf "%%s\\n"%s\nexit %s\n' "$(printf ' %q' "$@")" "$status" >"$file"
  chmod +x "$file"
}

# expect STATUS LAST-LINE: .ci/run ends with STATUS and prints the counts once, as LAST-LINE.
expect() {
  local status=0 output
  output=$("$checkout/.ci/run") || status=$?
  if [ "$status" -ne "$1" ] || [ "$(tail -n 1 <<<"$output")" != "$2" ] ||
    [ "$(grep -cE '^[0-9]+ passed, [0-9]+ failed$' <<<"$output")" -ne 1 ]; then
    printf 'FAILED (line %s): want %s and exit status %s, not %s and\n%s\n' "${BASH_LINENO[0]}" "$2" "$1" "$status" "$output"
    exit 1
  fi
}

command setup 0 ""
command test 0 "dev: testing ..." "2000 passed, 0 failed"
command check-fresh 0 "6 passed, 0 failed" "It works on a fresh Debian 12."
expect 0 "2001 passed, 0 failed"

command check-fresh 1 "5 passed, 1 failed"
expect 1 "2000 passed, 1 failed"

# No root, no mirror.
command check-fresh 77 "skipped: needs root"
expect 0 "2000 passed, 0 failed"

command test 1 "1998 passed, 2 failed"
expect 1 "1998 passed, 2 failed"
command check-fresh 0 "6 passed, 0 failed"
expect 1 "1999 passed, 2 failed"

# The commands end without printing counts.
command test 1 "packaging/test: apt-get install failed"
expect 1 "1 passed, 1 failed"
command test 0 ""
command check-fresh 77 ""
expect 1 "0 passed, 0 failed"
