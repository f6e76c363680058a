/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An open device.
 */
#ifndef MXG_DEVICE_H
#define MXG_DEVICE_H

#include "kernels/driver.h"
#include "kernels/plan.h"

#define KERNELS (MXG_K_DIM0 + 3 * MX_ELEM_LAST * 3)

struct mxgpu {
    mxg_driver driver;
    int device;
    void *context, *module, *stream;
    char name[128];
    int any;                 /* no kernels of one element format, but those for any */
    void *function[KERNELS]; /* found at first use */
    void *staging;           /* pinned */
    uintptr_t memory;        /* its image on the device */
    size_t room;             /* bytes of each */
};

/* A driver's status as ours, with `doing` in why. */
mx_status mxg_check(const mxgpu *g, int status, const char *doing, char *why);

/* Make it the calling thread's device. */
mx_status mxg_enter(mxgpu *g, char *why);

#endif
