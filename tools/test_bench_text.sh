#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# mxcts bench: options, a quick run as text.
# shellcheck source=tools/assert.sh
. "${MXCTS_SRCDIR:?}/tools/assert.sh"

refuses "'cast' found where quantize\|dequantize was wanted" mxcts bench --op cast
refuses "no element format 'e4m4'" mxcts bench --elem=e4m4
refuses "'round' found where floor\|ceil\|even\|rceil was wanted" mxcts bench --rule=round
refuses "no type 'fp8'" mxcts bench --type=fp8
refuses "'dim2' found where dim0\|dim1" mxcts bench --dim=dim2
refuses "'bits' found where bytes\|packed\|split-half was wanted" mxcts bench --storage=bits
refuses "'tiled' found where linear\|128x4 was wanted" mxcts bench --scales=tiled
refuses "'sr:8' found where rne\|rna\|rnz\|rtz\|rup\|rdn\|rto\|sr was wanted" mxcts bench --round=sr:8
refuses '--round, --scales, --storage split-half and ref are of the processor' mxcts bench --subject cuda --round rtz
refuses "no instruction set 'mmx' in this build; there are: portable" mxcts bench --isa=mmx
refuses "'0' found where a number from 1 to 1024 was wanted" mxcts bench --threads=0
refuses "'1025' found where" mxcts bench --threads=1025
refuses "'l3' found where memory\|l2 was wanted" mxcts bench --level=l3
refuses "'0' found where a number from 1 to 1000 was wanted" mxcts bench --repeats=0
refuses "'reference' found where ref or nothing was wanted" mxcts bench reference
refuses 'no case is left by these options' mxcts bench --quick --storage packed --elem e4m3
refuses 'no case is left by these options' mxcts bench --quick --dim both --op dequantize
refuses '--device and --size want --subject' mxcts bench --quick --size 128
refuses 'no case is left by these options' mxcts bench --quick --storage bytes --scales 128x4 --elem e2m1
refuses 'no case is left by these options' mxcts bench --quick --storage split-half --elem e2m3
refuses 'no case is left by these options .in the second-level cache one thread only' mxcts bench --quick --level l2 --threads 2

run mxcts bench --quick --elem e4m3 --elem e2m1 --type fp32 --rule floor --threads 1
exits 0
matches '^quantize +fp32 ->  8 bit +1 thread +limit memory [0-9.]+ GB/s \(.*\) limit l2 [0-9.]+ GB/s'
matches '^  e2m1 floor dim1-turned portable +memory +[0-9.]+ Gelem/s +[0-9.]+ GB/s ratio [0-9.]+ .* x1\.0$'
matches '^quantize +fp32 ->  8 bit twice +1 thread +limit memory'
matches '^  e2m1 floor both +portable +memory +[0-9.]+ Gelem/s'
matches '^dequantize fp32 <- '
lacks rceil

run mxcts bench --quick ref --elem e2m1 --type fp32 --repeats 1
exits 0
matches '^witness +quantize +e2m1 +fp32 +[1-9][0-9]* +[0-9]+%$'
done_with 30
