#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The fuzz targets of the subject protocol and of known failures over their corpora, cut short and with bits flipped.
set -e
for target in adapters/mxp data/known; do
    "$MXCTS_BUILDDIR/conformance/${target}_replay" "$MXCTS_SRCDIR/conformance/${target%/*}/fuzz_${target#*/}.corpus"
done
