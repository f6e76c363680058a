#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The fuzz target of the subject protocol over its corpus, cut short and with single bits flipped.
set -e
exec "$MXCTS_BUILDDIR/conformance/mxp_replay" "$MXCTS_SRCDIR/conformance/fuzz_mxp.corpus"
