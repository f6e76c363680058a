# SPDX-License-Identifier: BSD-3-Clause
# libmxnames: the nouns as text, in every library and tool. libmxvectors: the packs.
noinst_LTLIBRARIES += libmxnames.la
libmxnames_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxnames_la_SOURCES = %D%/names.c %D%/profile.c %D%/shape.c %D%/matters.c %D%/batch.c %D%/near.c %D%/text.c %D%/text.h

lib_LTLIBRARIES += libmxvectors.la
libmxvectors_la_SOURCES = %D%/elem.c %D%/head.c %D%/lines.c %D%/lines.h %D%/pack.c %D%/read.c %D%/rows.c %D%/save.c %D%/write.c %D%/pack.h
libmxvectors_la_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
libmxvectors_la_LIBADD = libmxnames.la $(NETTLE_LIBS)

# Every code of every format, typed from the printed tables: installed, as mxcts compares the libraries with it.
mxv_elem_files = %D%/elem/e5m2.txt %D%/elem/e4m3.txt %D%/elem/e3m2.txt %D%/elem/e2m3.txt %D%/elem/e2m1.txt \
	%D%/elem/int8.txt %D%/elem/e8m0.txt
elemdir = $(pkgdatadir)/vectors/elem
elem_DATA = $(mxv_elem_files)
EXTRA_DIST += $(mxv_elem_files)
dist_check_SCRIPTS += %D%/elem/make.py %D%/test_elem.sh
TESTS += %D%/test_elem.sh

EXTRA_DIST += %D%/FORMAT %D%/README %D%/good %D%/bad

# The fuzz target over the good and the bad packs and their neighbours; with --enable-fuzzers under libFuzzer too.
check_PROGRAMS += %D%/mxv_replay
TESTS += %D%/mxv_replay
%C%_mxv_replay_SOURCES = %D%/fuzz_read.c %D%/replay.c %D%/replay.h
%C%_mxv_replay_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
%C%_mxv_replay_LDADD = libmxvectors.la $(NETTLE_LIBS)
%C%_mxv_replay_LDFLAGS = -static

if MX_FUZZERS
noinst_PROGRAMS += %D%/fuzz_read
fuzz_targets += %D%/fuzz_read$(EXEEXT)
%C%_fuzz_read_SOURCES = %D%/fuzz_read.c %D%/replay.h
%C%_fuzz_read_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
%C%_fuzz_read_LDADD = libmxvectors.la $(NETTLE_LIBS)
%C%_fuzz_read_LDFLAGS = -static -fsanitize=fuzzer
endif

if HAVE_CHECK
%C%_tests = %D%/test_names %D%/test_profile %D%/test_matters %D%/test_batch %D%/test_packs %D%/test_save
check_PROGRAMS += $(%C%_tests)
TESTS += $(%C%_tests)
%C%_test_names_SOURCES = %D%/test_names.c
%C%_test_names_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_names_LDADD = libmxnames.la $(CHECK_LIBS)
%C%_test_profile_SOURCES = %D%/test_profile.c %D%/test_parsed.h
%C%_test_profile_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_profile_LDADD = libmxnames.la $(CHECK_LIBS)
%C%_test_matters_SOURCES = %D%/test_matters.c %D%/test_parsed.h
%C%_test_matters_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_matters_LDADD = libmxnames.la $(CHECK_LIBS)
%C%_test_batch_SOURCES = %D%/test_batch.c %D%/test_parsed.h
%C%_test_batch_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_batch_LDADD = libmxnames.la $(CHECK_LIBS)
%C%_test_packs_SOURCES = %D%/test_packs.c
%C%_test_packs_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_packs_LDADD = libmxvectors.la $(CHECK_LIBS)
%C%_test_packs_LDFLAGS = -static
%C%_test_save_SOURCES = %D%/test_save.c
%C%_test_save_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_save_LDADD = libmxvectors.la $(CHECK_LIBS)
%C%_test_save_LDFLAGS = -static
endif

# ---- the packs ----
# Only vectors-update writes into the source tree; vectors-check makes everything again and compares every byte.
# The folder is distributed and installed as it is: the table of packs is conformance/generate/pack_table.c.
%C%_made = %D%/MANIFEST.sha256 %D%/FULL.sha256 %D%/COUNTS
EXTRA_DIST += $(%C%_made) %D%/SMOKE %D%/packs
mxcts_gen = tools/mxcts$(EXEEXT) gen

.PHONY: vectors-check-full vectors-new
vectors-new: tools/mxcts$(EXEEXT)
	$(AM_V_GEN)rm -rf %D%/new && $(MKDIR_P) %D% && $(mxcts_gen) --tree %D%/new
	@$(SED) '/^-----$$/q' $(srcdir)/%D%/README | cat - %D%/new/PACKS > %D%/new/README && rm %D%/new/PACKS

vectors-check: vectors-new
	@for f in README MANIFEST.sha256 COUNTS; do cmp $(srcdir)/%D%/$$f %D%/new/$$f || exit 1; done
	@diff -rq $(srcdir)/%D%/packs/smoke %D%/new/packs/smoke
	@cd $(srcdir)/%D% && sha256sum --quiet -c MANIFEST.sha256
	@echo "vectors-check: `grep -c . $(srcdir)/%D%/MANIFEST.sha256` packs made again, every byte the same"
	@rm -rf %D%/new

vectors-check-full: tools/mxcts$(EXEEXT)
	@rm -rf %D%/new-full && $(mxcts_gen) --tier full --tree %D%/new-full
	@cmp $(srcdir)/%D%/FULL.sha256 %D%/new-full/FULL.sha256
	@echo "vectors-check-full: `grep -c . $(srcdir)/%D%/FULL.sha256` packs made again, every digest the same"
	@rm -rf %D%/new-full

# Which rows of its packs the smoke tier keeps (conformance/generate/choose.h); then vectors-update.
.PHONY: smoke-update smoke-check
smoke-update: tools/mxcts$(EXEEXT)
	$(MKDIR_P) %D%
	$(mxcts_gen) --choose > %D%/SMOKE.new
	mv %D%/SMOKE.new $(srcdir)/%D%/SMOKE
smoke-check: tools/mxcts$(EXEEXT)
	$(MKDIR_P) %D%
	$(mxcts_gen) --choose > %D%/SMOKE.new
	cmp %D%/SMOKE.new $(srcdir)/%D%/SMOKE
	rm %D%/SMOKE.new
check-exhaustive: smoke-check

vectors-update: vectors-new
	$(mxcts_gen) --tier full --tree %D%/new
	$(MKDIR_P) $(srcdir)/%D%/packs
	rm -rf $(srcdir)/%D%/packs/smoke
	cp -R %D%/new/packs/smoke $(srcdir)/%D%/packs/smoke
	for f in README MANIFEST.sha256 FULL.sha256 COUNTS; do cp %D%/new/$$f $(srcdir)/%D%/$$f || exit 1; done
	rm -rf %D%/new

mxv_datadir = $(pkgdatadir)/vectors
install-data-hook: install-packs
uninstall-hook: uninstall-packs
.PHONY: install-packs uninstall-packs
install-packs:
	$(MKDIR_P) '$(DESTDIR)$(mxv_datadir)/packs/smoke'
	for f in README MANIFEST.sha256 FULL.sha256 COUNTS SMOKE; do \
	  $(INSTALL_DATA) $(srcdir)/%D%/$$f '$(DESTDIR)$(mxv_datadir)' || exit 1; done
	for f in $(srcdir)/%D%/packs/smoke/*.mxv; do \
	  $(INSTALL_DATA) $$f '$(DESTDIR)$(mxv_datadir)/packs/smoke' || exit 1; done
uninstall-packs:
	rm -rf '$(DESTDIR)$(mxv_datadir)/packs'
	for f in README MANIFEST.sha256 FULL.sha256 COUNTS SMOKE; do rm -f '$(DESTDIR)$(mxv_datadir)'/$$f; done
clean-local: vectors-clean
.PHONY: vectors-clean
vectors-clean:
	rm -rf %D%/new %D%/new-full
