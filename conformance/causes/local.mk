# SPDX-License-Identifier: BSD-3-Clause
# What lies behind failures.
libmxconformance_la_SOURCES += \
	%D%/accuse.c %D%/axes.c %D%/cluster.c %D%/cluster.h %D%/departures.c %D%/diagnose.c %D%/diagnose.h \
	%D%/explain_line.c %D%/explain_line.h %D%/failures.c %D%/failures.h %D%/part.c %D%/repeat.c %D%/repeat.h \
	%D%/run_diff.c %D%/run_diff.h %D%/spot.c %D%/spot.h

if HAVE_CHECK
check_PROGRAMS += %D%/test_diagnose %D%/test_run_diff
TESTS += %D%/test_diagnose %D%/test_run_diff
%C%_test_diagnose_SOURCES = %D%/test_diagnose.c
%C%_test_diagnose_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_diagnose_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_diagnose_LDFLAGS = -static
%C%_test_run_diff_SOURCES = %D%/test_run_diff.c
%C%_test_run_diff_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_run_diff_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_run_diff_LDFLAGS = -static
endif
