#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The picture in README.md is what the programs in the folder $1 show.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

status=0
"$root/packaging/screenshot" --programs "$1" "$folder/screen.svg" || status=$?
[ "$status" -eq 0 ] || exit "$status"
diff "$root/packaging/screen.svg" "$folder/screen.svg" || {
  printf 'FAILED: uchat shows another screen now. To make the picture again: packaging/screenshot\n'
  exit 1
}
