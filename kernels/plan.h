/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From what a caller asks to what a kernel is told. Host only; shared by the devices and the lane run.
 */
#ifndef MXG_PLAN_H
#define MXG_PLAN_H

#include <mx/gpu.h>

#include "kernels/body/job.h"

#define MXG_GROUP 256u /* lanes of a work group, in every kernel */

/* The kernels by name: fixed ones, then three families of element format and source type. */
typedef enum mxg_kernel {
    MXG_K_CELLS,
    MXG_K_BLOCKS,
    MXG_K_ARRANGE,
    MXG_K_QUANTIZE_ANY,
    MXG_K_DEQUANTIZE_ANY,
    MXG_K_DEQUANTIZE_ROWS, /* to fp32, to bf16 */
    MXG_K_DEQUANTIZE_COLUMNS = MXG_K_DEQUANTIZE_ROWS + 2,
    MXG_K_REPAIR = MXG_K_DEQUANTIZE_COLUMNS + 2,
    MXG_K_SWEEP,
    MXG_K_DIM0,
    MXG_K_TILE,
    MXG_K_SWEEP_FAST
} mxg_kernel;

/* One launch: `grid` groups of MXG_GROUP lanes. */
typedef struct mxg_launch {
    mxg_kernel kernel;
    mx_elem elem; /* of the families */
    mx_type type;
    uint64_t grid;
    mxg_job job;
} mxg_launch;

#define MXG_LAUNCHES 2
#define MXG_NAME_MAX 40

/* The name of a launch's kernel; `any`: the integer one that serves every element format. */
void mxg_kernel_name(const mxg_launch *launch, int any, char name[MXG_NAME_MAX]);

/* A job without arrays: format, type and profile. The batch must be well formed. */
void mxg_plan_job(mxg_job *job, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile);

/* Launches that answer `batch`, whose arrays are where the kernels run, aligned to 16; returns how many. */
unsigned mxg_plan_batch(mxg_launch launch[MXG_LAUNCHES], const mx_batch *batch);

/* Launches of a tensor job. *launches may become 0: nothing to do. `in_full`: not by the fast kernels. */
mx_status mxg_plan_quantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, int in_full,
                            char *why);
mx_status mxg_plan_dequantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, char *why);

/* The launch of a sweep; `step` and `result` (four words) where the kernel runs. */
mx_status mxg_plan_sweep(mxg_launch *launch, const mxgpu_sweep_job *s, const mxg_step *step, uint64_t *result,
                         char *why);

/* Groups for kernels whose lanes stride over `work`, `each` to a group: enough to fill any device, and no more. */
uint64_t mxg_plan_groups(uint64_t work, uint64_t each);

/* Append a launch; its divisors are made from the job. */
mxg_launch *mxg_plan_add(mxg_launch *launch, unsigned *n, mxg_kernel kernel, const mxg_job *job, uint64_t grid);
void mxg_plan_dim0(mxg_launch *launch, unsigned *n, const mxg_job *job);
void mxg_plan_repair(mxg_launch *launch, unsigned *n, const mxg_job *job);
void mxg_plan_tile(mxg_launch *launch, unsigned *n, mxg_kernel kernel, const mxg_job *job);

/* Fill `why` (NULL is fine) and return `status`. */
mx_status mxg_say(char *why, mx_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
