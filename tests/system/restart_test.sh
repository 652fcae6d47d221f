#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shipped units under a real systemd: no line is lost while the service is restarted, killed or
# hangs, or while its sockets or systemd itself are restarted.
# Run by with_systemd; the argument is the folder of the programs.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"
install_units

step "the service starts as its own user"
systemctl start chatd.service
is "$(property ActiveState)" active
chatctl ping
is "$(stat --format %U "/proc/$(property MainPID)")" _chatd
is "$(property NFileDescriptorStore)" 2

replaced() { [ "$(property MainPID)" != "$main_pid" ] && [ "$(property ActiveState)" = active ]; }

# Prints the milliseconds between the last two active times of the service.
gap() { echo $((($(property ActiveEnterTimestampMonotonic) - $(property ActiveExitTimestampMonotonic)) / 1000)); }
least() { printf '%s\n' "$@" | sort --numeric-sort | head -n 1; }
restarts=() crashes=()

step "members talk"
begin_traffic 200 50 n

for round in 1 2 3 4 5 6 7 8 9 10; do
  step "restart $round"
  main_pid=$(property MainPID)
  systemctl restart chatd.service
  fails [ "$(property MainPID)" = "$main_pid" ]
  restarts+=("$(gap)")
  await_lines 30  # lines that were kept meanwhile, and new ones
done
is "$(property NFileDescriptorStore)" 2
journal_has "took over the state of a predecessor" CHATD_EVENT=state_adopted

step "daemon-reload and daemon-reexec"
main_pid=$(property MainPID)
systemctl daemon-reload
systemctl daemon-reexec
systemctl restart chatd.service
wait_until replaced
await_lines 30

step "all lines have arrived after the restarts"
end_traffic

# A text line that a killed process had read is lost with it, because a text client does not repeat
# it. So text members only listen in this part, and must receive all lines as before.
step "native members talk, and text members listen"
begin_traffic 200 50 k listening

# A service that crashes again and again soon after it adopts its state starts with an empty room.
# That does not happen here, because the crashes are far enough apart.
step "kill -9 of the main process"
main_pid=$(property MainPID)
kill -KILL "$main_pid"
wait_until replaced
crashes+=("$(gap)")

step "kill -9 of all processes"
main_pid=$(property MainPID)
systemctl kill --kill-who=all --signal=KILL chatd.service
wait_until replaced
crashes+=("$(gap)")

# systemd's timer can be a quarter of a second late.
step "a crash takes little more time than a restart"
printf 'away: restarts %s ms, crashes %s ms\n' "${restarts[*]}" "${crashes[*]}"
is "$(property RestartUSec)" 0
[ "$(least "${crashes[@]}")" -le $(($(least "${restarts[@]}") + 300)) ]

step "a watchdog timeout: the supervisor is paused"
main_pid=$(property MainPID)
kill -STOP "$main_pid"
wait_until replaced

await_lines 30

step "all lines have arrived"
end_traffic

# Datagrams in a closed socket are lost; only native members send them again.
step "restart of the socket that the members use"
begin_traffic 50 0 s
main_pid=$(property MainPID)
systemctl restart chatd.socket
wait_until replaced
await_lines 25
end_traffic

step "a stop sends a goodbye and keeps no state"
exec {ada}<>/dev/udp/127.0.0.1/8888
say "$ada" "L ada"
hear "$ada" OK
systemctl stop chatd.service
hear "$ada" EXIT
is "$(property Result)" success
is "$(property NFileDescriptorStore)" 0
systemctl start chatd.socket chatd-control.socket chatd.service
fails grep --quiet ada <<<"$(chatctl --json users)"
