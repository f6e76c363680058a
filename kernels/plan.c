/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mx/names.h>

#define MXG_LANES 1
#include "kernels/body/fast.h"
#include "kernels/body/mix.h"

_Static_assert(MX_SCALE_LAST == MX_SCALE_RCEIL, "body/scale.h has a case for each scale rule");
_Static_assert(MX_ROUND_LAST == MX_SR, "body/round.h has a case for each rounding");
_Static_assert(MX_TYPE_LAST == MX_FP64, "body/ has each type");
_Static_assert(sizeof(mxg_step) == sizeof(mxgpu_step), "a table is copied as it is");

mx_status mxg_say(char *why, mx_status status, const char *format, ...)
{
    va_list list;

    if (why) {
        va_start(list, format);
        vsnprintf(why, MXGPU_WHY, format, list);
        va_end(list);
    }
    return status;
}

/* ---- the formats ---- */

typedef struct row {
    mx_elem elem;
    unsigned bits, mbits;
    int emax, emin;
    unsigned max_code, inf_code, nan_first;
} row;

static const row rows[] = {
#define MX_FORMAT(id, bits, ebits, mbits, bias, emax, emin, max_code, inf_code, nan_first, nan_last, minus_zero)       \
    {id, bits, mbits, emax, emin, max_code, inf_code, nan_first},
#include "impl/formats.def"
#undef MX_FORMAT
};

/* fl32(1 / (m * 2^exp)) as 24 bits and an exponent; m below 2^8, not a power of two. */
static void reciprocal(mxg_format *f, uint64_t m, int exp)
{
    uint64_t quotient = ((uint64_t)1 << 62) / m;
    uint32_t drop = 40u - MX_CLZ64(quotient);

    /* The quotient has at least 55 bits and is never exact: a sticky bit stands for the rest. */
    f->recip_sig = (uint32_t)mxg_shift_rne(quotient | 1u, drop);
    f->recip_exp = -62 - exp + (int)drop;
}

static void plan_format(mxg_format *f, mx_elem elem, const mx_profile *profile)
{
    const row *r = &rows[elem - 1];
    uint64_t m = r->max_code;
    int exp = -(int)r->mbits;

    memset(f, 0, sizeof *f);
    f->bits = r->bits;
    f->mbits = r->mbits;
    f->max_code = r->max_code;
    f->sign = 1u << (r->bits - 1);
    f->fixed = elem == MX_INT8;
    f->inf_code = r->inf_code;
    f->nan_first = r->nan_first;
    f->emax = r->emax;
    f->emin = r->emin;
    f->unit = -(int)r->mbits;
    if (f->fixed && profile->int8 != MX_INT8_OCP) {
        f->emax = profile->int8 == MX_INT8_INT6 ? 6 : 7;
        exp = f->unit = 0;
    } else if (!f->fixed) {
        m = (m & ((1u << r->mbits) - 1)) | 1u << r->mbits;
        exp += r->emax;
    }
    f->max_sig = m << MX_CLZ64(m);
    f->max_exp = 63 - (int32_t)MX_CLZ64(m) + exp;
    reciprocal(f, m, exp);
}

static void plan_type(mxg_job *job, mx_type type)
{
    static const uint8_t mbits[] = {0, 23, 7, 10, 52}, ebits[] = {0, 8, 8, 5, 11};

    job->type = type;
    job->type_mbits = mbits[type];
    job->type_ebits = ebits[type];
}

/* ---- the short form (body/fast.h) ---- */

static int takes_short_form(const mxg_job *job)
{
    const mx_profile *p = &job->profile;

    return job->type != MX_FP64 && p->round == MX_RNE && p->zero_sign == MX_ZERO_SIGN_KEEP &&
           (p->overflow == MX_OVERFLOW_SATURATE || !job->format.nan_first) && p->scale_arith != MX_ARITH_LOG2F &&
           p->int8 == MX_INT8_OCP && p->int8_min == MX_INT8_MIN_SYMMETRIC && p->subnormal_in == MX_SUBNORMAL_IN_KEEP &&
           p->subnormal_out == MX_SUBNORMAL_OUT_KEEP;
}

/* Byte of a block whose A has this fp32 pattern. */
static uint32_t byte_of(const mxg_job *fp32, uint32_t a)
{
    mxg_block b = {a, 0, 0};
    uint32_t flushed;

    return mxg_scale(fp32, b, &flushed);
}

/* Where in [1, 2) the byte steps up, if it does. */
static void plan_short_form(mxg_job *job)
{
    mxg_job fp32 = *job;
    uint32_t low = 0, high = 0x800000, one, middle;

    if (!takes_short_form(job))
        return;
    plan_type(&fp32, MX_FP32);
    one = byte_of(&fp32, 0x3f800000u);
    while (high - low > 1) {
        middle = low + (high - low) / 2;
        if (byte_of(&fp32, 0x3f800000u + middle) == one)
            low = middle;
        else
            high = middle;
    }
    job->fast = 1;
    job->fast_up = 0x800000u - high;
    job->fast_base = (int32_t)one - 127;
    /* bytes 32 and up (fast.h), also for a step base of -15; down to 230 */
    job->fast_low = (uint32_t)(32 - job->fast_base) << 23;
    job->fast_span = ((uint32_t)230 << 23) - 1 - job->fast_low;
}

void mxg_plan_job(mxg_job *job, mx_op op, mx_elem elem, mx_type type, const mx_profile *profile)
{
    memset(job, 0, sizeof *job);
    job->profile = *profile;
    job->op = op;
    job->elem = elem;
    job->k = 1;
    plan_type(job, type);
    plan_format(&job->format, elem, profile);
    job->zero_scale = profile->zero_scale == MX_ZERO_SCALE_00   ? 0u
                      : profile->zero_scale == MX_ZERO_SCALE_7F ? 0x7fu
                                                                : (uint32_t)(127 - job->format.emax);
    plan_short_form(job);
}

/* ---- launches ---- */

void mxg_kernel_name(const mxg_launch *launch, int any, char name[MXG_NAME_MAX])
{
    static const char *const fixed[] = {"mxg_cells",
                                        "mxg_blocks",
                                        "mxg_arrange",
                                        "mxg_quantize_any",
                                        "mxg_dequantize_any",
                                        "mxg_dequantize_rows_fp32",
                                        "mxg_dequantize_rows_bf16",
                                        "mxg_dequantize_columns_fp32",
                                        "mxg_dequantize_columns_bf16",
                                        "mxg_repair",
                                        "mxg_sweep"};
    static const char *const family[] = {"mxg_dim0_", "mxg_tile_", "mxg_sweep_"};

    if (launch->kernel < MXG_K_DIM0)
        snprintf(name, MXG_NAME_MAX, "%s", fixed[launch->kernel]);
    else
        snprintf(name, MXG_NAME_MAX, "%s%s_%s", family[launch->kernel - MXG_K_DIM0],
                 any ? "any" : mx_elem_name(launch->elem), mx_type_name(launch->type));
}

uint64_t mxg_plan_groups(uint64_t work, uint64_t each)
{
    uint64_t groups = (work + each - 1) / each;

    return groups < 1 ? 1 : groups > 65535 ? 65535 : groups;
}

static mxg_divisor divisor(uint64_t by)
{
    mxg_divisor d = {by ? by : 1, UINT64_MAX / (by ? by : 1)};

    return d;
}

static void plan_divisors(mxg_job *j)
{
    j->block = divisor(j->k);
    j->bytes = divisor(j->bytes.by);
    j->columns = divisor(j->cols);
    for (int d = 0; d < 2; d++) {
        j->lines[d] = divisor(d ? j->cols : j->rows);
        j->per[d] = divisor(((d ? j->rows : j->cols) + j->k - 1) / j->k);
        j->sets[d] = divisor(j->per[d].by / 4 >> j->staged[d]);
        j->across[d] = divisor(j->target[d].tiles);
    }
}

mxg_launch *mxg_plan_add(mxg_launch *launch, unsigned *n, mxg_kernel kernel, const mxg_job *job, uint64_t grid)
{
    mxg_launch *l = &launch[(*n)++];

    l->kernel = kernel;
    l->elem = (mx_elem)job->elem;
    l->type = (mx_type)job->type;
    l->grid = grid;
    l->job = *job;
    l->job.groups = grid;
    plan_divisors(&l->job);
    return l;
}

void mxg_plan_dim0(mxg_launch *launch, unsigned *n, const mxg_job *job)
{
    uint64_t each = MXG_GROUP * (job->type == MX_FP32 ? 16u : 32u);

    mxg_plan_add(launch, n, MXG_K_DIM0, job, (job->rows * job->cols + each - 1) / each);
}

/* As many groups as mxg_repair has work for: sets of staged scales, or 16 scales a lane. */
void mxg_plan_repair(mxg_launch *launch, unsigned *n, const mxg_job *job)
{
    uint64_t scales = job->rows * job->cols / 32, groups = 0;

    for (uint32_t d = 0; d < 2; d++)
        if (job->dim & 1u << d)
            groups += (scales - 1) / (job->staged[d] == 5 ? 256 * 128
                                      : job->staged[d]    ? 4 * 64 * 32
                                                          : 16 * MXG_GROUP) +
                      1;
    mxg_plan_add(launch, n, MXG_K_REPAIR, job, mxg_plan_groups(groups, 1));
}

/* How often n, at most `most` times, can be halved. */
static uint32_t halvings(uint64_t n, uint32_t most)
{
    uint32_t times = 0;

    while (times < most && (n >> times & 1) == 0)
        times++;
    return times;
}

/* Panels side by side and one under another are taken together: in both directions 2 by 2, so that what is read lies
 * together; in dim1 alone 2 by 64, so that what is written does. */
void mxg_plan_tile(mxg_launch *launch, unsigned *n, mxg_kernel kernel, const mxg_job *job)
{
    uint64_t width = job->type == MX_FP32 ? 128 : 256, across = (job->cols + width - 1) / width, down = job->rows / 128;
    mxg_launch *l = mxg_plan_add(launch, n, kernel, job, across * down);

    l->job.wide = halvings(across, 1);
    l->job.high = halvings(down, job->dim & MXG_DIM0 ? 1 : 6);
    l->job.squares = divisor(across >> l->job.wide);
    /* worth it where arithmetic, not memory, is what takes the time */
    l->job.fetch = job->dim & MXG_DIM0 && (job->target[0].packed || (job->type == MX_FP32 && job->elem == MX_E2M1));
}

/* pack, unpack, swizzle, unswizzle: no number, so that profile and type play no part. */
static void plan_arrangement(mxg_job *job, const mx_batch *batch)
{
    memset(job, 0, sizeof *job);
    job->op = batch->op;
    job->layout = batch->layout;
    job->format.bits = mx_elem_bits(batch->elem);
    job->rows = batch->rows;
    job->cols = batch->cols;
    job->bytes.by = mx_layout_bytes(batch);
    job->target[0].tiles = (batch->cols + 3) / 4;
}

/* Blocks of 32 as one long line, by the kernels of tensors. */
static void plan_line(mxg_launch *launch, unsigned *n, mxg_job *job)
{
    job->rows = 1;
    job->cols = job->count * 32;
    job->dim = MXG_DIM0;
    job->row_stride = (int64_t)job->cols;
    job->col_stride = 1;
    job->target[0].codes = job->code_out;
    job->target[0].scales = job->scale_out;
    job->target[0].pos_stride = job->target[0].scale_pos = 1;
    mxg_plan_dim0(launch, n, job);
    mxg_plan_repair(launch, n, job);
}

unsigned mxg_plan_batch(mxg_launch launch[MXG_LAUNCHES], const mx_batch *batch)
{
    int arranges = batch->layout != 0;
    unsigned n = 0;
    mxg_job job;

    if (batch->count == 0)
        return 0;
    if (arranges)
        plan_arrangement(&job, batch);
    else
        mxg_plan_job(&job, batch->op, batch->elem, batch->type, &batch->profile);
    job.k = batch->k;
    job.count = batch->count;
    job.value = batch->in.value;
    job.random = batch->in.random;
    job.scale_in = batch->in.scale;
    job.code_in = batch->in.code;
    job.byte_in = batch->in.byte;
    job.value_out = batch->out.value;
    job.scale_out = batch->out.scale;
    job.code_out = batch->out.code;
    job.byte_out = batch->out.byte;
    if (arranges) {
        mxg_plan_add(launch, &n, MXG_K_ARRANGE, &job, mxg_plan_groups(job.count * job.k, MXG_GROUP));
    } else if (batch->op == MX_OP_QUANTIZE && job.fast && job.k == 32) {
        plan_line(launch, &n, &job);
    } else if (batch->op == MX_OP_QUANTIZE || batch->op == MX_OP_SCALE) {
        mxg_plan_add(launch, &n, MXG_K_BLOCKS, &job, mxg_plan_groups(job.count, MXG_GROUP / 32));
    } else {
        mxg_plan_add(launch, &n, MXG_K_CELLS, &job, mxg_plan_groups(job.count * job.k, MXG_GROUP));
    }
    return n;
}

/* ---- sweeps ---- */

mx_status mxg_plan_sweep(mxg_launch *launch, const mxgpu_sweep_job *s, const mxg_step *step, uint64_t *result,
                         char *why)
{
    const mx_batch *b = &s->shape;
    uint64_t space;
    unsigned n = 0;
    mxg_job job;

    if (!mx_elem_bits(b->elem) || !mx_type_bytes(b->type) || mx_profile_check(&b->profile, why) != MX_OK)
        return mxg_say(why, MX_EINVAL, "wanted a format, a type and a full profile to sweep");
    if ((b->op != MX_OP_CAST && b->op != MX_OP_SCALED_CAST && b->op != MX_OP_SCALE) || b->type == MX_FP64)
        return mxg_say(why, MX_EINVAL, "wanted cast, scaled-cast or scale of fp32, bf16 or fp16 to sweep");
    space = (uint64_t)1 << 8 * mx_type_bytes(b->type);
    if (!s->step || s->steps == 0 || s->steps > UINT32_MAX || s->step[0].first != 0)
        return mxg_say(why, MX_EINVAL, "wanted a step table that begins at pattern 0");
    if (s->patterns == 0 || s->first >= space || s->patterns > space - s->first || (s->first | s->patterns) % 4)
        return mxg_say(why, MX_EINVAL, "wanted a range of patterns, both ends multiples of 4, within 2^%zu",
                       8 * mx_type_bytes(b->type));
    mxg_plan_job(&job, b->op, b->elem, b->type, &b->profile);
    job.sweep_scale = b->op == MX_OP_CAST ? 127u : s->scale;
    job.sweep_random = s->random;
    job.step = step;
    job.steps = (uint32_t)s->steps;
    job.result = result;
    job.first = s->first;
    job.patterns = s->patterns;
    if (s->fast && (!job.fast || job.sweep_scale < 32 || job.sweep_scale > 230))
        return mxg_say(why, MX_EUNSUPPORTED, "this profile or scale byte has no short form");
    mxg_plan_add(launch, &n, s->fast ? MXG_K_SWEEP_FAST : MXG_K_SWEEP, &job,
                 mxg_plan_groups(s->patterns, (uint64_t)MXG_GROUP * 1024));
    return MX_OK;
}

uint64_t mxgpu_sweep_digest(const mxgpu_step *step, size_t steps, uint64_t first, uint64_t patterns)
{
    uint64_t sum = 0, at;
    unsigned before = 0x100;

    for (size_t i = 0; i < steps; i++) {
        uint64_t end = i + 1 < steps ? step[i + 1].first : UINT64_MAX;

        if (end <= first || step[i].first >= first + patterns)
            continue;
        at = step[i].first > first ? step[i].first : first;
        if (step[i].answer != before)
            sum += mxg_sweep_mix(at, step[i].answer);
        before = step[i].answer;
    }
    return sum;
}
