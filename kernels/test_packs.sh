#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Every smoke pack through the kernels' text, lane by lane, in waves of 32 and of 64; and through a device where there is
# one: without, `mxcts run` must exit 77 with the reason, never pass.
set -u
mxcts=${MXCTS_BUILDDIR:?}/tools/mxcts
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

for width in 32 64; do
    if "$mxcts" run --subject lane$width >"$work/out" 2>&1; then
        tail -1 "$work/out" | sed "s/^/lane$width: /"
    else
        tail -20 "$work/out"
        failed=1
    fi
done

for subject in cuda hip; do
    "$mxcts" run --subject $subject >"$work/out" 2>&1
    status=$?
    last=$(tail -1 "$work/out")
    case $status in
        0) echo "$subject: $last" ;;
        77)
            echo "$subject: $last"
            grep -Eq "not built|no (CUDA|HIP) (driver|device)|driver too old|no code for" "$work/out" || { echo "$subject: 77 without a reason"; failed=1; }
            ;;
        *)
            tail -20 "$work/out"
            failed=1
            ;;
    esac
done
exit $failed
