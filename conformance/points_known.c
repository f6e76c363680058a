/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Blocks on which existing systems are known to differ from one another or from the specification: thresholds of the
 * scale rules, ties, NaN and Inf, the ends of the range. Given as fp32 patterns; another source type has those that it
 * holds exactly.
 */
#include "conformance/points.h"

typedef struct known_block {
    const char *tags;
    uint8_t count;
    uint32_t bits[9]; /* fp32, the rest of the block is +0 */
} known_block;

static const known_block known[] = {
    {"D1,C6.3-e", 1, {0x40ffffff}},
    {"D1,C6.3-e", 1, {0x417fffff}},
    {"D1,C6.3-e", 1, {0x437fffff}},
    {"D1,C6.3-e", 1, {0x3dffffff}},
    {"D1,C6.3-e", 1, {0x3fffffff}},
    {"D2,C6.3-c", 1, {0x42ffffff}},
    {"D3,C6.3-e", 1, {0x437f0000}},
    {"D3,C6.3-e", 1, {0x40ff0000}},
    {"D4,C6.3-b", 1, {0x3fe00001}},
    {"D5,C6.3-b", 1, {0x3fe00000}},
    {"D6,C6.3-b", 1, {0x3ff80000}},
    {"D6,C6.3-b", 1, {0x3ff7ffff}},
    {"D7,C6.3-b", 1, {0x43160000}},
    {"D8,C6.3-c", 1, {0x43f00000}},
    {"D9,C6.3-c", 2, {0x40e00000, 0x3f800000}},
    {"D10,C6.3-b", 1, {0x7f7fffff}},
    {"D11,C6.3-b", 1, {0x7f780000}},
    {"D11,C6.3-b", 1, {0x7f77ffff}},
    {"D11,C6.3-b", 1, {0x7f700000}},
    {"D11,C6.3-b", 1, {0x7f600000}},
    {"D12,C6.3-f", 3, {0x7fc00000, 0x3f800000, 0xc0000000}},
    {"D13,C6.3-f", 2, {0x7f800000, 0x3f800000}},
    {"D14,C6.3-f", 3, {0x3f800000, 0x80000000, 0x8da24260}},
    {"D15,C6.3-f", 2, {0x00000000, 0x80000000}},
    {"D16,C5.3-b", 5, {0x43800000, 0x41880000, 0x41980000, 0x3a800000, 0x3b400000}},
    {"D17,C5.3-b",
     9,
     {0x40800000, 0x3e800000, 0x3f400000, 0x3fa00000, 0x3fe00000, 0x40200000, 0x40600000, 0x40a00000, 0xbe800000}},
    {"D18,C5.3.4-b", 2, {0x3f800000, 0xbffffcb9}},
    {"D19,C5.3.4-a", 1, {0x3f800000}},
    {"D19,C5.3.4-a", 1, {0x00800000}},
    {"D20,C5.3-b", 2, {0x3f800000, 0x3c000000}},
    {"D21,C5.4.1-b", 1, {0x00400000}},
    {"D22,C5.4.1-b", 1, {0x00800000}},
    {"D23,C6.3-e", 1, {0x04600001}},
    {"D23,C6.3-e", 1, {0x07e00001}},
    {"D23,C6.3-e", 1, {0x02600001}},
    {"D23,C6.3-e", 1, {0x01700001}},
    {"D23,C6.3-e", 1, {0x01400001}},
    {"D24,C6.3-e", 1, {0x43ffffff}},
    {"D24,C6.3-e", 1, {0x3f7f8000}},
    {"D25,C6.3-e", 1, {0x40600001}},
    {"D25,C6.3-e", 1, {0x43e00001}},
    {"D26,C6.3-c", 2, {0x41000000, 0x40ffffff}},
    {"D27,C5.3.3-a", 4, {0x00000000, 0x3f000000, 0x40800000, 0x80000000}},
    {"over,C6.3-c", 2, {0x446f4000, 0x3f800000}},               /* 957 -> 896 */
    {"int8,C5.3.4-b", 3, {0x3fff0000, 0xbfff0000, 0xbf800000}}, /* +-127.5 / 64 */
    {"tie,C5.3-b", 3, {0x40000000, 0x3f000000, 0x3f000003}},    /* under scale 2: 0.25 -> 0, just above -> 0.5 */
    {"tie,C5.3-b", 2, {0x3fa88000, 0x40000000}},                /* 1.31640625: two roundings give 1.25, one 1.375 */
    {"byte,C5.4.1-b", 2, {0x00000001, 0x80000001}},
    {"byte,C5.4.1-b", 2, {0x00010000, 0x80010000}}, /* 2^-133, the smallest bf16 */
    {"byte,C5.4.1-b", 2, {0x03e00000, 0x01000000}}, /* 448 * 2^-127 ... */
    {"log2f,C6.3-e", 1, {0x42800001}},              /* 64 and an ulp: log2 in fp32 is 6 */
    {"log2f,C6.3-e", 1, {0x3c800001}},
    {"f32,C6.3-e", 1, {0x007f0000}}, /* a subnormal has less width to round to: INT8, even */
    {"f32,C6.3-e", 1, {0x007f7fff}},
};

/* The source pattern of an fp32 one; 0 when it is not exactly there. */
static int from_fp32(const mxc_layout *l, uint32_t bits, uint64_t *out)
{
    const unsigned field = bits >> 23 & 255, man = bits & 0x7fffff;
    const uint64_t sign = bits >> 31 ? l->sign : 0;
    int exact = 1;
    if (field == 255) {
        *out = (man != 0 ? l->quiet_nan : l->inf) | sign;
        return 1;
    }
    const mxc_dyadic value = {field == 0 ? man : man | 0x800000u, (field == 0 ? 1 : (int)field) - 150};
    *out = mxc_pattern(l, value, &exact) | sign;
    return exact == 1;
}

void mxc_points_known(mxc_points *p)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t bits[9];
        int there = known[i].count <= p->shape.k;
        for (unsigned j = 0; j < known[i].count; j++) {
            there = there && from_fp32(p->layout, known[i].bits[j], &bits[j]);
        }
        if (there) {
            uint64_t *v = mxc_row(p, known[i].tags);
            for (unsigned j = 0; j < known[i].count; j++) {
                v[j] = bits[j];
            }
        }
    }
}
