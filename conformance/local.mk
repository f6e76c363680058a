# SPDX-License-Identifier: BSD-3-Clause
# libmxconformance: the suite. Everything that judges; linked statically into the mxcts command.
noinst_LTLIBRARIES += libmxconformance.la
libmxconformance_la_SOURCES = \
	%D%/batch.c %D%/batch.h %D%/builtin.c %D%/child.c %D%/child.h %D%/clauses.c %D%/clauses.h %D%/compare.c \
	%D%/compare.h %D%/counts.c %D%/crosscheck.c %D%/data.c %D%/departures.c %D%/digest.c %D%/digest.h \
	%D%/error.c %D%/error.h %D%/gpu_subjects.c %D%/gpu_subjects.h %D%/judge.c %D%/judge.h %D%/lib.c %D%/mxp.c \
	%D%/mxp.h %D%/offers.c %D%/pack_name.c %D%/pack_name.h %D%/packs.c %D%/pipe.c %D%/profile.c %D%/run.c \
	%D%/serve.c %D%/subject.c %D%/subject.h %D%/tally.c %D%/verify.c %D%/weaken.c
# reports, in all their forms
libmxconformance_la_SOURCES += \
	%D%/exercised.c %D%/figures.c %D%/json_fields.c %D%/json_fields.h %D%/json_read.c %D%/json_read.h \
	%D%/markup.c %D%/report.c %D%/report.h %D%/report_causes.c %D%/report_causes.h %D%/report_html.c \
	%D%/report_html.h %D%/report_html_causes.c %D%/report_html_figures.c %D%/report_html_style.c \
	%D%/report_html_tables.c %D%/report_ids.c %D%/report_json.c %D%/report_json.h %D%/report_json_causes.c \
	%D%/report_json_fields.c %D%/report_json_figures.c %D%/report_junit.c %D%/report_read.c %D%/report_rows.c \
	%D%/report_svg.c %D%/report_tap.c %D%/report_text.c %D%/statement.c %D%/statement_check.c
# what a black box does, found by asking
libmxconformance_la_SOURCES += \
	%D%/ask.c %D%/ask.h %D%/bisect.c %D%/bisect.h %D%/bisect_among.c %D%/bisect_byte.c %D%/bisect_code.c \
	%D%/bisect_minimise.c %D%/bisect_questions.c %D%/bisect_quotient.c %D%/bisect_scale.c %D%/bisect_source.c \
	%D%/bisect_store.c %D%/bisect_value.c %D%/bisect_work.h %D%/infer.c %D%/infer.h %D%/infer_check.c \
	%D%/infer_shape.c %D%/infer_work.h %D%/number.c %D%/number.h %D%/probes.c %D%/probes.h %D%/versions.c \
	%D%/versions.h
libmxconformance_la_CPPFLAGS = $(AM_CPPFLAGS) -DMXCTS_PKGDATADIR='"$(pkgdatadir)"' \
	$(MPFR_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
libmxconformance_la_LIBADD = libmxref.la libmxfast.la libmxgpu.la libmxvectors.la libmxnames.la \
	$(JANSSON_LIBS) $(NETTLE_LIBS) $(MPFR_LIBS)

# converters with one fault
libmxconformance_la_SOURCES += %D%/mutants/convert.c %D%/mutants/converter.h %D%/mutants/family.c %D%/mutants/mutants.h \
	%D%/mutants/stage_decode.c %D%/mutants/stage_element.c %D%/mutants/stage_layout.c %D%/mutants/stage_scale.c \
	%D%/mutants/table.c

# what lies behind failures
libmxconformance_la_SOURCES += \
	%D%/accuse.c %D%/cluster.c %D%/cluster.h %D%/diagnose.c %D%/diagnose.h %D%/failures.c %D%/failures.h \
	%D%/known.c %D%/repeat.c %D%/run_diff.c %D%/run_diff.h %D%/sort.h %D%/spot.c %D%/spot.h
EXTRA_DIST += %D%/KNOWN-FAILURES

profilesdir = $(pkgdatadir)/profiles
dist_profiles_DATA = %D%/profiles/FORMAT \
	%D%/profiles/microxcaling-even.profile %D%/profiles/nvidia-headers.profile %D%/profiles/ocp-mx-1.0.profile \
	%D%/profiles/torchao-ceil.profile %D%/profiles/torchao-even.profile %D%/profiles/torchao-floor.profile \
	%D%/profiles/torchao-rceil.profile

# ---- what the packs catch ----
noinst_LTLIBRARIES += libmxmutate.la
libmxmutate_la_SOURCES = %D%/mutants/kill.c %D%/mutants/kill.h %D%/clause_kills.c %D%/clause_kills.h %D%/coverage.c %D%/coverage.h \
	%D%/coverage_bins.c %D%/coverage_layout.c %D%/coverage_list.c %D%/coverage_model.h
libmxmutate_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
libmxmutate_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxmutate_la_LIBADD = libmxconformance.la libmxref.la libmxvectors.la libmxnames.la $(MPFR_LIBS)

EXTRA_DIST += %D%/mutants/SCORES
dist_check_SCRIPTS += %D%/mutants/test_mutate.sh %D%/test_coverage.sh
TESTS += %D%/mutants/test_mutate.sh %D%/test_coverage.sh

# Only this writes the scores and the page into the source tree.
.PHONY: mutation-update
mutation-update: tools/mxcts$(EXEEXT)
	tools/mxcts$(EXEEXT) mutate --format scores > $(srcdir)/%D%/mutants/SCORES
	tools/mxcts$(EXEEXT) mutate --format document > $(srcdir)/doc/mutation.md

# Whether a run names the fault of each mutant: a few in `make check`, all of them against the page in check-exhaustive.
check_PROGRAMS += %D%/mutants/diagnosed
%C%_mutants_diagnosed_SOURCES = %D%/mutants/diagnosed.c
%C%_mutants_diagnosed_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_mutants_diagnosed_LDADD = libmxconformance.la
%C%_mutants_diagnosed_LDFLAGS = -static
dist_check_SCRIPTS += %D%/mutants/test_diagnosed.sh
TESTS += %D%/mutants/test_diagnosed.sh
.PHONY: diagnosis-update check-exhaustive-diagnosis
diagnosis-update: %D%/mutants/diagnosed$(EXEEXT)
	MXCTS_SRCDIR=$(srcdir) %D%/mutants/diagnosed$(EXEEXT) > %D%/diagnosis.tmp
	mv %D%/diagnosis.tmp $(srcdir)/doc/diagnosis.md
check-exhaustive: check-exhaustive-diagnosis
check-exhaustive-diagnosis: %D%/mutants/diagnosed$(EXEEXT)
	MXCTS_SRCDIR=$(srcdir) %D%/mutants/diagnosed$(EXEEXT) > %D%/diagnosis.tmp
	cmp %D%/diagnosis.tmp $(srcdir)/doc/diagnosis.md

# The ledger of clauses; only clauses-update writes into the source tree.
clausesdir = $(pkgdatadir)
dist_clauses_DATA = %D%/clauses.tsv %D%/sweep.roots
.PHONY: clauses-update
clauses-update: tools/mxcts$(EXEEXT)
	tools/mxcts$(EXEEXT) clauses --mutants --format tsv > %D%/clauses.tmp || test $$? -eq 1
	mv %D%/clauses.tmp $(srcdir)/%D%/clauses.tsv

# ---- whole input spaces: step tables ----
noinst_LTLIBRARIES += libmxsteps.la libmxsweep.la
libmxsteps_la_SOURCES = %D%/steps.c %D%/steps.h
libmxsteps_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
libmxsteps_la_LIBADD = libmxref.la libmxnames.la
libmxsweep_la_SOURCES = %D%/journal.c %D%/journal.h %D%/roots.c %D%/roots.h %D%/sweep.c %D%/sweep.h
libmxsweep_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(NETTLE_CFLAGS)
libmxsweep_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxsweep_la_LIBADD = libmxsteps.la libmxconformance.la $(NETTLE_LIBS)

noinst_PROGRAMS += %D%/bench_sweep
%C%_bench_sweep_SOURCES = %D%/bench_sweep.c
%C%_bench_sweep_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_bench_sweep_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_bench_sweep_LDADD = libmxsweep.la libmxfast.la
%C%_bench_sweep_LDFLAGS = -static
bench: bench-sweep
.PHONY: bench-sweep
bench-sweep: %D%/bench_sweep$(EXEEXT)
	$(AM_V_at)%D%/bench_sweep$(EXEEXT)

check_PROGRAMS += %D%/exhaustive
%C%_exhaustive_SOURCES = %D%/exhaustive.c
%C%_exhaustive_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_exhaustive_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_exhaustive_LDADD = libmxsteps.la libmxref.la libmxfast.la
%C%_exhaustive_LDFLAGS = -static

# The two small spaces run in every `make check`; 2^32 casts to six formats take minutes.
dist_check_SCRIPTS += %D%/test_exhaustive.sh
TESTS += %D%/test_exhaustive.sh
.PHONY: check-exhaustive-cast check-exhaustive-sweep roots-update
check-exhaustive: check-exhaustive-cast check-exhaustive-sweep
check-exhaustive-cast: %D%/exhaustive$(EXEEXT)
	%D%/exhaustive$(EXEEXT) narrow
	%D%/exhaustive$(EXEEXT) scaled
	%D%/exhaustive$(EXEEXT) decode

# Certificates: the committed roots are those of the reference, and every instruction set gives the casts and scales.
EXTRA_DIST += %D%/certify.py
certify = MXCTS_SRCDIR='$(abs_top_srcdir)' CERTIFY_MXCTS=tools/mxcts$(EXEEXT) $(PYTHON3) $(srcdir)/%D%/certify.py
check-exhaustive-sweep: tools/mxcts$(EXEEXT)
	$(certify) roots | cmp - $(srcdir)/%D%/sweep.roots
	for subject in portable avx2 avx512 neon; do \
	    CERTIFY_OUT=%D%/certificates $(certify) run $$subject cast scale; status=$$?; \
	    test $$status = 0 || test $$status = 77 || exit 1; \
	done
roots-update: tools/mxcts$(EXEEXT)
	$(certify) roots >%D%/sweep.tmp
	mv %D%/sweep.tmp $(srcdir)/%D%/sweep.roots
clean-local: clean-certificates
.PHONY: clean-certificates
clean-certificates:
	rm -rf %D%/certificates

if HAVE_CHECK
check_PROGRAMS += %D%/test_steps
TESTS += %D%/test_steps
%C%_test_steps_SOURCES = %D%/test_steps.c
%C%_test_steps_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_steps_LDADD = libmxsteps.la libmxref.la $(CHECK_LIBS)
%C%_test_steps_LDFLAGS = -static
endif

# ---- the generator of packs ----
noinst_LTLIBRARIES += libmxgenerate.la
libmxgenerate_la_SOURCES = \
	%D%/choose.c %D%/choose.h %D%/classify.c %D%/generate.c %D%/generate.h %D%/pack_table.c %D%/points.c %D%/points.h %D%/points_block.c \
	%D%/points_cast.c %D%/points_decode.c %D%/points_known.c %D%/points_narrow.c %D%/points_pack.c %D%/points_scale.c %D%/tree.c \
	%D%/tree.h
libmxgenerate_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(NETTLE_CFLAGS)
libmxgenerate_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxgenerate_la_LIBADD = libmxmutate.la libmxconformance.la libmxref.la libmxvectors.la libmxnames.la $(NETTLE_LIBS) $(MPFR_LIBS)

if HAVE_CHECK
%C%_generate_tests = %D%/test_points %D%/test_decisive %D%/test_generate
check_PROGRAMS += $(%C%_generate_tests)
TESTS += $(%C%_generate_tests)
%C%_test_plans = %D%/test_plans.c %D%/test_plans.h
%C%_test_points_SOURCES = %D%/test_points.c $(%C%_test_plans)
%C%_test_points_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_points_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_points_LDADD = libmxgenerate.la libmxref.la libmxnames.la $(CHECK_LIBS)
%C%_test_points_LDFLAGS = -static
%C%_test_decisive_SOURCES = %D%/test_decisive.c $(%C%_test_plans)
%C%_test_decisive_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_decisive_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_decisive_LDADD = libmxgenerate.la libmxref.la libmxnames.la $(CHECK_LIBS)
%C%_test_decisive_LDFLAGS = -static
%C%_test_generate_SOURCES = %D%/test_generate.c $(%C%_test_plans)
%C%_test_generate_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(CHECK_CFLAGS)
%C%_test_generate_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_generate_LDADD = libmxgenerate.la libmxref.la libmxnames.la $(CHECK_LIBS)
%C%_test_generate_LDFLAGS = -static
endif

# ---- tests of the suite itself ----
if HAVE_CHECK
%C%_suite_tests = %D%/test_profiles %D%/test_compare %D%/test_run %D%/test_tier %D%/test_report %D%/test_serve
check_PROGRAMS += $(%C%_suite_tests)
TESTS += $(%C%_suite_tests)
%C%_test_small_tier = %D%/test_small_tier.c %D%/test_small_tier.h
%C%_test_profiles_SOURCES = %D%/test_profiles.c
%C%_test_profiles_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_profiles_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_profiles_LDFLAGS = -static
%C%_test_compare_SOURCES = %D%/test_compare.c
%C%_test_compare_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_compare_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_compare_LDFLAGS = -static
%C%_test_run_SOURCES = %D%/test_run.c $(%C%_test_small_tier)
%C%_test_run_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_run_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_run_LDFLAGS = -static
%C%_test_tier_SOURCES = %D%/test_tier.c $(%C%_test_small_tier)
%C%_test_tier_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_tier_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_tier_LDFLAGS = -static
%C%_test_report_SOURCES = %D%/test_report.c $(%C%_test_small_tier)
%C%_test_report_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS) $(MPFR_CFLAGS)
%C%_test_report_LDADD = libmxconformance.la $(CHECK_LIBS) $(JANSSON_LIBS)
%C%_test_report_LDFLAGS = -static
%C%_test_serve_SOURCES = %D%/test_serve.c
%C%_test_serve_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_serve_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_serve_LDFLAGS = -static

check_PROGRAMS += %D%/test_bisect %D%/test_infer
TESTS += %D%/test_bisect %D%/test_infer
%C%_test_bisect_SOURCES = %D%/test_bisect.c
%C%_test_bisect_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_bisect_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_bisect_LDFLAGS = -static
%C%_bisect_many = %D%/test_bisect$(EXEEXT)
%C%_test_infer_SOURCES = %D%/test_infer.c
%C%_test_infer_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_infer_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_infer_LDFLAGS = -static

check_PROGRAMS += %D%/test_diagnose %D%/test_run_diff %D%/test_weaken
TESTS += %D%/test_diagnose %D%/test_run_diff %D%/test_weaken
%C%_test_weaken_SOURCES = %D%/test_weaken.c
%C%_test_weaken_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_weaken_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_weaken_LDFLAGS = -static
%C%_test_run_diff_SOURCES = %D%/test_run_diff.c
%C%_test_run_diff_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_run_diff_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_run_diff_LDFLAGS = -static
%C%_test_diagnose_SOURCES = %D%/test_diagnose.c
%C%_test_diagnose_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_diagnose_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_diagnose_LDFLAGS = -static
endif

# Every mutant in 20 packs of each operation; empty without libcheck.
.PHONY: check-exhaustive-bisect
check-exhaustive: check-exhaustive-bisect
check-exhaustive-bisect: $(%C%_bisect_many)
	test -z '$(%C%_bisect_many)' || MXCTS_SRCDIR='$(abs_top_srcdir)' MXCTS_BISECT_PACKS=20 $(%C%_bisect_many)

# Reports: the forms against their grammars, and in a browser where there is one. Packs, made again.
dist_check_SCRIPTS += %D%/test_html.py %D%/test_portable.tap %D%/test_regenerate.sh
TESTS += %D%/test_html.py %D%/test_portable.tap %D%/test_regenerate.sh
EXTRA_DIST += %D%/junit.xsd
schemadir = $(pkgdatadir)
dist_schema_DATA = %D%/run.schema.json

# ---- fuzz targets ----
# Over their corpora and neighbours of them; with --enable-fuzzers under libFuzzer too.
EXTRA_DIST += %D%/fuzz_mxp.corpus %D%/fuzz_known.corpus
check_PROGRAMS += %D%/mxp_replay %D%/known_replay
dist_check_SCRIPTS += %D%/test_replay.sh
TESTS += %D%/test_replay.sh
%C%_known_replay_SOURCES = %D%/fuzz_known.c vectors/replay.c vectors/replay.h
%C%_known_replay_LDADD = libmxconformance.la
%C%_known_replay_LDFLAGS = -static
%C%_mxp_replay_SOURCES = %D%/fuzz_mxp.c vectors/replay.c vectors/replay.h
%C%_mxp_replay_LDADD = libmxconformance.la
%C%_mxp_replay_LDFLAGS = -static
if MX_FUZZERS
noinst_PROGRAMS += %D%/fuzz_mxp %D%/fuzz_known
fuzz_targets += %D%/fuzz_mxp$(EXEEXT) %D%/fuzz_known$(EXEEXT)
%C%_fuzz_known_SOURCES = %D%/fuzz_known.c vectors/replay.h
%C%_fuzz_known_LDADD = libmxconformance.la
%C%_fuzz_known_LDFLAGS = -static -fsanitize=fuzzer
%C%_fuzz_mxp_SOURCES = %D%/fuzz_mxp.c vectors/replay.h
%C%_fuzz_mxp_LDADD = libmxconformance.la
%C%_fuzz_mxp_LDFLAGS = -static -fsanitize=fuzzer
endif

# One wrong answer of 2^40, for the test of `mxcts sweep`.
check_LTLIBRARIES += %D%/one_wrong.la
%C%_one_wrong_la_SOURCES = %D%/one_wrong.c
%C%_one_wrong_la_LIBADD = libmxfast.la
%C%_one_wrong_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere

# What needs a GPU and is more than packs; built always, run by hand.
noinst_PROGRAMS += %D%/device
%C%_device_SOURCES = %D%/device.c %D%/device.h %D%/device_layouts.c %D%/device_sweep.c %D%/device_verify.c
%C%_device_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_device_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_device_LDADD = libmxsteps.la libmxgpu.la libmxfast.la libmxref.la libmxnames.la
%C%_device_LDFLAGS = -static
