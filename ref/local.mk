# SPDX-License-Identifier: BSD-3-Clause
# libmxref: the reference and its witness.
lib_LTLIBRARIES += libmxref.la
libmxref_la_SOURCES = \
	%D%/internal.h %D%/cast.c %D%/decode.c %D%/format.c %D%/grid.c %D%/pack.c %D%/run.c %D%/scale.c %D%/scale_arith.c \
	%D%/trace.c %D%/types.c %D%/witness.c %D%/witness_pack.c %D%/witness_round.c \
	%D%/witness_scale.c %D%/witness.h
libmxref_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
libmxref_la_LIBADD = libmxnames.la $(MPFR_LIBS)
libmxref_la_LDFLAGS = -version-info 0:0:0 -no-undefined

noinst_PROGRAMS += %D%/bench_ref
%C%_bench_ref_SOURCES = %D%/bench_ref.c
%C%_bench_ref_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_bench_ref_LDADD = libmxref.la

.PHONY: bench-ref check-exhaustive-ref
bench: bench-ref
bench-ref: %D%/bench_ref$(EXEEXT)
	@%D%/bench_ref$(EXEEXT)

if HAVE_CHECK
ref_tests = \
	%D%/test_ref_values \
	%D%/test_ref_axes \
	%D%/test_ref_systems \
	%D%/test_ref_status \
	%D%/test_ref_trace \
	%D%/test_ref_random \
	%D%/test_ref_pack \
	%D%/test_witness \
	%D%/test_points
check_PROGRAMS += $(ref_tests)
TESTS += $(ref_tests)
mxref_test_cppflags = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
mxref_test_ldadd = libmxref.la $(MPFR_LIBS) $(CHECK_LIBS)
%C%_test_ref_values_SOURCES = %D%/test_ref_values.c %D%/test_util.h
%C%_test_ref_values_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_values_LDADD = $(mxref_test_ldadd)
%C%_test_ref_values_LDFLAGS = -static
%C%_test_ref_axes_SOURCES = %D%/test_ref_axes.c %D%/test_util.h
%C%_test_ref_axes_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_axes_LDADD = $(mxref_test_ldadd)
%C%_test_ref_axes_LDFLAGS = -static
%C%_test_ref_status_SOURCES = %D%/test_ref_status.c %D%/test_util.h %D%/test_draw.h
%C%_test_ref_status_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_status_LDADD = $(mxref_test_ldadd)
%C%_test_ref_status_LDFLAGS = -static
%C%_test_ref_trace_SOURCES = %D%/test_ref_trace.c %D%/test_util.h %D%/test_draw.h
%C%_test_ref_trace_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_trace_LDADD = $(mxref_test_ldadd)
%C%_test_ref_trace_LDFLAGS = -static
%C%_test_ref_random_SOURCES = %D%/test_ref_random.c %D%/test_util.h %D%/test_draw.h
%C%_test_ref_random_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_random_LDADD = $(mxref_test_ldadd)
%C%_test_ref_random_LDFLAGS = -static
%C%_test_ref_pack_SOURCES = %D%/test_ref_pack.c %D%/test_util.h %D%/test_draw.h
%C%_test_ref_pack_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_pack_LDADD = $(mxref_test_ldadd)
%C%_test_ref_pack_LDFLAGS = -static
%C%_test_witness_SOURCES = %D%/test_witness.c %D%/test_util.h %D%/test_pair.h
%C%_test_witness_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_witness_LDADD = $(mxref_test_ldadd)
%C%_test_witness_LDFLAGS = -static
%C%_test_points_SOURCES = %D%/test_points.c %D%/test_util.h %D%/test_pair.h
%C%_test_points_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_points_LDADD = $(mxref_test_ldadd)
%C%_test_points_LDFLAGS = -static
%C%_test_ref_systems_SOURCES = %D%/test_ref_systems.c %D%/test_util.h
%C%_test_ref_systems_CPPFLAGS = $(mxref_test_cppflags)
%C%_test_ref_systems_LDADD = $(mxref_test_ldadd)
%C%_test_ref_systems_LDFLAGS = -static

ref_exhaustive = %D%/test_ref_random$(EXEEXT)
endif

# Longer: two million random batches of twelve cases.
check-exhaustive: check-exhaustive-ref
check-exhaustive-ref: $(ref_exhaustive)
	for test in $(ref_exhaustive); do MX_REF_BATCHES=2000000 $$test || exit 1; done
