#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A second run of packaging/deb: it compiles only the changed files, and the packages are identical
# to those of the first build. Run by with_systemd after packaging/deb.
. "$(dirname -- "${BASH_SOURCE[0]}")/system_test.bash"

# The checkout keeps its path, because a changed path repeats the compilation. The overlay and the
# files written into it end with this machine.
mkdir /run/upper /run/work
mount -t overlay overlay -o "lowerdir=$root,upperdir=/run/upper,workdir=/run/work" "$root"
first=$root/build/deb
source=$root/client/words/words.cpp
cp --preserve=timestamps "$source" /run/words.cpp

build_packages() { "$root/packaging/deb" /run/again >/run/deb.log 2>&1; }
# Prints the number of objects that the last build made.
compiled() { find "$root"/build/packages/chatd/obj-* -name '*.o' -newer /run/begin | wc -l; }
has_planted() { dpkg-deb --fsys-tarfile "$1" | tar -x --to-stdout ./usr/bin/uchat | grep --text "planted words" >/dev/null; }

step "a build that fails leaves no package and keeps the objects"
touch /run/begin
echo '#error planted' >>"$source"
fails build_packages
grep --quiet "error planted" /run/deb.log
is "$(find /run/again -name '*.deb')" ""
is "$(compiled)" 0

step "a changed line costs one compilation"
printf 'namespace {\n[[gnu::used]] const char kPlanted[] = "planted words";\n}\n' | cat /run/words.cpp - >"$source"
touch /run/begin
build_packages || { cat /run/deb.log && exit 1; }
is "$(compiled)" 1
has_planted /run/again/uchat_*.deb
fails has_planted "$first"/uchat_*.deb
cmp "$first"/chatd_*.deb /run/again/chatd_*.deb

step "a file that is restored with its old time is compiled again, and the packages are identical"
cp --preserve=timestamps /run/words.cpp "$source"
touch /run/begin
build_packages || { cat /run/deb.log && exit 1; }
is "$(compiled)" 1
cmp "$first"/chatd_*.deb /run/again/chatd_*.deb
cmp "$first"/uchat_*.deb /run/again/uchat_*.deb
