# SPDX-License-Identifier: BSD-3-Clause
# libmxref: the reference and its witness.
lib_LTLIBRARIES += libmxref.la
libmxref_la_SOURCES = \
	%D%/internal.h %D%/cast.c %D%/decode.c %D%/format.c %D%/grid.c %D%/run.c %D%/scale.c %D%/scale_arith.c \
	%D%/trace.c %D%/types.c %D%/witness.c %D%/witness_scale.c %D%/witness.h
libmxref_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(MPFR_CFLAGS)
libmxref_la_LIBADD = libmxnames.la $(MPFR_LIBS)
libmxref_la_LDFLAGS = -version-info 0:0:0 -no-undefined

noinst_PROGRAMS += %D%/bench_ref
%C%_bench_ref_SOURCES = %D%/bench_ref.c
%C%_bench_ref_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_bench_ref_LDADD = libmxref.la

.PHONY: bench-ref
bench: bench-ref
bench-ref: %D%/bench_ref$(EXEEXT)
	@%D%/bench_ref$(EXEEXT)
