#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The host side of the kernels over a driver library made for tests (fake_driver.c): every pack, the tensor API, and each
# way in which a driver can fail, with its exit status and one line that says which. Nothing may be leaked.
set -u
build=${MXCTS_BUILDDIR:?}
mxcts=$build/tools/mxcts device=$build/conformance/gpu/device
fake=$build/kernels/.libs/fake_driver.so
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
failed=0 vendors=0
# all packs once; of some formats when they are run again, or with sanitizers, which take five times as long
again='--elem e4m3,e2m1,int8'
some=${MX_SAN_CFLAGS:+$again}

[ -e "$fake" ] || { echo "no $fake"; exit 99; }
mkdir "$work/lib" "$work/empty"
cp "$fake" "$work/lib/libcuda.so.1"
cp "$fake" "$work/lib/libamdhip64.so.7"

# expect HOW STATUS PATTERN COMMAND...: with MXG_FAKE=HOW the command exits with STATUS and prints one line of PATTERN
expect() {
    how=$1 wanted=$2 pattern=$3
    shift 3
    LD_LIBRARY_PATH=$work/lib MXG_FAKE=$how "$@" >"$work/out" 2>&1
    status=$?
    if [ $status -ne "$wanted" ] || ! grep -Eq -- "$pattern" "$work/out" || grep -Eq 'leaked|absent' "$work/out"; then
        echo "FAIL: MXG_FAKE=$how $*: status $status (wanted $wanted), output (wanted /$pattern/, no leak, no absent kernel asked for):"
        tail -5 "$work/out"
        failed=1
    fi
}

for vendor in cuda hip; do
    option='' name=CUDA
    [ $vendor = cuda ] || option=--hip name=HIP
    if LD_LIBRARY_PATH=$work/empty "$mxcts" run --subject $vendor 2>&1 | grep -q 'not built'; then
        echo "$vendor: not built"
        continue
    fi
    vendors=$((vendors + 1))
    # options are words
    # shellcheck disable=SC2086
    expect '' 0 '^PASS: conforms on all [1-9][0-9]* judged cases' "$mxcts" run --subject $vendor $some
    some=$again
    expect '' 0 'libmxfast, [1-9][0-9]* tensors quantised by no fast kernel, 0 buffers differ' "$device" verify --quick $option
    expect '' 2 'wanted a device from 0 to 1, found 7' "$device" verify --device 7 $option
    expect no-device 77 "no $name device: .*no device" "$device" verify $option
    expect none 77 "no $name device: the driver lists none" "$device" verify $option
    expect old 77 'driver too old: .*PTX of a newer toolchain' "$device" verify $option
    expect no-code 77 'no code for fake device 0 .built: .*no binary for this GPU' "$device" verify $option
    built=$(sed -n 's/.*(built: \(.*\)) or .*/\1/p' "$work/out")
    [ -n "$built" ] || { echo "FAIL: $vendor: what is built is not said"; failed=1; }
    case $vendor:$built in
        hip:*' '*) expect first 0 ' 0 buffers differ' "$device" verify --quick $option ;; # one code object for each target
        hip:*) expect first 77 'no code for fake device 0 .built: .*no binary for this GPU' "$device" verify $option ;;
    esac
    # shellcheck disable=SC2086
    expect each 0 '^PASS: conforms on all [1-9][0-9]* judged cases' "$mxcts" run --subject $vendor $some
    expect each 0 ' 0 buffers differ' "$device" verify --quick $option
    expect tile 99 'find mxg_tile_e4m3_fp32 or mxg_tile_any_fp32 in the code for this GPU: named symbol not found' \
        "$device" verify --quick $option
    expect repair 99 'find mxg_repair in the code for this GPU: named symbol not found' "$device" verify --quick $option
    expect memory 99 'allocate device memory: out of memory .error 2' "$device" verify $option
    expect launch 99 'launch: launch failed .error 719' "$device" verify --quick $option
    expect none 77 "no $name device" "$mxcts" run --subject $vendor
    expect '' 2 "wanted a number after --device, found 'x'" "$device" verify --device x $option
    set -- "$mxcts" bench --subject $vendor --size 128 --elem e4m3 --rule floor --type bf16 --repeats 1
    expect '' 0 'e4m3 floor both  *'$vendor' .* ratio 1.000' "$@"
    expect '' 0 '"limit_kernel": "copy"' "$@" --format json --dim both
    expect '' 2 'wanted a device from 0 to 1, found 7' "$@" --device 7
    expect none 77 "no $name device: the driver lists none" "$@"
    expect memory 99 'allocate device memory: out of memory .error 2' "$@"
    expect pinned 99 'allocate pinned memory: out of memory .error 2' "$@"
    expect launch 99 'launch: launch failed .error 719' "$@"
    expect '' 2 'are of the processor' "$@" --threads 2
done
[ $failed = 0 ] || exit 1
[ $vendors -gt 0 ] || { echo "neither vendor's kernels are built"; exit 77; }
echo "$vendors vendors"
