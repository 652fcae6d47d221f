#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/release with a new key: apt accepts the folder and refuses what is changed in it.
#
#   release_test.sh [--fresh]
#
# Run after packaging/deb, whose packages are released. --fresh: then installs the packages from the folder with
# apt on a minimal Debian 12; exit status 77 if that cannot be made.
. "$(dirname -- "${BASH_SOURCE[0]}")/../../packaging/common.bash"
. "$root/packaging/fresh.bash"
folder=$(mktemp -d /var/tmp/chatd-release.XXXXXX)
fresh=$folder/root
export GNUPGHOME=$folder/gnupg LC_ALL=C.UTF-8
trap 'gpgconf --kill all; rm -rf --one-file-system -- "$folder"' EXIT
chmod 0755 "$folder"  # apt reads it as the user _apt
dist=$folder/dist

fail() {
  printf 'FAILED (line %s): %s\n' "${BASH_LINENO[0]}" "$*"
  exit 1
}
# fails COMMAND...: runs it and requires that it fails; its output is in $folder/log.
fails() { ! "$@" >"$folder/log" 2>&1; }
has() { grep -qE -- "$1" "$folder/log" || { cat -- "$folder/log" && return 1; }; }
# Called by fresh.bash.
cannot() {
  say "skipped: $*"
  exit 77
}
limited() { "$@"; }

# apt of this machine, with its own state and no source but the folder of the release.
own_apt() {
  apt-get -q -o Dir::State="$folder/apt" -o Dir::Cache="$folder/apt" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::Etc::SourceList="$folder/chatd.list" -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any "$@"
}
update() {
  rm -rf -- "$folder/apt"
  mkdir -p -- "$folder/apt/lists/partial" "$folder/apt/archives/partial"
  touch "$folder/apt/status"
  own_apt update
}

make_release() {
  mkdir --mode=0700 "$GNUPGHOME"
  quietly gpg --batch --passphrase '' --quick-generate-key "chatd test <test@chatd.example>" ed25519 sign 2d
  mkdir "$dist"
  touch "$dist/somebody's file"
  fails packaging/release --packages build/deb "$dist" || fail "it empties a folder of other files"
  has "has other files"
  rm -- "$dist/somebody's file"
  fails packaging/release --key unknown@chatd.example --packages build/deb "$dist" || fail "it needs no key"
  has "no secret key unknown"
  fails packaging/release --packages "$GNUPGHOME" "$dist" || fail "it needs no packages"
  has "has not the packages of"
  packaging/release --key test@chatd.example --packages build/deb "$dist" >"$folder/log" 2>&1 ||
    { cat -- "$folder/log" && fail "packaging/release failed"; }
  printf 'deb [signed-by=%s] file:%s stable main\ndeb-src [signed-by=%s] file:%s stable main\n' \
    "$dist/apt/chatd.gpg" "$dist/apt" "$dist/apt/chatd.gpg" "$dist/apt" >"$folder/chatd.list"
}

check_sums() {
  (cd -- "$dist" && sha256sum --check --strict --quiet SHA256SUMS)
  [ "$(wc -l <"$dist/SHA256SUMS")" -eq 4 ] || fail "four files are released"
  quietly gpg --batch --verify "$dist/SHA256SUMS.asc" "$dist/SHA256SUMS"
}

check_apt() {
  local version lists=$dist/apt/dists/stable
  version=$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)
  update >"$folder/log" 2>&1 || { cat -- "$folder/log" && fail "apt refuses the folder"; }
  (cd -- "$folder" && quietly own_apt download chatd uchat && quietly own_apt --download-only source chatd)
  cmp "$folder/chatd_${version}_"*.deb "$dist/chatd_${version}_"*.deb
  quietly dpkg-source --no-check --extract "$folder/chatd_$version.dsc" "$folder/sources.chatd"
  cmp "$folder/sources.chatd/debian/control" packaging/debian/control
  [ -x "$folder/sources.chatd/packaging/release" ] || fail "the sources cannot make a release"
  grep -q "^Valid-Until: " "$lists/InRelease"

  cp -a -- "$dist/apt" "$folder/kept"
  sed -i 's/^Version: .*/Version: 9/' "$lists"/main/binary-*/Packages
  rm -- "$lists"/main/binary-*/Packages.xz
  fails update || fail "apt accepts a changed list"
  has "Hash Sum mismatch"
  sed -i 's/^Label: .*/Label: other/' "$lists/InRelease"
  fails update || fail "apt accepts a changed InRelease"
  has "BADSIG"
  rm -rf -- "$dist/apt"
  mv -- "$folder/kept" "$dist/apt"
}

check_fresh() {
  can_make_fresh
  collect_sources
  reach_mirrors
  make_root
  cp -a -- "$dist/apt" "$fresh/srv/apt"
  enter -- bash -c "set -euo pipefail
    export DEBIAN_FRONTEND=noninteractive
    install -D --mode=0644 /srv/apt/chatd.gpg /etc/apt/keyrings/chatd.gpg
    echo 'deb [signed-by=/etc/apt/keyrings/chatd.gpg] file:/srv/apt stable main' >/etc/apt/sources.list.d/chatd.list
    apt-get -qq update
    apt-get -qq install --no-install-recommends chatd uchat
    chatd --check-config --config /etc/chatd/chatd.toml
    uchat --version
    test -e /etc/ufw/applications.d/chatd" >"$folder/log" 2>&1 ||
    { cat -- "$folder/log" && fail "the packages cannot be installed on a new Debian"; }
}

make_release
check_sums
check_apt
[ "${1:-}" != --fresh ] || check_fresh
