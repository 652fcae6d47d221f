#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with_systemd passes on arguments, output and exit status, and leaves no file and no cgroup.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

# The cgroups before the test: another test that was killed can have left one.
cgroups() { find /sys/fs/cgroup -maxdepth 2 -name 'chatd-test-*' | sort; }
before=$(cgroups)

cat >"$folder/inside.sh" <<'END'
[ "$(cat /proc/1/comm)" = systemd ] || exit 100
touch /etc/planted
echo "arguments: $# <$1> <$2>"
echo "on standard error" >&2
touch "$3/shared"
exit 5
END
status=0
output=$("$here/with_systemd" "$folder" bash "$folder/inside.sh" "a b" "c'd" "$folder") || status=$?
if [ "$status" -eq 77 ]; then
  printf '%s\n' "$output"
  exit 77
fi
[ "$status" -eq 5 ] || fail "the exit status is $status, not 5; output: $output"
[ "$output" = "arguments: 3 <a b> <c'd>"$'\n'"on standard error" ] || fail "the output is $output"
[ -e "$folder/shared" ] || fail "the folder is not shared"
[ ! -e /etc/planted ] || fail "a file was written into this machine"
[ "$(cgroups)" = "$before" ] || fail "a cgroup is left"
[ "$(find "$folder" -type f | wc -l)" -eq 2 ] || fail "the harness left a file in the folder"
