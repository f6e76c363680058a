# SPDX-License-Identifier: BSD-3-Clause
# From packs and answers to a verdict.
libmxconformance_la_SOURCES += \
	%D%/compare.c %D%/compare.h %D%/conclude.c %D%/exercised.c %D%/exercised.h %D%/figures.c %D%/figures.h \
	%D%/judge.c %D%/judge.h %D%/known.c %D%/known.h %D%/run.c %D%/verify.c %D%/weaken.c %D%/weaken.h

# for tests of whole runs, in other folders too
conformance_small_tier = %D%/test_small_tier.c %D%/test_small_tier.h

if HAVE_CHECK
%C%_tests = %D%/test_compare %D%/test_run %D%/test_weaken
check_PROGRAMS += $(%C%_tests)
TESTS += $(%C%_tests)
%C%_test_compare_SOURCES = %D%/test_compare.c
%C%_test_compare_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_compare_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_compare_LDFLAGS = -static
%C%_test_run_SOURCES = %D%/test_run.c $(conformance_small_tier)
%C%_test_run_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_run_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_run_LDFLAGS = -static
%C%_test_weaken_SOURCES = %D%/test_weaken.c
%C%_test_weaken_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_weaken_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_weaken_LDFLAGS = -static
endif

dist_check_SCRIPTS += %D%/test_portable.tap
TESTS += %D%/test_portable.tap
