/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The few functions of libcuda and libamdhip64 that are used, found at run time. The two are alike up to names: one
 * table serves both. Handles are pointers, a device address is one word, a status 0 is success.
 */
#ifndef MXG_DRIVER_H
#define MXG_DRIVER_H

#include <mx/gpu.h>

/* CUlaunchConfig and CUlaunchAttribute of libcuda, as far as they are used. */
typedef struct mxg_launch_attribute {
    int id;
    int unused;
    union {
        char room[64];
        int allowed;
    } value;
} mxg_launch_attribute;

typedef struct mxg_launch_config {
    unsigned gx, gy, gz, bx, by, bz, shared;
    void *stream;
    mxg_launch_attribute *attribute;
    unsigned attributes;
} mxg_launch_config;

typedef struct mxg_driver {
    void *library;
    mxgpu_vendor vendor;
    int (*init)(unsigned flags);
    int (*device_count)(int *count);
    int (*device_get)(int *device, int index);
    int (*device_name)(char *name, int size, int device);
    int (*mem_alloc)(uintptr_t *device, size_t bytes);
    int (*mem_free)(uintptr_t device);
    int (*host_alloc)(void **host, size_t bytes, unsigned flags);
    int (*host_free)(void *host);
    int (*to_device)(uintptr_t device, const void *host, size_t bytes, void *stream);
    int (*to_host)(void *host, uintptr_t device, size_t bytes, void *stream);
    int (*copy)(uintptr_t to, uintptr_t from, size_t bytes, void *stream);
    int (*fill)(uintptr_t device, unsigned char byte, size_t bytes, void *stream);
    int (*stream_create)(void **stream, unsigned flags);
    int (*stream_destroy)(void *stream);
    int (*stream_wait)(void *stream);
    int (*module_load)(void **module, const void *image);
    int (*module_unload)(void *module);
    int (*function_get)(void **function, void *module, const char *name);
    int (*launch)(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                  unsigned shared, void *stream, void **params, void **extra);
    int (*launch_config)(const mxg_launch_config *config, void *function, void **params, void **extra); /* or NULL */
    int (*event_create)(void **event, unsigned flags);
    int (*event_destroy)(void *event);
    int (*event_record)(void *event, void *stream);
    int (*event_wait)(void *event);
    int (*event_elapsed)(float *ms, void *from, void *to);
    /* CUDA only */
    int (*context_retain)(void **context, int device);
    int (*context_release)(int device);
    int (*context_set)(void *context);
    int (*cuda_error_text)(int status, const char **text);
    /* HIP only */
    int (*device_set)(int device);
    const char *(*hip_error_text)(int status);
} mxg_driver;

/* Open the vendor's library and start it. MX_EUNSUPPORTED with its reason when that cannot be. */
mx_status mxg_driver_open(mxg_driver *driver, mxgpu_vendor vendor, char *why);
void mxg_driver_close(mxg_driver *driver);

/* A driver status as one of ours, with what was being done and the driver's own words in `why`. */
mx_status mxg_driver_status(const mxg_driver *driver, int status, const char *doing, char *why);

/* Device code, as built: for CUDA one fat binary, for HIP a code object for each target. Ends with a NULL image. */
typedef struct mxg_image {
    mxgpu_vendor vendor;
    const char *target; /* "gfx942"; CUDA: all of them */
    const unsigned char *image;
} mxg_image;

extern const mxg_image mxg_images[];

#endif
