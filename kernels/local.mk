# SPDX-License-Identifier: BSD-3-Clause
# libmxgpu: kernels for NVIDIA and AMD GPUs, and the same text run lane by lane on the host.
mxgpu_text = \
	%D%/gpu.h %D%/kernels.h %D%/body/arrange.h %D%/body/cases.h %D%/body/decode.h %D%/body/dim0.h \
	%D%/body/divide.h %D%/body/elems.h %D%/body/entry.h %D%/body/fast.h %D%/body/job.h %D%/body/mix.h \
	%D%/body/model.h %D%/body/pack.h %D%/body/repair.h %D%/body/round.h %D%/body/scale.h %D%/body/stage.h \
	%D%/body/strips.h %D%/body/sweep.h %D%/body/tensor.h %D%/body/tile.h %D%/body/value.h
EXTRA_DIST += %D%/kernels.cu %D%/make-images.sh

# what runs the text lane by lane on the host
mxgpu_lane_run = %D%/columns.c %D%/fibers.c %D%/lanes.c %D%/plan.c %D%/plan_tensor.c

lib_LTLIBRARIES += libmxgpu.la
libmxgpu_la_SOURCES = \
	%D%/columns.h %D%/device.h %D%/driver.c %D%/driver.h %D%/fibers.h %D%/host.c %D%/lanes.h %D%/lanes_run.h \
	%D%/memory.c %D%/plan.h $(mxgpu_lane_run) $(mxgpu_text)
nodist_libmxgpu_la_SOURCES = %D%/images.c
libmxgpu_la_CPPFLAGS = $(AM_CPPFLAGS)
libmxgpu_la_LIBADD = libmxnames.la
libmxgpu_la_LDFLAGS = -version-info 0:0:0 -no-undefined

# Device code: exactness flags always on. The integer text does not need them; whatever floating point ever comes does.
mxgpu_nvcc = $(NVCC) -std=c++17 -O3 -fmad=false -ftz=false -prec-div=true -prec-sqrt=true -Xptxas -v
mxgpu_clang = $(HIPCLANG) -x hip -std=c++17 -O3 -ffp-contract=off -fno-fast-math -fno-gpu-flush-denormals-to-zero \
	-nogpuinc -nogpulib -DMXG_AMD --offload-device-only --no-gpu-bundle-output
mxgpu_images =
mxgpu_image_words =
if HAVE_NVCC
mxgpu_images += %D%/mxgpu.fatbin
mxgpu_image_words += 'MXGPU_CUDA:$(CUDA_ARCHES):%D%/mxgpu.fatbin'
endif
if HAVE_HIPCLANG
mxgpu_images += $(HIP_ARCHES:%=%D%/mxgpu-%.co)
mxgpu_image_words += $(foreach a,$(HIP_ARCHES),'MXGPU_HIP:$(a):%D%/mxgpu-$(a).co')
endif

# What ptxas says of registers and spills is kept for test_static.sh.
%D%/mxgpu.fatbin: %D%/kernels.cu $(mxgpu_text)
	@$(MKDIR_P) %D%
	$(AM_V_GEN)$(mxgpu_nvcc) $(NVCC_GENCODE) $(NVCCFLAGS) $(MX_CPPFLAGS) -fatbin -o $@ $(srcdir)/%D%/kernels.cu \
		>%D%/mxgpu.ptxas 2>&1 || { cat %D%/mxgpu.ptxas; rm -f $@; exit 1; }
%D%/mxgpu-%.co: %D%/kernels.cu $(mxgpu_text)
	@$(MKDIR_P) %D%
	$(AM_V_GEN)$(mxgpu_clang) --offload-arch=$* $(HIPFLAGS) $(MX_CPPFLAGS) -c -o $@ $(srcdir)/%D%/kernels.cu
%D%/images.c: $(mxgpu_images) %D%/make-images.sh
	@$(MKDIR_P) %D%
	$(AM_V_GEN)$(SHELL) $(srcdir)/%D%/make-images.sh $(mxgpu_image_words) >$@.tmp && mv $@.tmp $@
CLEANFILES += %D%/images.c %D%/mxgpu.fatbin %D%/mxgpu.ptxas %D%/mxgpu-*.co

if HAVE_CHECK
# The text under UBSan: a program of its own sources, so that the library stays as it is built.
check_PROGRAMS += %D%/test_lanes
TESTS += %D%/test_lanes
%C%_test_lanes_SOURCES = %D%/test_lanes.c %D%/test_lanes.h %D%/definite.h $(mxgpu_lane_run)
%C%_test_lanes_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
%C%_test_lanes_CFLAGS = $(AM_CFLAGS) $(MX_UBSAN_CFLAGS)
%C%_test_lanes_LDADD = libmxnames.la $(CHECK_LIBS)

# The same with the instructions of NVIDIA GPUs modelled in integers.
check_PROGRAMS += %D%/test_lanes_model
TESTS += %D%/test_lanes_model
%C%_test_lanes_model_SOURCES = $(%C%_test_lanes_SOURCES)
%C%_test_lanes_model_CPPFLAGS = $(%C%_test_lanes_CPPFLAGS) -DMXG_MODEL
%C%_test_lanes_model_CFLAGS = $(%C%_test_lanes_CFLAGS)
%C%_test_lanes_model_LDADD = $(%C%_test_lanes_LDADD)
endif
dist_check_SCRIPTS += %D%/test_static.sh
TESTS += %D%/test_static.sh

# A driver library for tests.
check_LTLIBRARIES += %D%/fake_driver.la
%C%_fake_driver_la_LIBTOOLFLAGS = $(MX_COMPILE_ONCE)
%C%_fake_driver_la_SOURCES = %D%/fake_driver.c $(mxgpu_lane_run)
%C%_fake_driver_la_CPPFLAGS = $(AM_CPPFLAGS)
%C%_fake_driver_la_LIBADD = libmxnames.la
%C%_fake_driver_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
dist_check_SCRIPTS += %D%/test_driver.sh
TESTS += %D%/test_driver.sh
