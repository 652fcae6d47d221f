# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Functions of the tests of this folder: assertions, waits, members that talk. Sourced by a script
# that with_systemd runs; its first argument is the folder of the programs under test.
set -euo pipefail
export LC_ALL=C.UTF-8

bin=${1:?the folder of chatd and chatctl}

# step TEXT: describes the next assertions; printed if one of them fails.
step() { current_step=$*; }
current_step="starting the test"

# Prints the step, the line, the state of the service and the journal after a failure.
report() {
  printf 'FAILED: %s (%s, line %s)\n' "$current_step" "${BASH_SOURCE[1]##*/}" "${BASH_LINENO[0]}"
  systemctl status --no-pager --lines=0 chatd.service || true
  local verb
  for verb in status users rooms; do
    timeout 10 chatctl --json "$verb" || true
  done
  journalctl --no-pager --unit=chatd.service --lines=400 || true
  exit 1
}
trap report ERR
set -E

# is GOT WANT: fails unless both are equal.
is() {
  [ "$1" = "$2" ] && return
  printf 'got:  %s\nwant: %s\n' "$1" "$2"
  return 1
}

fails() { ! "$@"; }

# within SECONDS COMMAND...: repeats the command until it succeeds; fails after this time.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.02
  done
}

# wait_until COMMAND...: the same with a time limit that is long enough for a slow machine.
# (|| return: a failure is reported with the line of the caller.)
wait_until() { within 60 "$@" || return; }

property() { systemctl show --property="$1" --value chatd.service; }

# journal_has PATTERN [JOURNALCTL-ARGUMENT...]: an entry matches; it does not wait for one.
journal_has() {
  local pattern=$1
  shift
  journalctl --sync
  # Not grep --quiet: it ends at the first match, and journalctl would then end with
  # SIGPIPE, and with pipefail that looks like no match.
  journalctl --no-pager --quiet "$@" | grep --extended-regexp -- "$pattern" >/dev/null
}

# pids_of [ROLE]: the processes of the daemon with one role (`worker`), by the title that ps shows;
# without ROLE all processes that execute chatd.
pids_of() {
  local process title
  for process in /proc/[0-9]*; do
    if [ $# -eq 0 ]; then
      [ "$(readlink "$process/exe" 2>/dev/null)" = "$bin/chatd" ] || continue
    else
      title=$(tr '\0' ' ' 2>/dev/null <"$process/cmdline") || continue
      [[ $title == "chatd: $1"* ]] || continue
    fi
    printf '%s\n' "${process#/proc/}"
  done
}

# A member is a descriptor of a UDP socket: exec {ada}<>/dev/udp/127.0.0.1/8888
# say MEMBER DATAGRAM: sends it.
say() { printf '%s' "$2" >&"$1"; }

# hear MEMBER LINE: reads datagrams until LINE has come, at most 30 seconds.
hear() {
  local end=$((SECONDS + 30)) datagram heard=
  while [ "$SECONDS" -le "$end" ]; do
    # dd: one read(2) must take one whole datagram.
    datagram=$(timeout 2 dd bs=65536 count=1 status=none <&"$1") || true
    heard+=$datagram$'\n'
    if grep --quiet --line-regexp --fixed-strings -- "$2" <<<"$datagram"; then
      return
    fi
  done
  printf 'heard: %s\nwant:  %s\n' "$heard" "$2"
  return 1
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

# install_units: installs the shipped units, and the programs at the paths in the units.
install_units() {
  install "$bin/chatd" /usr/sbin/
  install "$bin/chatctl" /usr/bin/
  install -D --target-directory=/usr/lib/chatd "$root/systemd/check-port" "$root/systemd/close-sockets"
  sed -e 's|@CMAKE_INSTALL_FULL_SBINDIR@|/usr/sbin|g; s|@CMAKE_INSTALL_FULL_BINDIR@|/usr/bin|g' \
    -e 's|@CMAKE_INSTALL_FULL_SYSCONFDIR@|/etc|g; s|@CHATD_HELPER_DIR@|/usr/lib/chatd|g' "$root/systemd/chatd.service.in" \
    >/etc/systemd/system/chatd.service
  cp "$root/systemd/chatd.socket" "$root/systemd/chatd-control.socket" \
    "$root/systemd/chatd-web.socket" /etc/systemd/system/
  install -D --mode=0644 "$root/packaging/chatd.toml" /etc/chatd/chatd.toml
  systemd-sysusers "$root/systemd/chatd.sysusers"
  # The leak check of sanitized programs needs system calls that the unit forbids. The watchdog's
  # half minute would be too long for a test.
  mkdir -p /etc/systemd/system/chatd.service.d
  printf '[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0\nWatchdogSec=3\n' \
    >/etc/systemd/system/chatd.service.d/test.conf
  sed -i 's/^#sessions_per_address = .*/sessions_per_address = 0/
    s/^#messages_per_second = .*/messages_per_second = 0/' /etc/chatd/chatd.toml
  systemctl daemon-reload
}

# begin_traffic NATIVES TEXTS PREFIX [listening]: starts members that talk until end_traffic. That one
# fails if a line is lost, comes twice to a native member, or is out of order. listening: the text
# members send nothing.
begin_traffic() {
  rm -f /run/traffic.in
  mkfifo /run/traffic.in
  "$bin/steady_traffic" 127.0.0.1:8888 "$@" </run/traffic.in >/run/traffic.out 2>&1 &
  traffic_pid=$!
  exec {traffic}>/run/traffic.in
  wait_until grep --quiet . /run/traffic.out
  grep --quiet "^ready" /run/traffic.out || { cat /run/traffic.out && return 1; }
}
# await_lines COUNT: waits until the members of the traffic have sent so many more lines.
lines_said() { chatctl --json status | sed 's/.*"messages":\([0-9]*\),"workers_ready".*/\1/'; }
were_said() { [ "$(lines_said)" -ge "$1" ]; }
await_lines() {
  local said
  said=$(lines_said)
  wait_until were_said $((said + $1)) || return
}
end_traffic() {
  local status=0
  exec {traffic}>&-
  wait "$traffic_pid" || status=$?
  cat /run/traffic.out
  return "$status"
}
