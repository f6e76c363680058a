# SPDX-License-Identifier: BSD-3-Clause
# libmxconformance: the suite. Everything that judges; linked statically into the mxcts command. Here what all of it
# uses; each folder adds its own part, and its programs and tests.
noinst_LTLIBRARIES += libmxconformance.la
libmxconformance_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxconformance_la_SOURCES = %D%/batch.c %D%/batch.h %D%/digest.c %D%/digest.h %D%/error.c %D%/error.h %D%/finite.c \
	%D%/finite.h %D%/sort.h
libmxconformance_la_CPPFLAGS = $(AM_CPPFLAGS) -DMXCTS_PKGDATADIR='"$(pkgdatadir)"' \
	$(MPFR_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
libmxconformance_la_LIBADD = libmxref.la libmxfast.la libmxgpu.la libmxvectors.la $(JANSSON_LIBS)

# its test takes longest, and so begins first
include conformance/infer/local.mk
include conformance/adapters/local.mk
include conformance/data/local.mk
include conformance/judge/local.mk
include conformance/causes/local.mk
include conformance/report/local.mk
include conformance/bisect/local.mk
include conformance/mutants/local.mk
include conformance/coverage/local.mk
include conformance/generate/local.mk
include conformance/sweep/local.mk
include conformance/gpu/local.mk
include conformance/subjects/local.mk

# What users read and mxcts looks up.
EXTRA_DIST += %D%/KNOWN-FAILURES
profilesdir = $(pkgdatadir)/profiles
dist_profiles_DATA = %D%/profiles/FORMAT \
	%D%/profiles/microxcaling-even.profile %D%/profiles/nvidia-headers.profile %D%/profiles/ocp-mx-1.0.profile \
	%D%/profiles/torchao-ceil.profile %D%/profiles/torchao-even.profile %D%/profiles/torchao-floor.profile \
	%D%/profiles/torchao-rceil.profile
clausesdir = $(pkgdatadir)
dist_clauses_DATA = %D%/clauses.tsv %D%/sweep.roots

# Only this writes the ledger of clauses into the source tree.
.PHONY: clauses-update
clauses-update: tools/mxcts$(EXEEXT)
	tools/mxcts$(EXEEXT) clauses --mutants --format tsv > %D%/clauses.tmp || test $$? -eq 1
	mv %D%/clauses.tmp $(srcdir)/%D%/clauses.tsv
