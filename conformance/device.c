/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What needs a device and is more than packs:
 *     device verify   fast kernels against the lane run of the full text, every layout
 *     device sweep    cast, scaled-cast and scale over all 2^32 fp32 patterns against the reference's step tables
 *     device bench    conversions against a device-to-device copy of as many bytes, in the same run
 * --hip: an AMD GPU. --quick: verify small, sweep few scales, bench little. Exit: 0, 1 (differs), 2, 77, 99.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mx/gpu.h>
#include <mx/names.h>

#include "conformance/steps.h"

enum { DIFFERS = 1, USAGE = 2, NOTHING = 77, BROKEN = 99 };

static mxgpu *gpu;
static int quick;

static void stop(mx_status status, const char *why)
{
    fprintf(stderr, "device: %s\n", why);
    exit(status == MX_EUNSUPPORTED ? NOTHING : BROKEN);
}

static void must(mx_status status, const char *why)
{
    if (status != MX_OK)
        stop(status, why);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static mx_profile profile_of(const char *words)
{
    static const char base[] =
        "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "
        "inf-in=block-nan nan-to=max zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp "
        "subnormal-in=keep subnormal-out=keep nan-code=7f overflow-nan=7f under-nan-scale=zero decode-over=inf";
    mx_profile p = {0};
    char why[MX_WHY];

    must(mx_profile_parse(&p, base, strlen(base), why), why);
    for (const char *word = words; *word; word += strcspn(word, " "), word += *word == ' ')
        must(mx_profile_apply(&p, word, strcspn(word, " "), why), why);
    return p;
}

static uint64_t state = 88172645463325252u;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

/* ---- verify ---- */

typedef struct plain {
    uint8_t *codes, *scales;
} plain;

/* A tensor on the host and on the device; targets have room for any layout. */
typedef struct tensors {
    size_t rows, cols, value_bytes, code_bytes, scale_bytes;
    uint8_t *value, *value_there;
    plain here[2], there[2];
} tensors;

static void *there(size_t bytes)
{
    void *p = NULL;
    char why[MXGPU_WHY];

    must(mxgpu_alloc(gpu, &p, bytes, why), why);
    return p;
}

static void *here(size_t bytes)
{
    void *p = aligned_alloc(256, (bytes + 255) & ~(size_t)255);

    if (!p)
        stop(MX_ENOMEM, "out of memory");
    memset(p, 0, bytes);
    return p;
}

static void fill_values(tensors *t, mx_type type)
{
    size_t width = mx_type_bytes(type);

    for (size_t i = 0; i < t->rows * t->cols; i++) {
        unsigned mbits = type == MX_FP32 ? 23 : type == MX_BF16 ? 7 : 10, ebits = type == MX_FP16 ? 5 : 8;
        unsigned top = (1u << ebits) - 1, block = (unsigned)(i / t->cols / 32 * 97 + i % t->cols / 32);
        unsigned e = block * 37 % (top + 1), down = draw() % 12;
        uint32_t man = draw() & ((1u << mbits) - 1), v;

        if (draw() % 4 == 0)
            man &= 7u << (mbits - 3);
        e = e > down ? e - down : 0;
        if (e == top && draw() % 16)
            e--;
        v = (draw() & 1u) << (mbits + ebits) | e << mbits | man;
        memcpy(t->value + i * width, &v, width);
    }
}

static mxgpu_blocks blocks_of(const plain *p, size_t lines, size_t length, int by_rows, int packed, int tiled,
                              unsigned bits)
{
    mxgpu_blocks b = {.codes = p->codes, .scales = p->scales, .packed = packed, .tiled = tiled};

    b.line_stride = by_rows ? 1 : (int64_t)(packed && bits < 8 ? length * bits / 8 : length);
    b.pos_stride = by_rows ? (int64_t)lines : 1;
    b.scale_line_stride = by_rows ? 1 : (int64_t)length / 32;
    b.scale_block_stride = by_rows ? (int64_t)lines : 1;
    return b;
}

static unsigned long verified, unequal;

/* One layout: the device's fast kernel and the full text on the host. */
static void verify_one(tensors *t, mx_elem elem, mx_type type, const char *rule, int dims, int form)
{
    int packed = form == 1, tiled = form == 1, by_rows = form == 2;
    mxgpu_tensor q = {
        .elem = elem, .type = type, .profile = profile_of(rule), .k = 32, .rows = t->rows, .cols = t->cols};
    uint8_t *codes = here(t->code_bytes), *scales = here(t->scale_bytes);
    char why[MXGPU_WHY];

    q.row_stride = (int64_t)t->cols;
    q.col_stride = 1;
    q.dims = dims;
    q.value = t->value_there;
    q.dim0 = blocks_of(&t->there[0], t->rows, t->cols, 0, packed, tiled, mx_elem_bits(elem));
    q.dim1 = blocks_of(&t->there[1], t->cols, t->rows, by_rows, packed, tiled, mx_elem_bits(elem));
    if (!mxgpu_is_fast(&q))
        stop(MX_EINTERNAL, "a common shape is not fast");
    for (int d = 0; d < 2; d++) {
        must(mxgpu_fill(gpu, t->there[d].codes, 0xa5, t->code_bytes, NULL, why), why);
        must(mxgpu_fill(gpu, t->there[d].scales, 0xa5, t->scale_bytes, NULL, why), why);
        memset(t->here[d].codes, 0xa5, t->code_bytes);
        memset(t->here[d].scales, 0xa5, t->scale_bytes);
    }
    must(mxgpu_quantize(gpu, &q, NULL, why), why);
    q.value = t->value;
    q.dim0 = blocks_of(&t->here[0], t->rows, t->cols, 0, packed, tiled, mx_elem_bits(elem));
    q.dim1 = blocks_of(&t->here[1], t->cols, t->rows, by_rows, packed, tiled, mx_elem_bits(elem));
    must(mxgpu_lane_quantize(&q, 32), "lane run failed");
    for (int d = 0; d < 2; d++) {
        must(mxgpu_to_host(gpu, codes, t->there[d].codes, t->code_bytes, NULL, why), why);
        must(mxgpu_to_host(gpu, scales, t->there[d].scales, t->scale_bytes, NULL, why), why);
        must(mxgpu_wait(gpu, NULL, why), why);
        verified += t->rows * t->cols;
        if (memcmp(codes, t->here[d].codes, t->code_bytes) || memcmp(scales, t->here[d].scales, t->scale_bytes)) {
            size_t i = 0, s = 0;

            while (i < t->code_bytes && codes[i] == t->here[d].codes[i])
                i++;
            while (s < t->scale_bytes && scales[s] == t->here[d].scales[s])
                s++;
            printf("DIFFERS: %s %s %s dims %d form %d direction %d: code byte %zu, scale byte %zu\n",
                   mx_elem_name(elem), mx_type_name(type), rule, dims, form, d, i, s);
            unequal++;
        }
    }
    free(codes);
    free(scales);
}

static int verify(void)
{
    static const char *const rules[] = {"scale=floor", "scale=rceil", "scale=even scale-arith=f32",
                                        "scale=ceil scale-arith=f32 zero-scale=7f"};
    tensors t = {.rows = quick ? 128 : 256, .cols = quick ? 256 : 640};
    double start = now();

    t.value_bytes = t.rows * t.cols * 4;
    t.code_bytes = t.rows * t.cols;
    t.scale_bytes = 4 * t.rows * t.cols / 32;
    t.value = here(t.value_bytes);
    t.value_there = there(t.value_bytes);
    for (int d = 0; d < 2; d++) {
        t.here[d].codes = here(t.code_bytes);
        t.here[d].scales = here(t.scale_bytes);
        t.there[d].codes = there(t.code_bytes);
        t.there[d].scales = there(t.scale_bytes);
    }
    for (int i = 0; i < MX_ELEM_LAST * 3; i++) {
        char why[MXGPU_WHY];
        mx_type type = (mx_type)(i % 3 + 1);

        fill_values(&t, type);
        must(mxgpu_to_device(gpu, t.value_there, t.value, t.rows * t.cols * mx_type_bytes(type), NULL, why), why);
        for (int dims = 1; dims <= 3; dims++)
            for (int form = 0; form < 3; form++)
                if (dims != 1 || form != 2)
                    verify_one(&t, (mx_elem)(i / 3 + 1), type, rules[(i + dims + form) % 4], dims, form);
    }
    printf("verify: %lu elements in %lu layouts that differ, %.1f s\n", verified, unequal, now() - start);
    return unequal ? DIFFERS : 0;
}

/* ---- sweep ---- */

typedef struct table {
    mxgpu_step *step;
    size_t count;
    mx_status status;
} table;

static void make_table(table *t, const mx_batch *shape, unsigned scale, uint32_t random)
{
    mxc_steps s;

    t->step = NULL;
    t->status = mxc_steps_build(&s, shape, (uint8_t)scale, random);
    if (t->status != MX_OK)
        return;
    t->count = s.count;
    t->step = calloc(s.count, sizeof *t->step);
    for (size_t i = 0; t->step && i < s.count; i++)
        t->step[i] = (mxgpu_step){(uint32_t)s.step[i].first, s.step[i].answer, s.step[i].open, s.step[i].is_nan, 0};
    t->status = t->step ? MX_OK : MX_ENOMEM;
    mxc_steps_free(&s);
}

static uint64_t swept, wrong;

static void sweep_table(const mx_batch *shape, const table *t, unsigned scale, uint32_t random, int fast)
{
    mxgpu_sweep_job job = {.shape = *shape, .scale = (uint8_t)scale, .random = random, .fast = fast};
    mxgpu_sweep_result r;
    char why[MXGPU_WHY];
    uint64_t expected;

    job.step = t->step;
    job.steps = t->count;
    job.patterns = (uint64_t)1 << 8 * mx_type_bytes(shape->type);
    expected = mxgpu_sweep_digest(t->step, t->count, 0, job.patterns);
    must(mxgpu_sweep(gpu, &job, &r, why), why);
    swept += r.cases;
    if (r.wrong || r.cases != job.patterns || r.digest != expected) {
        wrong += r.wrong ? r.wrong : 1;
        printf("WRONG: %s %s %s scale %02x%s: %llu of %llu, first %08llx, digest %016llx not %016llx\n",
               mx_op_name(shape->op), mx_elem_name(shape->elem), mx_type_name(shape->type), scale, fast ? " fast" : "",
               (unsigned long long)r.wrong, (unsigned long long)r.cases, (unsigned long long)r.first_wrong,
               (unsigned long long)r.digest, (unsigned long long)expected);
    }
}

static mx_batch shape_of(mx_op op, mx_elem elem, const char *words)
{
    mx_batch b = {.op = op, .elem = elem, .type = MX_FP32, .k = 1, .profile = profile_of(words)};

    return b;
}

/* scaled-cast under every finite scale byte: the full text, and the short form where it applies. */
static void sweep_scales(mx_elem elem)
{
    static table tables[255];
    mx_batch shape = shape_of(MX_OP_SCALED_CAST, elem, "");
    unsigned step = quick ? 50 : 1;
    uint64_t before;
    double start = now(), full, fast;

#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic)
#endif
    for (unsigned s = 0; s < 255; s += step)
        make_table(&tables[s], &shape, s, 0);
    for (unsigned s = 0; s < 255; s += step)
        must(tables[s].status, "no step table");
    printf("%s: step tables in %.1f s\n", mx_elem_name(elem), now() - start);
    before = swept;
    start = now();
    for (unsigned s = 0; s < 255; s += step)
        sweep_table(&shape, &tables[s], s, 0, 0);
    full = now() - start;
    printf("scaled-cast %s fp32: %llu cases, full text, %.2f s\n", mx_elem_name(elem),
           (unsigned long long)(swept - before), full);
    before = swept;
    start = now();
    for (unsigned s = 0; s < 255; s += step)
        if (s >= 32 && s <= 230)
            sweep_table(&shape, &tables[s], s, 0, 1);
    fast = now() - start;
    printf("scaled-cast %s fp32: %llu cases, short form, %.2f s\n", mx_elem_name(elem),
           (unsigned long long)(swept - before), fast);
    for (unsigned s = 0; s < 255; s += step)
        free(tables[s].step);
    fflush(stdout);
}

static void sweep_words(mx_op op, mx_elem elem, mx_type type, const char *words, int fast)
{
    mx_batch shape = shape_of(op, elem, words);
    uint32_t random = shape.profile.round == MX_SR ? 0x5a : 0;
    table t;

    shape.type = type;
    make_table(&t, &shape, 127, random);
    must(t.status, "no step table");
    sweep_table(&shape, &t, 127, random, 0);
    if (fast)
        sweep_table(&shape, &t, 127, random, 1);
    free(t.step);
}

static int sweep(void)
{
    static const char *const rounds[] = {"round=rne", "round=rna", "round=rnz", "round=rtz",
                                         "round=rup", "round=rdn", "round=rto", "round=sr:8"};
    static const char *const rules[] = {"scale=floor", "scale=ceil", "scale=even", "scale=rceil"};
    static const char *const ariths[] = {"scale-arith=exact", "scale-arith=f32", "scale-arith=log2f"};
    double start = now();

    for (int e = 1; e <= MX_ELEM_LAST; e++)
        for (int r = 0; r < 8; r++)
            for (int special = 0; special < 2; special++) {
                char words[64];

                snprintf(words, sizeof words, "%s overflow=%s", rounds[r], special ? "special" : "saturate");
                sweep_words(MX_OP_CAST, (mx_elem)e, MX_FP32, words, r == 0 && !special);
            }
    printf("cast fp32, six formats, 8 roundings, both overflows: %llu cases, %.1f s\n", (unsigned long long)swept,
           now() - start);
    start = now();
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        for (int r = 0; r < 4; r++)
            for (int a = 0; a < 3; a++)
                for (int type = MX_FP32; type <= MX_FP16; type++) {
                    char words[64];

                    snprintf(words, sizeof words, "%s %s", rules[r], ariths[a]);
                    sweep_words(MX_OP_SCALE, (mx_elem)e, (mx_type)type, words, a < 2);
                }
    printf("scale fp32, bf16, fp16, six formats, 4 rules, 3 arithmetics: %.1f s\n", now() - start);
    fflush(stdout);
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        sweep_scales((mx_elem)e);
    printf("sweep: %llu cases, %llu wrong\n", (unsigned long long)swept, (unsigned long long)wrong);
    return wrong ? DIFFERS : 0;
}

/* ---- bench ---- */

enum { SETS = 3, REPEATS = 15 };

static int by_time(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static size_t side;
static uint8_t *source[SETS], *out0[SETS], *out1[SETS], *scales0[SETS], *scales1[SETS];

/* Values as of a normal distribution: exponents fall off by halves. */
static void bench_source(mx_type type)
{
    size_t width = mx_type_bytes(type), chunk = (size_t)32 << 20, total = side * side * width;
    uint8_t *values = here(chunk);
    char why[MXGPU_WHY];

    for (size_t i = 0; i < chunk / width; i++) {
        uint32_t r = draw(), e = 127 - (uint32_t)__builtin_ctz(r | 1u << 20),
                 v = (r & 0x80000000u) | e << 23 | (draw() & 0x7fffffu);

        v = type == MX_FP32 ? v : v >> 16;
        memcpy(values + i * width, &v, width);
    }
    for (int s = 0; s < SETS; s++)
        for (size_t at = 0; at < total; at += chunk)
            must(mxgpu_to_device(gpu, source[s] + at, values, chunk < total - at ? chunk : total - at, NULL, why), why);
    must(mxgpu_wait(gpu, NULL, why), why);
    free(values);
}

static uint64_t median_ns(mx_status (*work)(int set, const mxgpu_tensor *, size_t), const mxgpu_tensor *t, size_t bytes)
{
    static void *mark[2];
    uint64_t ns[REPEATS];
    char why[MXGPU_WHY] = "bench failed";

    for (int i = 0; i < 2; i++)
        if (!mark[i])
            must(mxgpu_mark_new(gpu, &mark[i], why), why);
    for (int i = -SETS; i < REPEATS; i++) {
        must(mxgpu_mark(gpu, mark[0], NULL, why), why);
        must(work((i + SETS) % SETS, t, bytes), "bench failed");
        must(mxgpu_mark(gpu, mark[1], NULL, why), why);
        if (i >= 0)
            must(mxgpu_elapsed_ns(gpu, &ns[i], mark[0], mark[1], why), why);
    }
    must(mxgpu_wait(gpu, NULL, why), why);
    qsort(ns, REPEATS, sizeof *ns, by_time);
    return ns[REPEATS / 2];
}

static mx_status work_copy(int set, const mxgpu_tensor *t, size_t bytes)
{
    (void)t;
    return mxgpu_copy(gpu, source[(set + 1) % SETS], source[set], bytes, NULL, NULL);
}

static mx_status work_quantize(int set, const mxgpu_tensor *t, size_t bytes)
{
    mxgpu_tensor q = *t;

    (void)bytes;
    q.value = source[set];
    q.dim0.codes = out0[set];
    q.dim0.scales = scales0[set];
    q.dim1.codes = out1[set];
    q.dim1.scales = scales1[set];
    return mxgpu_quantize(gpu, &q, NULL, NULL);
}

static void bench_one(mx_elem elem, mx_type type, const char *rule, int dims, int packed)
{
    static const char *const names[] = {"", "dim0", "dim1", "both"};
    plain none = {0};
    unsigned bits = packed ? mx_elem_bits(elem) : 8;
    mxgpu_tensor t = {.elem = elem, .type = type, .profile = profile_of(rule), .k = 32, .rows = side, .cols = side};
    size_t cells = side * side, out = cells * bits / 8 + cells / 32;
    size_t bytes = cells * mx_type_bytes(type) + out * (dims == 3 ? 2 : 1);
    uint64_t copy, ns;

    t.row_stride = (int64_t)side;
    t.col_stride = 1;
    t.dims = dims;
    t.dim0 = t.dim1 = blocks_of(&none, side, side, 0, packed, 0, bits);
    copy = median_ns(work_copy, &t, bytes / 2 < cells * mx_type_bytes(type) ? bytes / 2 : cells * mx_type_bytes(type));
    ns = median_ns(work_quantize, &t, bytes);
    {
        size_t copied = bytes / 2 < cells * mx_type_bytes(type) ? bytes / 2 : cells * mx_type_bytes(type);
        double rate = (double)bytes / (double)ns, limit = 2.0 * (double)copied / (double)copy;

        printf("%-4s %s %-11s %s %-8s %7.1f GB/s %7.1f GB/s copy %.3f\n", mx_elem_name(elem), mx_type_name(type), rule,
               names[dims], packed && bits < 8 ? "packed" : "bytes", rate, limit, rate / limit);
    }
}

static int bench(void)
{
    static const mx_type types[] = {MX_BF16, MX_FP32};
    static const char *const rules[] = {"scale=floor", "scale=rceil"};

    side = quick ? 8192 : 16384;
    for (int s = 0; s < SETS; s++) {
        source[s] = there(side * side * 4);
        out0[s] = there(side * side);
        out1[s] = there(side * side);
        scales0[s] = there(side * side / 32);
        scales1[s] = there(side * side / 32);
    }
    printf("%zu x %zu, blocks of 32, %d sets of buffers, median of %d; bytes read and written over time\n", side, side,
           SETS, REPEATS);
    for (int t = 0; t < 2; t++) {
        bench_source(types[t]);
        for (int e = 1; e <= MX_ELEM_LAST; e++)
            for (int r = 0; r < 2; r++)
                for (int dims = 1; dims <= 3; dims++)
                    for (int packed = 0; packed <= (mx_elem_bits((mx_elem)e) < 8); packed++)
                        bench_one((mx_elem)e, types[t], rules[r], dims, packed);
        fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } verbs[] = {{"verify", verify}, {"sweep", sweep}, {"bench", bench}};
    mxgpu_vendor vendor = MXGPU_CUDA;
    char why[MXGPU_WHY];
    int status = USAGE;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--hip") == 0)
            vendor = MXGPU_HIP;
        if (strcmp(argv[i], "--quick") == 0)
            quick = 1;
    }
    for (size_t v = 0; argc > 1 && v < sizeof verbs / sizeof *verbs; v++)
        if (strcmp(argv[1], verbs[v].name) == 0) {
            mx_status opened = mxgpu_open(&gpu, vendor, 0, why);

            if (opened != MX_OK)
                stop(opened, why);
            printf("%s\n", mxgpu_name(gpu));
            status = verbs[v].run();
            mxgpu_close(gpu);
            return status;
        }
    fprintf(stderr, "usage: device verify|sweep|bench [--hip] [--quick]\n");
    return status;
}
