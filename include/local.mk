# SPDX-License-Identifier: BSD-3-Clause
pkginclude_HEADERS += \
	%D%/mx/adapter.h %D%/mx/fast.h %D%/mx/gpu.h %D%/mx/names.h %D%/mx/ref.h %D%/mx/types.h %D%/mx/vectors.h
# the suite's own interface: its library is a part of the command, nothing to link with is installed
noinst_HEADERS += %D%/mx/conformance.h \
	%D%/mx/conformance/causes.h %D%/mx/conformance/compare.h %D%/mx/conformance/data.h %D%/mx/conformance/figures.h \
	%D%/mx/conformance/report.h %D%/mx/conformance/run.h %D%/mx/conformance/statement.h %D%/mx/conformance/subject.h
noinst_HEADERS += %D%/test_folder.h %D%/test_main.h %D%/xorshift.h
