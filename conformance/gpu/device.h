/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the parts of the program `device` share.
 */
#ifndef CONFORMANCE_GPU_DEVICE_H
#define CONFORMANCE_GPU_DEVICE_H

#include <mx/gpu.h>
#include <mx/names.h>

/* Exit statuses. */
enum { DIFFERS = 1, USAGE = 2, NOTHING = 77, BROKEN = 99 };

extern mxgpu *mxc_gpu; /* the device under test */
extern int mxc_quick;

void mxc_gpu_stop(mx_status status, const char *why);      /* say why and exit */
void mxc_gpu_must(mx_status status, const char *why);      /* unless MX_OK */
double mxc_gpu_now(void);                                  /* seconds */
uint32_t mxc_gpu_draw(void);                               /* a fixed sequence */
uint64_t mxc_gpu_draw_value(mx_type type, unsigned block); /* values of a block are near one another */
mx_profile mxc_gpu_profile(const char *words);             /* ocp-mx-1.0 with changes */

void *mxc_gpu_take(size_t bytes); /* device memory, given back by mxc_gpu_release */
void mxc_gpu_release(void);
void *mxc_gpu_here(size_t bytes); /* host memory, zeros, aligned as device memory */

typedef struct plain {
    uint8_t *codes, *scales;
} plain;

mxgpu_blocks mxc_gpu_blocks(const plain *p, size_t lines, size_t length, int by_rows, int packed, int tiled,
                            unsigned bits);

/* The verbs. */
int mxc_gpu_verify(void);
int mxc_gpu_verify_layouts(void); /* the second half of verify */
int mxc_gpu_sweep(void);

#endif
