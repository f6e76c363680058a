#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# quickstart on a machine that lacks packages: what it says when it can install them, and when it cannot.
set -u
source=${MXCTS_SRCDIR:?}
command -v bash >/dev/null || { echo 'no bash'; exit 77; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
failed=0
mkdir "$work/bin" "$work/tree"
cp "$source/quickstart" "$work/tree/"
# a machine with the least: none of the packages' commands
for tool in bash sh env cat cp chmod dirname nproc mktemp grep sed head tail tr rm mkdir id find wc sort; do
    path=$(command -v "$tool") && ln -s "$path" "$work/bin/$tool"
done

# quick STATUS PATTERN ARGUMENT...: on that machine
quick() {
    want=$1 pattern=$2
    shift 2
    (cd "$work/tree" && PATH=$work/bin QUICKSTART_MINIMAL=1 bash ./quickstart "$@") >"$work/out" 2>&1
    got=$?
    if [ $got -ne "$want" ] || ! grep -Eq -e "$pattern" "$work/out"; then
        echo "FAIL: quickstart $*: status $got (wanted $want), wanted /$pattern/:"
        sed -n 1,10p "$work/out"
        failed=1
    fi
}
script() { # script NAME TEXT: a command of that machine
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

quick 2 'quickstart run '
quick 2 "no verb 'walk'" walk
for help in --help -h help 'run --help'; do
    # its words are arguments
    # shellcheck disable=SC2086
    quick 0 '^ *./quickstart check ' $help
    # shellcheck disable=SC2086
    (cd "$work/tree" && PATH=$work/bin bash ./quickstart $help 2>/dev/null) | cmp -s - "$work/out" ||
        { echo "FAIL: quickstart $help: not on standard output"; failed=1; }
done
quick 99 '^quickstart: this is not Debian or a relative of it; .*: .*libmpfr-dev.* nettle-dev' run
# the machine asks another program who it is
[ "$(id -u)" -eq 0 ] || script sudo "exec \"\$@\""
script apt-get "echo 'E: Failed to fetch http://deb.debian.org/: Could not resolve' >&2; exit 100"
quick 99 '^quickstart: installing autoconf automake .*libjansson-dev' run
quick 99 'cannot install \(E: Failed to fetch .*\); is the machine online .*Needed packages: .*libmpfr-dev' check
[ "$(wc -l <"$work/out")" -eq 2 ] || { echo 'FAIL: more than two lines:'; cat "$work/out"; failed=1; }
if [ "$(id -u)" -ne 0 ]; then
    rm -f "$work/bin/sudo"
    quick 99 'are you root' check
fi
# make and libtool cut paths at spaces: said before anything is installed
mkdir "$work/a tree"
cp "$source/quickstart" "$work/a tree/"
(cd "$work/a tree" && PATH=$work/bin bash ./quickstart run) >"$work/out" 2>&1
[ $? -eq 99 ] && [ "$(grep -c '^quickstart: wanted folders without a space' "$work/out")" -eq "$(wc -l <"$work/out")" ] ||
    { echo 'FAIL: quickstart in a folder with a space:'; cat "$work/out"; failed=1; }
# what is asked for is what was said to be missing, and is asked for once
script apt-get "echo \"\$*\" >>$work/asked; exit 0"
quick 99 'installed, and yet not found .*libmpfr-dev' run
grep -q '^install -y --no-install-recommends autoconf .*nettle-dev' "$work/asked" || { echo 'FAIL: asked for:'; cat "$work/asked"; failed=1; }
[ $failed -eq 0 ] && echo 'quickstart said what was missing'
exit $failed
