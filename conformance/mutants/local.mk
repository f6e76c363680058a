# SPDX-License-Identifier: BSD-3-Clause
# Converters with one fault: known causes of a run's failures, and what packs are measured by (libmxmutate).
libmxconformance_la_SOURCES += \
	%D%/convert.c %D%/converter.h %D%/family.c %D%/mutants.h %D%/stage_decode.c %D%/stage_element.c \
	%D%/stage_input.c %D%/stage_layout.c %D%/stage_scale.c %D%/table.c %D%/whole.c

noinst_LTLIBRARIES += libmxmutate.la
libmxmutate_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxmutate_la_SOURCES = %D%/clause_kills.c %D%/clause_kills.h %D%/kill.c %D%/kill.h
libmxmutate_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPFR_CFLAGS)
libmxmutate_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxmutate_la_LIBADD = libmxconformance.la

EXTRA_DIST += %D%/SCORES
dist_check_SCRIPTS += %D%/test_mutate.sh
TESTS += %D%/test_mutate.sh

# Only this writes the scores and the page into the source tree.
.PHONY: mutation-update
mutation-update: tools/mxcts$(EXEEXT)
	tools/mxcts$(EXEEXT) mutate --format scores > $(srcdir)/%D%/SCORES
	tools/mxcts$(EXEEXT) mutate --format document > $(srcdir)/doc/mutation.md

# Whether a run names the fault of each mutant: a few in `make check`, all of them against the page in check-exhaustive.
check_PROGRAMS += %D%/diagnosed
%C%_diagnosed_SOURCES = %D%/diagnosed.c
%C%_diagnosed_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_diagnosed_LDADD = libmxconformance.la
%C%_diagnosed_LDFLAGS = -static
dist_check_SCRIPTS += %D%/test_diagnosed.sh
TESTS += %D%/test_diagnosed.sh
.PHONY: diagnosis-update check-exhaustive-diagnosis
diagnosis-update: %D%/diagnosed$(EXEEXT)
	MXCTS_SRCDIR=$(srcdir) %D%/diagnosed$(EXEEXT) > %D%/diagnosis.tmp
	mv %D%/diagnosis.tmp $(srcdir)/doc/diagnosis.md
check-exhaustive: check-exhaustive-diagnosis
check-exhaustive-diagnosis: %D%/diagnosed$(EXEEXT)
	MXCTS_SRCDIR=$(srcdir) %D%/diagnosed$(EXEEXT) > %D%/diagnosis.tmp
	cmp %D%/diagnosis.tmp $(srcdir)/doc/diagnosis.md
