# SPDX-License-Identifier: BSD-3-Clause
# The mxcts command: one file per verb (cmd_NAME.c, listed in main.c), linked statically with the project's libraries.
bin_PROGRAMS += %D%/mxcts
%C%_mxcts_SOURCES = %D%/main.c %D%/cmd_run.c %D%/run_options.c %D%/run_options.h %D%/tool.c %D%/tool.h %D%/man.c
%C%_mxcts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(MPFR_CFLAGS) $(JANSSON_CFLAGS)
%C%_mxcts_CFLAGS = $(AM_CFLAGS)
%C%_mxcts_LDFLAGS = -static
%C%_mxcts_LDADD = libmxconformance.la $(JANSSON_LIBS)

# The house checks, and a test that each of them can fail.
%C%_house = %D%/check-includes %D%/check-symbols %D%/check-headers %D%/check-words %D%/check-scripts
%C%_tests = %D%/test_house.sh
dist_check_SCRIPTS += $(%C%_house) $(%C%_tests)
TESTS += $(%C%_house) $(%C%_tests)
