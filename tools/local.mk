# SPDX-License-Identifier: BSD-3-Clause
# The mxcts command: one file per verb (cmd_NAME.c, listed in main.c), linked statically with the project's libraries.
bin_PROGRAMS += %D%/mxcts
%C%_mxcts_SOURCES = %D%/main.c %D%/tool.c %D%/tool.h %D%/man.c %D%/meaning.c %D%/meaning.h %D%/filter.c %D%/filter.h %D%/words.c %D%/exact.c %D%/exact.h
# one line a verb
%C%_mxcts_SOURCES += %D%/cmd_run.c %D%/run_options.c %D%/run_options.h %D%/report_out.c %D%/report_out.h %D%/explain/report.c
%C%_mxcts_SOURCES += %D%/cmd_report.c %D%/cmd_statement.c %D%/cmd_verify_statement.c
%C%_mxcts_SOURCES += %D%/cmd_explain.c \
	%D%/explain/explain.h %D%/explain/case.c %D%/explain/json.c %D%/explain/layout.c %D%/explain/line.c \
	%D%/explain/others.c %D%/explain/text.c %D%/explain/words.c
%C%_mxcts_SOURCES += %D%/cmd_gen.c %D%/gen_own.c %D%/gen_own.h
%C%_mxcts_SOURCES += %D%/cmd_verify.c
%C%_mxcts_SOURCES += %D%/cmd_sweep.c %D%/sweep/sweep.c %D%/sweep/sweep.h %D%/sweep/mpi.c %D%/sweep/plan.c %D%/sweep/report.c
%C%_mxcts_SOURCES += %D%/cmd_subject.c
%C%_mxcts_SOURCES += %D%/cmd_list.c %D%/list_tags.c %D%/list_tags.h
%C%_mxcts_SOURCES += %D%/cmd_clauses.c
%C%_mxcts_SOURCES += %D%/cmd_coverage.c
%C%_mxcts_SOURCES += %D%/cmd_mutate.c
%C%_mxcts_SOURCES += %D%/cmd_info.c %D%/info_formats.c %D%/info_formats.h
%C%_mxcts_SOURCES += %D%/cmd_bench.c \
	%D%/bench/bench.h %D%/bench/device.c %D%/bench/device.h %D%/bench/machine.c %D%/bench/pass.c %D%/bench/ref.c \
	%D%/bench/report.c %D%/bench/run.c %D%/bench/stream.c %D%/bench/stream.h %D%/bench/stream_tmpl.h
%C%_mxcts_SOURCES += %D%/cmd_infer.c
%C%_mxcts_SOURCES += %D%/cmd_diff.c
%C%_mxcts_SOURCES += %D%/cmd_bisect.c %D%/bisect_versions.c %D%/bisect_versions.h %D%/ask_options.c %D%/ask_options.h %D%/snippet.c %D%/snippet.h
%C%_mxcts_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(JANSSON_CFLAGS)
%C%_mxcts_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS) $(MPI_CFLAGS)
%C%_mxcts_LDFLAGS = -static
%C%_mxcts_LDADD = libmxfast.la libmxgenerate.la libmxsweep.la $(MPI_LIBS)

# What --format json of the verbs prints; a run has a schema of its own.
dist_schema_DATA += %D%/verbs.schema.json

# What a program that is not installed knows its source tree by (mxc_data_path).
BUILT_SOURCES += %D%/srcdir
CLEANFILES += %D%/srcdir
%D%/srcdir: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && echo '$(abs_top_srcdir)' > $@

# The house checks, and a test that each of them can fail.
%C%_house = %D%/check-includes %D%/check-symbols %D%/check-headers %D%/check-words %D%/check-scripts %D%/check-format
%C%_tests = \
	%D%/test_bench.py %D%/test_bench_text.sh %D%/test_bisect.sh %D%/test_clause_mutants.sh %D%/test_clauses.sh %D%/test_cli.sh \
	%D%/test_examples.py %D%/test_explain.sh %D%/test_gen.sh %D%/test_house.sh %D%/test_install.sh \
	%D%/test_known.sh %D%/test_quickstart.sh %D%/test_report.sh %D%/test_signals.py %D%/test_sweep.sh \
	%D%/test_terminal.py %D%/test_verify.sh
EXTRA_DIST += %D%/assert.sh
dist_check_SCRIPTS += $(%C%_house) $(%C%_tests)
TESTS += $(%C%_house) $(%C%_tests)
