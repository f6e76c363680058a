/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/generate/points.h"

/* ---- the list ---- */

mx_status mxc_points_begin(mxc_points *points, const mx_batch *shape, unsigned classes)
{
    memset(points, 0, sizeof *points);
    points->shape = *shape;
    points->layout = mxc_layout_of(shape->type);
    points->facts = mxref_facts(shape->elem);
    points->classes = classes;
    if (mx_shape_check(shape, NULL) != MX_OK) {
        return MX_EINVAL;
    }
    points->cells = mx_op_info_of(shape->op)->in[0].count == MX_PER_BYTE ? mx_layout_bytes(shape) : shape->k;
    /* any odd constant will do; the shape makes each pack's tail its own */
    points->seed =
        0x9e3779b97f4a7c15u * (1u + (uint64_t)shape->op + 16u * (uint64_t)shape->elem + 256u * (uint64_t)shape->type +
                               4096u * (uint64_t)shape->profile.scale + 65536u * (uint64_t)shape->profile.round +
                               1048576u * (uint64_t)shape->k + (uint64_t)shape->layout * 0x100000000u);
    points->spare = calloc(shape->k, sizeof *points->spare);
    return points->spare == NULL ? MX_ENOMEM : MX_OK;
}

void mxc_points_free(mxc_points *points)
{
    free(points->value);
    free(points->random);
    free(points->scale);
    free(points->code);
    free(points->tags);
    free(points->spare);
    memset(points, 0, sizeof *points);
}

/* realloc of `room` cells, the old block kept on failure. */
static void *grown(void *old, size_t room, size_t cell, int *failed)
{
    void *p = room > SIZE_MAX / cell ? NULL : realloc(old, room * cell);
    if (p == NULL) {
        *failed = 1;
        return old;
    }
    return p;
}

static void reserve(mxc_points *points)
{
    const size_t k = points->shape.k;
    const size_t room = points->room == 0 ? 256 : 2 * points->room;
    points->value = grown(points->value, room, k * sizeof *points->value, &points->failed);
    points->random = grown(points->random, room, k * sizeof *points->random, &points->failed);
    points->scale = grown(points->scale, room, 1, &points->failed);
    points->code = grown(points->code, room, points->cells, &points->failed);
    points->tags = grown(points->tags, room, sizeof *points->tags, &points->failed);
    if (!points->failed) {
        points->room = room;
    }
}

uint64_t *mxc_row(mxc_points *points, const char *tags)
{
    const size_t k = points->shape.k;
    if (points->count == points->room) {
        reserve(points);
    }
    if (points->failed) {
        return points->spare;
    }
    const size_t i = points->count++;
    memset(points->value + i * k, 0, k * sizeof *points->value);
    memset(points->random + i * k, 0, k * sizeof *points->random);
    memset(points->code + i * points->cells, 0, points->cells);
    points->scale[i] = 0;
    strncpy(points->tags[i], tags, MXC_TAGS - 1);
    points->tags[i][MXC_TAGS - 1] = '\0';
    return points->value + i * k;
}

void mxc_add(mxc_points *points, uint64_t bits, uint8_t scale, const char *tags)
{
    mxc_row(points, tags)[0] = bits;
    if (!points->failed) {
        points->scale[points->count - 1] = scale;
    }
}

void mxc_add_near(mxc_points *points, uint64_t at, int ulps, int negative, uint8_t scale, const char *tags)
{
    const uint64_t off = (uint64_t)(ulps < 0 ? -ulps : ulps);
    if (ulps < 0 && at < off) {
        return;
    }
    const uint64_t moved = ulps < 0 ? at - off : at + off;
    if (moved >= points->layout->inf) {
        return;
    }
    mxc_add(points, negative ? moved | points->layout->sign : moved, scale, tags);
}

void mxc_add_three(mxc_points *points, mxc_dyadic q, int shift, int both, uint8_t scale, const char *tags)
{
    int exact;
    const uint64_t at = mxc_pattern(points->layout, mxc_shift(q, shift), &exact);
    for (int ulps = -1; exact >= 0 && ulps <= 1; ulps++) {
        const int negative = both ? 0 : mxc_flip(points);
        mxc_add_near(points, at, ulps, negative, scale, tags);
        if (both) {
            mxc_add_near(points, at, ulps, 1, scale, tags);
        }
    }
}

uint64_t mxc_draw(mxc_points *points)
{
    uint64_t x = points->seed;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    points->seed = x;
    return x * 0x2545f4914f6cdd1du;
}

int mxc_flip(mxc_points *points)
{
    return (int)(points->turn++ & 1);
}

/* ---- merging equal rows ---- */

static uint64_t fnv(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ p[i]) * 0x100000001b3u;
    }
    return hash;
}

static uint64_t row_hash(const mxc_points *p, size_t i)
{
    const size_t k = p->shape.k;
    uint64_t hash = fnv(0xcbf29ce484222325u, p->value + i * k, k * sizeof *p->value);
    hash = fnv(hash, p->random + i * k, k * sizeof *p->random);
    hash = fnv(hash, p->code + i * p->cells, p->cells);
    return fnv(hash, p->scale + i, 1);
}

static int rows_equal(const mxc_points *p, size_t i, size_t j)
{
    const size_t k = p->shape.k;
    return p->scale[i] == p->scale[j] && memcmp(p->value + i * k, p->value + j * k, k * sizeof *p->value) == 0 &&
           memcmp(p->random + i * k, p->random + j * k, k * sizeof *p->random) == 0 &&
           memcmp(p->code + i * p->cells, p->code + j * p->cells, p->cells) == 0;
}

void mxc_points_move(mxc_points *p, size_t to, size_t from)
{
    const size_t k = p->shape.k;
    if (to == from) {
        return;
    }
    memcpy(p->value + to * k, p->value + from * k, k * sizeof *p->value);
    memcpy(p->random + to * k, p->random + from * k, k * sizeof *p->random);
    memcpy(p->code + to * p->cells, p->code + from * p->cells, p->cells);
    p->scale[to] = p->scale[from];
    memcpy(p->tags[to], p->tags[from], MXC_TAGS);
}

static void swap_bytes(void *a, void *b, size_t size)
{
    unsigned char *x = a, *y = b;
    for (size_t i = 0; i < size; i++) {
        const unsigned char kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}

void mxc_points_swap(mxc_points *p, size_t i, size_t j)
{
    const size_t k = p->shape.k;
    swap_bytes(p->value + i * k, p->value + j * k, k * sizeof *p->value);
    swap_bytes(p->random + i * k, p->random + j * k, k * sizeof *p->random);
    swap_bytes(p->code + i * p->cells, p->code + j * p->cells, p->cells);
    swap_bytes(p->scale + i, p->scale + j, 1);
    swap_bytes(p->tags[i], p->tags[j], MXC_TAGS);
}

static int has_tag(const char *tags, const char *tag, size_t length)
{
    for (const char *at = tags; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, tag, length) == 0 && (at[length] == ',' || at[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

/* Add to `tags` those of `more` that are not there; what does not fit is left out. */
static void unite_tags(char *tags, const char *more)
{
    for (const char *at = more; *at != '\0';) {
        const size_t length = strcspn(at, ",");
        const size_t used = strlen(tags);
        if (!has_tag(tags, at, length) && used + 1 + length < MXC_TAGS) {
            tags[used] = ',';
            memcpy(tags + used + 1, at, length);
            tags[used + 1 + length] = '\0';
        }
        at += length + (at[length] == ',');
    }
}

static mx_status merge_equal(mxc_points *p)
{
    size_t size = 16;
    while (size < 2 * p->count) {
        size *= 2;
    }
    size_t *slot = calloc(size, sizeof *slot); /* 1 + row, 0 when empty */
    if (slot == NULL) {
        return MX_ENOMEM;
    }
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        size_t at = (size_t)row_hash(p, i) & (size - 1);
        while (slot[at] != 0 && !rows_equal(p, slot[at] - 1, i)) {
            at = (at + 1) & (size - 1);
        }
        if (slot[at] != 0) {
            unite_tags(p->tags[slot[at] - 1], p->tags[i]);
            continue;
        }
        mxc_points_move(p, kept, i);
        slot[at] = ++kept;
    }
    free(slot);
    p->count = kept;
    return MX_OK;
}

mx_status mxc_points_fill(mxc_points *points)
{
    switch (points->shape.op) {
    case MX_OP_DECODE:
        mxc_points_decode(points);
        break;
    case MX_OP_CAST:
        mxc_points_cast(points);
        break;
    case MX_OP_SCALE:
        mxc_points_scale(points);
        break;
    case MX_OP_SCALED_CAST:
        mxc_points_scaled_cast(points);
        break;
    case MX_OP_QUANTIZE:
        mxc_points_quantize(points);
        break;
    case MX_OP_DEQUANTIZE:
        mxc_points_dequantize(points);
        break;
    case MX_OP_PACK:
    case MX_OP_UNPACK:
        mxc_points_pack(points);
        break;
    case MX_OP_SWIZZLE:
    case MX_OP_UNSWIZZLE:
        mxc_points_swizzle(points);
        break;
    default:
        return MX_EINVAL;
    }
    mxc_points_narrow(points);
    return points->failed ? MX_ENOMEM : merge_equal(points);
}

/* ---- exact magnitudes ---- */

mxc_dyadic mxc_shift(mxc_dyadic value, int shift)
{
    value.e += shift;
    return value;
}

mxc_dyadic mxc_code_value(const mxc_points *points, unsigned code)
{
    const mx_facts *f = points->facts;
    if (points->shape.elem == MX_INT8) {
        const int whole = points->shape.profile.int8 != MX_INT8_OCP;
        return (mxc_dyadic){code, whole ? 0 : -(int)f->mbits};
    }
    const unsigned field = code >> f->mbits, man = code & ((1u << f->mbits) - 1);
    if (field == 0) {
        return (mxc_dyadic){man, f->emin - (int)f->mbits};
    }
    return (mxc_dyadic){(1u << f->mbits) + man, (int)field - f->bias - (int)f->mbits};
}

mxc_dyadic mxc_midpoint(const mxc_points *points, unsigned code)
{
    mxc_dyadic lo = mxc_code_value(points, code), hi = mxc_code_value(points, code + 1);
    if (lo.m == 0) {
        lo.e = hi.e;
    }
    const int e = lo.e < hi.e ? lo.e : hi.e;
    const uint64_t sum = (lo.m << (lo.e - e)) + (hi.m << (hi.e - e));
    return (mxc_dyadic){sum, e - 1};
}

uint64_t mxc_pattern(const mxc_layout *layout, mxc_dyadic value, int *exact)
{
    int ignored;
    exact = exact == NULL ? &ignored : exact;
    *exact = 1;
    if (value.m == 0) {
        return 0;
    }
    while ((value.m >> 63) == 0) {
        value.m <<= 1;
        value.e--;
    }
    const int e = value.e + 63; /* exponent of the value */
    if (e > layout->emax) {
        *exact = -1;
        return layout->inf - 1;
    }
    const int below = e < layout->emin ? layout->emin - e : 0;
    const unsigned drop = 63 - layout->mbits + (unsigned)below;
    if (drop > 63) {
        *exact = 0;
        return 0;
    }
    const uint64_t sig = value.m >> drop;
    *exact = sig << drop == value.m;
    if (below > 0) {
        return sig;
    }
    return ((uint64_t)(e - layout->emin) << layout->mbits) + sig; /* the hidden bit makes the field e - emin + 1 */
}

uint64_t mxc_power(const mxc_layout *layout, int e)
{
    return mxc_pattern(layout, (mxc_dyadic){1, e}, NULL);
}

/* ---- special patterns ---- */

uint64_t mxc_nan(const mxc_layout *layout, size_t i)
{
    const uint64_t one = 1, quiet = one << (layout->mbits - 1);
    const uint64_t payload[MXC_NANS] = {quiet, one, quiet - one, quiet | one, 2 * quiet - one};
    return layout->inf | payload[i % MXC_NANS];
}

static const char *const special_tags[] = {"zero", "inf", "min-sub", "max-sub", "min-normal", "max",
                                           "nan",  "nan", "nan",     "nan",     "nan"};

size_t mxc_special_count(void)
{
    return sizeof special_tags / sizeof special_tags[0];
}

uint64_t mxc_special(const mxc_layout *layout, size_t i, const char **tags)
{
    const uint64_t min_normal = (uint64_t)1 << layout->mbits;
    const uint64_t plain[] = {0, layout->inf, 1, min_normal - 1, min_normal, layout->inf - 1};
    *tags = special_tags[i];
    return i < 6 ? plain[i] : mxc_nan(layout, i - 6);
}
