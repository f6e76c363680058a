/* SPDX-License-Identifier: BSD-3-Clause
 *
 * device sweep: every pattern of fp32, bf16 and fp16 on the device, against the reference's step tables.
 */
#include "conformance/gpu/device.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/sweep/steps.h"

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
    mxc_gpu_must(mxgpu_sweep(mxc_gpu, &job, &r, why), why);
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
    mx_batch b = {.op = op, .elem = elem, .type = MX_FP32, .k = 1, .profile = mxc_gpu_profile(words)};

    return b;
}

/* scaled-cast under every finite scale byte: the full text, and the short form where it applies. */
static void sweep_scales(mx_elem elem, mx_type type)
{
    const char *name = mx_elem_name(elem), *from = mx_type_name(type);
    static table tables[255];
    mx_batch shape = shape_of(MX_OP_SCALED_CAST, elem, "");
    unsigned step = mxc_quick ? 50 : 1;
    uint64_t before;
    double start = mxc_gpu_now();

    shape.type = type;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic)
#endif
    for (unsigned s = 0; s < 255; s += step)
        make_table(&tables[s], &shape, s, 0);
    for (unsigned s = 0; s < 255; s += step)
        mxc_gpu_must(tables[s].status, "no step table");
    printf("%s %s: step tables in %.1f s\n", name, from, mxc_gpu_now() - start);
    before = swept;
    start = mxc_gpu_now();
    for (unsigned s = 0; s < 255; s += step)
        sweep_table(&shape, &tables[s], s, 0, 0);
    printf("scaled-cast %s %s: %llu cases, full text, %.2f s\n", name, from, (unsigned long long)(swept - before),
           mxc_gpu_now() - start);
    before = swept;
    start = mxc_gpu_now();
    for (unsigned s = 0; s < 255; s += step)
        if (s >= 32 && s <= 230)
            sweep_table(&shape, &tables[s], s, 0, 1);
    printf("scaled-cast %s %s: %llu cases, short form, %.2f s\n", name, from, (unsigned long long)(swept - before),
           mxc_gpu_now() - start);
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
    mxc_gpu_must(t.status, "no step table");
    sweep_table(&shape, &t, 127, random, 0);
    if (fast)
        sweep_table(&shape, &t, 127, random, 1);
    free(t.step);
}

int mxc_gpu_sweep(void)
{
    static const char *const rounds[] = {"round=rne", "round=rna", "round=rnz", "round=rtz",
                                         "round=rup", "round=rdn", "round=rto", "round=sr:8"};
    static const char *const rules[] = {"scale=floor", "scale=ceil", "scale=even", "scale=rceil"};
    static const char *const ariths[] = {"scale-arith=exact", "scale-arith=f32", "scale-arith=log2f"};
    double start = mxc_gpu_now();

    for (int e = 1; e <= MX_ELEM_LAST; e++)
        for (int r = 0; r < 8; r++)
            for (int special = 0; special < 2; special++) {
                char words[64];

                snprintf(words, sizeof words, "%s overflow=%s", rounds[r], special ? "special" : "saturate");
                sweep_words(MX_OP_CAST, (mx_elem)e, MX_FP32, words, r == 0 && !special);
            }
    printf("cast fp32, six formats, 8 roundings, both overflows: %llu cases, %.1f s\n", (unsigned long long)swept,
           mxc_gpu_now() - start);
    start = mxc_gpu_now();
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        for (int r = 0; r < 4; r++)
            for (int a = 0; a < 3; a++)
                for (int type = MX_FP32; type <= MX_FP16; type++) {
                    char words[64];

                    snprintf(words, sizeof words, "%s %s", rules[r], ariths[a]);
                    sweep_words(MX_OP_SCALE, (mx_elem)e, (mx_type)type, words, a < 2);
                }
    printf("scale fp32, bf16, fp16, six formats, 4 rules, 3 arithmetics: %.1f s\n", mxc_gpu_now() - start);
    fflush(stdout);
    /* each type has instructions of its own */
    for (int type = MX_FP32; type <= MX_FP16; type++)
        for (int e = 1; e <= MX_ELEM_LAST; e++)
            sweep_scales((mx_elem)e, (mx_type)type);
    printf("sweep: %llu cases, %llu wrong\n", (unsigned long long)swept, (unsigned long long)wrong);
    return wrong ? DIFFERS : 0;
}
