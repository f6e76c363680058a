# SPDX-License-Identifier: BSD-3-Clause
# libmxgpu: kernels for NVIDIA and AMD GPUs, and the same text run lane by lane on the host.
mxgpu_text = \
	%D%/gpu.h %D%/kernels.h %D%/body/cases.h %D%/body/dim0.h %D%/body/elems.h %D%/body/entry.h %D%/body/fast.h \
	%D%/body/job.h %D%/body/mix.h %D%/body/pack.h %D%/body/round.h %D%/body/scale.h %D%/body/sweep.h %D%/body/tensor.h \
	%D%/body/tile.h %D%/body/value.h
EXTRA_DIST += %D%/kernels.cu

lib_LTLIBRARIES += libmxgpu.la
libmxgpu_la_SOURCES = \
	%D%/fibers.c %D%/fibers.h %D%/lanes.c %D%/lanes.h %D%/lanes_run.h %D%/plan.c %D%/plan.h $(mxgpu_text)
libmxgpu_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
libmxgpu_la_LIBADD = libmxnames.la
libmxgpu_la_LDFLAGS = -version-info 0:0:0 -no-undefined

if HAVE_CHECK
# The text under UBSan: a program of its own sources, so that the library stays as it is built.
check_PROGRAMS += %D%/test_lanes
TESTS += %D%/test_lanes
%C%_test_lanes_SOURCES = %D%/test_lanes.c %D%/fibers.c %D%/lanes.c %D%/plan.c
%C%_test_lanes_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(CHECK_CFLAGS)
%C%_test_lanes_CFLAGS = $(AM_CFLAGS) $(MX_UBSAN_CFLAGS)
%C%_test_lanes_LDADD = libmxnames.la $(CHECK_LIBS)
endif
