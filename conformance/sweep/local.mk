# SPDX-License-Identifier: BSD-3-Clause
# Whole input spaces, against step tables of the reference.
noinst_LTLIBRARIES += libmxsteps.la libmxsweep.la
libmxsteps_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxsweep_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxsteps_la_SOURCES = %D%/steps.c %D%/steps.h
libmxsteps_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
libmxsteps_la_LIBADD = libmxref.la
libmxsweep_la_SOURCES = %D%/journal.c %D%/journal.h %D%/roots.c %D%/roots.h %D%/sweep.c %D%/sweep.h
libmxsweep_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS) $(NETTLE_CFLAGS)
libmxsweep_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxsweep_la_LIBADD = libmxsteps.la libmxconformance.la

noinst_PROGRAMS += %D%/bench_sweep
%C%_bench_sweep_SOURCES = %D%/bench_sweep.c
%C%_bench_sweep_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_bench_sweep_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_bench_sweep_LDADD = libmxsweep.la
%C%_bench_sweep_LDFLAGS = -static
bench: bench-sweep
.PHONY: bench-sweep
bench-sweep: %D%/bench_sweep$(EXEEXT)
	$(AM_V_at)%D%/bench_sweep$(EXEEXT)

check_PROGRAMS += %D%/exhaustive
%C%_exhaustive_SOURCES = %D%/exhaustive.c
%C%_exhaustive_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
%C%_exhaustive_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_exhaustive_LDADD = libmxsteps.la libmxfast.la
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
	$(certify) roots | cmp - $(srcdir)/conformance/sweep.roots
	for subject in `tools/mxcts$(EXEEXT) list subjects | sed -n '/ the fast implementation/s/ .*//p'`; do \
	    CERTIFY_OUT=%D%/certificates $(certify) run $$subject cast scale; status=$$?; \
	    test $$status = 0 || test $$status = 77 || exit 1; \
	done
roots-update: tools/mxcts$(EXEEXT)
	$(certify) roots >%D%/roots.tmp
	mv %D%/roots.tmp $(srcdir)/conformance/sweep.roots
clean-local: clean-certificates
.PHONY: clean-certificates
clean-certificates:
	rm -rf %D%/certificates

if HAVE_CHECK
check_PROGRAMS += %D%/test_steps
TESTS += %D%/test_steps
%C%_test_steps_SOURCES = %D%/test_steps.c
%C%_test_steps_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_steps_LDADD = libmxsteps.la $(CHECK_LIBS)
%C%_test_steps_LDFLAGS = -static
endif

# One wrong answer of 2^40, for the test of `mxcts sweep`.
check_LTLIBRARIES += %D%/one_wrong.la
%C%_one_wrong_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
%C%_one_wrong_la_SOURCES = %D%/one_wrong.c
%C%_one_wrong_la_LIBADD = libmxfast.la
%C%_one_wrong_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
