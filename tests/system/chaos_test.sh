#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shipped units under a real systemd while their processes, clock, disk and network are
# disturbed: chaos_test.sh BIN FOLDER SECONDS NATIVES ROOMS KILL_EVERY SEED... NATIVES is the number
# of native members, half of which run two programs, ROOMS the number of further rooms. In addition to
# the random faults, a process is killed every KILL_EVERY milliseconds (0: never). A failed round writes
# its history and the journal to FOLDER. Run by with_systemd.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"
folder=$2
seconds=$3
natives=$4
rooms=$5
kill_every=$6
shift 6

# An error of journalctl is printed, and does not keep report() from printing its part.
save_journal() {
  journalctl --no-pager --unit=chatd.service --output=short-precise >"$folder/journal.txt" ||
    printf 'journalctl failed: %s is not complete\n' "$folder/journal.txt"
}
trap 'save_journal; report' ERR

install_units
# Each native member may have two sessions: those of its programs, or of clients that have died. There
# are four text members, and two sessions for guests. A hanging process is detected soon, and the
# session of a dead client ends soon. The number of rooms of a member is not limited, a further room
# without members ends soon, and a member that joins a room receives most of what was said there in the
# round.
sed -i "s/^#sessions = .*/sessions = $((2 * natives + 6))/; s/^#hang_timeout = .*/hang_timeout = \"1s\"/
  s/^#programs_per_person = .*/programs_per_person = 2/; s/^#linger = \"2m\"/linger = \"5s\"/
  s/^#rooms_per_member = .*/rooms_per_member = 0/; s/^#rooms_per_address = .*/rooms_per_address = 0/
  s/^#replay = .*/replay = 400/; s/^#rooms = .*/rooms = 200/; s/^#linger = \"10m\"/linger = \"1s\"/" /etc/chatd/chatd.toml
printf '[Unit]\nStartLimitBurst=1000\n' >/etc/systemd/system/chatd.service.d/chaos.conf

# clock_shift has the number of microseconds by which the daemon's wall clock is wrong. disk_faults
# makes its disk slow or read-only.
preloaded=()
if ! grep --quiet __asan_init "$bin/libclock_shift.so"; then
  preloaded=(--clock /run/clock_shift --disk-faults /run/disk_faults)
  head --bytes=8 /dev/zero >/run/clock_shift
  head --bytes=16 /dev/zero >/run/disk_faults
  chmod 0644 /run/clock_shift /run/disk_faults
  install "$bin/libclock_shift.so" "$bin/libdisk_faults.so" /usr/lib/
  cat >/etc/systemd/system/chatd.service.d/preload.conf <<'END'
[Service]
Environment="LD_PRELOAD=/usr/lib/libclock_shift.so /usr/lib/libdisk_faults.so"
Environment=CHATD_CLOCK_SHIFT=/run/clock_shift CHATD_DISK_FAULTS=/run/disk_faults
END
fi
# A small disk for the state, which is soon full. No line and no owned name becomes too old, although
# the clock jumps.
sed -i 's/^#max_age = .*/max_age = "0s"/; s/^#expire = .*/expire = "0s"/' /etc/chatd/chatd.toml
mkdir -p /var/lib/chatd
mount -t tmpfs -o size=24m tmpfs /var/lib/chatd
systemctl daemon-reload
systemctl start chatd.service

for seed in "$@"; do
  step "seed $seed"
  "$bin/chaos" "${preloaded[@]}" --stored chat --disk /var/lib/chatd --config /etc/chatd/chatd.toml \
    --natives "$natives" --two-programs $((natives / 2)) --rooms "$rooms" --kill-every "$kill_every" \
    --seconds "$seconds" --seed "$seed" \
    --history "$folder/history.$seed.txt" | tee "$folder/course.$seed.txt"
  # The next seed begins with an empty room and another clock, and says the same texts. Its members
  # have other keys: the names that are owned now would not be theirs.
  systemctl stop chatd.service
  rm -f /var/lib/chatd/{history,registry}.*
  systemctl start chatd.socket chatd-control.socket chatd.service
done
is "$(property ActiveState)" active
fails journal_has "starting with an empty room"
