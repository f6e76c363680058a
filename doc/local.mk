# SPDX-License-Identifier: BSD-3-Clause
# Manual pages (printed by the command, committed, compared by a test), the manual, completion.
%C%_pages = \
	%D%/mxcts-bench.1 \
	%D%/mxcts-bisect.1 \
	%D%/mxcts-clauses.1 \
	%D%/mxcts-coverage.1 \
	%D%/mxcts-diff.1 \
	%D%/mxcts-explain.1 \
	%D%/mxcts-gen.1 \
	%D%/mxcts-infer.1 \
	%D%/mxcts-info.1 \
	%D%/mxcts-list.1 \
	%D%/mxcts-mutate.1 \
	%D%/mxcts-report.1 \
	%D%/mxcts-run.1 \
	%D%/mxcts-statement.1 \
	%D%/mxcts-subject.1 \
	%D%/mxcts-sweep.1 \
	%D%/mxcts-verify-statement.1 \
	%D%/mxcts-verify.1 \
	%D%/mxcts.1
dist_man_MANS += $(%C%_pages)

dist_doc_DATA = README NEWS COPYING %D%/manual.md %D%/decisions.md %D%/performance.md %D%/trials.md %D%/mutation.md %D%/certificates.md %D%/diagnosis.md \
	%D%/systems.md %D%/example.c

# What README and the manual name by its place in the source tree lies at the same place below the documents.
nobase_dist_doc_DATA = vectors/FORMAT conformance/KNOWN-FAILURES conformance/subjects/README conformance/subjects/example.py \
	conformance/subjects/example_lib.c conformance/subjects/example_bare.awk conformance/subjects/mxp.py \
	conformance/subjects/mxp.h conformance/subjects/mxp.c tools/plot-bench.py

bashcompdir = $(datadir)/bash-completion/completions
dist_bashcomp_DATA = %D%/mxcts.bash

dist_check_SCRIPTS += %D%/test_completion.sh %D%/test_man.sh
TESTS += %D%/test_completion.sh %D%/test_man.sh

# Only this writes pages into the source tree.
.PHONY: man-update
man-update: tools/mxcts$(EXEEXT)
	@set -e; for page in $(%C%_pages); do \
	  verb=$${page#%D%/mxcts}; verb=$${verb#-}; verb=$${verb%.1}; verb=$${verb#.1}; \
	  tools/mxcts$(EXEEXT) --man $$verb > '$(top_srcdir)'/$$page; echo "  PAGE     $$page"; \
	done
