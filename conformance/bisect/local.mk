# SPDX-License-Identifier: BSD-3-Clause
# From a failing case to the smallest one that fails alike, and to its stage.
libmxconformance_la_SOURCES += \
	%D%/among.c %D%/bisect.c %D%/bisect.h %D%/byte.c %D%/code.c %D%/minimise.c %D%/questions.c %D%/quotient.c \
	%D%/scale.c %D%/source.c %D%/store.c %D%/value.c %D%/versions.c %D%/versions.h %D%/work.h

if HAVE_CHECK
check_PROGRAMS += %D%/test_bisect
TESTS += %D%/test_bisect
%C%_test_bisect_SOURCES = %D%/test_bisect.c
%C%_test_bisect_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_bisect_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_bisect_LDFLAGS = -static
%C%_many = %D%/test_bisect$(EXEEXT)
endif

# Every mutant in 20 packs of each operation; empty without libcheck.
.PHONY: check-exhaustive-bisect
check-exhaustive: check-exhaustive-bisect
check-exhaustive-bisect: $(%C%_many)
	test -z '$(%C%_many)' || MXCTS_SRCDIR='$(abs_top_srcdir)' MXCTS_BISECT_PACKS=20 $(%C%_many)
