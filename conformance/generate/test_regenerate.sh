#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The committed packs are those that the generator makes: every byte, with one thread and with two, in another locale.
set -eu
new=$MXCTS_BUILDDIR/conformance/generate/test_regenerate.tmp
old=$MXCTS_SRCDIR/vectors
rm -rf "$new"
trap 'rm -rf "$new"' 0
trap 'exit 99' HUP INT TERM
LC_ALL=C.UTF-8 OMP_NUM_THREADS=2 "$MXCTS_BUILDDIR/tools/mxcts" gen --tree "$new"
for f in MANIFEST.sha256 COUNTS; do
    cmp "$old/$f" "$new/$f" || { echo "$f is not what the generator makes: make vectors-update, and say why in NEWS"; exit 1; }
done
diff -rq "$old/packs/smoke" "$new/packs/smoke"
(cd "$old" && sha256sum --quiet -c MANIFEST.sha256)
sed '/^-----$/q' "$old/README" | cat - "$new/PACKS" | cmp - "$old/README"
# another number of threads: digests are enough
"$MXCTS_BUILDDIR/tools/mxcts" gen --digest --threads 1 'quantize.e2m1.*' 'cast.int8.*' |
    while read -r digest name; do
        grep -qx "$digest  packs/smoke/$name" "$old/MANIFEST.sha256" || { echo "$name: other bytes with one thread"; exit 1; }
    done
# a changed byte is seen
mkdir -p "$new/bad/packs/smoke"
first=$(sed -n '1s/.*  //p' "$old/MANIFEST.sha256")
sed 's/ must / free /' "$old/$first" >"$new/bad/$first"
if (cd "$new/bad" && sed -n 1p "$old/MANIFEST.sha256" | sha256sum --quiet -c - >/dev/null 2>&1); then
    echo "a changed class was not noticed"
    exit 1
fi
