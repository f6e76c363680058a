#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What the device code must and must not hold, read from the disassembly and the assembler's report:
#   AMD     every kernel is there, no floating-point instruction, denormals kept, no scratch memory in the fast kernels
#   NVIDIA  every kernel is there, no local memory and no spill, 16-byte loads and stores in the fast kernels
# Nothing of it needs a device. Usage: test_static.sh [FOLDER], which holds mxgpu.fatbin, mxgpu.ptxas and mxgpu-*.co
set -u
here=${1:-${MXCTS_BUILDDIR:?}/kernels}
fixed='mxg_cells mxg_blocks mxg_arrange mxg_quantize_any mxg_dequantize_any mxg_dequantize_rows_fp32 mxg_dequantize_rows_bf16
mxg_dequantize_columns_fp32 mxg_dequantize_columns_bf16 mxg_repair mxg_sweep'
fast='mxg_dim0 mxg_tile mxg_sweep'
types='fp32 bf16 fp16'
wrong=0 seen=0 skipped=''
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

complain() {
    echo "FAIL: $*"
    wrong=1
}

# the first of the given commands that there is
tool() {
    for t; do
        command -v "$t" 2>/dev/null && return
    done
    return 1
}

expected() {
    for k in $fixed; do
        echo "$k"
    done
    for f in $fast; do
        for t in $types; do
            echo "${f}_any_$t"
        done
    done
}

# ---- AMD ----

# instructions that compute in, or convert from or to, a floating-point type; loads and moves do not count
floats='\<v_[a-z0-9_]*(_f16|_f32|_f64|_bf16|_fp8|_bf8|_legacy_f32)[a-z0-9_]*|\<v_(rcp|rsq|sqrt|exp|log|fma|mad_f|ldexp|frexp)[a-z0-9_]*|\<[a-z_]*mfma[a-z0-9_]*|\<s_[a-z0-9_]*_f(16|32)[a-z0-9_]*'

check_amd() {
    image=$1 name=${1##*/}
    seen=$((seen + 1))
    "$objdump" -d "$image" >"$work/asm" 2>&1 || { complain "$name: $(head -1 "$work/asm")"; return; }
    for k in $(expected); do
        grep -q "<$k>:" "$work/asm" || complain "$name: no kernel $k"
    done
    lines=$(grep -c '^	' "$work/asm")
    [ "$lines" -gt 1000 ] || complain "$name: only $lines instructions disassembled"
    grep -E "$floats" "$work/asm" | sed 's/^[[:space:]]*//;s/[[:space:]]*\/\/.*//' >"$work/floats"
    [ ! -s "$work/floats" ] || complain "$name: $(wc -l <"$work/floats") floating-point instructions, the first: $(head -1 "$work/floats")"
    "$objdump" -t "$image" | awk '$NF ~ /\.kd$/ { sub(/\.kd$/, "", $NF); print $NF, $1 }' >"$work/kd"
    for k in $(expected); do
        at=$(awk -v k="$k" '$1 == k { print "0x" $2 }' "$work/kd")
        [ -n "$at" ] || { complain "$name: $k has no descriptor"; continue; }
        # the kernel descriptor of the AMDGPU ABI: 64 bytes; scratch bytes at 4, compute_pgm_rsrc1 at 48
        bytes=$("$objdump" -s -j .rodata --start-address="$at" --stop-address="$((at + 64))" "$image" |
            awk '/^ [0-9a-f]+ / { printf "%s%s%s%s", $2, $3, $4, $5 }')
        modes=$(printf %s "$bytes" | cut -c101-102)
        # bits 16 to 19: denormals of fp32 and of fp16, fp64; 3 is keep
        case $modes in
            ?[fF]) ;;
            *) complain "$name: $k: denormal modes '$modes': not both kept" ;;
        esac
        got=$(printf %s "$bytes" | cut -c9-16)
        case $k in
            mxg_dim0_* | mxg_tile_* | mxg_dequantize_*s_*) [ "$got" = 00000000 ] || complain "$name: $k: scratch memory, bytes '$got'" ;;
        esac
    done
}

if ls "$here"/mxgpu-*.co >/dev/null 2>&1; then
    if objdump=$(tool llvm-objdump-22 llvm-objdump-21 llvm-objdump-20 llvm-objdump-19 llvm-objdump-18 llvm-objdump); then
        for image in "$here"/mxgpu-*.co; do
            check_amd "$image"
        done
    else
        skipped="$skipped; AMD: no llvm-objdump (llvm-19)"
    fi
else
    skipped="$skipped; AMD: not built"
fi

# ---- NVIDIA ----

if [ -s "$here/mxgpu.ptxas" ] && [ -s "$here/mxgpu.fatbin" ]; then
    seen=$((seen + 1))
    expected >"$work/expected"
    awk '
        FNR == NR { want[$1] = 1; next }
        /Compiling entry function/ { split($0, q, "\047"); kernel = q[2]; target = q[4]; have[target, kernel] = 1; targets[target] = 1 }
        /bytes stack frame/ {
            n++
            if ($1 != 0 || $5 != 0 || $9 != 0) { sub(/^ */, ""); printf "%s %s: %s\n", target, kernel, $0 }
        }
        END {
            if (n < 10) print "mxgpu.ptxas: only " n + 0 " kernels reported"
            # one kernel for any format, or one for each
            formats = split("e5m2 e4m3 e3m2 e2m3 e2m1 int8", format, " ")
            for (t in targets) for (k in want) {
                missing = (t, k) in have ? "" : k
                for (f = 1; missing != "" && k ~ /_any_/ && f <= formats; f++) {
                    each = k
                    sub(/any/, format[f], each)
                    if (!((t, each) in have)) break
                }
                if (missing != "" && !(k ~ /_any_/ && f > formats)) printf "%s: no kernel %s\n", t, k
            }
        }' "$work/expected" "$here/mxgpu.ptxas" >"$work/ptxas.out"
    while read -r line; do
        complain "$line"
    done <"$work/ptxas.out"
    if cuobjdump=$(tool cuobjdump /usr/local/cuda/bin/cuobjdump) && tool nvdisasm /usr/local/cuda/bin/nvdisasm >/dev/null; then
        "$cuobjdump" --dump-sass "$here/mxgpu.fatbin" >"$work/sass" 2>&1
        awk '
            /Function :/ { kernel = $NF }
            /LDG?\.[A-Z0-9.]*128/ { loads[kernel]++ }
            /STG?\.[A-Z0-9.]*128/ { stores[kernel]++ }
            kernel ~ /^mxg_(dim0|tile|dequantize_columns)_/ { all[kernel] = 1 }
            # its loads are of codes: 8 bytes for 16 of values
            kernel ~ /^mxg_dequantize_rows_/ { all[kernel] = loads[kernel] = 1 }
            END {
                for (k in all) { n++; if (!loads[k] || !stores[k]) printf "%s: %d loads and %d stores of 16 bytes\n", k, loads[k], stores[k] }
                if (n < 6) print "only " n + 0 " fast kernels disassembled"
            }' "$work/sass" >"$work/sass.out"
        while read -r line; do
            complain "$line"
        done <"$work/sass.out"
    else
        skipped="$skipped; NVIDIA disassembly: no cuobjdump and nvdisasm"
    fi
else
    skipped="$skipped; NVIDIA: not built"
fi

[ "$wrong" = 0 ] || exit 1
skipped=${skipped#; }
[ "$seen" -gt 0 ] || { echo "nothing to look at: $skipped"; exit 77; }
echo "$seen images hold what they must${skipped:+ (not looked at: $skipped)}"
