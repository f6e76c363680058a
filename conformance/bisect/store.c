/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Faults of storage: codes in wrong lanes, at one length of block, with their bits in another order; scales in tiles.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"
#include "conformance/judge/compare.h"

/* ---- lanes ---- */

static uint64_t cell(const mx_batch *b, size_t at)
{
    return b->out.code ? b->out.code[at] : mxc_value_bits(b->out.value, b->type, at);
}

size_t mxcb_swapped_with(const mxcb_work *w)
{
    const mx_batch one = mxc_slice(&w->to->small.batch, w->to->at, 1);
    const size_t k = one.k, lane = w->to->diff.lane;
    mxc_expected want;
    size_t other = 0;
    if (mxc_expected_new(&want, &one, &one.profile) != MX_OK)
        return k;
    const mx_batch *right = &want.store.batch;
    while (other < k && !(cell(right, other) != cell(right, lane) && cell(&one, other) == cell(right, lane) &&
                          cell(&one, lane) == cell(right, other)))
        other++;
    mxc_expected_free(&want);
    return other;
}

/* ---- lengths ---- */

/* The small case as the first lanes of a block of k, zeros after them. */
static mx_status lengthen(const mxcb_work *w, mxc_store *store, size_t k)
{
    const mx_batch *from = &w->to->small.batch;
    mx_batch shape = *from;
    shape.k = k;
    mx_status status = mxc_store_new(store, &shape, 1);
    if (status != MX_OK)
        return status;
    uint32_t *random = mxc_column(&store->batch, COL_RANDOM);
    for (size_t j = 0; j < from->k; j++) {
        const size_t at = w->to->at * from->k + j;
        mxcb_set_element(&store->batch, j, mxcb_element(from, at));
        if (random)
            random[j] = from->in.random[at];
    }
    if (from->in.scale)
        *(uint8_t *)mxc_column(&store->batch, COL_IN_SCALE) = from->in.scale[w->to->at];
    return MX_OK;
}

/* The failing cell in a block of k lanes: 1 right, 0 wrong, -1 not taken. */
static int right_in_block_of(mxcb_work *w, size_t k)
{
    const size_t at = w->to->diff.lane + (w->trial.out.scale != NULL);
    mxc_store store = {0};
    mxc_expected want;
    int right = -1;
    if (lengthen(w, &store, k) == MX_OK && mxcb_ask(w, &store.batch) &&
        mxc_expected_new(&want, &store.batch, &store.batch.profile) == MX_OK) {
        right = mxc_cell_match(&want, 0, at, &store.batch);
        mxc_expected_free(&want);
    }
    mxc_store_free(&store);
    return right;
}

int mxcb_right_in_longer(mxcb_work *w)
{
    enum { VECTOR = 64 }; /* a multiple of every vector's lanes: nothing is left to the code for tails */
    const size_t k = w->trial.k, whole = (k / VECTOR + 1) * VECTOR;
    const size_t longer[2][3] = {{k + 1, 2 * k, k + 32}, {whole, whole + VECTOR, 2 * whole}};
    if (!mx_op_info_of(w->trial.op)->is_block)
        return 0;
    for (size_t set = 0; set < 2; set++) {
        int asked = 0, right = 0;
        for (size_t i = 0; i < 3; i++) {
            const int answer = right_in_block_of(w, longer[set][i]);
            asked += answer >= 0;
            right += answer > 0;
        }
        if (asked > 0 && right == asked)
            return 1;
    }
    return 0;
}

/* ---- bits of codes ---- */

enum { CODES = 256, BITS = 8 };

int mxcb_value_of(const mx_batch *shape, unsigned code, int byte, mxc_number *x)
{
    mpq_t v;
    mpq_init(v);
    int is = byte != 255 && mxref_code_value(v, shape->elem, shape->profile.int8, code) == MX_OK;
    if (is) {
        const int zero = mpq_sgn(v) == 0;
        const int negative = zero ? (int)(code >> (mx_elem_bits(shape->elem) - 1)) : mpq_sgn(v) < 0;
        mpz_abs(mpq_numref(v), mpq_numref(v));
        *x = mxc_number_make(negative, mpz_get_ui(mpq_numref(v)), -(int)mpz_scan1(mpq_denref(v), 0) + byte - 127);
    }
    mpq_clear(v);
    return is;
}

/* Which code each code is taken for, -1 where that is not known: encoding, by the answers; decoding, by whose value it
 * gets. */
static void code_map(const mxcb_questions *q, int encodes, int map[CODES])
{
    for (int c = 0; c < CODES; c++)
        map[c] = -1;
    for (size_t i = 0; i < q->n; i++) {
        if (!q->known[i])
            continue;
        if (encodes)
            map[q->want[i] % CODES] = (int)(q->got[i] % CODES);
        for (size_t j = 0; j < q->n && !encodes; j++)
            if (q->put[j] && q->want[j] == q->got[i])
                map[q->code[i]] = q->code[j];
    }
}

/* Where each bit goes; of one bit that may be left over. 0 when bits do not go to bits. */
static int bit_order(const int map[CODES], unsigned bits, unsigned to[BITS])
{
    unsigned seen = 0, left = bits;
    for (unsigned i = 0; i < bits; i++) {
        const int image = map[1u << i];
        if (image < 0 && left < bits)
            return 0;
        if (image < 0)
            left = i;
        else if (image == 0 || (image & (image - 1)) || ((unsigned)image & seen))
            return 0;
        seen |= image < 0 ? 0 : (unsigned)image;
        for (to[i] = 0; image > 0 && 1 << to[i] != image;)
            to[i]++;
    }
    for (unsigned b = 0; left < bits && b < bits; b++)
        to[left] = seen >> b & 1 ? to[left] : b;
    return 1;
}

static int permutes(const int map[CODES], unsigned bits, const unsigned to[BITS])
{
    int moved = 0;
    for (unsigned code = 0; code < 1u << bits; code++) {
        unsigned image = 0;
        for (unsigned i = 0; i < bits; i++)
            image |= (code >> i & 1) << to[i];
        if (map[code] >= 0 && (unsigned)map[code] != image)
            return 0;
        moved |= map[code] >= 0 && image != code;
    }
    return moved;
}

int mxcb_bits_permuted(mxcb_work *w, const mxcb_vehicle *v)
{
    const unsigned bits = mx_elem_bits(v->shape.elem);
    mxcb_questions *q = calloc(1, sizeof *q);
    int map[CODES], is = 0;
    unsigned to[BITS];
    for (unsigned code = 0; q && code < 1u << bits; code++) {
        mxc_number x;
        if (mxcb_value_of(&v->shape, code, 127, &x))
            mxcb_add(q, x, code, 127);
    }
    if (q && mxcb_ask_all(w, v, q)) {
        code_map(q, v->shape.out.code != NULL, map);
        is = bit_order(map, bits, to) && permutes(map, bits, to);
    }
    if (is)
        mxcb_say(w, MXC_STAGE_PACKING, "the bits of every code are in another order: bit 0 is in the place of bit %u",
                 to[0]);
    mxcb_questions_free(q);
    return is;
}

/* ---- tiles ---- */

int mxcb_wrong_in_tile(mxcb_work *w)
{
    mx_batch shape = {.op = MX_OP_SWIZZLE, .layout = MX_LAYOUT_128X4, .rows = 1, .cols = 1, .k = 1};
    mxc_store store = {0};
    mxc_expected want;
    int wrong = 0;
    shape.profile = w->trial.profile;
    if (w->trial.op != MX_OP_QUANTIZE || mxc_store_new(&store, &shape, 1) != MX_OK)
        return 0;
    *(uint8_t *)mxc_column(&store.batch, COL_IN_SCALE) = (uint8_t)w->to->diff.want;
    if (mxcb_ask(w, &store.batch) && mxc_expected_new(&want, &store.batch, &shape.profile) == MX_OK) {
        wrong = !mxc_compare_case(&want.store.batch, &want.open, 0, &store.batch.out, NULL);
        mxc_expected_free(&want);
    }
    mxc_store_free(&store);
    return wrong;
}
