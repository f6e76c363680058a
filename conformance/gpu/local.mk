# SPDX-License-Identifier: BSD-3-Clause
# What needs a GPU and is more than packs; built always, run by hand.
noinst_PROGRAMS += %D%/device
%C%_device_SOURCES = %D%/device.c %D%/device.h %D%/layouts.c %D%/sweep.c %D%/verify.c
%C%_device_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_device_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_device_LDADD = libmxsteps.la libmxgpu.la libmxfast.la
%C%_device_LDFLAGS = -static
