#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A bot in bash with curl and jq: it says again what follows "!echo" in a line of the default room.
#
#   chatctl token echo >echo.token            # as root, once
#   bot.sh http://127.0.0.1:8880 echo echo.token
#
# From another machine the address must be one with https, see BROWSERS in chatd(8). The interface is
# described in chatd-web(7). The bot goes on when the server is restarted, and misses no line then.
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: bot.sh URL NAME TOKEN_FILE" >&2; exit 2; }
url=${1%/} name=$2 token_file=$3
client=$((RANDOM * 32768 + RANDOM + 1))  # which of the programs with this token
next=1                                   # number of the next command
cursor=                                  # of the last event that was handled

# The token is never an argument of a program, where every user of the machine could read it.
headers() {
  printf 'Authorization: Bearer %s\nX-Client: %s\n' "$(<"$token_file")" "$client"
}

# request PATH BODY: prints the answer, and its status in the last line; 000: there was none.
request() {
  curl -s --max-time 20 -H @<(headers) -H 'Content-Type: application/json' --data-binary @- \
    -w '\n%{http_code}' "$url$1" <<<"$2" || :
}

# The answer of a server that restarts, or to somebody who is too fast: the same again, later.
is_for_now() { [[ $1 =~ ^(000|429|5..)$ ]]; }

enter() {
  local body answer status
  body=$(jq -Rc --arg name "$name" --arg client "$client" '{$name, $client, token: .}' "$token_file")
  while :; do
    answer=$(request /api/session "$body")
    status=${answer##*$'\n'} answer=${answer%$'\n'*}
    if [ "$status" = 201 ]; then break; fi
    is_for_now "$status" || over "refused: $(jq -r .message <<<"$answer")"
    sleep 1
  done
  next=$(jq -r .next <<<"$answer")
  # The cursor of before counts: so the stream begins with the lines that came meanwhile.
  : "${cursor:=$(jq -r .cursor <<<"$answer")}"
}

# A command with the number of one that was carried out has no further effect: it can be repeated.
say() {
  local answer status
  while :; do
    answer=$(request /api/commands "$(jq -cn --argjson n "$next" --arg after "$cursor" --arg text "$1" \
      '{$n, kind: "say", room: "", $text, $after}')")
    status=${answer##*$'\n'}
    case $status in
      200) next=$((next + 1)) && return ;;
      401) enter ;;
      409) # the number of the next command is another one, or another program has the token
        next=$(jq -r '.next // empty' <<<"${answer%$'\n'*}")
        [ -n "$next" ] || over "another program has the token"
        ;;
      *)
        is_for_now "$status" || { echo "bot.sh: not said: $(jq -r .message <<<"${answer%$'\n'*}")" >&2 && return; }
        sleep 1
        ;;
    esac
  done
}

# One event, as JSON. Lines of before the bot came (replay) are not for it.
handle() {
  local what
  what=$(jq -r 'if .event == "say" and .room == "" and (.own or .replay | not) then .text
                elif .event == "ended" then "ended: " + .outcome else empty end' <<<"$1")
  case $what in
    '!echo '*) say "${what#'!echo '}" ;;
    'ended: kicked' | 'ended: replaced') over "$what" ;;
  esac
}

over() {
  echo "bot.sh: $1" >&2
  exit 1
}

enter
while :; do
  data='' id='' status=''
  exec {events}< <(exec curl -sN -H @<(headers) -H "Last-Event-ID: $cursor" \
    -w '\nstatus: %{http_code}\n' "$url/api/events")
  stream=$!
  # Without a line for 40 seconds the connection is dead: a comment comes every 15 seconds.
  while IFS= read -r -t 40 -u "$events" line; do
    case $line in
      'data: '*) data=${line#data: } ;;
      'id: '*) id=${line#id: } ;;
      'status: '*) status=${line#status: } ;;
      '')
        if [ -n "$data" ]; then handle "$data"; fi
        if [ -n "$id" ]; then cursor=$id; fi
        data='' id=''
        ;;
    esac
  done
  exec {events}<&-
  kill "$stream" 2>/dev/null || :
  case $status in
    401) enter ;;
    409 | 410) over "another program has the token, or the bot was removed" ;;
    '' | 000 | 200 | 429 | 5??) sleep 1 ;;
    *) over "the stream was refused with status $status" ;;
  esac
done
