# SPDX-License-Identifier: BSD-3-Clause
# libmxnames: the nouns as text, in every library and tool. libmxvectors: the packs.
noinst_LTLIBRARIES += libmxnames.la
libmxnames_la_SOURCES = %D%/names.c %D%/profile.c %D%/matters.c %D%/batch.c %D%/text.c %D%/text.h
