# SPDX-License-Identifier: BSD-3-Clause
# libmxnames: the nouns as text, in every library and tool. libmxvectors: the packs.
noinst_LTLIBRARIES += libmxnames.la
libmxnames_la_SOURCES = %D%/names.c %D%/profile.c %D%/matters.c %D%/batch.c %D%/text.c %D%/text.h

lib_LTLIBRARIES += libmxvectors.la
libmxvectors_la_SOURCES = %D%/elem.c %D%/head.c %D%/pack.c %D%/read.c %D%/rows.c %D%/write.c %D%/pack.h
libmxvectors_la_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
libmxvectors_la_LIBADD = libmxnames.la $(NETTLE_LIBS)

# Every code of every format, typed from the printed tables: installed, as mxcts compares the libraries with it.
mxv_elem_files = %D%/elem/e5m2.txt %D%/elem/e4m3.txt %D%/elem/e3m2.txt %D%/elem/e2m3.txt %D%/elem/e2m1.txt \
	%D%/elem/int8.txt %D%/elem/e8m0.txt
elemdir = $(pkgdatadir)/vectors/elem
elem_DATA = $(mxv_elem_files)
EXTRA_DIST += $(mxv_elem_files)
dist_check_SCRIPTS += %D%/elem/make.py %D%/test_elem.sh
TESTS += %D%/test_elem.sh

EXTRA_DIST += %D%/FORMAT %D%/README %D%/good %D%/bad

# The fuzz target over the good and the bad packs and their neighbours; with --enable-fuzzers under libFuzzer too.
check_PROGRAMS += mxv_replay
TESTS += mxv_replay
mxv_replay_SOURCES = %D%/fuzz_read.c %D%/replay.c %D%/replay.h
mxv_replay_LDADD = libmxvectors.la
mxv_replay_LDFLAGS = -static

if MX_FUZZERS
noinst_PROGRAMS += fuzz_read
fuzz_read_SOURCES = %D%/fuzz_read.c %D%/replay.h
fuzz_read_LDADD = libmxvectors.la
fuzz_read_LDFLAGS = -static -fsanitize=fuzzer
endif

if HAVE_CHECK
check_PROGRAMS += test_names test_packs
TESTS += test_names test_packs
test_names_SOURCES = %D%/test_names.c
test_names_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
test_names_LDADD = libmxnames.la $(CHECK_LIBS)
test_packs_SOURCES = %D%/test_packs.c
test_packs_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
test_packs_LDADD = libmxvectors.la $(CHECK_LIBS)
test_packs_LDFLAGS = -static
endif
