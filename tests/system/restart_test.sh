#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shipped units under a real systemd: nothing is lost while the service is restarted,
# killed, hung, and its sockets and systemd itself are replaced under it.
# Run by with_systemd; the argument is the folder of the programs.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"
install_units

step "the service starts, hardened, as a user of its own"
systemctl start chatd.service
is "$(property ActiveState)" active
chatctl ping
is "$(stat --format %U "/proc/$(property MainPID)")" _chatd
is "$(property NFileDescriptorStore)" 2

replaced() { [ "$(property MainPID)" != "$main_pid" ] && [ "$(property ActiveState)" = active ]; }

# Milliseconds from the end of the service's last active time to its next one.
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
  await_lines 30  # what was kept back meanwhile, and what comes then
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

step "everything arrived that was said over restarts"
end_traffic

# A text line that a killed process had read is gone with it, and nobody says it again: over these
# deaths text members only listen. What they hear, they are held to as before.
step "native members talk, and text members listen"
begin_traffic 200 50 k listening

# A service that dies over its state again and again starts empty: not here, where each
# death has its minute.
step "kill -9 of the main process"
main_pid=$(property MainPID)
kill -KILL "$main_pid"
wait_until replaced
crashes+=("$(gap)")

step "kill -9 of everything"
main_pid=$(property MainPID)
systemctl kill --kill-who=all --signal=KILL chatd.service
wait_until replaced
crashes+=("$(gap)")

# A quarter of a second is systemd's own, by which its timer may be late.
step "after kill -9 it is not much longer away than in a restart"
printf 'away: restarts %s ms, crashes %s ms\n' "${restarts[*]}" "${crashes[*]}"
is "$(property RestartUSec)" 0
[ "$(least "${crashes[@]}")" -le $(($(least "${restarts[@]}") + 300)) ]

step "a watchdog time-out: the supervisor is stopped"
main_pid=$(property MainPID)
kill -STOP "$main_pid"
wait_until replaced

await_lines 30

step "everything arrived"
end_traffic

# What waits in a socket that is closed is gone: that can be made up for by native members only.
step "restart of the socket that the members use"
begin_traffic 50 0 s
main_pid=$(property MainPID)
systemctl restart chatd.socket
wait_until replaced
await_lines 25
end_traffic

step "a stop says goodbye and keeps nothing"
exec {ada}<>/dev/udp/127.0.0.1/8888
say "$ada" "L ada"
hear "$ada" OK
systemctl stop chatd.service
hear "$ada" EXIT
is "$(property Result)" success
is "$(property NFileDescriptorStore)" 0
systemctl start chatd.socket chatd-control.socket chatd.service
fails grep --quiet ada <<<"$(chatctl --json users)"
