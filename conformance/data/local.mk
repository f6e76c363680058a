# SPDX-License-Identifier: BSD-3-Clause
# What a run reads: where it lies, packs and what pins them, profiles, the ledger of clauses, known failures.
libmxconformance_la_SOURCES += \
	%D%/clauses.c %D%/clauses.h %D%/counts.c %D%/crosscheck.c %D%/filter.c %D%/known.c %D%/known.h %D%/pack_name.c \
	%D%/pack_name.h %D%/packs.c %D%/packs.h %D%/paths.c %D%/profile.c %D%/tags.c %D%/tags.h

if HAVE_CHECK
check_PROGRAMS += %D%/test_profiles %D%/test_tier
TESTS += %D%/test_profiles %D%/test_tier
%C%_test_profiles_SOURCES = %D%/test_profiles.c
%C%_test_profiles_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_profiles_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_profiles_LDFLAGS = -static
%C%_test_tier_SOURCES = %D%/test_tier.c $(conformance_small_tier)
%C%_test_tier_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_tier_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_tier_LDFLAGS = -static
endif

# The fuzz target over its corpus and neighbours of it; with --enable-fuzzers under libFuzzer too.
EXTRA_DIST += %D%/fuzz_known.corpus
check_PROGRAMS += %D%/known_replay
%C%_known_replay_SOURCES = %D%/fuzz_known.c vectors/replay.c vectors/replay.h
%C%_known_replay_LDADD = libmxconformance.la
%C%_known_replay_LDFLAGS = -static
if MX_FUZZERS
noinst_PROGRAMS += %D%/fuzz_known
fuzz_targets += %D%/fuzz_known$(EXEEXT)
%C%_fuzz_known_SOURCES = %D%/fuzz_known.c vectors/replay.h
%C%_fuzz_known_LDADD = libmxconformance.la
%C%_fuzz_known_LDFLAGS = -static -fsanitize=fuzzer
endif
