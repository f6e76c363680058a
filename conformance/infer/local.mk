# SPDX-License-Identifier: BSD-3-Clause
# Which profile a black box follows, found by asking.
libmxconformance_la_SOURCES += \
	%D%/check.c %D%/infer.c %D%/infer.h %D%/number.c %D%/number.h %D%/probes.c %D%/probes.h %D%/shape.c %D%/work.h

if HAVE_CHECK
check_PROGRAMS += %D%/test_infer
TESTS += %D%/test_infer
%C%_test_infer_SOURCES = %D%/test_infer.c
%C%_test_infer_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_infer_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_infer_LDFLAGS = -static
endif
