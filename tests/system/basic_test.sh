#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# chatd as a minimal unit of a real systemd: start, talk, journal, reload, a killed worker, stop.
# Run by with_systemd; the argument is the folder of chatd and chatctl.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"

config=/etc/chatd.toml
secret="marmalade at midnight"

write_config() { printf '%s\n' "[text]" 'language = "en"' "$@" >"$config"; }

cat >/etc/systemd/system/chatd.service <<END
[Service]
Type=notify
NotifyAccess=main
ExecStart=$bin/chatd --foreground --config $config
ExecReload=$bin/chatctl reload
Restart=on-failure
RestartPreventExitStatus=78
KillMode=mixed
RuntimeDirectory=chatd
StateDirectory=chatd
StateDirectoryMode=0700
END
systemctl daemon-reload

step "a bad configuration fails at once with status 78, and is not restarted"
write_config "[limits]" "burts = 3"
fails systemctl start chatd.service
is "$(property ExecMainStatus)" 78
is "$(property ActiveState)" failed
is "$(property NRestarts)" 0
step "the journal has the file, the line, the wrong setting name and the right one"
journal_has "chatd\.toml:4.*limits\.burts.*limits\.burst" --unit chatd.service --output cat

step "start returns when the daemon is ready and not before"
write_config
systemctl reset-failed chatd.service
systemctl start chatd.service
"$bin/chatctl" ping
is "$(property ActiveState)" active
[ "$(pids_of | wc -l)" -ge 3 ]  # supervisor, gateway, workers

step "two members talk"
exec {ada}<>/dev/udp/127.0.0.1/8888 {bob}<>/dev/udp/127.0.0.1/8888
say "$ada" "L ada"
hear "$ada" OK
say "$bob" "L bob"
hear "$bob" OK
hear "$ada" "bob joined the chat"
say "$bob" "C $secret"
hear "$ada" "bob : $secret"

step "the journal has the join with its fields"
journal_has '"CHATD_USER" ?: ?"ada"' --output json CHATD_EVENT=join
journal_has '"CHATD_ADDRESS" ?: ?"127\.0\.0\.1' --output json CHATD_EVENT=join
step "the journal has no message of a member"
fails journal_has "$secret" --output json
fails journal_has "$secret" --output export

step "the archive stores the message in the state directory, which is the daemon's own"
is_stored() { "$bin/chatctl" history chat | grep "<bob> $secret" >/dev/null; }
wait_until is_stored
"$bin/chatctl" archive | grep "state  *ok" >/dev/null
is "$(stat --dereference --format=%a /var/lib/chatd)" 700
is "$(stat --format=%a /var/lib/chatd/history.db)" 600
journal_has "history: messages are stored in" CHATD_EVENT=history --output cat

step "a ban is saved there before it is answered"
"$bin/chatctl" --json ban nobody | grep '"saved":true' >/dev/null
"$bin/chatctl" unban nobody
is "$(stat --format=%a /var/lib/chatd/registry.db)" 600
journal_has "registry: changes are saved in" CHATD_EVENT=registry --output cat

step "a reload with a good configuration succeeds"
write_config "[limits]" "burst = 30"
systemctl reload chatd.service
journal_has . CHATD_EVENT=reload
step "a reload with a bad configuration fails, and the daemon keeps running"
main_pid=$(property MainPID)
write_config "[limits]" "burst = -1"
fails systemctl reload chatd.service
journal_has . CHATD_EVENT=reload_refused
is "$(property ActiveState)" active
is "$(property MainPID)" "$main_pid"
say "$ada" "C after the reload"
hear "$bob" "ada : after the reload"

step "members do not notice that every worker is killed"
mapfile -t workers < <(pids_of worker)
[ "${#workers[@]}" -gt 0 ]
kill -KILL "${workers[@]}"
say "$ada" "C after the kill"
hear "$bob" "ada : after the kill"
say "$bob" "C here too"
hear "$ada" "bob : here too"
replaced() { [ "$(pids_of worker | wc -l)" -eq "${#workers[@]}" ]; }
wait_until replaced
fails grep --quiet --line-regexp --fixed-strings "${workers[0]}" <<<"$(pids_of worker)"
is "$(property MainPID)" "$main_pid"
is "$(property NRestarts)" 0
wait_until journal_has . CHATD_EVENT=process_died

step "only the main process talks to systemd"
fails journal_has "reception only permitted"

step "a member leaves"
say "$bob" Q
hear "$bob" EXIT
hear "$ada" "bob left the chat"

step "stop succeeds and leaves no process"
systemctl stop chatd.service
is "$(property Result)" success
is "$(property ExecMainStatus)" 0
is "$(pids_of)" ""
