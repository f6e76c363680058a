# SPDX-License-Identifier: BSD-3-Clause
# The generator of packs: test points, the reference's answers, and which rows the smoke tier keeps.
noinst_LTLIBRARIES += libmxgenerate.la
libmxgenerate_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxgenerate_la_SOURCES = \
	%D%/choose.c %D%/choose.h %D%/classify.c %D%/generate.c %D%/generate.h %D%/pack_table.c %D%/points.c %D%/points.h \
	%D%/points_block.c %D%/points_cast.c %D%/points_decode.c %D%/points_known.c %D%/points_narrow.c %D%/points_pack.c \
	%D%/points_scale.c %D%/tree.c %D%/tree.h
libmxgenerate_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(NETTLE_CFLAGS)
libmxgenerate_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxgenerate_la_LIBADD = libmxmutate.la

# Packs, made again.
dist_check_SCRIPTS += %D%/test_regenerate.sh
TESTS += %D%/test_regenerate.sh

if HAVE_CHECK
%C%_tests = %D%/test_points %D%/test_decisive %D%/test_generate
check_PROGRAMS += $(%C%_tests)
TESTS += $(%C%_tests)
%C%_test_plans = %D%/test_plans.c %D%/test_plans.h
%C%_test_points_SOURCES = %D%/test_points.c $(%C%_test_plans)
%C%_test_points_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_points_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_points_LDADD = libmxgenerate.la $(CHECK_LIBS)
%C%_test_points_LDFLAGS = -static
%C%_test_decisive_SOURCES = %D%/test_decisive.c $(%C%_test_plans)
%C%_test_decisive_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_decisive_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_decisive_LDADD = libmxgenerate.la $(CHECK_LIBS)
%C%_test_decisive_LDFLAGS = -static
%C%_test_generate_SOURCES = %D%/test_generate.c $(%C%_test_plans)
%C%_test_generate_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_generate_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_generate_LDADD = libmxgenerate.la $(CHECK_LIBS)
%C%_test_generate_LDFLAGS = -static
endif
