# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Functions that make a minimal Debian 12 in a folder, and run commands in it. Sourced after
# common.bash by scripts that run as root. They set `folder` (a new folder, which they remove at
# their end) and `fresh` (the root to make, in $folder), and have the functions cannot REASON (ends
# the script because of this machine) and limited COMMAND... (runs it, with a time limit or without).
#
# shellcheck disable=SC2154  # root, folder, fresh

# Checks what the functions below need, and installs mmdebstrap.
can_make_fresh() {
  [ "$(id -u)" -eq 0 ] || cannot "needs root"
  "$root/packaging/setup" fresh || cannot "mmdebstrap cannot be installed"
  unshare --mount --pid --net --fork --propagation private mount -t tmpfs tmpfs /mnt ||
    cannot "root may have no namespaces of its own here"
}

# Copies the lines for Debian from the apt sources of this machine to $folder/sources.
collect_sources() {
  local file bookworm='(^|[[:space:]])bookworm(-updates|-security)?([[:space:]]|$)'
  mkdir "$folder/sources"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -e "$file" ] || grep -E '^deb[[:space:]]' -- "$file" | grep -E "$bookworm" || true
  done >"$folder/sources/debian.list"
  [ -s "$folder/sources/debian.list" ] || rm -f -- "$folder/sources/debian.list"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || ! grep -E '^Suites:' -- "$file" | grep -E "$bookworm" >/dev/null || cp -- "$file" "$folder/sources/"
  done
  [ -n "$(ls -A "$folder/sources")" ] || cannot "no apt sources of bookworm below /etc/apt"
}

# Downloads the package lists as mmdebstrap does: a mirror that cannot be reached is no failure.
reach_mirrors() {
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
  LC_ALL=C limited apt-get -q update -o Dir::State="$folder/apt" -o Dir::Cache="$folder/apt" \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$folder/sources" \
    -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -o Acquire::Retries=2 >"$folder/apt.log" 2>&1 ||
    cannot "the mirror cannot be reached: $(grep -m 1 '^[EW]:' "$folder/apt.log" || true)"
  rm -rf -- "$folder/apt"
}

# Makes the root from the sources that collect_sources has found.
make_root() {
  local options=() option
  # The proxy settings of this machine.
  while IFS= read -r option; do
    options+=("--aptopt=$option")
  done < <(apt-config dump | grep -E '^Acquire::(Check-|[a-z]+::Proxy )')
  limited mmdebstrap --quiet --variant=minbase "${options[@]}" bookworm "$fresh" "$folder"/sources/* ||
    die "mmdebstrap failed"
  cp -L /etc/resolv.conf "$fresh/etc/resolv.conf"
}

# enter [UNSHARE-OPTION...] -- COMMAND...: runs it in the fresh root.
enter() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  # shellcheck disable=SC2016  # the inner bash expands its own arguments
  limited unshare --mount --pid --fork --kill-child --propagation private "${options[@]}" \
    bash -c '
      set -euo pipefail
      fresh=$1 && shift
      mount --bind "$fresh" "$fresh"
      mount -t proc proc "$fresh/proc"
      mount --rbind /dev "$fresh/dev"
      mount --rbind /sys "$fresh/sys"
      ip link set lo up  # of the namespace that --net makes; elsewhere it is up
      # No chroot: a process that enters a mount namespace made in a chroot, as a test of the unit
      # does, is in the root of the machine and would change its files.
      cd "$fresh"
      pivot_root . .
      umount --lazy .
      cd /
      exec /usr/bin/env -i PATH="$PATH" HOME=/root "$@"
    ' _ "$fresh" "$@"
}
