# SPDX-License-Identifier: BSD-3-Clause
# A report in all its forms (FORM.c, or that and FORM_*.c), and the conformance statement.
libmxconformance_la_SOURCES += \
	%D%/html.c %D%/html.h %D%/html_causes.c %D%/html_figures.c %D%/html_style.c \
	%D%/html_tables.c %D%/ids.c %D%/json.c %D%/json.h %D%/json_causes.c %D%/json_fields.c %D%/json_fields.h \
	%D%/json_figures.c %D%/json_members.c %D%/json_read.c %D%/json_read.h %D%/junit.c %D%/markup.c %D%/read.c \
	%D%/report.c %D%/report.h %D%/rows.c %D%/statement.c %D%/statement_check.c %D%/svg.c %D%/tap.c %D%/text.c \
	%D%/text_causes.c %D%/text_causes.h

# The forms against their grammars, and in a browser where there is one.
schemadir = $(pkgdatadir)
dist_schema_DATA = %D%/run.schema.json %D%/junit.xsd
dist_check_SCRIPTS += %D%/test_html.py
TESTS += %D%/test_html.py

if HAVE_CHECK
check_PROGRAMS += %D%/test_report
TESTS += %D%/test_report
%C%_test_report_SOURCES = %D%/test_report.c $(conformance_small_tier)
%C%_test_report_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS) $(MPFR_CFLAGS)
%C%_test_report_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_report_LDFLAGS = -static
endif
