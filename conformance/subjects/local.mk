# SPDX-License-Identifier: BSD-3-Clause
# Subjects for the suite: NVIDIA's headers, examples to copy, and liars that must not pass. None of them is installed as
# a program (the examples are, as documents), none links with the project's libraries.
check_PROGRAMS += %D%/nvidia_headers %D%/liars
%C%_nvidia_headers_SOURCES = %D%/nvidia_headers.c %D%/nvidia.h %D%/mxp.c %D%/mxp.h
%C%_nvidia_headers_CPPFLAGS = $(AM_CPPFLAGS) $(SUBJECTS_NVIDIA_CPPFLAGS)
%C%_liars_SOURCES = %D%/liars.c

if HAVE_CUDA_HEADERS
SUBJECTS_NVIDIA_CPPFLAGS = -DHAVE_CUDA_HEADERS -isystem @CUDA_INCLUDE@
endif

# Shared objects as a user would build them; -rpath makes libtool build one although it is not installed.
check_LTLIBRARIES += %D%/example_lib.la %D%/liar_lib.la %D%/liar_half.la
SUBJECTS_MODULE = -module -avoid-version -shared -rpath /nowhere
%C%_example_lib_la_SOURCES = %D%/example_lib.c
%C%_example_lib_la_LDFLAGS = $(SUBJECTS_MODULE)
%C%_liar_lib_la_SOURCES = %D%/liar_lib.c
%C%_liar_lib_la_LDFLAGS = $(SUBJECTS_MODULE)
%C%_liar_half_la_SOURCES = %D%/liar_lib.c
%C%_liar_half_la_CPPFLAGS = $(AM_CPPFLAGS) -DLIAR_WITHOUT_RUN
%C%_liar_half_la_LDFLAGS = $(SUBJECTS_MODULE)

EXTRA_DIST += %D%/README %D%/example.py %D%/example_bare.awk %D%/mxp.py \
	%D%/numpy_ml_dtypes.py %D%/torchao_mx.py %D%/gguf_mxfp4.py %D%/gfloat_mx.py %D%/mlx_mx.py %D%/onnxruntime_mx.py \
	%D%/openvino_mx.py %D%/bitstring_mx.py %D%/modelopt_mx.py %D%/compressed_tensors_mx.py %D%/pychop_mx.py \
	%D%/torch_bits.py

if HAVE_CHECK
check_PROGRAMS += %D%/test_mxp
TESTS += %D%/test_mxp
%C%_test_mxp_SOURCES = %D%/test_mxp.c %D%/mxp.c %D%/mxp.h
%C%_test_mxp_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
%C%_test_mxp_LDADD = $(CHECK_LIBS)
endif

# NVIDIA's headers against the reference; without them the test says so and is skipped.
check_PROGRAMS += %D%/test_nvidia
TESTS += %D%/test_nvidia
%C%_test_nvidia_SOURCES = %D%/test_nvidia.c %D%/nvidia.h
%C%_test_nvidia_CPPFLAGS = $(AM_CPPFLAGS) $(SUBJECTS_NVIDIA_CPPFLAGS) $(MPFR_CFLAGS)
%C%_test_nvidia_LDADD = libmxconformance.la
%C%_test_nvidia_LDFLAGS = -static
check-exhaustive: check-exhaustive-nvidia
.PHONY: check-exhaustive-nvidia
check-exhaustive-nvidia: %D%/test_nvidia
	MXCTS_SRCDIR='$(abs_top_srcdir)' %D%/test_nvidia exhaustive

dist_check_SCRIPTS += %D%/test_liars.sh %D%/test_subjects.sh
TESTS += %D%/test_liars.sh %D%/test_subjects.sh

# libmxfast over the protocol, needing nothing else: what test_neon.sh builds for another machine.
EXTRA_PROGRAMS += %D%/fast
%C%_fast_SOURCES = %D%/fast.c conformance/adapters/serve.c conformance/batch.c conformance/batch.h conformance/error.c \
	conformance/error.h conformance/adapters/mxp.c conformance/adapters/mxp.h conformance/adapters/offers.c conformance/data/filter.c vectors/head.c vectors/rows.c
%C%_fast_CPPFLAGS = $(AM_CPPFLAGS)
%C%_fast_LDADD = libmxfast.la
%C%_fast_LDFLAGS = -static
