/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What needs a device and is more than packs:
 *     device verify   fast kernels against the lane run of the full text; every tensor call against libmxfast
 *     device sweep    cast, scaled-cast and scale over all 2^32 fp32 patterns against the reference's step tables
 * --hip: an AMD GPU. --device N: not the first. --quick: verify small, sweep few scales. Exit: 0, 1
 * (differs), 2, 77, 99.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/gpu/device.h"
#include "kernels/definite.h"
#include "xorshift.h"

mxgpu *mxc_gpu;
int mxc_quick;

void mxc_gpu_stop(mx_status status, const char *why)
{
    fprintf(stderr, "device: %s\n", why);
    mxc_gpu_release();
    mxgpu_close(mxc_gpu);
    exit(status == MX_EUNSUPPORTED ? NOTHING : status == MX_EINVAL ? USAGE : BROKEN);
}

void mxc_gpu_must(mx_status status, const char *why)
{
    if (status != MX_OK)
        mxc_gpu_stop(status, why);
}

double mxc_gpu_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

mx_profile mxc_gpu_profile(const char *words)
{
    mx_profile p = {0};
    char why[MX_WHY];

    mxc_gpu_must(definite_profile(&p, words, why), why);
    return p;
}

uint32_t mxc_gpu_draw(void)
{
    static uint64_t state = MX_XORSHIFT_SEED;

    return (uint32_t)(mx_xorshift(&state) >> 16);
}

uint64_t mxc_gpu_draw_value(mx_type type, unsigned block)
{
    static const unsigned mantissa[] = {0, 23, 7, 10, 52}, exponent[] = {0, 8, 8, 5, 11};
    unsigned mbits = mantissa[type], ebits = exponent[type], top = (1u << ebits) - 1;
    unsigned e = type == MX_FP64 ? 768 + block * 37 % 512 : block * 37 % (top + 1), down = mxc_gpu_draw() % 12;
    uint64_t man = mxc_gpu_draw();

    man = (man << 32 | mxc_gpu_draw()) & (((uint64_t)1 << mbits) - 1);
    if (mxc_gpu_draw() % 4 == 0)
        man &= (uint64_t)7 << (mbits - 3);
    e = e > down ? e - down : 0;
    if (e == top && mxc_gpu_draw() % 16)
        e--;
    if (mxc_gpu_draw() % 400 == 0)
        e = top; /* a NaN beside blocks without */
    return (uint64_t)(mxc_gpu_draw() & 1u) << (mbits + ebits) | (uint64_t)e << mbits | man;
}

static void *mxc_gpu_there(size_t bytes)
{
    void *p = NULL;
    char why[MXGPU_WHY];

    mxc_gpu_must(mxgpu_alloc(mxc_gpu, &p, bytes, why), why);
    return p;
}

/* Device memory, given back by release. */
static void *taken[64];
static size_t taken_count;

void *mxc_gpu_take(size_t bytes)
{
    if (taken_count == sizeof taken / sizeof *taken)
        mxc_gpu_stop(MX_EINTERNAL, "more buffers than are kept count of");
    return taken[taken_count++] = mxc_gpu_there(bytes);
}

void mxc_gpu_release(void)
{
    while (taken_count)
        mxgpu_free(mxc_gpu, taken[--taken_count]);
}

void *mxc_gpu_here(size_t bytes)
{
    void *p = aligned_alloc(256, (bytes + 255) & ~(size_t)255);

    if (!p)
        mxc_gpu_stop(MX_ENOMEM, "out of memory");
    memset(p, 0, bytes);
    return p;
}

mxgpu_blocks mxc_gpu_blocks(const plain *p, size_t lines, size_t length, int by_rows, int packed, int tiled,
                            unsigned bits)
{
    mxgpu_blocks b = {.codes = p->codes, .scales = p->scales, .packed = packed, .tiled = tiled};

    b.line_stride = by_rows ? 1 : (int64_t)(packed && bits < 8 ? length * bits / 8 : length);
    b.pos_stride = by_rows ? (int64_t)lines : 1;
    b.scale_line_stride = by_rows ? 1 : (int64_t)length / 32;
    b.scale_block_stride = by_rows ? (int64_t)lines : 1;
    return b;
}

static int number_of(const char *text, int *number)
{
    char *end;
    long n = strtol(text, &end, 10);

    *number = (int)n;
    return *text == '\0' || *end != '\0' || n < 0 || n > INT16_MAX ? -1 : 0;
}

/* The options after the verb; 0, or USAGE with the line printed. */
static int read_options(char **option, mxgpu_vendor *vendor, int *index)
{
    for (; *option; option++) {
        if (strcmp(*option, "--hip") == 0)
            *vendor = MXGPU_HIP;
        else if (strcmp(*option, "--quick") == 0)
            mxc_quick = 1;
        else if (strcmp(*option, "--device") != 0) {
            fprintf(stderr, "device: no option '%s' (there are --hip, --device N and --quick)\n", *option);
            return USAGE;
        } else if (!option[1] || number_of(*++option, index) != 0) {
            fprintf(stderr, "device: wanted a number after --device, found '%s'\n", option[0]);
            return USAGE;
        }
    }
    return 0;
}

static int run(int (*verb)(void), mxgpu_vendor vendor, int index)
{
    char why[MXGPU_WHY];
    mx_status opened = mxgpu_open(&mxc_gpu, vendor, index, why);
    int status;

    if (opened != MX_OK)
        mxc_gpu_stop(opened, why);
    printf("%s\n", mxgpu_name(mxc_gpu));
    status = verb();
    mxc_gpu_release();
    mxgpu_close(mxc_gpu);
    return status;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } verbs[] = {{"verify", mxc_gpu_verify}, {"sweep", mxc_gpu_sweep}};
    mxgpu_vendor vendor = MXGPU_CUDA;
    int index = 0;

    for (size_t v = 0; argc > 1 && v < sizeof verbs / sizeof *verbs; v++)
        if (strcmp(argv[1], verbs[v].name) == 0)
            return read_options(argv + 2, &vendor, &index) == 0 ? run(verbs[v].run, vendor, index) : USAGE;
    fprintf(stderr, "usage: device verify|sweep [--hip] [--device N] [--quick]\n");
    return USAGE;
}
