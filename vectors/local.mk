# SPDX-License-Identifier: BSD-3-Clause
# libmxnames: the nouns as text, in every library and tool. libmxvectors: the packs.
noinst_LTLIBRARIES += libmxnames.la
libmxnames_la_SOURCES = %D%/names.c %D%/profile.c %D%/matters.c %D%/batch.c %D%/text.c %D%/text.h

lib_LTLIBRARIES += libmxvectors.la
libmxvectors_la_SOURCES = %D%/elem.c %D%/head.c %D%/pack.c %D%/read.c %D%/rows.c %D%/write.c %D%/pack.h
libmxvectors_la_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
libmxvectors_la_LIBADD = libmxnames.la $(NETTLE_LIBS)

# Every code of every format, typed from the printed tables: installed, as mxcts compares the libraries with it.
mxv_elem_files = %D%/elem/e5m2.txt %D%/elem/e4m3.txt %D%/elem/e3m2.txt %D%/elem/e2m3.txt %D%/elem/e2m1.txt \
	%D%/elem/int8.txt %D%/elem/e8m0.txt
elemdir = $(pkgdatadir)/vectors/elem
elem_DATA = $(mxv_elem_files)
EXTRA_DIST += $(mxv_elem_files)
dist_check_SCRIPTS += %D%/elem/make.py %D%/test_elem.sh
TESTS += %D%/test_elem.sh
