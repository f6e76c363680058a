#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The manual pages are those that the command prints, there is one for each verb, and mandoc finds no fault in them.
set -u
mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
# mandoc compares the section in the name of the file with that in the page
page=$work/page.1
failed=0 pages=0
verbs=$("$mxcts" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
for verb in '' $verbs; do
    name=mxcts${verb:+-$verb}.1
    # no verb is no argument
    # shellcheck disable=SC2086
    "$mxcts" --man $verb >"$page" || failed=1
    pages=$((pages + 1))
    if ! cmp -s "$page" "${MXCTS_SRCDIR:?}/doc/$name"; then
        echo "FAIL: doc/$name is not what mxcts --man $verb prints: make man-update"
        failed=1
    fi
    [ "$(grep -o "%D%/$name" "$MXCTS_SRCDIR/doc/local.mk" | wc -l)" -eq 1 ] || { echo "FAIL: doc/local.mk lists $name not once"; failed=1; }
    [ -z "$verb" ] || grep -q '^\.Sh EXAMPLES' "$page" || { echo "FAIL: $name has no example"; failed=1; }
    if command -v mandoc >/dev/null; then
        # cross references to pages that are not installed yet are no fault
        lint=$(mandoc -Tlint "$page" | grep -v 'referenced manual not found')
        [ -z "$lint" ] || { echo "FAIL: $name:"; echo "$lint"; failed=1; }
    fi
done
for file in "$MXCTS_SRCDIR"/doc/mxcts*.1; do
    name=${file##*/}
    case " mxcts $(echo "$verbs" | sed 's/^/mxcts-/' | tr '\n' ' ')" in
        *" ${name%.1} "*) ;;
        *) echo "FAIL: doc/$name is of no verb"; failed=1 ;;
    esac
done
[ $pages -gt 3 ] || { echo "only $pages pages"; exit 99; }
command -v mandoc >/dev/null || { [ $failed -eq 0 ] && echo 'no mandoc: pages were compared only' && exit 77; }
[ $failed -eq 0 ] && echo "$pages pages"
exit $failed
