# SPDX-License-Identifier: BSD-3-Clause
# Ways to a subject: in this process, a shared object, a command that speaks mxp/1.
libmxconformance_la_SOURCES += \
	%D%/ask.c %D%/ask.h %D%/builtin.c %D%/child.c %D%/child.h %D%/gpu.c %D%/gpu.h %D%/lib.c %D%/mxp.c %D%/mxp.h \
	%D%/offers.c %D%/pipe.c %D%/serve.c %D%/subject.c %D%/subject.h

if HAVE_CHECK
check_PROGRAMS += %D%/test_serve
TESTS += %D%/test_serve
%C%_test_serve_SOURCES = %D%/test_serve.c
%C%_test_serve_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(MPFR_CFLAGS)
%C%_test_serve_LDADD = libmxconformance.la $(CHECK_LIBS)
%C%_test_serve_LDFLAGS = -static
endif

# The fuzz target over its corpus and neighbours of it; with --enable-fuzzers under libFuzzer too.
EXTRA_DIST += %D%/fuzz_mxp.corpus
check_PROGRAMS += %D%/mxp_replay
%C%_mxp_replay_SOURCES = %D%/fuzz_mxp.c vectors/replay.c vectors/replay.h
%C%_mxp_replay_LDADD = libmxconformance.la
%C%_mxp_replay_LDFLAGS = -static
dist_check_SCRIPTS += %D%/test_builtin.sh %D%/test_replay.sh
TESTS += %D%/test_builtin.sh %D%/test_replay.sh
if MX_FUZZERS
noinst_PROGRAMS += %D%/fuzz_mxp
fuzz_targets += %D%/fuzz_mxp$(EXEEXT)
%C%_fuzz_mxp_SOURCES = %D%/fuzz_mxp.c vectors/replay.h
%C%_fuzz_mxp_LDADD = libmxconformance.la
%C%_fuzz_mxp_LDFLAGS = -static -fsanitize=fuzzer
endif
