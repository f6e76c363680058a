# SPDX-License-Identifier: BSD-3-Clause
# libmxfast: the fast CPU implementation. Integer arithmetic only.
lib_LTLIBRARIES += libmxfast.la
libmxfast_la_SOURCES = %D%/blocks_tmpl.h %D%/both_tmpl.h %D%/cast_tmpl.h %D%/columns_tmpl.h %D%/common.c \
	%D%/common.h %D%/cpu.c %D%/dequantize_tmpl.h %D%/fast.c %D%/formats.c %D%/formats.def %D%/isa.def \
	%D%/kernels.h %D%/lanes.h %D%/lanes32.h %D%/log2f.def %D%/operands.c %D%/operands.h \
	%D%/operations_tmpl.h %D%/pack.c %D%/pack.h \
	%D%/pack_tmpl.h %D%/packed.c %D%/packed.h %D%/plan.c %D%/portable.c %D%/quantize_tmpl.h %D%/round.h \
	%D%/run.c %D%/scale.c %D%/scale_tmpl.h %D%/steps_tmpl.h %D%/tensor.c %D%/tensor.h %D%/threads.c \
	%D%/threads.h %D%/transpose_tmpl.h %D%/turned_tmpl.h %D%/turned_values_tmpl.h \
	%D%/value_columns_tmpl.h %D%/words.c %D%/words.h
libmxfast_la_CPPFLAGS = $(AM_CPPFLAGS)
libmxfast_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
libmxfast_la_LIBADD = libmxnames.la
# One set of objects for each instruction set, with flags of its own.
EXTRA_DIST += %D%/x86/decode_avx2.h %D%/x86/decode_avx512.h %D%/x86/encode_avx2.h %D%/x86/encode_avx512.h \
	%D%/x86/lanes_avx2.h %D%/x86/lanes_avx512.h %D%/x86/mxcsr.h %D%/x86/products.h \
	%D%/x86/lanes32_avx2.h %D%/x86/lanes32_avx512.h %D%/x86/pack_avx2.h %D%/x86/pack_avx512.h %D%/x86/pack_halves.h \
	%D%/x86/ports.c %D%/x86/rounded_avx2.h %D%/x86/rounded_avx512.h \
	%D%/x86/transpose.h %D%/arm/lanes_neon.h %D%/arm/lanes32_neon.h %D%/arm/pack_neon.h %D%/arm/transpose.h
if HAVE_AVX2
noinst_LTLIBRARIES += libmxfast_avx2.la
libmxfast_avx2_la_SOURCES = %D%/x86/avx2.c
libmxfast_avx2_la_CFLAGS = $(AM_CFLAGS) $(MX_AVX2_CFLAGS) $(MX_KERNEL_CFLAGS)
libmxfast_avx2_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxfast_la_LIBADD += libmxfast_avx2.la
endif
if HAVE_AVX512
noinst_LTLIBRARIES += libmxfast_avx512.la
libmxfast_avx512_la_SOURCES = %D%/x86/avx512.c
libmxfast_avx512_la_CFLAGS = $(AM_CFLAGS) $(MX_AVX512_CFLAGS) $(MX_KERNEL_CFLAGS)
libmxfast_avx512_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxfast_la_LIBADD += libmxfast_avx512.la
endif
if HAVE_NEON
noinst_LTLIBRARIES += libmxfast_neon.la
libmxfast_neon_la_SOURCES = %D%/arm/neon.c
libmxfast_neon_la_CFLAGS = $(AM_CFLAGS) $(MX_NEON_CFLAGS) $(MX_KERNEL_CFLAGS)
libmxfast_neon_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
libmxfast_la_LIBADD += libmxfast_neon.la
endif
libmxfast_la_LDFLAGS = -version-info 0:0:0 -no-undefined $(OPENMP_CFLAGS)
EXTRA_DIST += %D%/log2f_cuts.py

if HAVE_CHECK
mxfast_tests = %D%/test_bad_input %D%/test_cast %D%/test_decode %D%/test_formats %D%/test_isa %D%/test_isa_both \
	%D%/test_isa_packed %D%/test_formats %D%/test_isa_round %D%/test_isa_scalar %D%/test_packed %D%/test_scale %D%/test_tensor \
	%D%/test_threads %D%/test_transpose %D%/test_widen
check_PROGRAMS += $(mxfast_tests)
TESTS += $(mxfast_tests)
mxfast_test_cppflags = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
mxfast_test_ldadd = libmxfast.la $(CHECK_LIBS)

%C%_test_bad_input_SOURCES = %D%/test_bad_input.c %D%/test_profile.h
%C%_test_bad_input_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_bad_input_LDADD = $(mxfast_test_ldadd)
%C%_test_bad_input_LDFLAGS = -static
%C%_test_cast_SOURCES = %D%/test_cast.c %D%/test_profile.h %D%/test_each_isa.h
%C%_test_cast_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_cast_LDADD = $(mxfast_test_ldadd)
%C%_test_cast_LDFLAGS = -static
%C%_test_scale_SOURCES = %D%/test_scale.c %D%/test_profile.h %D%/test_each_isa.h
%C%_test_scale_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_scale_LDADD = $(mxfast_test_ldadd)
%C%_test_scale_LDFLAGS = -static
%C%_test_decode_SOURCES = %D%/test_decode.c %D%/test_profile.h %D%/test_each_isa.h
%C%_test_decode_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_decode_LDADD = $(mxfast_test_ldadd)
%C%_test_decode_LDFLAGS = -static
%C%_test_formats_SOURCES = %D%/test_formats.c %D%/test_pack_slowly.h %D%/test_profile.h
%C%_test_formats_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_formats_LDADD = $(mxfast_test_ldadd)
%C%_test_formats_LDFLAGS = -static
%C%_test_isa_SOURCES = %D%/test_isa.c %D%/test_draw.h %D%/test_environment.h %D%/test_guard.h \
	%D%/test_isa_inputs.h %D%/test_profile.h
%C%_test_isa_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_isa_LDADD = $(mxfast_test_ldadd)
%C%_test_isa_LDFLAGS = -static
%C%_test_isa_both_SOURCES = %D%/test_isa_both.c %D%/test_draw.h %D%/test_each_isa.h %D%/test_environment.h \
	%D%/test_guard.h %D%/test_isa_inputs.h %D%/test_profile.h
%C%_test_isa_both_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_isa_both_LDADD = $(mxfast_test_ldadd)
%C%_test_isa_both_LDFLAGS = -static
%C%_test_isa_packed_SOURCES = %D%/test_isa_packed.c %D%/test_draw.h %D%/test_environment.h %D%/test_guard.h \
	%D%/test_isa_inputs.h %D%/test_pack_slowly.h %D%/test_profile.h
%C%_test_isa_packed_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_isa_packed_LDADD = $(mxfast_test_ldadd)
%C%_test_isa_packed_LDFLAGS = -static
%C%_test_isa_round_SOURCES = %D%/test_isa_round.c %D%/test_draw.h %D%/test_profile.h
%C%_test_isa_round_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_isa_round_LDADD = $(mxfast_test_ldadd)
%C%_test_isa_round_LDFLAGS = -static
%C%_test_isa_scalar_SOURCES = %D%/test_isa_scalar.c %D%/test_draw.h %D%/test_guard.h %D%/test_profile.h
%C%_test_isa_scalar_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_isa_scalar_LDADD = $(mxfast_test_ldadd)
%C%_test_isa_scalar_LDFLAGS = -static
%C%_test_packed_SOURCES = %D%/test_packed.c %D%/test_guard.h %D%/test_pack_slowly.h %D%/test_profile.h
%C%_test_packed_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_packed_LDADD = $(mxfast_test_ldadd)
%C%_test_packed_LDFLAGS = -static
%C%_test_threads_SOURCES = %D%/test_threads.c %D%/test_profile.h
%C%_test_threads_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_threads_CFLAGS = $(AM_CFLAGS) $(OPENMP_CFLAGS)
%C%_test_threads_LDADD = $(mxfast_test_ldadd)
%C%_test_threads_LDFLAGS = -static
%C%_test_tensor_SOURCES = %D%/test_tensor.c %D%/test_guard.h %D%/test_profile.h
%C%_test_tensor_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_tensor_LDADD = $(mxfast_test_ldadd)
%C%_test_tensor_LDFLAGS = -static
%C%_test_transpose_SOURCES = %D%/test_draw.h %D%/test_guard.h %D%/test_transpose.c
%C%_test_transpose_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_transpose_CFLAGS = $(AM_CFLAGS) $(mxfast_test_transpose_cflags)
%C%_test_transpose_LDADD = $(mxfast_test_ldadd)
%C%_test_transpose_LDFLAGS = -static
if HAVE_AVX2
mxfast_test_transpose_cflags = $(MX_AVX2_CFLAGS)
endif
if HAVE_NEON
mxfast_test_transpose_cflags = $(MX_NEON_CFLAGS)
endif
%C%_test_widen_SOURCES = %D%/test_widen.c %D%/test_profile.h
%C%_test_widen_CPPFLAGS = $(mxfast_test_cppflags)
%C%_test_widen_LDADD = $(mxfast_test_ldadd)
%C%_test_widen_LDFLAGS = -static
endif

# NEON, on machines that are not AArch64: the library, the subject and the tests built by a cross-compiler, run by qemu.
EXTRA_DIST += %D%/arm/check/check.h
dist_check_SCRIPTS += %D%/test_neon.sh
TESTS += %D%/test_neon.sh

noinst_PROGRAMS += %D%/bench_call
%C%_bench_call_SOURCES = %D%/bench_call.c
%C%_bench_call_LDADD = libmxfast.la
%C%_bench_call_LDFLAGS = -static
bench: bench-call
.PHONY: bench-call
bench-call: %D%/bench_call$(EXEEXT)
	$(AM_V_at)%D%/bench_call$(EXEEXT)

# Whole input spaces, instruction set by instruction set, in as many processes as processors: of one, those without
# `wide` seconds, but `scale` eight minutes, the others an hour each, or two (`wide-squares`).
noinst_PROGRAMS += %D%/exhaust/exhaust_isa
%C%_exhaust_exhaust_isa_SOURCES = %D%/exhaust/blocks.c %D%/exhaust/casts.c %D%/exhaust/decode.c \
	%D%/exhaust/exhaust.h %D%/exhaust/exhaust_isa.c %D%/exhaust/scale.c %D%/exhaust/shards.c %D%/exhaust/squares.c
%C%_exhaust_exhaust_isa_LDADD = libmxfast.la
%C%_exhaust_exhaust_isa_LDFLAGS = -static
check-exhaustive: check-exhaustive-isa
.PHONY: check-exhaustive-isa
check-exhaustive-isa: %D%/exhaust/exhaust_isa$(EXEEXT)
	$(AM_V_at)n=`getconf _NPROCESSORS_ONLN`; isa=%D%/exhaust/exhaust_isa$(EXEEXT); \
	good() { test $$1 = 0 || test $$1 = 77; }; \
	for space in decode narrow narrow-rounds casts; do $$isa $$space; good $$? || exit 1; done; \
	for space in narrow-squares scale wide-rounds wide-casts wide wide-squares; do \
	    slices=; i=0; while test $$i -lt $$n; do \
	        $$isa $$space $$n $$i & slices="$$slices $$!"; i=`expr $$i + 1`; \
	    done; \
	    for slice in $$slices; do wait $$slice; good $$? || exit 1; done; \
	done
