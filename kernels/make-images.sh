#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Writes the C file that holds the device code. Usage: make-images.sh VENDOR:TARGETS:FILE... >images.c
# FILE is a path as seen from where the compiler runs.
set -eu
cat <<'END'
/* Made by make-images.sh: the device code, as built. */
#include "kernels/driver.h"

END
rows='' n=0
for image; do
    vendor=${image%%:*} rest=${image#*:}
    target=${rest%%:*} file=${rest#*:}
    [ -s "$file" ] || { echo "make-images.sh: $file is missing or empty" >&2; exit 1; }
    printf 'extern const unsigned char mxg_image_%d[];\n' $n
    printf '__asm__(".pushsection .rodata\\n.balign 4096\\n.globl mxg_image_%d\\n.hidden mxg_image_%d\\nmxg_image_%d:\\n.incbin \\"%s\\"\\n.byte 0\\n.popsection\\n");\n' \
        $n $n $n "$file"
    rows="$rows    {$vendor, \"$target\", mxg_image_$n},
"
    n=$((n + 1))
done
printf '\nconst mxg_image mxg_images[] = {\n%s    {(mxgpu_vendor)0, 0, 0},\n};\n' "$rows"
