# SPDX-License-Identifier: BSD-3-Clause
# The coverage model: which bins packs reach.
libmxmutate_la_SOURCES += %D%/bins.c %D%/coverage.c %D%/coverage.h %D%/layout.c %D%/list.c %D%/model.h
dist_check_SCRIPTS += %D%/test_coverage.sh
TESTS += %D%/test_coverage.sh
