/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Blocks on which existing systems are known to differ from one another or from the specification: thresholds of the
 * scale rules, ties, NaN and Inf, the ends of the range. Given as fp32 patterns; another source type has those that it
 * holds exactly. Tags S1, S2, ... number the differences between systems.
 */
#include "conformance/generate/points.h"

typedef struct known_block {
    const char *tags;
    uint8_t count;
    uint32_t bits[9]; /* fp32, the rest of the block is +0 */
} known_block;

static const known_block known[] = {
    {"S1,C6.3-e", 1, {0x40ffffff}},
    {"S1,C6.3-e", 1, {0x417fffff}},
    {"S1,C6.3-e", 1, {0x437fffff}},
    {"S1,C6.3-e", 1, {0x3dffffff}},
    {"S1,C6.3-e", 1, {0x3fffffff}},
    {"S2,C6.3-c", 1, {0x42ffffff}},
    {"S3,C6.3-e", 1, {0x437f0000}},
    {"S3,C6.3-e", 1, {0x40ff0000}},
    {"S4,C6.3-b", 1, {0x3fe00001}},
    {"S5,C6.3-b", 1, {0x3fe00000}},
    {"S6,C6.3-b", 1, {0x3ff80000}},
    {"S6,C6.3-b", 1, {0x3ff7ffff}},
    {"S7,C6.3-b", 1, {0x43160000}},
    {"S8,C6.3-c", 1, {0x43f00000}},
    {"S9,C6.3-c", 2, {0x40e00000, 0x3f800000}},
    {"S10,C6.3-b", 1, {0x7f7fffff}},
    {"S11,C6.3-b", 1, {0x7f780000}},
    {"S11,C6.3-b", 1, {0x7f77ffff}},
    {"S11,C6.3-b", 1, {0x7f700000}},
    {"S11,C6.3-b", 1, {0x7f600000}},
    {"S12,C6.3-f", 3, {0x7fc00000, 0x3f800000, 0xc0000000}},
    {"S13,C6.3-f", 2, {0x7f800000, 0x3f800000}},
    {"S14,C6.3-f", 3, {0x3f800000, 0x80000000, 0x8da24260}},
    {"S15,C6.3-f", 2, {0x00000000, 0x80000000}},
    {"S16,C5.3-b", 5, {0x43800000, 0x41880000, 0x41980000, 0x3a800000, 0x3b400000}},
    {"S17,C5.3-b",
     9,
     {0x40800000, 0x3e800000, 0x3f400000, 0x3fa00000, 0x3fe00000, 0x40200000, 0x40600000, 0x40a00000, 0xbe800000}},
    {"S18,C5.3.4-b", 2, {0x3f800000, 0xbffffcb9}},
    {"S19,C5.3.4-a", 1, {0x3f800000}},
    {"S19,C5.3.4-a", 1, {0x00800000}},
    {"S20,C5.3-b", 2, {0x3f800000, 0x3c000000}},
    {"S21,C5.4.1-b", 1, {0x00400000}},
    {"S22,C5.4.1-b", 1, {0x00800000}},
    {"S23,C6.3-e", 1, {0x04600001}},
    {"S23,C6.3-e", 1, {0x07e00001}},
    {"S23,C6.3-e", 1, {0x02600001}},
    {"S23,C6.3-e", 1, {0x01700001}},
    {"S23,C6.3-e", 1, {0x01400001}},
    {"S24,C6.3-e", 1, {0x43ffffff}},
    {"S24,C6.3-e", 1, {0x3f7f8000}},
    {"S25,C6.3-e", 1, {0x40600001}},
    {"S25,C6.3-e", 1, {0x43e00001}},
    {"S26,C6.3-c", 2, {0x41000000, 0x40ffffff}},
    {"S27,C5.3.3-a", 4, {0x00000000, 0x3f000000, 0x40800000, 0x80000000}},
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
