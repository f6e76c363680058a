/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mx/names.h>

#define MXG_LANES 1
#include "kernels/body/fast.h"
#include "kernels/body/mix.h"

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
    static const char *const fixed[] = {"mxg_cells",          "mxg_blocks", "mxg_quantize_any",
                                        "mxg_dequantize_any", "mxg_repair", "mxg_sweep"};
    static const char *const family[] = {"mxg_dim0_", "mxg_tile_", "mxg_sweep_"};

    if (launch->kernel < MXG_K_DIM0)
        snprintf(name, MXG_NAME_MAX, "%s", fixed[launch->kernel]);
    else
        snprintf(name, MXG_NAME_MAX, "%s%s_%s", family[launch->kernel - MXG_K_DIM0],
                 any ? "any" : mx_elem_name(launch->elem), mx_type_name(launch->type));
}

/* Groups for kernels whose lanes stride over `work`: enough to fill any device, and no more. */
static uint64_t strided(uint64_t work, uint64_t each)
{
    uint64_t groups = (work + each - 1) / each;

    return groups < 1 ? 1 : groups > 65535 ? 65535 : groups;
}

static mxg_launch *add(mxg_launch *launch, unsigned *n, mxg_kernel kernel, const mxg_job *job, uint64_t grid)
{
    mxg_launch *l = &launch[(*n)++];

    l->kernel = kernel;
    l->elem = (mx_elem)job->elem;
    l->type = (mx_type)job->type;
    l->grid = grid;
    l->job = *job;
    return l;
}

static void add_repair(mxg_launch *launch, unsigned *n, const mxg_job *job)
{
    add(launch, n, MXG_K_REPAIR, job, strided(job->rows * job->cols, 32 * 4 * MXG_GROUP));
}

static void add_dim0(mxg_launch *launch, unsigned *n, const mxg_job *job)
{
    add(launch, n, MXG_K_DIM0, job, (job->rows * job->cols / 16 + MXG_GROUP - 1) / MXG_GROUP);
}

unsigned mxg_plan_batch(mxg_launch launch[MXG_LAUNCHES], const mx_batch *batch)
{
    unsigned n = 0;
    mxg_job job;

    if (batch->count == 0)
        return 0;
    mxg_plan_job(&job, batch->op, batch->elem, batch->type, &batch->profile);
    job.k = batch->k;
    job.count = batch->count;
    job.value = batch->in.value;
    job.random = batch->in.random;
    job.scale_in = batch->in.scale;
    job.code_in = batch->in.code;
    job.value_out = batch->out.value;
    job.scale_out = batch->out.scale;
    job.code_out = batch->out.code;
    if (batch->op == MX_OP_QUANTIZE && job.fast && job.k == 32) {
        /* One long line of blocks. */
        job.rows = 1;
        job.cols = job.count * 32;
        job.dim = MXG_DIM0;
        job.row_stride = (int64_t)job.cols;
        job.col_stride = 1;
        job.target[0].codes = job.code_out;
        job.target[0].scales = job.scale_out;
        job.target[0].pos_stride = job.target[0].scale_pos = 1;
        add_dim0(launch, &n, &job);
        add_repair(launch, &n, &job);
    } else if (batch->op == MX_OP_QUANTIZE || batch->op == MX_OP_SCALE) {
        add(launch, &n, MXG_K_BLOCKS, &job, strided(job.count, MXG_GROUP / 32));
    } else {
        add(launch, &n, MXG_K_CELLS, &job, strided(job.count * job.k, MXG_GROUP));
    }
    return n;
}

/* ---- tensors ---- */

size_t mxgpu_tiled_bytes(size_t lines, size_t blocks)
{
    return (lines + 127) / 128 * ((blocks + 3) / 4) * 512;
}

static mx_status check_direction(const mxgpu_tensor *t, const mxgpu_blocks *b, unsigned bits, char *why)
{
    if (!b->codes || !b->scales)
        return mxg_say(why, MX_EINVAL, "wanted codes and scales of each direction, found NULL");
    if (b->packed && bits < 8 && t->k * bits % 8 != 0)
        return mxg_say(why, MX_EUNSUPPORTED, "packed codes need blocks of whole bytes, not %zu codes of %u bits", t->k,
                       bits);
    return MX_OK;
}

static mx_status check_tensor(const mxgpu_tensor *t, int encodes, char *why)
{
    mx_status status;

    if (!t || (t->rows && t->cols && !t->value))
        return mxg_say(why, MX_EINVAL, "wanted a tensor and its values, found NULL");
    if (!mx_elem_bits(t->elem) || !mx_type_bytes(t->type))
        return mxg_say(why, MX_EINVAL, "wanted an element format and a type, found %d and %d", (int)t->elem,
                       (int)t->type);
    status = mx_profile_check(&t->profile, why);
    if (status != MX_OK)
        return status;
    if (t->k == 0 || t->k > MX_BLOCK_MAX)
        return mxg_say(why, MX_EINVAL, "wanted a block of 1 to %u elements, found %zu", MX_BLOCK_MAX, t->k);
    if (t->rows && t->cols > (size_t)INT64_MAX / 16 / t->rows)
        return mxg_say(why, MX_ESIZE, "%zu x %zu elements are too many", t->rows, t->cols);
    if (t->dims < 1 || t->dims > 3 || (!encodes && t->dims == 3))
        return mxg_say(why, MX_EINVAL, "wanted dim0, dim1%s, found %d", encodes ? " or both" : "", t->dims);
    if (encodes && (t->profile.round == MX_SR) != (t->random != NULL))
        return mxg_say(why, MX_EINVAL, "random bits belong to round=sr and to nothing else");
    for (int d = 0; d < 2; d++) {
        status = t->dims & 1 << d ? check_direction(t, d ? &t->dim1 : &t->dim0, mx_elem_bits(t->elem), why) : MX_OK;
        if (status != MX_OK)
            return status;
    }
    return MX_OK;
}

static void plan_target(mxg_target *out, const mxgpu_blocks *b, size_t length, size_t k, unsigned bits)
{
    out->codes = b->codes;
    out->scales = b->scales;
    out->line_stride = b->line_stride;
    out->pos_stride = b->pos_stride;
    out->scale_line = b->scale_line_stride;
    out->scale_pos = b->scale_block_stride;
    out->packed = b->packed && bits < 8;
    out->tiles = b->tiled ? ((length + k - 1) / k + 3) / 4 : 0;
}

static void plan_tensor(mxg_job *job, const mxgpu_tensor *t, mx_op op)
{
    unsigned bits = mx_elem_bits(t->elem);

    mxg_plan_job(job, op, t->elem, t->type, &t->profile);
    job->k = t->k;
    job->rows = t->rows;
    job->cols = t->cols;
    job->value = t->value;
    job->value_out = t->value;
    job->row_stride = t->row_stride;
    job->col_stride = t->col_stride;
    job->random = t->random;
    job->dim = (uint32_t)t->dims;
    if (t->dims & MXG_DIM0)
        plan_target(&job->target[0], &t->dim0, t->cols, t->k, bits);
    if (t->dims & MXG_DIM1)
        plan_target(&job->target[1], &t->dim1, t->rows, t->k, bits);
}

static int aligned(const void *p, int64_t stride_bytes)
{
    return ((uintptr_t)p | (uintptr_t)stride_bytes) % 16 == 0;
}

/* Scales in one dense array, along lines or across them; aligned for mxg_repair. */
static int dense_scales(const mxg_target *t, uint64_t lines, uint64_t per)
{
    int along = t->scale_pos == 1 && t->scale_line == (int64_t)per;
    int across = t->scale_line == 1 && t->scale_pos == (int64_t)lines && per != 1;

    return (uintptr_t)t->scales % 4 == 0 && (t->tiles || along || across);
}

/* Lines of adjacent codes that start at multiples of 16 bytes (packed: of their own 16 codes). */
static int dense_codes(const mxg_job *j, const mxg_target *t)
{
    if (t->packed)
        return ((uintptr_t)t->codes | (uintptr_t)t->line_stride) % 4 == 0;
    return t->pos_stride == 1 && aligned(t->codes, t->line_stride) && j->cols != 0;
}

static int fast_tensor(mxg_job *j)
{
    const mxg_target *d0 = &j->target[0], *d1 = &j->target[1];
    int64_t width = j->type == MX_FP32 ? 4 : 2;

    if (!j->fast || j->k != 32 || j->random || j->col_stride != 1 || !aligned(j->value, j->row_stride * width))
        return 0;
    if (j->dim & MXG_DIM0 && (j->cols % 32 || !dense_codes(j, d0) || !dense_scales(d0, j->rows, j->cols / 32)))
        return 0;
    if (!(j->dim & MXG_DIM1))
        return 1;
    if (j->rows % 128 || j->cols % 128 || !dense_scales(d1, j->cols, j->rows / 32))
        return 0;
    j->transposed = (uint32_t)dense_codes(j, d1);
    /* or stored by rows */
    return j->transposed || (!d1->packed && d1->line_stride == 1 && aligned(d1->codes, d1->pos_stride));
}

/* A tensor without gaps is one long row to the dim0 kernel: no division. */
static void flatten(mxg_job *j)
{
    mxg_target *t = &j->target[0];
    uint64_t line_bytes = t->packed ? j->cols * j->format.bits / 8 : j->cols;

    if (t->tiles || j->row_stride != (int64_t)j->cols || t->line_stride != (int64_t)line_bytes || t->scale_pos != 1)
        return;
    j->cols *= j->rows;
    j->rows = 1;
}

static void add_any(mxg_launch *launch, unsigned *n, const mxg_job *job, uint32_t dim)
{
    uint64_t lines = dim == MXG_DIM0 ? job->rows : job->cols, length = dim == MXG_DIM0 ? job->cols : job->rows;

    add(launch, n, MXG_K_QUANTIZE_ANY, job, strided(lines * ((length + job->k - 1) / job->k), MXG_GROUP))->job.dim =
        dim;
}

int mxgpu_is_fast(const mxgpu_tensor *t)
{
    mxg_job job;

    if (check_tensor(t, 1, NULL) != MX_OK)
        return 0;
    plan_tensor(&job, t, MX_OP_QUANTIZE);
    return fast_tensor(&job);
}

mx_status mxg_plan_quantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, char *why)
{
    mx_status status = check_tensor(t, 1, why);
    mxg_job job;

    *launches = 0;
    if (status != MX_OK || t->rows == 0 || t->cols == 0)
        return status;
    plan_tensor(&job, t, MX_OP_QUANTIZE);
    if (fast_tensor(&job)) {
        if (job.dim == MXG_DIM0) {
            flatten(&job);
            add_dim0(launch, launches, &job);
        } else {
            add(launch, launches, MXG_K_TILE, &job, job.rows / 128 * (job.cols / 128));
        }
        add_repair(launch, launches, &job);
        if (launch[0].grid > INT32_MAX)
            return mxg_say(why, MX_ESIZE, "%zu x %zu elements are too many for one launch", t->rows, t->cols);
        return MX_OK;
    }
    for (uint32_t dim = MXG_DIM0; dim <= MXG_DIM1; dim++)
        if (job.dim & dim)
            add_any(launch, launches, &job, dim);
    /* Each launch knows its own direction only. */
    return MX_OK;
}

mx_status mxg_plan_dequantize(mxg_launch launch[MXG_LAUNCHES], unsigned *launches, const mxgpu_tensor *t, char *why)
{
    mx_status status = check_tensor(t, 0, why);
    mxg_job job;

    *launches = 0;
    if (status != MX_OK || t->rows == 0 || t->cols == 0)
        return status;
    plan_tensor(&job, t, MX_OP_DEQUANTIZE);
    add(launch, launches, MXG_K_DEQUANTIZE_ANY, &job, strided(t->rows * t->cols, MXG_GROUP));
    return MX_OK;
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
    add(launch, &n, s->fast ? MXG_K_SWEEP_FAST : MXG_K_SWEEP, &job, strided(s->patterns, (uint64_t)MXG_GROUP * 1024));
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
