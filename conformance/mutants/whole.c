/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Faults of a batch as a whole: the conversion is right, but of something else.
 */
#include <string.h>

#include "conformance/mutants/converter.h"

int mxm_is_whole_fault(mxc_fault fault)
{
    return fault >= MXC_FAULT_OTHER_ELEM && fault <= MXC_FAULT_ANSWER_OF;
}

/* Each answer is that of the case `by` further on; where there is none it is the case's own. */
static void shift_answers(const mx_batch *batch, int by)
{
    const size_t steps = (size_t)(by < 0 ? -by : by);
    for (int col = COL_OUT_VALUE; col < COLS; col++) {
        const size_t n = mxc_cell_bytes(batch, col);
        char *cells = n && batch->count > steps ? mxc_column(batch, col) : NULL;
        if (cells)
            memmove(cells + (by < 0 ? steps * n : 0), cells + (by < 0 ? 0 : steps * n), (batch->count - steps) * n);
    }
}

mx_status mxm_run_whole(const mxc_mutant *mutant, const mx_batch *batch)
{
    mx_batch taken = *batch;
    if (mutant->fault == MXC_FAULT_OTHER_ELEM)
        taken.elem = (mx_elem)mutant->a;
    if (mutant->fault == MXC_FAULT_OTHER_TYPE)
        taken.type = (mx_type)mutant->a;
    const mx_status status = mxm_convert(&mxc_mutants[0], &taken);
    if (status == MX_OK && mutant->fault == MXC_FAULT_ANSWER_OF)
        shift_answers(batch, mutant->a);
    return status;
}
