#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The pictures in README.md are what the programs in the folder $1 show.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

status=0
"$root/packaging/screenshot" --programs "$1" "$folder" || status=$?
[ "$status" -eq 0 ] || exit "$status"
for file in screen.svg screen-narrow.svg; do
  diff "$root/packaging/$file" "$folder/$file" || {
    printf 'FAILED: uchat shows another screen now. To make the pictures again: packaging/screenshot\n'
    exit 1
  }
done
