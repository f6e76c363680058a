# SPDX-License-Identifier: BSD-3-Clause
pkginclude_HEADERS += \
	%D%/mx/adapter.h %D%/mx/conformance.h %D%/mx/fast.h %D%/mx/gpu.h %D%/mx/names.h %D%/mx/ref.h %D%/mx/types.h %D%/mx/vectors.h
noinst_HEADERS += %D%/test_main.h
