/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The conformance suite: profiles, subjects, comparison, runs and reports.
 *
 * Objects are not thread-safe; different objects may be used by different threads. Functions that take an mxv_error
 * accept NULL for it; on failure error->text is one line without newline.
 */
#ifndef MX_CONFORMANCE_H
#define MX_CONFORMANCE_H

#include <mx/conformance/causes.h>
#include <mx/conformance/compare.h>
#include <mx/conformance/data.h>
#include <mx/conformance/figures.h>
#include <mx/conformance/report.h>
#include <mx/conformance/run.h>
#include <mx/conformance/statement.h>
#include <mx/conformance/subject.h>
#include <mx/names.h>
#include <mx/types.h>
#include <mx/vectors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exit status of every command. */
enum {
    MXC_EXIT_CONFORMS = 0,
    MXC_EXIT_FAILS = 1,
    MXC_EXIT_USAGE = 2,
    MXC_EXIT_NOTHING = 77, /* nothing was judged */
    MXC_EXIT_HARNESS = 99  /* harness error or incomplete run */
};

/* ---- crosscheck ---- */

/* The formats as stated by the reference, the fast implementation and vectors/elem, compared with one another; every
 * code decoded three ways. MX_OK, or MX_EINTERNAL with the first difference. `codes` (may be NULL): codes compared. */
MX_API mx_status mxc_crosscheck(size_t *codes, mxv_error *error);

#ifdef __cplusplus
}
#endif

#endif
