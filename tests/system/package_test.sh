#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages as an administrator uses them: install, use, upgrade under load, purge. Run by
# with_systemd after packaging/deb; the argument is the folder of the programs that act as members.
# system.release runs lintian over the same packages.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"
packages=$root/build/deb
secret="marmalade at midnight"

# Prints the files of chatd: a purge must leave the same list as before the installation.
footprint() {
  find /etc /lib/systemd /usr/lib /usr/share /usr/bin /usr/sbin /run/chatd /var/lib/chatd /var/lib/systemd \
    -iname '*chatd*' 2>/dev/null | grep -Ev '/(dpkg|apt|passwd|group|shadow|gshadow|sysusers)' | sort || true
}
# State of a chatd that was started by hand on this machine: the purge would remove it, too.
rm -rf /var/lib/chatd
before=$(footprint)

# Installs a package like that of the client before version 0.2, when it was named chat.
install_chat() {
  rm -rf /run/chat
  mkdir -p /run/chat/DEBIAN /run/chat/usr/bin /run/chat/usr/share/man/man1
  printf '#!/bin/sh\n' >/run/chat/usr/bin/chat
  chmod 0755 /run/chat/usr/bin/chat
  gzip -9n </dev/null >/run/chat/usr/share/man/man1/chat.1.gz
  printf '%s\n' "Package: chat" "Version: 0.1.0" "Architecture: all" "Maintainer: nobody <nobody@chatd.example>" \
    "Description: the client's old package" >/run/chat/DEBIAN/control
  dpkg-deb --root-owner-group --build /run/chat /run/chat_0.1.0_all.deb >/dev/null
  dpkg --install /run/chat_0.1.0_all.deb >/run/dpkg.log 2>&1 || { cat /run/dpkg.log && exit 1; }
  [ -x /usr/bin/chat ]
}
chat_is_gone() {
  [ ! -e /usr/bin/chat ] && [ ! -e /usr/share/man/man1/chat.1.gz ] &&
    ! dpkg-query -W -f '${db:Status-Status}' chat 2>/dev/null | grep '^installed$' >/dev/null
}
install_chat

step "the installation starts the service, and its file explains the settings"
dpkg --install "$packages"/chatd_*.deb "$packages"/uchat_*.deb >/run/dpkg.log 2>&1 ||
  { cat /run/dpkg.log && exit 1; }
is "$(property ActiveState)" active
grep --quiet '^#message_bytes = ' /etc/chatd/chatd.toml
chatd --check-config --config /etc/chatd/chatd.toml

step "uchat replaces chat without an option for dpkg"
chat_is_gone

step "two members talk; the administrator lists them and announces"
export HOME=/root XDG_CONFIG_HOME=/run/bob
uchat listen --json bob@127.0.0.1 >/run/heard 2>/run/heard.err &
listener=$!
heard() { grep --quiet "$1" /run/heard; }
wait_until heard '"event":"entered"'
XDG_CONFIG_HOME=/run/ada uchat send ada@127.0.0.1 "$secret" 2>/dev/null
wait_until heard "$secret"
chatctl users --no-legend | grep '^bob ' >/dev/null
chatctl announce "tea is ready"
wait_until heard '"event":"announce".*tea is ready'
systemctl reload chatd

step "the journal has the events with their fields, and no message"
event_with() {
  journalctl --sync
  journalctl --unit chatd.service --output json "CHATD_EVENT=$1" | grep "$2" >/dev/null
}
wait_until event_with join '"CHATD_USER":"ada"'
event_with announce '"CHATD_MEMBERS":"1"'
event_with ready '"MESSAGE_ID":"'
journal_has "Documentation: man:chatd" --catalog CHATD_EVENT=ready
fails journal_has "$secret" --output export
fails journal_has "tea is ready" --output export

step "the exposure of the installed service"
systemd-analyze security --no-pager --threshold=5 chatd.service | tail -n 1

# upgrade_to VERSION: installs the package that next has made.
upgrade_to() {
  dpkg --force-confold --install "/run/chatd_$1.deb" >/run/dpkg.log 2>&1 ||
    { cat /run/dpkg.log && return 1; }
}

# next VERSION: makes the same package with this version, without compression, which takes seconds.
next() {
  rm -rf /run/next
  dpkg-deb --raw-extract "$packages"/chatd_*.deb /run/next
  sed -i "s/^Version: .*/Version: $1/" /run/next/DEBIAN/control
  dpkg-deb -Znone --root-owner-group --build /run/next "/run/chatd_$1.deb" >/dev/null
}

step "upgrades under load: no session ends, and the socket stays"
sed -i 's/^#sessions_per_address = .*/sessions_per_address = 0/
  s/^#messages_per_second = .*/messages_per_second = 0/' /etc/chatd/chatd.toml
systemctl reload chatd
begin_traffic 40 10 p
socket_since=$(systemctl show --property=ActiveEnterTimestampMonotonic --value chatd.socket)
for version in 0.2.1 0.2.2; do
  main_pid=$(property MainPID)
  next "$version"
  upgrade_to "$version"
  fails [ "$(property MainPID)" = "$main_pid" ]
  is "$(property ActiveState)" active
done
is "$(systemctl show --property=ActiveEnterTimestampMonotonic --value chatd.socket)" "$socket_since"
await_lines 60
end_traffic
fails heard '"event":"reconnecting"'

step "an upgrade with a wrong configuration keeps the old service running and reports it"
main_pid=$(property MainPID)
cp /etc/chatd/chatd.toml /run/chatd.toml
printf '[limits]\nburts = 3\n' >/etc/chatd/chatd.toml
next 0.2.3
upgrade_to 0.2.3
is "$(property MainPID)" "$main_pid"
is "$(property ActiveState)" active
grep --quiet '^  /etc/chatd/chatd.toml:2: limits.burts: ' /run/dpkg.log || { cat /run/dpkg.log && exit 1; }
grep --quiet '^chatd: the service was not restarted' /run/dpkg.log
fails heard '"outcome"'
step "after the correction the new program takes over the sessions"
cp /run/chatd.toml /etc/chatd/chatd.toml
systemctl restart chatd
fails heard '"event":"reconnecting"'
chatctl users --no-legend | grep '^bob ' >/dev/null

step "a stop sends a goodbye"
systemctl stop chatd
status=0
wait "$listener" || status=$?
is "$status" 14
heard '"outcome":"stopped"'

step "an upgrade does not start a disabled service"
systemctl disable chatd >/run/systemctl.log 2>&1
next 0.2.4
upgrade_to 0.2.4
is "$(property ActiveState)" inactive
is "$( (systemctl is-active chatd.socket chatd-control.socket chatd-web.socket || true) | xargs)" \
  "inactive inactive inactive"
is "$( (systemctl is-enabled chatd.service chatd.socket chatd-control.socket chatd-web.socket || true) | xargs)" \
  "disabled disabled disabled disabled"
systemctl enable --now chatd >/run/systemctl.log 2>&1
is "$(property ActiveState)" active

step "the packages' own test passes"
rm -rf /run/bob /run/ada
bash "$root/packaging/debian/tests/smoke" >/run/smoke.log 2>&1 || { cat /run/smoke.log && exit 1; }

step "a removal keeps the identity and all that lasts"
dpkg --remove chatd >/run/dpkg.log 2>&1 || { cat /run/dpkg.log && exit 1; }
for file in identity.key server.key server.cert persons.key history.db registry.db registry.json; do
  [ -f "/var/lib/chatd/$file" ] || { echo "$file is gone" && exit 1; }
done
[ -f /etc/chatd/chatd.toml ]

step "a purge leaves no file"
dpkg --purge chatd uchat >/run/dpkg.log 2>&1 || { cat /run/dpkg.log && exit 1; }
is "$(footprint)" "$before"

step "packaging/run installs and starts everything with one command, even if chat is installed"
install_chat
mkdir /run/checkout
tar -C "$root" --exclude=./.git --exclude='./build/[^d]*' --exclude='./build/dev' -c . |
  tar -x -C /run/checkout
/run/checkout/packaging/run >/run/run.log 2>&1 || { cat /run/run.log && exit 1; }
chat_is_gone
is "$(property ActiveState)" active
grep --quiet "uchat yourname@127.0.0.1:8888" /run/run.log
chatctl ping
/run/checkout/packaging/run --stop
is "$(property ActiveState)" inactive
