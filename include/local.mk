# SPDX-License-Identifier: BSD-3-Clause
pkginclude_HEADERS += \
	%D%/mx/adapter.h %D%/mx/fast.h %D%/mx/gpu.h %D%/mx/names.h %D%/mx/ref.h %D%/mx/types.h %D%/mx/vectors.h
# the suite's own interface: its library is a part of the command, nothing to link with is installed
noinst_HEADERS += %D%/mx/conformance.h %D%/test_main.h
