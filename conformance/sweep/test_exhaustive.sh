#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The fast code of every instruction set against the reference: all 16-bit sources under every rounding, and every scale x code decoded.
set -e
"$MXCTS_BUILDDIR/conformance/sweep/exhaustive" narrow
"$MXCTS_BUILDDIR/conformance/sweep/exhaustive" scaled
"$MXCTS_BUILDDIR/conformance/sweep/exhaustive" decode
