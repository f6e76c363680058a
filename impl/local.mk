# SPDX-License-Identifier: BSD-3-Clause
# libmxfast: the fast CPU implementation. Integer arithmetic only.
lib_LTLIBRARIES += libmxfast.la
libmxfast_la_SOURCES = \
	%D%/formats.c %D%/formats.def %D%/isa.def %D%/kernels.h %D%/log2f.def %D%/plan.c %D%/portable.c %D%/round.h \
	%D%/run.c %D%/scale.c
libmxfast_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
libmxfast_la_LIBADD = libmxnames.la
libmxfast_la_LDFLAGS = -version-info 0:0:0 -no-undefined
EXTRA_DIST += %D%/log2f_cuts.py
