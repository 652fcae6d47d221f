#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The journal as the administrator reads it: fields, message ids, the catalog, floods, many joins.
# Run by with_systemd; the argument is the folder of chatd and chatctl.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"

secret="marmalade at midnight"
catalog=$(dirname -- "${BASH_SOURCE[0]}")/../../systemd/chatd.catalog

step "systemd accepts the message catalog"
install -D --mode=644 "$catalog" /usr/lib/systemd/catalog/chatd.catalog
is "$(journalctl --update-catalog 2>&1)" ""
events=$(grep --count --extended-regexp '^-- [0-9a-f]{32}$' "$catalog")
is "$(journalctl --list-catalog | grep --count ' chatd: ')" "$events"

cat >/etc/systemd/system/chatd.service <<END
[Service]
Type=notify
NotifyAccess=main
ExecStart=$bin/chatd --foreground
RuntimeDirectory=chatd
StateDirectory=chatd
END
systemctl daemon-reload
systemctl start chatd.service

step "journalctl -x explains an event, with the fields of the entry"
exec {ada}<>/dev/udp/127.0.0.1/8888
say "$ada" "L ada"
hear "$ada" OK
journal_has "ada joined the server" --catalog CHATD_USER=ada
journal_has "ada joined from 127\.0\.0\.1, port [0-9]+\." --catalog CHATD_EVENT=join
journal_has "Documentation: man:chatd\(8\)" --catalog CHATD_EVENT=ready

step "an address is found without its port, and a kind of event by its id"
journal_has "ada joined" CHATD_ADDRESS=127.0.0.1
journal_has "ada joined" MESSAGE_ID=3954570c33754d0db0e66c22a92c1dd3

step "a refused login has its reason"
exec {eve}<>/dev/udp/127.0.0.1/8888
say "$eve" "L ADA"
journal_has_refusal() { journal_has "refused 127\.0\.0\.1:[0-9]+: " CHATD_REASON=name_taken; }
wait_until journal_has_refusal

step "a flood has a line when it begins and a line with its total"
for _ in {1..600}; do say "$eve" "C $secret"; done
begins() { journal_has "the first datagram from 127\.0\.0\.1 was refused" CHATD_EVENT=flood; }
summed_up() {
  journal_has "flood: [0-9]{3} datagrams from 127\.0\.0\.1 refused in 1[0-9] s" \
    --priority=warning CHATD_EVENT=flood CHATD_ADDRESS=127.0.0.1
}
wait_until begins
wait_until summed_up
is "$(journalctl --output=cat CHATD_EVENT=flood | wc -l)" 2

step "of many joins at once some have a line each, and the others one together"
members=()
for i in {1..70}; do
  exec {member}<>/dev/udp/127.0.0.1/8888
  members+=("$member")
  say "$member" "L member$i"
done
for i in {1..70}; do hear "${members[i - 1]}" OK; done
crowd_is_logged() { journal_has "many at once: [0-9]+ more joined, 0 more left" CHATD_EVENT=crowd; }
wait_until crowd_is_logged
lines=$(journalctl --output=cat CHATD_EVENT=join | wc -l)
[ "$lines" -lt 71 ]

step "the journal has no message of a member, and no second time stamp"
fails journal_has "$secret" --output export
fails journal_has "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:" --unit chatd.service --output cat

step "each entry with CHATD_EVENT has a MESSAGE_ID"
entries=$(journalctl --output=export | grep --count --text '^CHATD_EVENT=')
is "$(journalctl --output=json | grep CHATD_EVENT | grep --count '"MESSAGE_ID"')" "$entries"

systemctl stop chatd.service
