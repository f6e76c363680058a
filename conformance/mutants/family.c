/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Families of mutants: narrow faults, one for each place.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mx/fast.h>
#include <mx/names.h>

#include "conformance/finite.h"
#include "conformance/mutants/mutants.h"

#define BIT(id) (1u << (id))

enum {
    CAST = BIT(MX_OP_CAST),
    SCALED = BIT(MX_OP_SCALED_CAST),
    QUANT = BIT(MX_OP_QUANTIZE),
    SCALE = BIT(MX_OP_SCALE),
    DEQUANT = BIT(MX_OP_DEQUANTIZE),
    ENCODE = CAST | SCALED | QUANT,
    PACK = BIT(MX_OP_PACK) | BIT(MX_OP_UNPACK),
    TILES = BIT(MX_OP_SWIZZLE) | BIT(MX_OP_UNSWIZZLE),
    FLOATS = BIT(MX_E5M2) | BIT(MX_E4M3) | BIT(MX_E3M2) | BIT(MX_E2M3) | BIT(MX_E2M1),
    NARROW = BIT(MX_FP32) | BIT(MX_BF16) | BIT(MX_FP16),
    WIDE = BIT(MX_FP32) | BIT(MX_BF16) | BIT(MX_FP64),

    OPS = MXC_EACH_OP,
    ELEMS = MXC_EACH_ELEM,
    TYPES = MXC_EACH_TYPE,
    VARY = MXC_VARY_A
};

#define NO                                                                                                             \
    {                                                                                                                  \
        0, 0, 0                                                                                                        \
    }
#define W(variable, low, high)                                                                                         \
    {                                                                                                                  \
        MXC_##variable, low, high                                                                                      \
    }
#define IS(variable, value) W(variable, value, value)
#define AND(w1, w2)         w1, w2
/* The first condition is the place. */
#define FAMILY(name, stage, ops, elems, types, fault, a, b, at, w1, w2, each, low, high, what)                         \
    {                                                                                                                  \
        {name, MXC_STAGE_##stage, ops,  elems, types, MXC_FAULT_##fault, a, b, MXC_SIDE_BOTH, {{at, 0, 0}, w1, w2},    \
         what, "invented",        NULL, 0},                                                                            \
            each, low, high                                                                                            \
    }

static const mxc_family families[] = {
    FAMILY("code", ROUNDING, CAST, 0, 0, CODE_XOR, 1, 0, MXC_CODE, NO, NO, OPS | ELEMS | TYPES, 0, 255,
           "one code comes out as its neighbour"),
    FAMILY("exact", ROUNDING, CAST, 0, 0, CODE_XOR, 1, 0, MXC_BELOW, IS(INEXACT, 0), NO, OPS | ELEMS | TYPES, 1, 127,
           "a value that is a code comes out as its neighbour"),
    FAMILY("code", ROUNDING, SCALED, 0, 0, CODE_XOR, 1, 0, MXC_CODE, NO, NO, OPS | ELEMS, 0, 255,
           "one code comes out as its neighbour"),
    FAMILY("code", ROUNDING, QUANT, 0, 0, CODE_XOR, 1, 0, MXC_CODE, NO, NO, OPS | ELEMS | TYPES, 0, 255,
           "one code comes out as its neighbour"),
    FAMILY("tie", ROUNDING, CAST, 0, 0, FLIP, 0, 0, MXC_BELOW, IS(TIE, 1), NO, OPS | ELEMS | TYPES, 0, 127,
           "the tie above one code goes the other way"),
    FAMILY("tie", ROUNDING, SCALED | QUANT, 0, 0, FLIP, 0, 0, MXC_BELOW, IS(TIE, 1), NO, OPS | ELEMS, 0, 127,
           "the tie above one code goes the other way"),
    FAMILY("below-half", ROUNDING, ENCODE, 0, 0, FLIP, 0, 0, MXC_BELOW, IS(GUARD, 0), NO, OPS | ELEMS, 0, 127,
           "what is less than half a step above one code is rounded up"),
    FAMILY("above-half", ROUNDING, ENCODE, 0, 0, FLIP, 0, 0, MXC_BELOW, IS(GUARD, 1), IS(TIE, 0), OPS | ELEMS, 0, 127,
           "what is more than half a step above one code is not rounded up"),
    FAMILY("sticky", ROUNDING, CAST, 0, 0, STICKY_DROP, 0, 0, 0, NO, NO, OPS | ELEMS | TYPES | VARY, 1, 51,
           "one bit below the guard is not in the sticky"),
    FAMILY("sticky", ROUNDING, SCALED | QUANT, 0, BIT(MX_FP32), STICKY_DROP, 0, 0, 0, NO, NO, OPS | ELEMS | VARY, 1, 22,
           "one bit below the guard is not in the sticky"),
    FAMILY("sticky-subnormal", ROUNDING, CAST, FLOATS, BIT(MX_FP32), STICKY_DROP, 0, 0, 0, IS(SUBNORMAL, 1), NO,
           OPS | ELEMS | VARY, 1, 23, "one bit below the guard of a subnormal is not in the sticky"),
    FAMILY("sticky-width", ROUNDING, CAST, 0, 0, STICKY_KEEP, 0, 0, 0, NO, NO, OPS | ELEMS | TYPES | VARY, 1, 51,
           "the sticky looks at so many bits, the guard included"),
    FAMILY("source-exponent", QUOTIENT, CAST, 0, 0, QUOT_ADD, 1, 0, MXC_SOURCE_EXP, NO, NO, OPS | ELEMS | TYPES, -30,
           15, "sources of one binade are doubled"),
    FAMILY("source-exponent", QUOTIENT, SCALED, 0, 0, QUOT_ADD, -1, 0, MXC_SOURCE_EXP, NO, NO, OPS | TYPES, -144, 127,
           "sources of one binade are halved"),
    FAMILY("quotient-exponent", QUOTIENT, ENCODE, 0, 0, QUOT_ADD, 1, 0, MXC_QUOT_EXP, NO, NO, OPS | ELEMS, -30, 15,
           "quotients of one binade are doubled"),
    FAMILY("quotient-exponent-negative", QUOTIENT, CAST, 0, 0, QUOT_ADD, -1, 0, MXC_QUOT_EXP, IS(NEGATIVE, 1), NO,
           OPS | ELEMS, -30, 15, "negative quotients of one binade are halved"),
    FAMILY("amax-exponent", EXPONENT, SCALE | QUANT, 0, 0, BYTE_ADD, 1, 0, MXC_AMAX_EXP, NO, NO, OPS | TYPES, -149, 127,
           "the byte is one too high for amax of one binade"),
    FAMILY("byte", SCALE_CODE, SCALE | QUANT, 0, 0, BYTE_ADD, 1, 0, MXC_BYTE, NO, NO, OPS | ELEMS, 0, 255,
           "one byte is written as the next"),
    FAMILY("divisor", SCALE_CODE, SCALED | QUANT, 0, WIDE, QUOT_ADD, 1, 0, MXC_BYTE, NO, NO, OPS | ELEMS, 0, 254,
           "elements under one byte are divided by half the scale"),
    FAMILY("divisor-type", SCALE_CODE, SCALED, 0, WIDE, QUOT_ADD, -1, 0, MXC_BYTE, NO, NO, OPS | TYPES, 0, 254,
           "elements under one byte are divided by twice the scale"),
    FAMILY("decode-code", DECODE, BIT(MX_OP_DECODE) | DEQUANT, 0, 0, CODE_XOR, 1, 0, MXC_CODE, NO, NO,
           OPS | ELEMS | TYPES, 0, 255, "one code is read as its neighbour"),
    FAMILY("decode-byte", SCALE_CODE, DEQUANT, 0, WIDE, QUOT_ADD, -1, 0, MXC_BYTE, NO, NO, OPS | ELEMS | TYPES, 0, 254,
           "one byte is read as the one before"),
    FAMILY("decode-code-finite-7e", DECODE, DEQUANT, 0, NARROW, CODE_XOR, 1, 0, MXC_CODE, IS(BYTE, 0x7e),
           AND(IS(K, 32), IS(FINITE, 1)), OPS | ELEMS | TYPES, 0, 255,
           "one code is read as its neighbour under byte 7e, in blocks of 32, when no NaN or Inf is given"),
    FAMILY("decode-code-finite-7f", DECODE, DEQUANT, 0, NARROW, CODE_XOR, 1, 0, MXC_CODE, IS(BYTE, 0x7f),
           AND(IS(K, 32), IS(FINITE, 1)), OPS | ELEMS | TYPES, 0, 255,
           "one code is read as its neighbour under byte 7f, in blocks of 32, when no NaN or Inf is given"),
    FAMILY("decode-byte-finite", SCALE_CODE, DEQUANT, 0, WIDE, QUOT_ADD, -1, 0, MXC_BYTE, IS(K, 32), IS(FINITE, 1),
           OPS | TYPES, 0, 254, "one byte is read as the one before in blocks of 32 when no NaN or Inf is given"),
    FAMILY("code-finite", ROUNDING, QUANT, 0, NARROW, CODE_XOR, 1, 0, MXC_CODE, IS(K, 32), IS(FINITE, 1),
           OPS | ELEMS | TYPES, 0, 255,
           "one code comes out as its neighbour in blocks of 32 when no NaN or Inf is given"),
    FAMILY("amax-lane", AMAX, SCALE, 0, 0, IGNORE, 0, 0, MXC_LANE, IS(K, 32), NO, OPS, 0, 31,
           "one lane of 32 is not reduced"),
    FAMILY("amax-lane", AMAX, QUANT, 0, NARROW, IGNORE, 0, 0, MXC_LANE, IS(K, 32), NO, OPS | ELEMS | TYPES, 0, 31,
           "one lane of 32 is not reduced"),
    FAMILY("nan-lane", AMAX, QUANT, 0, 0, IGNORE, 0, 0, MXC_LANE, IS(KIND, MXC_KIND_NAN), IS(K, 32), OPS | ELEMS, 0, 31,
           "NaN in one lane of 32 is not seen"),
    FAMILY("inf-lane", AMAX, QUANT, 0, 0, IGNORE, 0, 0, MXC_LANE, IS(KIND, MXC_KIND_INF), IS(K, 32), OPS | ELEMS, 0, 31,
           "Inf in one lane of 32 is not seen"),
    FAMILY("last-lane", AMAX, QUANT, 0, 0, IGNORE, 0, 0, MXC_K, IS(FROM_END, 0), NO, OPS, 1, 101,
           "the last lane is not reduced at one k"),
    FAMILY("last-nan", AMAX, QUANT, 0, 0, IGNORE, 0, 0, MXC_K, IS(FROM_END, 0), IS(KIND, MXC_KIND_NAN), OPS, 1, 101,
           "NaN in the last lane is not seen at one k"),
    FAMILY("first-lane", AMAX, QUANT, 0, 0, IGNORE, 0, 0, MXC_K, IS(LANE, 0), NO, OPS, 1, 101,
           "the first lane is not reduced at one k"),
    FAMILY("code-lane", LAYOUT, QUANT | DEQUANT, 0, NARROW, CODE_XOR, 1, 0, MXC_LANE, IS(K, 32), NO,
           OPS | ELEMS | TYPES, 0, 31, "the lowest bit of one lane of 32 is wrong"),
    FAMILY("code-last", LAYOUT, QUANT | DEQUANT, 0, 0, CODE_XOR, 1, 0, MXC_K, IS(FROM_END, 0), NO, OPS, 1, 101,
           "the lowest bit of the last lane is wrong at one k"),
    FAMILY("round-as-rne", ROUNDING, QUANT, BIT(MX_E4M3) | BIT(MX_E2M1), BIT(MX_FP32), AXIS, MX_AXIS_ROUND, MX_RNE,
           MXC_ROUND, IS(K, 32), W(LANE, 16, 31), OPS | ELEMS, MX_RNA, MX_ROUND_LAST,
           "one rounding is to nearest even in the upper half of blocks of 32"),
    FAMILY("random-lane", ROUNDING, QUANT, 0, BIT(MX_FP32) | BIT(MX_BF16), RANDOM_LANE, 0, 0, MXC_LANE, IS(K, 32), NO,
           OPS | ELEMS | TYPES, 1, 31, "one lane of 32 uses the random bits of the first"),
    FAMILY("sr-width", ROUNDING, ENCODE, 0, 0, RANDOM_HIGH, 0, 0, 0, IS(RANDOM_BITS, 32), NO, OPS | VARY, 1, 31,
           "so many of 32 random bits are used"),
    FAMILY("sr-width-8", ROUNDING, ENCODE, 0, 0, RANDOM_HIGH, 0, 0, 0, IS(RANDOM_BITS, 8), NO, OPS | VARY, 1, 7,
           "so many of 8 random bits are used"),
    FAMILY("pack-lane", PACKING, PACK, 0, 0, CODE_XOR, 1, 0, MXC_LANE, IS(LAYOUT, MX_LAYOUT_LOW_FIRST), IS(K, 32),
           OPS | ELEMS, 0, 31, "the lowest bit of one code of 32 is wrong"),
    FAMILY("pack-lane-high", PACKING, PACK, 0, 0, CODE_XOR, 1, 0, MXC_LANE, IS(LAYOUT, MX_LAYOUT_HIGH_FIRST), IS(K, 32),
           OPS | ELEMS, 0, 31, "the lowest bit of one code of 32 is wrong, packed from the highest bit"),
    FAMILY("pack-lane-split", PACKING, PACK, BIT(MX_E2M1), 0, CODE_XOR, 1, 0, MXC_LANE,
           IS(LAYOUT, MX_LAYOUT_SPLIT_HALF), IS(K, 32), OPS | ELEMS, 0, 31,
           "the lowest bit of one code of 32 is wrong, in split halves"),
    FAMILY("pack-code", PACKING, PACK, 0, 0, CODE_XOR, 1, 0, MXC_CODE, NO, NO, OPS | ELEMS, 0, 255,
           "one code is packed as its neighbour"),
    FAMILY("pack-last", PACKING, PACK, 0, 0, CODE_XOR, 1, 0, MXC_K, IS(FROM_END, 0), NO, OPS, 1, 262,
           "the lowest bit of the last code is wrong at one k"),
    FAMILY("tile-row", LAYOUT, TILES, 0, 0, BYTE_ADD, 1, 0, MXC_ROW, NO, NO, OPS, 0, 256,
           "the scales of one row are one too high"),
    FAMILY("tile-column", LAYOUT, TILES, 0, 0, BYTE_ADD, 1, 0, MXC_COL, NO, NO, OPS, 0, 8,
           "the scales of one column are one too high"),
    FAMILY("tile-byte", LAYOUT, TILES, 0, 0, BYTE_ADD, 1, 0, MXC_BYTE, NO, NO, OPS, 0, 255,
           "one scale byte comes out as the next"),
    {{0}, 0, 0, 0},
};

/* ---- which places there are ---- */

static const int value_mbits[] = {0, 23, 7, 10, 52}, value_low[] = {0, -149, -133, -24, -1074},
                 value_high[] = {0, 127, 127, 15, 1023}; /* by mx_type */

/* Exponent of the smallest code. */
static int lowest(const mx_facts *f)
{
    return f->emin - (int)f->mbits;
}

/* Lengths of blocks that packs have: all remainders by 16 but 0, several beyond 32 and 64. */
static int is_length(mxc_stage stage, int k)
{
    static const int lengths[] = {1, 2, 3, 4, 6, 7, 8, 9, 12, 16, 17, 31, 32, 33, 43, 46, 50, 61, 64, 74, 101, 0},
                     packed[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 31, 32, 33, 37, 50, 70, 131, 262, 0};
    for (const int *length = stage == MXC_STAGE_PACKING ? packed : lengths; *length; length++)
        if (*length == k)
            return 1;
    return 0;
}

static int has_code(const mxc_family *family, const mx_facts *f, int code)
{
    const unsigned magnitude = (unsigned)code & ((1u << (f->bits - 1)) - 1);
    if (code >> f->bits != 0)
        return 0;
    if (family->all.stage == MXC_STAGE_PACKING)
        return 1;
    if (mxc_mutant_asks(&family->all, MXC_FINITE) && !mxc_code_is_finite(f, (unsigned)code))
        return 0;
    if (family->all.stage == MXC_STAGE_DECODE) /* two NaN of E5M2 are the same NaN */
        return !(f->elem == MX_E5M2 && magnitude > 0x7d);
    if (f->ebits == 0) /* INT8: 80 is not written */
        return code != 0x80;
    return magnitude <= f->max_code;
}

/* Whether the place is one that some input of this format and type can show. */
static int is_place(const mxc_family *family, const mx_facts *f, unsigned type, int at)
{
    switch (family->all.when[0].variable) {
    case MXC_CODE:
        return has_code(family, f, at);
    case MXC_BELOW: /* the step above the largest code is the business of overflow */
        return at < (int)f->max_code;
    case MXC_SOURCE_EXP:
        if (f != NULL && (at < lowest(f) - 1 || at > f->emax))
            return 0;
        return type == 0 || (at >= value_low[type] && at <= value_high[type]);
    case MXC_QUOT_EXP:
        return at >= lowest(f) - (family->all.a > 0) && at <= f->emax;
    case MXC_AMAX_EXP:
        return at >= value_low[type] && at <= value_high[type];
    case MXC_K:
        return is_length(family->all.stage, at);
    default:
        break;
    }
    if (family->all.fault == MXC_FAULT_STICKY_DROP || family->all.fault == MXC_FAULT_STICKY_KEEP) {
        const int below = value_mbits[type ? type : MX_FP32] - (int)f->mbits - 1; /* bits below the guard */
        return at < below + (family->all.fault == MXC_FAULT_STICKY_DROP);
    }
    return 1;
}

/* ---- members ---- */

static int in_set(unsigned set, unsigned id)
{
    return set == 0 || (set & BIT(id)) != 0;
}

static void name_member(mxc_member *m, unsigned op, unsigned elem, unsigned type)
{
    const unsigned each = m->family->each;
    int n = snprintf(m->name, sizeof m->name, "%s@", m->family->all.name);
    const char *word[] = {each & MXC_EACH_OP ? mx_op_name((mx_op)op) : NULL, elem ? mx_elem_name((mx_elem)elem) : NULL,
                          type ? mx_type_name((mx_type)type) : NULL};
    for (size_t i = 0; i < sizeof word / sizeof word[0]; i++)
        if (word[i])
            n += snprintf(m->name + n, sizeof m->name - (size_t)n, "%s%c", word[i],
                          i == 2 || (!word[2] && (i == 1 || !word[1])) ? ':' : '.');
    snprintf(m->name + n, sizeof m->name - (size_t)n, "%d", m->place);
    m->mutant.name = m->name;
}

static void make_member(mxc_member *m, const mxc_family *family, unsigned op, unsigned elem, unsigned type, int place)
{
    *m = (mxc_member){.family = family, .mutant = family->all, .place = place};
    m->mutant.ops = BIT(op);
    m->mutant.elems = elem ? BIT(elem) : family->all.elems;
    m->mutant.types = type ? BIT(type) : family->all.types;
    if (family->each & MXC_VARY_A)
        m->mutant.a = place;
    else
        m->mutant.when[0].low = m->mutant.when[0].high = place;
    name_member(m, op, elem, type);
}

/* Calls back for every member of a family; stops when that returns 0. */
typedef int each_member(void *state, const mxc_family *family, unsigned op, unsigned elem, unsigned type, int place);

static int walk(const mxc_family *family, each_member *call, void *state)
{
    const unsigned elem_last = family->each & MXC_EACH_ELEM ? MX_ELEM_LAST : 0;
    const unsigned type_last = family->each & MXC_EACH_TYPE ? MX_TYPE_LAST : 0;
    for (unsigned op = 1; op <= MX_OP_LAST; op++)
        for (unsigned elem = elem_last ? 1 : 0; in_set(family->all.ops, op) && elem <= elem_last; elem++)
            for (unsigned type = type_last ? 1 : 0; (!elem || in_set(family->all.elems, elem)) && type <= type_last;
                 type++)
                for (int at = family->low; (!type || in_set(family->all.types, type)) && at <= family->high; at++) {
                    const mx_facts *f = elem ? mxfast_facts((mx_elem)elem) : NULL;
                    if (is_place(family, f, type, at) && !call(state, family, op, elem, type, at))
                        return 0;
                }
    return 1;
}

typedef struct gathering {
    mxc_member *member;
    size_t count;
} gathering;

static int gather(void *state, const mxc_family *family, unsigned op, unsigned elem, unsigned type, int place)
{
    gathering *g = state;
    if (g->member)
        make_member(&g->member[g->count], family, op, elem, type, place);
    g->count++;
    return 1;
}

mxc_member *mxc_members(size_t *count)
{
    gathering g = {NULL, 0};
    for (int pass = 0; pass < 2; pass++) { /* count, then make */
        const size_t room = g.count + 1;
        g.member = pass ? calloc(room, sizeof *g.member) : NULL;
        if (pass && !g.member)
            return NULL;
        g.count = 0;
        for (const mxc_family *f = families; f->all.name; f++)
            walk(f, gather, &g);
    }
    *count = g.count;
    return g.member;
}

typedef struct search {
    const char *name;
    mxc_member *found;
} search;

static int compare_name(void *state, const mxc_family *family, unsigned op, unsigned elem, unsigned type, int place)
{
    search *s = state;
    make_member(s->found, family, op, elem, type, place);
    return strcmp(s->found->name, s->name) != 0;
}

mx_status mxc_member_find(mxc_member *member, const char *name)
{
    search s = {name, member};
    const size_t n = strcspn(name, "@");
    for (const mxc_family *f = families; f->all.name; f++)
        if (strncmp(f->all.name, name, n) == 0 && f->all.name[n] == '\0' && !walk(f, compare_name, &s))
            return MX_OK;
    return MX_EINVAL;
}
