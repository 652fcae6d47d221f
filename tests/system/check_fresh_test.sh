#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/check-fresh on a machine that cannot make a fresh root: with --short it prints the
# reason and is skipped; else that is an error. Replacements of programs are first in PATH.
set -euo pipefail

check_fresh=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)/packaging/check-fresh
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# instead_of PROGRAM SHELL-TEXT: replaces PROGRAM by a script with this text.
instead_of() {
  printf '#!/bin/sh\n%s\n' "$2" >"$folder/$1"
  chmod +x "$folder/$1"
}

# expect STATUS PATTERN [ARGUMENT]: check-fresh ends with STATUS and prints a line with PATTERN.
expect() {
  local status=0 output
  output=$(PATH=$folder:$PATH "$check_fresh" "${@:3}" 2>&1) || status=$?
  if [ "$status" -ne "$1" ] || ! grep -qE -- "$2" <<<"$output"; then
    printf 'FAILED (line %s): want %s and exit status %s, not %s and\n%s\n' "${BASH_LINENO[0]}" "$2" "$1" "$status" "$output"
    exit 1
  fi
}

expect 1 "usage: packaging/check-fresh" --shorter

instead_of id "echo 1000"
expect 77 "^skipped: needs root$" --short
expect 1 "^packaging/check-fresh: needs root$"

instead_of id "echo 0"
instead_of apt-get "echo 'E: no route to any mirror' && exit 100"
instead_of dpkg-query "printf installed"  # for mmdebstrap and others
instead_of unshare "exit 1"
expect 77 "^skipped: .* namespaces" --short

instead_of unshare "exit 0"
expect 77 "^skipped: (no apt sources|the mirror cannot be reached: E: no route)" --short
expect 1 "^packaging/check-fresh: (no apt sources|the mirror cannot be reached: E: no route)" --test
