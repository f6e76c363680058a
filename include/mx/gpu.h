/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxgpu: the conversions of mx/fast.h on NVIDIA and AMD GPUs.
 *
 * The device code is inside the library, and libcuda or libamdhip64 is opened at run time: the library links with
 * neither, and one build runs everywhere. Integer text; on NVIDIA GPUs of compute capability 9.0 and up the common
 * conversions use instructions that were compared with that text for every input.
 *
 * `why`, here and below, is NULL or has MXGPU_WHY bytes and gets one line when the status is not MX_OK:
 *   MX_EUNSUPPORTED  nothing to run on: not built in, no driver, no device, driver too old, no code for this GPU; or a
 *                    case that is documented as not offered
 *   MX_EINVAL        an argument, a device index included
 *   MX_ENOMEM        host or device memory
 *   MX_EDEVICE       the driver reported an error
 */
#ifndef MX_GPU_H
#define MX_GPU_H

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MXGPU_WHY 256

typedef enum mxgpu_vendor { MXGPU_CUDA = 1, MXGPU_HIP } mxgpu_vendor;

/* What was compiled in: "sm_80 sm_90 sm_100 compute_90", "gfx90a gfx942"; "" when nothing was. The text is the
 * calling thread's and holds until its next call. */
MX_API const char *mxgpu_built(mxgpu_vendor vendor);

/* A device, its kernels, one stream and staging buffers. Use it from one thread at a time. */
typedef struct mxgpu mxgpu;

MX_API mx_status mxgpu_open(mxgpu **gpu, mxgpu_vendor vendor, int index, char *why);
MX_API void mxgpu_close(mxgpu *gpu);             /* NULL is fine */
MX_API const char *mxgpu_name(const mxgpu *gpu); /* the driver's name of the device, as long as it is open */

/* Answer every case of `batch`, whose arrays are in host memory. Memory is allocated when a batch is larger than all
 * before it. Outputs are untouched on failure. */
MX_API mx_status mxgpu_run(mxgpu *gpu, const mx_batch *batch, char *why);

/* The same kernel text run on this machine, lane by lane, with waves of `width` (32 or 64) lanes, real barriers and
 * shuffles. MX_EINTERNAL when lanes of a wave diverge at a shuffle, or those of a group at a barrier. Slow; for tests.
 */
MX_API mx_status mxgpu_lane_run(const mx_batch *batch, unsigned width);

/* ---- tensors in device memory ---- */

enum { MXGPU_DIM0 = 1, MXGPU_DIM1 = 2 };

/* One quantised direction of a rows x cols matrix. A line runs along the blocks: a row for dim0, a column for dim1;
 * it has ceil(length / k) blocks. Strides are in bytes.
 *
 *   codes   one a byte, that of position `pos` of a line at codes[line * line_stride + pos * pos_stride]
 *           packed: adjacent bits from codes[line * line_stride], lowest first; k * bits a multiple of 8
 *   scales  that of a block of a line at scales[line * scale_line_stride + block * scale_block_stride]
 *           tiled: the layout 128x4 of mx/types.h (cuBLASLt has the same), padded with zero bytes; no strides */
typedef struct mxgpu_blocks {
    void *codes;
    void *scales;
    int64_t line_stride, pos_stride;
    int64_t scale_line_stride, scale_block_stride;
    int packed; /* 0 or 1; formats of 8 bits are the same either way */
    int tiled;  /* 0 or 1 */
} mxgpu_blocks;

/* Bytes of lines x blocks scales in tiles of 128 x 4; the caller sees to it that the number fits. */
MX_API size_t mxgpu_tiled_bytes(size_t lines, size_t blocks);

/* A conversion of a matrix. All pointers are device memory. Fast, with 16-byte accesses, when: k = 32, round=rne,
 * overflow=saturate (or a format without Inf and NaN), no rare axis, not fp64, no random bits, col_stride 1, everything
 * aligned to 16 bytes, scales dense; and for dim0 alone cols a multiple of 32, for dim1 or both rows and cols multiples
 * of 128. Dequantising to fp32 and bf16: the same shapes, any profile. Everything else runs a lane a block or an
 * element. dim0 and dim1 together read the matrix once when fast. */
typedef struct mxgpu_tensor {
    mx_elem elem;
    mx_type type;
    mx_profile profile;
    size_t k;
    size_t rows, cols;
    void *value;                    /* source when quantising, target when dequantising */
    int64_t row_stride, col_stride; /* in elements */
    const uint32_t *random;         /* round=sr:N: a word an element, row-major dense; else NULL */
    int dims;                       /* MXGPU_DIM0, MXGPU_DIM1, or both (quantising only) */
    mxgpu_blocks dim0, dim1;
} mxgpu_tensor;

/* Enqueue on `stream` (a CUstream or hipStream_t; NULL: the device's own stream of this library). Nothing is allocated
 * and nothing waits. The caller keeps outputs apart from one another and from the input. */
MX_API mx_status mxgpu_quantize(mxgpu *gpu, const mxgpu_tensor *tensor, void *stream, char *why);
MX_API mx_status mxgpu_dequantize(mxgpu *gpu, const mxgpu_tensor *tensor, void *stream, char *why);

/* 1 when mxgpu_quantize would take a fast kernel. */
MX_API int mxgpu_is_fast(const mxgpu_tensor *tensor);

/* The same on host memory by the lane run, for tests; statuses as of mxgpu_lane_run. The padding of tiled scales is
 * left as it was. */
MX_API mx_status mxgpu_lane_quantize(const mxgpu_tensor *tensor, unsigned width);
MX_API mx_status mxgpu_lane_dequantize(const mxgpu_tensor *tensor, unsigned width);

/* ---- sweeps ---- */

/* Patterns from `first` up to the next step's have this answer: a table made elsewhere, from the reference. */
typedef struct mxgpu_step {
    uint32_t first;
    uint8_t answer;
    uint8_t open;   /* any answer will do */
    uint8_t is_nan; /* any NaN code will do */
    uint8_t unused;
} mxgpu_step;

typedef struct mxgpu_sweep_job {
    mx_batch shape; /* op cast, scaled-cast or scale; elem, type (not fp64) and profile; no arrays */
    uint8_t scale;  /* scaled-cast: the byte of every case */
    uint32_t random;
    int fast; /* 1: by the short form of the tensor kernels, where it applies to the byte; 0: by the full text */
    const mxgpu_step *step; /* host memory; step[0].first is 0, ascending */
    size_t steps;
    uint64_t first, patterns; /* the range, within the type's 2^bits */
} mxgpu_sweep_job;

typedef struct mxgpu_sweep_result {
    uint64_t wrong;
    uint64_t first_wrong; /* smallest wrong pattern; all ones when there is none */
    uint64_t digest;      /* that of mxgpu_sweep_digest for the same range when nothing is wrong */
    uint64_t cases;
} mxgpu_sweep_result;

/* Compare the device's answer to every pattern of the range with the table; waits for the result. `fast` with a byte or
 * profile that has no short form: MX_EUNSUPPORTED. */
MX_API mx_status mxgpu_sweep(mxgpu *gpu, const mxgpu_sweep_job *job, mxgpu_sweep_result *result, char *why);
MX_API mx_status mxgpu_lane_sweep(const mxgpu_sweep_job *job, mxgpu_sweep_result *result, unsigned width);

/* The digest of the table itself: what a right implementation's sweep of the range reports. */
MX_API uint64_t mxgpu_sweep_digest(const mxgpu_step *step, size_t steps, uint64_t first, uint64_t patterns);

/* ---- memory, streams and time, so that a caller needs no other library ----
 * Sizes are in bytes; `stream` as above. Copies and fills are enqueued and may return before they are done: what they
 * use must stay until mxgpu_wait. What was allocated is freed before its mxgpu is closed; freeing NULL is fine. */

MX_API mx_status mxgpu_alloc(mxgpu *gpu, void **device, size_t bytes, char *why);
MX_API void mxgpu_free(mxgpu *gpu, void *device);
MX_API mx_status mxgpu_host_alloc(mxgpu *gpu, void **pinned, size_t bytes, char *why);
MX_API void mxgpu_host_free(mxgpu *gpu, void *pinned);
MX_API mx_status mxgpu_to_device(mxgpu *gpu, void *device, const void *host, size_t bytes, void *stream, char *why);
MX_API mx_status mxgpu_to_host(mxgpu *gpu, void *host, const void *device, size_t bytes, void *stream, char *why);
MX_API mx_status mxgpu_copy(mxgpu *gpu, void *to, const void *from, size_t bytes, void *stream, char *why);
MX_API mx_status mxgpu_fill(mxgpu *gpu, void *device, uint8_t byte, size_t bytes, void *stream, char *why);
MX_API mx_status mxgpu_wait(mxgpu *gpu, void *stream, char *why);

/* Marks on a stream, and the time between two of them in nanoseconds, of which NVIDIA's driver tells some 500
 * (cuEventElapsedTime); mxgpu_elapsed_ns waits for the second. */
MX_API mx_status mxgpu_mark_new(mxgpu *gpu, void **mark, char *why);
MX_API void mxgpu_mark_free(mxgpu *gpu, void *mark);
MX_API mx_status mxgpu_mark(mxgpu *gpu, void *mark, void *stream, char *why);
MX_API mx_status mxgpu_elapsed_ns(mxgpu *gpu, uint64_t *ns, void *from, void *to, char *why);

#ifdef __cplusplus
}
#endif

#endif
