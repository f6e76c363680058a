/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The quantiser in 16-bit words, for the plans and blocks that are common.
 *
 * A value is held as the upper half of its fp32 pattern, with the lowest bit ORed with whether any lower bit was set
 * ("rounded to odd"): sign, 8 bits of exponent, 7 of fraction. Comparing it with anything that has at most 6 fraction
 * bits, and rounding it to at most 4 (a code's fraction, plus the guard bit), gives what the value itself would. INT8
 * needs 7 bits and its guard: its codes are made from the values, and words are for the scale only.
 */
#include "impl/words.h"

/* What the lanes go by are `mbits` and `bits` alone, and they take the rest of these rows as given: 1 bit of fraction
 * is E2M1, whose codes are all in one table of 16; 6 are an integer; only where codes have 8 bits are there NaN or Inf.
 * A row here asks for lanes that know it (encode_*.h, decode_*.h, rounded_*.h of x86/; lanes_neon.h). */
int mxfast_words_know(const mx_facts *format)
{
    static const struct {
        unsigned bits, ebits, mbits;
        int has_special;
    } known[] = {{8, 5, 2, 1}, {8, 4, 3, 1}, {6, 3, 2, 0}, {6, 2, 3, 0}, {4, 2, 1, 0}, {8, 0, 6, 0}};
    const int has_special = format->has_nan || format->has_inf;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].bits == format->bits && known[i].ebits == format->ebits && known[i].mbits == format->mbits &&
            known[i].has_special == has_special)
            return 1;
    return 0;
}

/* Is the profile one that the word quantiser has: any rounding but sr (INT8: rne), scale-arith=exact (or f32 with
 * floor, ceil, even), zero-sign=keep, subnormals kept, and overflows of both signs to the code after the largest, if
 * not to that. */
static int is_ours(const mxfast_plan *plan)
{
    const mxfast_cast_plan *cast = &plan->cast;
    const mxfast_scale_plan *scale = &plan->scale;
    int integer = plan->format->ebits == 0;
    if (plan->value.type == MX_FP64 || cast->random_bits != 0 || cast->flush != 0 || cast->min != 1 ||
        (!integer && cast->max[0] != cast->max[1]))
        return 0;
    for (unsigned s = 0; s < 2; s++) {
        uint8_t zero = (uint8_t)((0 ^ cast->flip[s]) + cast->add[s]);
        if (cast->zero[s] != zero || cast->tiny[s] != zero)
            return 0;
        if (integer && (cast->above[s][0] != MXFAST_LEAD || cast->above[s][1] != MXFAST_LEAD - 1))
            return 0;
        if (!integer && cast->over[s] != (uint8_t)((cast->over[0] ^ cast->flip[s]) + cast->add[s]))
            return 0;
    }
    return cast->over[0] - cast->max[0] <= 1 && (scale->flush_block == 0 || plan->value.type != MX_FP16) &&
           scale->arith != MX_ARITH_LOG2F && (scale->arith != MX_ARITH_F32 || scale->rule != MX_SCALE_RCEIL);
}

/* 1 when `rest` / 2^bits, discarded, rounds away from zero: `above` of a mxfast_cast_plan. */
static int rounds_up(const uint64_t above[2], unsigned kept, unsigned rest, unsigned bits)
{
    return (uint64_t)rest << (64 - bits) > above[kept % 2];
}

/* The code's magnitude of a word whose exponent field is byte + `lowest` + binade and whose fraction is `fraction` /
 * 128; `more`: and something less than the lowest bit. Binade mbits + 2 begins with the smallest normal code. */
static unsigned code_at(const uint64_t above[2], unsigned mbits, unsigned binade, unsigned fraction, int more)
{
    unsigned sig = 128 | fraction, drop = 7 - mbits, below = 0;
    if (binade < mbits + 2)
        drop += mbits + 2 - binade;
    else
        below = (binade - mbits - 2) << mbits;
    unsigned kept = sig >> drop, rest = 2 * (sig & ((1u << drop) - 1)) + (more != 0);
    return below + kept + (unsigned)rounds_up(above, kept, rest, drop + 1);
}

/* Codes of values of one sign. */
static void codes_make(mxfast_word_codes *codes, const uint64_t above[2], unsigned mbits, unsigned limit)
{
    for (unsigned i = 0; i < 128; i++) {
        unsigned binade = i >> (mbits + 1), fraction = i << (6 - mbits) & 127, bits = 7 - mbits;
        for (int more = 0; more < 2; more++) {
            unsigned code = code_at(above, mbits, binade, fraction, more);
            codes->place[more][i] = (uint8_t)(code < limit ? code : limit);
        }
        codes->up[i] = (uint8_t)rounds_up(above, i >> bits, i & ((1u << bits) - 1), bits);
    }
    codes->place[0][0] = 0;
}

/* What is added to the discarded 8 bits: what the least of them that rounds up lacks of 2^8. */
static void rounding_make(mxfast_words *f, const uint64_t above[2][2])
{
    const unsigned even = 255 - (unsigned)(above[0][0] >> 56), odd = 255 - (unsigned)(above[0][1] >> 56);
    f->is_odd = even > odd;
    f->is_even = odd > even;
    f->by_sign = above[0][0] != above[1][0];
    f->careful = f->by_sign || f->is_odd;
    f->away = above[0][0] == 0;
    f->half = f->careful ? 0 : odd;
}

/* In places from first_cell on; nothing above it is zero, or rounds to it, or `careful` kernels see to it. */
static unsigned code_from_first(const mxfast_words *f, const mxfast_word_codes *codes, unsigned above, unsigned mbits)
{
    const unsigned at = above + f->first_cell, bits = 6 - mbits;
    return above == 0 ? 0 : codes->place[(at & ((1u << bits) - 1)) != 0][at >> bits];
}

static void cells_make(mxfast_word_codes *codes, const mxfast_words *f, unsigned mbits)
{
    const unsigned size = mbits == 1 ? 64 : 32;
    for (unsigned i = 0; i < 16; i++) {
        unsigned rest = 0;
        codes->first[i] = (uint8_t)code_from_first(f, codes, i * size, mbits);
        while (rest + 1 < size && code_from_first(f, codes, i * size + rest + 1, mbits) == codes->first[i])
            rest++;
        codes->last[i] = (uint8_t)rest;
    }
}

void mxfast_words_make(mxfast_words *f, const mxfast_plan *plan)
{
    const mxfast_cast_plan *cast = &plan->cast;
    const mxfast_scale_plan *scale = &plan->scale;
    int integer = plan->format->ebits == 0, normal = cast->grid.emin, mbits = (int)plan->format->mbits;
    f->usable = mxfast_words_know(plan->format) && is_ours(plan);
    if (!f->usable)
        return;
    f->add = (unsigned)(((MXFAST_LEAD - 1) - (scale->cut - MXFAST_LEAD)) >> 56);
    f->top = (unsigned)scale->top;
    f->sticky = !(integer && scale->rule == MX_SCALE_EVEN);
    f->zero = scale->zero;
    f->lowest = (unsigned)(normal - (mbits + 2));
    f->low = (unsigned)(mbits + 2 - normal);
    f->high = 254 - f->top; /* above: NaN, Inf, and magnitudes that the rule takes to 2^128 */
    if (integer) {
        int unit = normal - (mbits + 1); /* exponent of code 1 at scale 1 */
        f->unit = (unsigned)(254 - unit);
        f->low = (unsigned)(3 - unit); /* below, subnormal sources, which a mode of the machine takes for 0, count */
        if (unit >= 0 && f->high > (unsigned)(253 - unit))
            f->high = (unsigned)(253 - unit);
    }
    f->limit = cast->over[0];
    f->limit_negative = cast->max[1];
    rounding_make(f, cast->above);
    if (!integer)
        codes_make(&f->codes[0], cast->above[0], (unsigned)mbits, f->limit);
    f->first_cell = 128 - (f->half >> (mbits + 1));
    if (!integer)
        cells_make(&f->codes[0], f, (unsigned)mbits);
    f->codes[1] = f->codes[0];
    if (f->by_sign && !integer) {
        codes_make(&f->codes[1], cast->above[1], (unsigned)mbits, f->limit);
        cells_make(&f->codes[1], f, (unsigned)mbits);
    }
}
