/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: `scale` on 32-bit lanes (lanes32.h), for blocks of one value and of multiples of DWORDS values. Included
 * once by each impl/<set>/<isa>.c, after cast_tmpl.h.
 *
 * Defines: scale_blocks(plan, strip), blocks laid end to end; returns 0 with nothing written when the plan or the strip
 *          is not for it (fp64 sources, scale-arith=log2f, and f32 with rceil).
 *
 * The largest magnitudes of BYTES blocks, as fp32 patterns, become bytes together. Blocks of several values that hold a
 * NaN or an Inf are done again by the portable kernel.
 */

/* A scale plan for 32-bit lanes. */
typedef struct scale32 {
    const mxfast_scale_plan *scale;
    int is_exact;         /* subnormals count as the numbers they are, not as of exponent field 0 */
    uint32_t carry;       /* added to the magnitude first */
    uint32_t cut;         /* a fraction above adds one to the exponent */
    uint32_t flush;       /* magnitudes below count as zero; at least 1 */
    uint32_t flush_block; /* magnitudes below, but for zero: byte 00 */
    uint8_t nan, inf;     /* bytes of a block of one NaN, one Inf */
} scale32;

static int scale32_make(scale32 *s, const mxfast_plan *plan)
{
    const mxfast_scale_plan *scale = &plan->scale;
    const uint32_t min_normal = (uint32_t)(plan->value.grid.emin + 127) << 23; /* of the source */
    const int is_f32 = scale->arith == MX_ARITH_F32;
    if (plan->value.type == MX_FP64 || scale->arith == MX_ARITH_LOG2F || (is_f32 && scale->rule == MX_SCALE_RCEIL))
        return 0;
    *s = (scale32){.scale = scale, .is_exact = !is_f32};
    s->cut = (uint32_t)((scale->cut - MXFAST_LEAD) >> 40);
    if (is_f32 && scale->rule == MX_SCALE_EVEN) {
        s->carry = UINT32_C(1) << (22 - scale->mbits);
        s->cut = FP32_FRACTION;
    }
    s->flush = plan->cast.flush ? min_normal : 1;
    s->flush_block = scale->flush_block ? min_normal : 0;
    s->nan = scale->nan >= 0 ? (uint8_t)scale->nan : scale->zero;
    s->inf = scale->inf >= 0 ? (uint8_t)scale->inf : scale->zero;
    return 1;
}

/* The bytes of blocks whose largest magnitudes are `a`. */
LANES d_lanes scale_lanes(const scale32 *s, d_lanes a)
{
    const mxfast_scale_plan *scale = s->scale;
    d_lanes m = d_add(a, d_all(s->carry)), below = d_all(0);
    if (s->is_exact) { /* a subnormal is 2^-149 times a number that is normal */
        below = d_if_below(m, d_all(FP32_NORMAL), d_all(149), d_all(0));
        m = d_if_below(m, d_all(FP32_NORMAL), d_float(d_and(m, d_all(FP32_FRACTION))), m);
    }
    d_lanes top = d_add(d_all((uint32_t)scale->top), below);
    d_lanes byte = d_sub(d_step(d_right(m, 23), d_and(m, d_all(FP32_FRACTION)), d_limit(d_all(s->cut))), top);
    byte = d_if_below(d_all(254), byte, d_all(scale->over), d_max(byte, d_all(0)));
    byte = d_if_below(m, d_all(FP32_INF), byte, d_all(0xff)); /* carried into Inf */
    byte = d_if_below(a, d_all(s->flush_block), d_all(0), byte);
    byte = d_if_below(a, d_all(s->flush), d_all(scale->zero), byte);
    byte = d_if_below(a, d_all(FP32_INF), byte, d_all(s->inf));
    return d_if_below(d_all(FP32_INF), a, d_all(s->nan), byte);
}

LANES void scale_group(const scale32 *s, const d_lanes a[4], uint8_t *byte)
{
    d_lanes lanes[4];
    for (int t = 0; t < 4; t++)
        lanes[t] = scale_lanes(s, a[t]);
    b_store(byte, b_narrow(lanes));
}

LANES d_lanes load_magnitudes(mx_type type, const unsigned char *at)
{
    return d_and(load_values(type, at), d_all(FP32_MAGNITUDE));
}

/* ---- blocks of one ---- */

LANES void scale_ones(const scale32 *s, const mxfast_strip *strip, mx_type type)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    const scale32 own = *s;
    d_lanes a[4];
    for (size_t i = 0; i < strip->blocks; i += BYTES) {
        const size_t n = strip->blocks - i < BYTES ? strip->blocks - i : BYTES;
        const unsigned char *at = (const unsigned char *)strip->in + i * width;
        unsigned char last[BYTES * 4] = {0};
        uint8_t byte[BYTES];
        if (n < BYTES)
            at = memcpy(last, at, n * width);
        for (size_t t = 0; t < 4; t++)
            a[t] = load_magnitudes(type, at + t * DWORDS * width);
        scale_group(&own, a, n < BYTES ? byte : strip->scale_out + i);
        if (n < BYTES)
            memcpy(strip->scale_out + i, byte, n);
    }
}

/* ---- blocks of several ---- */

LANES uint32_t block_amax(const unsigned char *at, mx_type type, size_t k)
{
    const size_t width = type == MX_FP32 ? 4 : 2;
    d_lanes most = d_all(0);
    for (size_t i = 0; i < k; i += DWORDS)
        most = d_most(most, load_magnitudes(type, at + i * width));
    return d_largest(most);
}

LANES void scale_several(const scale32 *s, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    const size_t bytes = strip->k * (type == MX_FP32 ? 4 : 2);
    uint32_t amax[BYTES] = {0};
    uint8_t byte[BYTES];
    d_lanes a[4];
    for (size_t first = 0; first < strip->blocks; first += BYTES) {
        const size_t n = strip->blocks - first < BYTES ? strip->blocks - first : BYTES;
        const unsigned char *at = (const unsigned char *)strip->in + first * bytes;
        for (size_t b = 0; b < n; b++)
            amax[b] = block_amax(at + b * bytes, type, strip->k);
        for (int t = 0; t < 4; t++)
            a[t] = d_load_fp32(amax + t * DWORDS);
        scale_group(s, a, byte);
        memcpy(strip->scale_out + first, byte, n);
        for (size_t b = 0; b < n; b++)
            if (amax[b] >= FP32_INF) {
                mxfast_strip one = *strip;
                one.blocks = 1;
                one.in = at + b * bytes;
                one.scale_out = strip->scale_out + first + b;
                mxfast_portable_scale(plan, &one);
            }
    }
}

LANES void scale_type(const scale32 *s, const mxfast_plan *plan, const mxfast_strip *strip, mx_type type)
{
    if (strip->k == 1)
        scale_ones(s, strip, type);
    else
        scale_several(s, plan, strip, type);
}

static int scale_blocks(const mxfast_plan *plan, const mxfast_strip *strip)
{
    scale32 s;
    const ptrdiff_t k = (ptrdiff_t)strip->k;
    if ((k != 1 && (k % DWORDS != 0 || strip->value_elem != 1)) ||
        (strip->blocks > 1 && (strip->value_block != k || strip->scale_block != 1)) || !scale32_make(&s, plan))
        return 0;
    switch (plan->value.type) {
    case MX_FP32:
        scale_type(&s, plan, strip, MX_FP32);
        break;
    case MX_BF16:
        scale_type(&s, plan, strip, MX_BF16);
        break;
    default:
        scale_type(&s, plan, strip, MX_FP16);
        break;
    }
    return 1;
}
