#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A lesson as "A SERVER FOR A CLASS" of chatd(8) describes it: codes, a room, a lecture, a ban for an
# hour, the export, a stop and a start, the end of the codes. The commands of the administrator are those
# of the manual.
# Run by with_systemd; the argument is the folder of the programs.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"

install_units
install "$bin/uchat" /usr/bin/
homes=/run/lesson
mkdir "$homes"
cd "$homes" || exit 1

# The section of the manual as plain text.
section=$(sed -n "/^\.Sh A SERVER FOR A CLASS/,/^\.Sh HISTORY/p" "$root/man/chatd.8" | sed "s/\\\\-/-/g")

# from_manual COMMAND: runs it. It fails if the manual does not have it.
from_manual() {
  grep --quiet --line-regexp --fixed-strings -- "# $1" <<<"$section"
  eval "$1"
}

# start_uchat NAME: starts uchat for this person in a terminal of its own, which reads its keys from a
# pipe and writes its screen to a file.
declare -A keyboard
start_uchat() {
  mkdir "$1"
  touch "$1/screen"
  mkfifo "$1/keyboard"
  HOME=$homes/$1 script --quiet --flush --return --command "stty cols 100 rows 30; uchat $1@127.0.0.1" \
    "$1/screen" <"$1/keyboard" >/dev/null 2>&1 &
  exec {descriptor}>"$1/keyboard"
  keyboard[$1]=$descriptor
}
type_line() { printf '%s\r' "$2" >&"${keyboard[$1]}"; }
text_of() { sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' "$1/screen"; }
has_on_screen() { text_of "$1" | grep --fixed-strings -- "$2" >/dev/null; }
# sees NAME TEXT: waits until the person has the text on the screen.
sees() {
  wait_until has_on_screen "$1" "$2" && return
  printf '%s does not see: %s\n' "$1" "$2"
  cat -v "$1/screen"
  return 1
}
# next_code: sets code to the next line of the file of codes, which nobody has got before.
codes_given=0
next_code() { code=${codes[codes_given++]}; }
# enter_with_code NAME: starts uchat, answers the first question with a code, and joins the room.
enter_with_code() {
  next_code
  start_uchat "$1"
  sees "$1" "(yes/no)"
  type_line "$1" "$code"
  sees "$1" "connected to chat as $1"
  type_line "$1" "/join lesson"
  sees "$1" "you are in #lesson"
}
# send_as NAME [OPTION...]: prints the exit status of a message that this person sends by a script.
send_as() {
  local name=$1 status=0
  shift
  HOME=$homes/$name uchat send --timeout 30 "$@" "$name@127.0.0.1" hello >/dev/null 2>&1 || status=$?
  echo "$status"
}
not_invited=26
banned=21

step "the administrator opens the server to invited persons, and makes a room and codes"
systemctl start chatd.service
grep --quiet --line-regexp 'door = "invited"' <<<"$section"
sed -i 's/^#door = .*/door = "invited"/' /etc/chatd/chatd.toml
from_manual 'systemctl reload chatd'
from_manual 'chatctl room make lesson'
from_manual 'chatctl room set lesson invited yes'
from_manual '(umask 077; chatctl --no-legend invite --each 31 --for 1d --room lesson > codes)'
from_manual 'chatctl invites' >invites
is "$(wc --lines <codes)" 31
is "$(grep --count " open .*#lesson " invites)" 31
is "$(stat --format=%a codes)" 600
mapfile -t codes <codes

step "a client without a code is refused"
mkdir mallory
is "$(send_as mallory)" "$not_invited"

step "the teacher and three pupils enter: the code is the answer to the first question"
for person in tina ada ben eve; do
  enter_with_code "$person"
done

step "the teacher is the owner and begins a lecture, in which a moderator may speak"
from_manual 'chatctl room owner lesson tina'
type_line tina "/set lecture yes"
sees ben "tina began a lecture"
type_line ben "is this the lesson?"
sees ben "only owners and moderators speak in this room now"
type_line tina "/role ada moderator"
sees ada "made ada a moderator"
type_line ada "the answer is 42"
sees ben "ada: the answer is 42"

step "root does the same as the owner, in this room only"
from_manual 'chatctl mute ben --room lesson --for 10m'
sees ben "muted ben"
chatctl unmute ben --room lesson
sees ben "unmuted ben"
from_manual 'chatctl ban eve --room lesson --for 1h --reason "noise"'
sees ada "banned eve"
is "$(send_as eve)" 0
chatctl unban eve --room lesson
from_manual 'chatctl room moderator lesson ada'
from_manual 'chatctl room set lesson lecture yes'

step "a pupil is banned for an hour"
from_manual 'chatctl ban eve --for 1h --reason "noise"'
sees eve "banned until"
from_manual 'chatctl bans' >bans
grep --quiet "^ban .* eve .*noise" bans
is "$(send_as eve)" "$banned"

step "the export has what was said, and not the message that was refused"
is_stored() { chatctl search 42 | grep "the answer is 42" >/dev/null; }
wait_until is_stored
from_manual 'chatctl export --room lesson > lesson.jsonl'
from_manual 'chatctl history lesson --lines 10000 > lesson.txt'
grep --quiet '"name":"ada".*"text":"the answer is 42"' lesson.jsonl
grep --quiet '<ada> the answer is 42' lesson.txt
fails grep --quiet "is this the lesson" lesson.jsonl lesson.txt

step "after a stop and a start the room, the lecture and the ban are as before"
systemctl stop chatd.socket chatd.service
sees tina "the server has stopped"
systemctl start chatd.service
for person in tina ada ben; do
  sees "$person" "connected again"
done
type_line tina "part two"
sees ben "tina: part two"
type_line ben "a word, please"
is_refused_again() {
  text_of ben | sed '0,/connected again/d' | grep "only owners and moderators speak in this" >/dev/null
}
wait_until is_refused_again
is "$(send_as eve)" "$banned"
is "$(send_as mallory)" "$not_invited"

step "a code that was not used before the stop admits a pupil"
enter_with_code dan

step "after the end of the codes nobody enters by one of them, and who has entered stays"
from_manual 'chatctl invite revoke 1-31'
next_code
mkdir fay
(umask 077; printf '%s\n' "$code" >fay/code)
is "$(send_as fay --code-file fay/code)" "$not_invited"
is "$(send_as ben)" 0

step "what was said is erased, and the room is dropped"
# grep in the files: 0 with the message, 1 without it, 2 if it cannot read them.
search_files() {
  local status=0
  grep --quiet --recursive --text "the answer is 42" /var/lib/chatd || status=$?
  echo "$status"
}
is "$(search_files)" 0
from_manual 'chatctl erase --room lesson --now --yes'
is "$(search_files)" 1
from_manual 'chatctl room drop lesson'
for person in tina ada ben dan; do
  type_line "$person" "/quit"
done
wait
