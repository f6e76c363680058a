/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Points of decode and dequantize: every code, every scale byte, and where the product leaves the target's range.
 */
#include "conformance/finite.h"
#include "conformance/generate/points.h"

static unsigned code_count(const mxc_points *p)
{
    return 1u << p->facts->bits;
}

static uint8_t *codes_of_last(mxc_points *p)
{
    return p->code + (p->count - 1) * p->shape.k;
}

void mxc_points_decode(mxc_points *points)
{
    for (unsigned c = 0; c < code_count(points); c++) {
        (void)mxc_row(points, c == 0 || c == 1u << (points->facts->bits - 1) ? "C5.3-e,zero" : "C5.3-e,code");
        if (!points->failed) {
            codes_of_last(points)[0] = (uint8_t)c;
        }
    }
}

/* Codes `first`, `first` + stride ... round the format, under one scale. */
static void run_of_codes(mxc_points *p, unsigned first, unsigned stride, unsigned byte, const char *tags)
{
    (void)mxc_row(p, tags);
    if (p->failed) {
        return;
    }
    p->scale[p->count - 1] = (uint8_t)byte;
    uint8_t *code = codes_of_last(p);
    for (size_t i = 0; i < p->shape.k; i++) {
        code[i] = (uint8_t)((first + i * stride + i / code_count(p)) % code_count(p));
    }
}

static const char *byte_tags(unsigned byte)
{
    return byte == 255 ? "C5.1-d,nan-scale" : byte == 0 ? "C5.4.1-b,byte" : "C5.1-f,byte";
}

/* Every code under one scale. */
static void all_codes(mxc_points *p, unsigned byte)
{
    for (unsigned c = 0; c < code_count(p); c += (unsigned)p->shape.k) {
        run_of_codes(p, c, 1, byte, byte_tags(byte));
    }
}

/* Every byte: the largest and smallest codes and one in the middle, the rest change with the byte. */
static void every_byte(mxc_points *p)
{
    const unsigned n = code_count(p), half = n / 2, max = p->facts->max_code;
    for (unsigned byte = 0; byte <= 255; byte++) {
        run_of_codes(p, byte * 5 % n, n / 4 + 1, byte, byte_tags(byte));
        if (p->failed) {
            return;
        }
        const unsigned fixed[] = {max, half + 1, byte & 1 ? half + max : 1,
                                  (1u << p->facts->mbits) + (byte & 2 ? half : 0)};
        for (size_t i = 0; i < p->shape.k && i < 4; i++) {
            codes_of_last(p)[(i + byte) % p->shape.k] = (uint8_t)fixed[i];
        }
    }
}

/* Scales at which the target's range begins and ends for some code: fp16 from 103 to 142, fp32 and bf16 at the ends. */
static void edges(mxc_points *p)
{
    static const uint8_t byte[] = {254, 253, 255, 0, 1, 127};
    const size_t n = p->classes & MXC_FEW ? 3 : p->shape.type == MX_FP32 ? sizeof byte : 4;
    for (size_t i = p->shape.type == MX_FP16; i < n; i++) {
        all_codes(p, byte[i]);
    }
    if (p->shape.type == MX_FP16) {
        for (unsigned b = p->classes & MXC_FEW ? 126 : 100; b < 144; b += 11) {
            all_codes(p, b);
        }
    }
}

/* Every code at the scale that brings the smallest one to half the target's smallest subnormal. */
static void halves(mxc_points *p)
{
    const mxc_layout *l = p->layout;
    const int smallest = mxc_code_value(p, 1).e, byte = l->emin - (int)l->mbits - 1 - smallest + 127;
    if (byte >= 0) {
        all_codes(p, (unsigned)byte);
    }
}

/* Inf and NaN codes of the format in each lane, among numbers. */
static void special_lanes(mxc_points *p)
{
    const mx_facts *f = p->facts;
    const unsigned n = code_count(p);
    for (size_t lane = 0; lane < p->shape.k; lane++) {
        run_of_codes(p, (unsigned)lane * 3, 1, 100 + (unsigned)lane, "C5.1-e,lane");
        if (p->failed) {
            return;
        }
        const unsigned bits = lane % 3 == 0 && f->has_inf ? f->inf_code : f->has_nan ? f->nan_last : f->max_code;
        codes_of_last(p)[lane] = (uint8_t)(lane & 1 ? bits | n / 2 : bits);
    }
}

/* Each kind of code with each sign under the ends of the range of scales, scale one, and one scale in either half. */
static void kinds(mxc_points *p)
{
    static const uint8_t byte[] = {0, 1, 64, 127, 192, 253, 254};
    const mx_facts *f = p->facts;
    const unsigned one = f->ebits ? (unsigned)f->bias << f->mbits : 64;
    const uint8_t code[] = {0,
                            1,
                            2,
                            (uint8_t)one,
                            (uint8_t)(one + 1),
                            (uint8_t)f->max_code,
                            (uint8_t)(f->has_inf ? f->inf_code : 3),
                            (uint8_t)(f->has_nan ? f->nan_last : 3)};
    const size_t all = 2 * sizeof code;
    for (size_t row = 0; row < sizeof byte; row++)
        for (size_t done = 0; done < all; done += p->shape.k) {
            run_of_codes(p, 0, 1, byte[row], byte[row] ? "C5.1-f,byte,kind" : "C5.4.1-b,byte,kind");
            if (p->failed)
                return;
            for (size_t i = 0; i < p->shape.k; i++)
                codes_of_last(p)[i] =
                    (uint8_t)(code[(done + i + row) % all / 2] | ((done + i + row) & 1 ? code_count(p) / 2 : 0));
        }
}

/* k of the codes that are not NaN or Inf, from the first-th of them on in strides, under one scale. */
static void run_of_finite(mxc_points *p, unsigned first, unsigned stride, unsigned byte, const char *tags)
{
    unsigned finite[256], n = 0;
    for (unsigned c = 0; c < code_count(p); c++)
        if (mxc_code_is_finite(p->facts, c))
            finite[n++] = c;
    (void)mxc_row(p, tags);
    if (p->failed)
        return;
    p->scale[p->count - 1] = (uint8_t)byte;
    for (size_t i = 0; i < p->shape.k; i++)
        codes_of_last(p)[i] = (uint8_t)finite[(first + i * stride) % n];
}

/* Two scales: tables may go by whether the exponent is even. */
static void finite_codes(mxc_points *p)
{
    const unsigned low = p->classes & MXC_DENSE ? 0 : 126, high = p->classes & MXC_DENSE ? 254 : 127;
    for (unsigned byte = low; byte <= high; byte++)
        for (unsigned c = 0; c < code_count(p); c += (unsigned)p->shape.k)
            run_of_finite(p, c, 1, byte, "C5.1-f,code");
}

static void finite_bytes(mxc_points *p)
{
    for (unsigned byte = 0; byte < 255; byte++)
        run_of_finite(p, byte * 5, code_count(p) / 4 + 1, byte, byte_tags(byte));
}

void mxc_points_dequantize(mxc_points *points)
{
    if (points->classes & MXC_FINITE_CODES)
        finite_codes(points);
    if (points->classes & MXC_FINITE_BYTES)
        finite_bytes(points);
    if (points->classes & (MXC_FINITE_CODES | MXC_FINITE_BYTES))
        return;
    if (points->classes & MXC_DENSE) {
        for (unsigned byte = 0; byte <= 255; byte++) {
            all_codes(points, byte);
        }
        return;
    }
    if (points->classes & MXC_BYTES) {
        every_byte(points);
    }
    if (points->classes & MXC_EDGE) {
        edges(points);
        halves(points);
    }
    if (points->classes & MXC_LANES) {
        special_lanes(points);
    }
    if (points->classes & MXC_RAGGED) {
        for (unsigned i = 0; i < 12; i++) {
            run_of_codes(points, i * 7, 2 * i + 1, i * 23 + 1, "C5.1-f,ragged");
        }
        run_of_codes(points, 0, 1, 255, "C5.1-d,ragged");
        run_of_codes(points, 1, 1, 0, "C5.4.1-b,ragged");
    }
    if (points->classes & MXC_KINDS) {
        kinds(points);
    }
}
