#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shipped units: their restrictions, and how they handle errors.
# Run by with_systemd; the argument is the folder of the programs.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"
install_units
config=/etc/chatd/chatd.toml

step "systemd finds no fault in the units"
is "$(systemd-analyze verify --man=no chatd.service chatd.socket chatd-control.socket chatd-web.socket 2>&1 |
  grep -E 'chatd(-control|-web)?\.(service|socket)' || true)" ""

step "the exposure of the service is at most 0.5 of 10"
systemd-analyze security --no-pager --threshold=5 chatd.service >/run/security ||
  { cat /run/security && exit 1; }

step "disabling the service disables its sockets, which would start it again"
enabled() {
  systemctl is-enabled chatd.service chatd.socket chatd-control.socket chatd-web.socket 2>/dev/null | xargs || true
}
systemctl --quiet enable chatd.service
is "$(enabled)" "enabled enabled enabled enabled"
systemctl --quiet disable chatd.service
is "$(enabled)" "disabled disabled disabled disabled"

step "a wrong configuration fails at once, and the status has file, line and setting name"
cp "$config" /run/chatd.toml
printf '[limits]\nburts = 3\n' >"$config"
fails systemctl start chatd.service
is "$(property ExecMainStatus)" 78
is "$(property NRestarts)" 0
is "$(property Result)" exit-code
systemctl status --no-pager chatd.service >/run/status || true
grep --quiet "chatd\.toml:2: limits\.burts" /run/status || { cat /run/status && exit 1; }
step "the status does not show the shell script"
fails grep --quiet "list-jobs" /run/status
cp /run/chatd.toml "$config"
systemctl reset-failed chatd.service

step "a datagram starts the service"
systemctl start chatd.socket chatd-control.socket
exec {ada}<>/dev/udp/127.0.0.1/8888
say "$ada" "L ada"
hear "$ada" OK
is_active() { [ "$(property ActiveState)" = active ]; }
wait_until is_active  # ExecStartPost= may still run
is "$(stat --format '%a %G' /run/chatd/control.sock)" "660 _chatd"

step "a browser gets the page through chatd-web.socket"
# Wants=: systemctl start of the service alone starts it, too; here only a datagram did.
systemctl start chatd-web.socket
systemctl restart chatd.service
healthy() {
  local page
  exec {page}<>/dev/tcp/127.0.0.1/8880 || return 1
  printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$page"
  grep --quiet '^ok' <&"$page"
  local status=$?
  exec {page}>&-
  return "$status"
}
wait_until healthy
is "$(chatctl --json status | grep -c 'browsers get no' || true)" 0

# Prefix of a command that runs as another user, neither root nor the service's.
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
# taken ADDRESS: another user cannot bind a socket there, not even a shared one.
taken() {
  "${as_nobody[@]}" python3 - "$1" <<'END'
import errno, socket, sys
holder = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
for option in socket.SO_REUSEADDR, socket.SO_REUSEPORT:
    holder.setsockopt(socket.SOL_SOCKET, option, 1)
try:
    holder.bind((sys.argv[1], 8888))
except OSError as error:
    sys.exit(error.errno != errno.EADDRINUSE)
sys.exit("bound " + sys.argv[1])
END
}

step "another user cannot bind the addresses of the room"
taken 127.0.0.1
taken ::1

step "the processes have no network, no capability and a read-only root"
main_pid=$(property MainPID)
fails [ "$(readlink /proc/self/ns/net)" = "$(readlink "/proc/$main_pid/ns/net")" ]
is "$(grep --count 'CapEff:.*0000000000000000' "/proc/$main_pid/status")" 1
fails nsenter --target "$main_pid" --mount touch /etc/written

step "reload refuses a wrong configuration with the reason, and the old one stays"
printf '[limits]\nburts = 3\n' >"$config"
fails systemctl reload chatd.service
journal_has "chatd\.toml:2: limits\.burts" --unit chatd.service --output cat
cp /run/chatd.toml "$config"
chatctl ping
systemctl reload chatd.service

step "a reload that changes the addresses reports that chatd.socket sets them"
sed -i 's/^# listen = /listen = /' "$config"
chatctl reload >/run/reload
grep --quiet "^warning: $config: network.listen: has no effect, since chatd.socket opened 127.0.0.1:8888, \[::1\]:8888: \"systemctl edit chatd.socket\"" /run/reload ||
  { cat /run/reload && exit 1; }
fails grep --quiet "only after a restart" /run/reload
step "a restart logs it, too"
since=$(date '+%F %T')
systemctl restart chatd.service
journal_has "network.listen: has no effect" --since "$since" CHATD_EVENT=config_warning
step "and --check-config reports it if the socket is enabled"
check() { chatd --check-config --config "$config" 2>&1; }
fails grep --quiet "warning" <<<"$(check)"
systemctl --quiet enable chatd.socket
grep --quiet "^chatd: warning: $config: network.listen: has no effect in chatd.service" <<<"$(check)"
grep --quiet "^The configuration is fine" <<<"$(check)"
systemctl --quiet disable chatd.socket
cp /run/chatd.toml "$config"
systemctl reload chatd.service

step "STATUS= has the numbers of processes and members"
has_status() { property StatusText | grep --extended-regexp "$1" >/dev/null; }
wait_until has_status "^([0-9]+)/\1 processes ready, 1 sessions"

if grep --quiet --text CHATD_ABORT_WORKER_0 /usr/sbin/chatd; then
  step "a worker that crashes at once: the service keeps running and reports it"
  printf '[Service]\nEnvironment=CHATD_ABORT_WORKER_0=/run/chatd/abort\n' \
    >/etc/systemd/system/chatd.service.d/abort.conf
  systemctl daemon-reload
  systemctl restart chatd.service
  touch /run/chatd/abort
  kill -KILL "$(pids_of "worker 0")"
  restarts() { chatctl workers | awk '/^worker 0/ { print $(NF - 2) }'; }
  restarts_often() { [ "$(restarts)" -ge 4 ]; }
  within 20 restarts_often
  some_failed() { ! has_status "^([0-9]+)/\1 processes ready"; }
  wait_until some_failed
  is "$(property ActiveState)" active
  is "$(property NRestarts)" 0
  step "and the delay between restarts grows"
  before=$(restarts)
  sleep 3  # the time in which restarts are counted
  [ $(($(restarts) - before)) -le 3 ]
  step "the other workers keep running"
  say "$ada" "C still here"
  chatctl announce "still here"
  step "the worker is back when its fault is removed"
  rm /run/chatd/abort
  all_ready() { has_status "^([0-9]+)/\1 processes ready"; }
  wait_until all_ready
fi

sockets_are() {
  local unit
  for unit in chatd.socket chatd-control.socket chatd-web.socket; do
    [ "$(systemctl is-active "$unit")" = "$1" ] || return 1
  done
}

step "the status is right at once, also after a restart"
systemctl restart chatd.service
within 2 has_status "processes ready, 1 sessions"

step "a restart with a wrong configuration sends a goodbye and is not repeated"
printf '[limits]\nburts = 3\n' >"$config"
fails systemctl restart chatd.service
hear "$ada" EXIT
is "$(property ExecMainStatus)" 78
wait_until sockets_are inactive
journal_has "nobody will take over: .*limits\.burts" CHATD_EVENT=successor_refused
journal_has "limits\.burts" --unit chatd.service --priority err --output cat
is "$(property NFileDescriptorStore)" 0
cp /run/chatd.toml "$config"
systemctl reset-failed chatd.service

step "the socket survives a member whose port is closed"
systemctl start chatd.service
exec {bob}<>/dev/udp/127.0.0.1/8888
say "$bob" "L bob"
hear "$bob" OK
exec {bob}>&-
chatctl announce "to nobody" >/dev/null
kill -KILL "$(property MainPID)"
up() { [ "$(property ActiveState)" = active ] && chatctl ping >/dev/null 2>&1; }
wait_until up
systemctl stop chatd.service
wait_until sockets_are inactive
is "$(property Result)" success

step "a stop in the middle of a start is a stop"
systemctl start chatd.socket chatd-control.socket
systemctl start --no-block chatd.service
systemctl stop chatd.service
wait_until sockets_are inactive
is "$(property ActiveState)" inactive

step "README, manual and unit describe the same way to open the room to the network"
way() { grep --only-matching --max-count=3 'ListenDatagram=.*' "$root/$1"; }
is "$(way README.md)" "$(way systemd/chatd.socket)"
is "$(way man/chatd.8)" "$(way systemd/chatd.socket)"
step "and to open the page"
page_way() { grep --only-matching --max-count=3 'ListenStream=.*' "$root/$1"; }
for document in README.md man/chatd.8 packaging/debian/chatd.README.Debian; do
  is "$(page_way "$document")" "$(page_way systemd/chatd-web.socket)"
  # A restart of the socket fails while the service runs.
  grep 'systemctl stop chatd-web.socket' "$root/$document" >/dev/null
  fails grep 'restart chatd-web.socket' "$root/$document"
done
step "and it works"
mkdir -p /etc/systemd/system/chatd.socket.d
# The lines below "systemctl edit" in the socket's own comment.
sed -n '/systemctl edit chatd.socket/,/systemctl restart/ { /^#     *\(\[\|Listen\)/ s/^# *//p }' \
  /etc/systemd/system/chatd.socket >/etc/systemd/system/chatd.socket.d/override.conf
systemctl daemon-reload
systemctl restart chatd.socket
systemctl start chatd.service
listening() { chatctl status | grep -- "$1" >/dev/null; }
listening "0\.0\.0\.0:8888.*\[::\]:8888"
step "so does that of the page, while the service runs"
mkdir -p /etc/systemd/system/chatd-web.socket.d
sed -n '/systemctl edit chatd-web.socket/,/systemctl stop/ { /^#     *\(\[\|Listen\)/ s/^# *//p }' \
  /etc/systemd/system/chatd-web.socket >/etc/systemd/system/chatd-web.socket.d/override.conf
systemctl daemon-reload
systemctl stop chatd-web.socket
systemctl restart chatd.service
listening "http://0\.0\.0\.0:8880/.*http://\[::\]:8880/"
wait_until healthy
rm -r /etc/systemd/system/chatd-web.socket.d
step "another user cannot bind one of all addresses"
taken 127.0.0.1
taken 127.0.0.2
taken ::1
systemctl stop chatd.service
rm -r /etc/systemd/system/chatd.socket.d
systemctl daemon-reload

step "the journal names a user that bound an address before the service"
systemctl start chatd.socket chatd-control.socket
"${as_nobody[@]}" python3 -c '
import socket, time
holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
holder.bind(("127.0.0.1", 8888))
print("bound", flush=True)
time.sleep(1000)' >/run/holder &
holder=$!
wait_until grep --quiet bound /run/holder
systemctl start chatd.service
journal_has "uid 65534 has bound an address of the room, too.*port 8888" --unit chatd.service --priority crit
step "and it names no user if there is none"
kill "$holder"
wait "$holder" || true
systemctl restart chatd.service
is "$(journalctl --quiet --unit chatd.service --priority crit --output cat | grep --count "has bound an address")" 1
systemctl stop chatd.service

step "the service starts on a machine with IPv6 disabled"
sysctl --quiet --write net.ipv6.conf.all.disable_ipv6=1
systemctl start chatd.service
exec {cid}<>/dev/udp/127.0.0.1/8888
say "$cid" "L cid"
hear "$cid" OK
systemctl stop chatd.service
sysctl --quiet --write net.ipv6.conf.all.disable_ipv6=0

# systemd looks for a file in /proc; a container cannot have a kernel that refuses IPv6 sockets.
step "the service starts if systemd finds no IPv6 in the kernel (ipv6.disable=1)"
mount -t tmpfs tmpfs /proc/1/net
systemctl daemon-reexec
systemctl start chatd.service
listening "127\.0\.0\.1:8888"
fails listening "\[::1\]"
systemctl stop chatd.service
umount /proc/1/net
