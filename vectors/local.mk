# SPDX-License-Identifier: BSD-3-Clause
# libmxnames: the nouns as text, in every library and tool. libmxvectors: the packs.
noinst_LTLIBRARIES += libmxnames.la
libmxnames_la_SOURCES = %D%/names.c %D%/profile.c %D%/matters.c %D%/batch.c %D%/text.c %D%/text.h

lib_LTLIBRARIES += libmxvectors.la
libmxvectors_la_SOURCES = %D%/head.c %D%/pack.c %D%/read.c %D%/rows.c %D%/write.c %D%/pack.h
libmxvectors_la_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
libmxvectors_la_LIBADD = libmxnames.la $(NETTLE_LIBS)
