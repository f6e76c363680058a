/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wrong scales of powers of two: does the fault follow the byte, or the binade of A? Formats of different emax have
 * different bytes for one binade.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

/* Scale exponents that are asked: the range of E8M0, and some below it. */
enum { LOWEST = -127, HIGHEST = 127, BELOW = 24 };

/* Question i is the power of two whose scale exponent is LOWEST - BELOW + i: every rule gives it that one. */
static mxcb_questions *ask_powers(mxcb_work *w, const mxcb_vehicle *v)
{
    mxcb_questions *q = calloc(1, sizeof *q);
    for (int e = LOWEST - BELOW; q && e <= HIGHEST; e++)
        mxcb_add(q, mxc_number_make(0, 1, e + mxcb_emax(&v->shape)), 0, 127);
    if (!q || mxcb_ask_all(w, v, q))
        return q;
    mxcb_questions_free(q);
    return NULL;
}

/* The same questions in the next format, from *e on, that has another emax and that the subject takes. */
static mxcb_questions *ask_other_format(mxcb_work *w, const mxcb_vehicle *v, mx_elem *e, int *shift)
{
    for (; *e <= MX_ELEM_LAST; ++*e) {
        mxcb_vehicle other = *v;
        other.shape.elem = *e;
        *shift = mxcb_emax(&v->shape) - mxcb_emax(&other.shape);
        if (*shift == 0 || !mxc_offers_cover(mxc_subject_describe(w->subject), other.shape.op, *e, other.shape.type))
            continue;
        mxcb_questions *q = ask_powers(w, &other);
        if (q)
            return q;
    }
    return NULL;
}

/* ---- a lowest scale ---- */

/* The byte that is answered for itself and all below it, while all above are right; -1 when there is none. */
static int floor_byte(const mxcb_questions *q)
{
    int byte = -1;
    for (size_t i = 0; i < q->n; i++) {
        if (!q->known[i])
            continue;
        if (byte < 0 && !q->wrong[i])
            return -1;
        byte = byte < 0 ? (int)q->got[i] : byte;
        if (q->got[i] != (q->want[i] < (uint64_t)byte ? (uint64_t)byte : q->want[i]))
            return -1;
    }
    return byte;
}

mxc_stage mxcb_raised(mxcb_work *w, const mxcb_vehicle *v)
{
    mxcb_questions *mine = ask_powers(w, v), *theirs;
    const int byte = mine ? floor_byte(mine) : -1;
    mxc_stage found = (mxc_stage)0;
    int shift;
    for (mx_elem e = 1; byte >= 0 && !found && (theirs = ask_other_format(w, v, &e, &shift)) != NULL; e++) {
        const int other = floor_byte(theirs);
        if (other == byte)
            found =
                mxcb_say(w, MXC_STAGE_CLAMP, "no block has a scale below %02x, in %s either", byte, mx_elem_name(e));
        else if (other == byte + shift)
            found = mxcb_say(w, MXC_STAGE_AMAX, "A counts as 2^%d at least, in %s too, where that is another scale",
                             byte - 127 + mxcb_emax(&v->shape), mx_elem_name(e));
        mxcb_questions_free(theirs);
    }
    if (byte >= 0 && !found)
        found = mxcb_say(w, MXC_STAGE_CLAMP, "no block has a scale below %02x", byte);
    mxcb_questions_free(mine);
    return found;
}

/* ---- bytes, or binades ---- */

/* Question i of one format and i + shift of the other are both right or both wrong, for all i, and some are wrong. With
 * shift 0, the same byte is wanted, and the wrong answers must be the same too. */
static int alike(const mxcb_questions *a, const mxcb_questions *b, int shift)
{
    int wrong = 0;
    for (size_t i = BELOW; i < a->n; i++) {
        const size_t j = (size_t)((int)i + shift);
        if ((int)i + shift < BELOW || j >= b->n || !a->known[i] || !b->known[j])
            continue;
        if (a->wrong[i] != b->wrong[j] || (shift == 0 && a->got[i] != b->got[j]))
            return 0;
        wrong |= a->wrong[i];
    }
    return wrong;
}

static size_t count_wrong(const mxcb_questions *q, size_t *first, size_t *last)
{
    size_t n = 0;
    for (size_t i = BELOW; i < q->n; i++)
        if (q->wrong[i]) {
            *first = n++ ? *first : i;
            *last = i;
        }
    return n;
}

/* Another rule that the subject follows and under which the wrong bytes are right, or NULL. */
static const char *right_under_another_rule(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *wrong)
{
    for (unsigned rule = 1; mx_axis_value_name(MX_AXIS_SCALE, rule); rule++) {
        mxcb_vehicle other = *v;
        other.shape.profile.scale = (uint8_t)rule;
        const mx_profile asked = mxc_ask_profile(w->subject, &other.shape.profile);
        if (rule == v->shape.profile.scale || asked.scale != rule)
            continue;
        mxcb_questions *q = ask_powers(w, &other);
        int right = 0, still = 0;
        for (size_t i = BELOW; q && i < q->n; i++) {
            right |= wrong->wrong[i] && q->known[i] && !q->wrong[i];
            still |= wrong->wrong[i] && q->wrong[i];
        }
        mxcb_questions_free(q);
        if (right && !still)
            return mx_axis_value_name(MX_AXIS_SCALE, rule);
    }
    return NULL;
}

static mxc_stage wrong_bytes(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q)
{
    size_t first = 0, last = 0, n = count_wrong(q, &first, &last);
    const char *rule = right_under_another_rule(w, v, q);
    const unsigned want = (unsigned)q->want[first], got = (unsigned)q->got[first];
    if (rule)
        return mxcb_say(w, MXC_STAGE_EXPONENT, "scale %02x is wrong under scale=%s, and right under scale=%s", want,
                        mx_axis_value_name(MX_AXIS_SCALE, v->shape.profile.scale), rule);
    if (n == 1)
        return mxcb_say(w, MXC_STAGE_SCALE_CODE, "one scale byte is wrong, whichever binade A lies in: %02x for %02x",
                        got, want);
    return mxcb_say(w, MXC_STAGE_SCALE_CODE,
                    "%zu scale bytes are wrong, whichever binades A lies in: from %02x for %02x to %02x for %02x", n,
                    got, want, (unsigned)q->got[last], (unsigned)q->want[last]);
}

/* The binades above the largest of `type` are wrong, all of them and no other. */
static int is_beyond_type(const mxcb_questions *q, const mxcb_vehicle *v, mx_type type)
{
    int wrong = 0;
    for (size_t i = BELOW; i < q->n; i++) {
        const int beyond = mxc_number_log2(q->value[i]) > mxc_facts_of_type(type)->emax;
        if (q->known[i] && q->wrong[i] != beyond)
            return 0;
        wrong |= q->known[i] && beyond;
    }
    return wrong && type != v->shape.type;
}

static mxc_stage wrong_binades(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q)
{
    size_t first, last;
    for (mx_type t = 1; t <= MX_TYPE_LAST; t++)
        if (is_beyond_type(q, v, t))
            return mxcb_say(w, MXC_STAGE_AMAX, "A beyond the range of %s is wrong, whatever its scale byte",
                            mx_type_name(t));
    if (count_wrong(q, &first, &last) == 1)
        return mxcb_say(w, MXC_STAGE_EXPONENT, "one binade of A is wrong, whatever its scale byte");
    return mxcb_say(w, MXC_STAGE_EXPONENT, "some binades of A are wrong, whatever their scale bytes");
}

/* Some byte inside the range is right: where all are wrong, it is the rule. */
static int some_right(const mxcb_questions *q)
{
    for (size_t i = BELOW + 1; i < q->n; i++)
        if (q->known[i] && !q->wrong[i])
            return 1;
    return 0;
}

mxc_stage mxcb_byte_or_binade(mxcb_work *w, const mxcb_vehicle *v)
{
    mxcb_questions *mine = ask_powers(w, v), *theirs;
    mxc_stage found = (mxc_stage)0;
    size_t first, last;
    int shift, some = mine && some_right(mine) && count_wrong(mine, &first, &last) > 0;
    for (mx_elem e = 1; some && !found && (theirs = ask_other_format(w, v, &e, &shift)) != NULL; e++) {
        const int byte = alike(mine, theirs, 0), binade = alike(mine, theirs, shift);
        if (byte != binade)
            found = byte ? wrong_bytes(w, v, mine) : wrong_binades(w, v, mine);
        mxcb_questions_free(theirs);
    }
    mxcb_questions_free(mine);
    return found;
}
