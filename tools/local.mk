# SPDX-License-Identifier: BSD-3-Clause
# The mxcts command: one file per verb (cmd_NAME.c, listed in main.c), linked statically with the project's libraries.
bin_PROGRAMS += %D%/mxcts
%C%_mxcts_SOURCES = %D%/main.c %D%/tool.c %D%/tool.h %D%/data.c %D%/man.c
%C%_mxcts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DMXCTS_PKGDATADIR='"$(pkgdatadir)"' $(MPFR_CFLAGS) $(JANSSON_CFLAGS)
%C%_mxcts_CFLAGS = $(AM_CFLAGS)
%C%_mxcts_LDFLAGS = -static
%C%_mxcts_LDADD = $(JANSSON_LIBS)

# Where a program that is not installed finds its packs and profiles.
BUILT_SOURCES += %D%/srcdir
CLEANFILES += %D%/srcdir
%D%/srcdir: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && echo '$(abs_top_srcdir)' > $@
