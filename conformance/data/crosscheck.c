/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The formats are stated three times, by three routes: ref/format.c, impl/formats.def and vectors/elem/. Here they are
 * compared, so that a wrong constant in one of them cannot make a test agree with itself.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/fast.h>
#include <mx/ref.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/error.h"

static mx_status differ(mxv_error *error, const char *elem, const char *what, long long ref, long long fast,
                        long long table)
{
    return mxc_fail(error, MX_EINTERNAL,
                    "crosscheck: %s: %s: the reference says %lld, the fast implementation %lld, vectors/elem %lld",
                    elem, what, ref, fast, table);
}

/* ---- constants as the table of codes shows them ---- */

static int top_bit(unsigned numerator)
{
    int e = 0;
    while (numerator >>= 1)
        e++;
    return e;
}

/* Compare magnitudes numerator * 2^exponent, both not zero. */
static int less(const mxv_code *a, const mxv_code *b)
{
    int top_a = top_bit(a->numerator) + a->exponent, top_b = top_bit(b->numerator) + b->exponent;
    if (top_a != top_b)
        return top_a < top_b;
    uint64_t x = (uint64_t)a->numerator << (31 - top_bit(a->numerator));
    uint64_t y = (uint64_t)b->numerator << (31 - top_bit(b->numerator));
    return x < y;
}

static void from_specials(mx_facts *f, const mxv_codes *codes)
{
    for (unsigned c = 0; c < codes->count / 2; c++) {
        const mxv_code *code = &codes->code[c];
        if (code->class_ == MXV_INF) {
            f->has_inf = 1;
            f->inf_code = c;
        }
        if (code->class_ == MXV_NAN && !f->has_nan)
            f->nan_first = c;
        if (code->class_ == MXV_NAN) {
            f->has_nan = 1;
            f->nan_last = c;
        }
    }
    for (unsigned c = 1; c < codes->count; c++)
        f->has_minus_zero |= codes->code[c].class_ == MXV_ZERO && codes->code[c].negative;
}

/* Exponents of the normal values: a power of two has numerator 1. INT8 has no normal range; its fields describe a
 * format with 6 fraction bits whose values all are normal or subnormal to exponent 0. */
static void from_numbers(mx_facts *f, const mxv_codes *codes)
{
    const mxv_code *largest = NULL;
    int seen = 0;
    for (unsigned c = 1; c < codes->count / 2; c++) {
        const mxv_code *code = &codes->code[c];
        if (code->class_ != MXV_NORMAL && code->class_ != MXV_SUBNORMAL)
            continue;
        if (!largest || less(largest, code)) {
            largest = code;
            f->max_code = c;
        }
        if (code->class_ == MXV_NORMAL && code->numerator == 1) {
            f->emin = !seen || code->exponent < f->emin ? code->exponent : f->emin;
            f->emax = !seen || code->exponent > f->emax ? code->exponent : f->emax;
            seen = 1;
        }
    }
}

/* Everything that mx_facts says, read off the table. Code 1 is the unit: the smallest positive value. */
static mx_facts table_facts(mx_elem elem, const mxv_codes *codes)
{
    mx_facts f = {.elem = elem};
    while ((1u << f.bits) < codes->count)
        f.bits++;
    from_specials(&f, codes);
    from_numbers(&f, codes);
    int unit = codes->code[1].exponent;
    if (elem == MX_INT8) {
        f.mbits = (unsigned)-unit;
        f.emin = f.emax = 0;
        return f;
    }
    /* The unit is 2^(emin - mbits), and the smallest normal value 2^(1 - bias). */
    f.mbits = (unsigned)(f.emin - unit);
    f.ebits = f.bits - 1 - f.mbits;
    f.bias = 1 - f.emin;
    return f;
}

static mx_status compare_facts(const char *name, const mx_facts *r, const mx_facts *i, const mx_facts *t, unsigned bits,
                               mxv_error *error)
{
    const struct {
        const char *what;
        long long ref, fast, table;
    } row[] = {
        {"width", r->bits, i->bits, t->bits},
        {"exponent bits", r->ebits, i->ebits, t->ebits},
        {"fraction bits", r->mbits, i->mbits, t->mbits},
        {"bias", r->bias, i->bias, t->bias},
        {"emax", r->emax, i->emax, t->emax},
        {"emin", r->emin, i->emin, t->emin},
        {"code of the largest value", r->max_code, i->max_code, t->max_code},
        {"has Inf", r->has_inf, i->has_inf, t->has_inf},
        {"has NaN", r->has_nan, i->has_nan, t->has_nan},
        {"has -0", r->has_minus_zero, i->has_minus_zero, t->has_minus_zero},
        {"code of Inf", r->inf_code, i->inf_code, t->inf_code},
        {"first NaN code", r->nan_first, i->nan_first, t->nan_first},
        {"last NaN code", r->nan_last, i->nan_last, t->nan_last},
        {"width in mx_elem_bits", bits, bits, t->bits},
    };
    for (size_t n = 0; n < sizeof row / sizeof *row; n++)
        if (row[n].ref != row[n].fast || row[n].ref != row[n].table)
            return differ(error, name, row[n].what, row[n].ref, row[n].fast, row[n].table);
    return MX_OK;
}

/* ---- every code decoded three ways ---- */

/* The fp64 pattern of a table entry: every value of these formats is a normal fp64 number. */
static uint64_t table_fp64(const mxv_code *code)
{
    const uint64_t sign = (uint64_t)(code->negative != 0) << 63;
    if (code->class_ == MXV_NAN)
        return UINT64_C(0x7ff8000000000000);
    if (code->class_ == MXV_INF)
        return sign | UINT64_C(0x7ff0000000000000);
    if (code->class_ == MXV_ZERO)
        return sign;
    int top = top_bit(code->numerator);
    uint64_t fraction = ((uint64_t)code->numerator << (52 - top)) & ((UINT64_C(1) << 52) - 1);
    return sign | (uint64_t)(code->exponent + top + 1023) << 52 | fraction;
}

static int same_value(uint64_t a, uint64_t b)
{
    return a == b || (mxc_value_is_nan(a, MX_FP64) && mxc_value_is_nan(b, MX_FP64));
}

static mx_status compare_values(const char *name, const mxv_codes *codes, uint64_t *value[3], mxv_error *error)
{
    for (size_t c = 0; c < codes->count; c++)
        if (!same_value(value[0][c], value[2][c]) || !same_value(value[1][c], value[2][c]))
            return mxc_fail(error, MX_EINTERNAL,
                            "crosscheck: %s: code %02zx as fp64: the reference says %016" PRIx64
                            ", the fast implementation %016" PRIx64 ", vectors/elem %016" PRIx64,
                            name, c, value[0][c], value[1][c], value[2][c]);
    return MX_OK;
}

/* `op` over all codes as elements (decode), or as scales of the element whose value is 1 (dequantize). */
static mx_status decode_all(const char *name, const mx_batch *shape, const mxv_codes *codes, mxv_error *error)
{
    mxc_store ref = {0}, fast = {0};
    uint64_t from_table[256];
    mx_status status = mxc_store_new(&ref, shape, codes->count);
    if (status == MX_OK)
        status = mxc_store_new(&fast, shape, codes->count);
    for (size_t c = 0; c < codes->count && status == MX_OK; c++) {
        const uint8_t one = (uint8_t)(1u << mxref_facts(MX_INT8)->mbits);
        mx_batch *const batch[] = {&ref.batch, &fast.batch};
        for (int b = 0; b < 2; b++) {
            uint8_t *code = mxc_column(batch[b], COL_IN_CODE), *scale = mxc_column(batch[b], COL_IN_SCALE);
            code[c] = scale ? one : (uint8_t)c;
            if (scale)
                scale[c] = (uint8_t)c;
        }
        from_table[c] = table_fp64(&codes->code[c]);
    }
    if (status == MX_OK)
        status = mxref_run(&ref.batch, NULL);
    if (status == MX_OK)
        status = mxfast_run(&fast.batch);
    if (status != MX_OK)
        mxc_fail(error, status, "crosscheck: %s: cannot decode: %s", name, mx_status_text(status));
    uint64_t *value[3] = {ref.batch.out.value, fast.batch.out.value, from_table};
    if (status == MX_OK)
        status = compare_values(name, codes, value, error);
    mxc_store_free(&ref);
    mxc_store_free(&fast);
    return status;
}

static mx_status load(mxv_codes *codes, const char *name, mxv_error *error)
{
    char relative[64];
    mxc_say(relative, sizeof relative, "vectors/elem/%s.txt", name);
    char *path = mxc_data_path(relative, error);
    mx_status status = path ? mxv_elem_load(codes, path, name, error) : MX_EIO;
    free(path);
    return status;
}

/* Any complete profile decodes these alike: nothing overflows fp64. Every axis takes its first value. */
static void first_profile(mx_profile *profile)
{
    *profile = (mx_profile){0};
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(profile, (mx_axis)a, 1);
}

static mx_status check_elem(mx_elem elem, size_t *codes_compared, mxv_error *error)
{
    mxv_codes codes;
    const char *name = mx_elem_name(elem);
    const mx_facts *ref = mxref_facts(elem), *fast = mxfast_facts(elem);
    mx_status status = load(&codes, name, error);
    if (status != MX_OK)
        return status;
    if (!ref || !fast)
        return mxc_fail(error, MX_EINTERNAL, "crosscheck: %s: %s states no facts", name,
                        ref ? "the fast implementation" : "the reference");
    const mx_facts table = table_facts(elem, &codes);
    status = compare_facts(name, ref, fast, &table, mx_elem_bits(elem), error);
    mx_batch shape = {.op = MX_OP_DECODE, .elem = elem, .type = MX_FP64, .k = 1};
    first_profile(&shape.profile);
    if (status == MX_OK)
        status = decode_all(name, &shape, &codes, error);
    *codes_compared += codes.count;
    return status;
}

static mx_status check_scale(size_t *codes_compared, mxv_error *error)
{
    mxv_codes codes;
    const mx_scale_facts *ref = mxref_scale_facts(), *fast = mxfast_scale_facts();
    mx_status status = load(&codes, "e8m0", error);
    if (status != MX_OK)
        return status;
    unsigned largest = 0, nan = 0;
    for (unsigned c = 0; c < codes.count; c++) {
        nan = codes.code[c].class_ == MXV_NAN ? c : nan;
        largest = codes.code[c].class_ == MXV_NORMAL ? c : largest;
    }
    const struct {
        const char *what;
        long long ref, fast, table;
    } row[] = {
        {"emin", ref->emin, fast->emin, codes.code[0].exponent},
        {"emax", ref->emax, fast->emax, codes.code[largest].exponent},
        {"bias", ref->bias, fast->bias, -(long long)codes.code[0].exponent},
        {"code of the largest value", ref->max_code, fast->max_code, largest},
        {"code of NaN", ref->nan_code, fast->nan_code, nan},
    };
    for (size_t n = 0; n < sizeof row / sizeof *row; n++)
        if (row[n].ref != row[n].fast || row[n].ref != row[n].table)
            return differ(error, "e8m0", row[n].what, row[n].ref, row[n].fast, row[n].table);
    mx_batch shape = {.op = MX_OP_DEQUANTIZE, .elem = MX_INT8, .type = MX_FP64, .k = 1};
    first_profile(&shape.profile);
    *codes_compared += codes.count;
    return decode_all("e8m0", &shape, &codes, error);
}

mx_status mxc_crosscheck(size_t *codes, mxv_error *error)
{
    size_t compared = 0;
    mx_status status = MX_OK;
    for (int elem = 1; elem <= MX_ELEM_LAST && status == MX_OK; elem++)
        status = check_elem((mx_elem)elem, &compared, error);
    if (status == MX_OK)
        status = check_scale(&compared, error);
    if (status == MX_OK && codes)
        *codes = compared;
    return status;
}
