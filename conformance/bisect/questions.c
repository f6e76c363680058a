/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Single numbers put into whatever operation the subject has for them.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/bisect/work.h"

void mxcb_add(mxcb_questions *q, mxc_number value, unsigned code, int byte)
{
    if (q->n == MXCB_QUESTIONS || byte < 0 || byte > 255)
        return;
    q->value[q->n] = value;
    q->code[q->n] = (uint8_t)code;
    q->byte[q->n++] = (uint8_t)byte;
}

void mxcb_questions_free(mxcb_questions *q)
{
    if (q)
        mxc_store_free(&q->asked);
    free(q);
}

/* ---- filling in ---- */

static void set_code(const mx_batch *b, size_t i, const mxcb_questions *q)
{
    uint8_t *code = mxc_column(b, COL_IN_CODE), *scale = mxc_column(b, COL_IN_SCALE);
    for (size_t j = 0; j < b->k; j++)
        code[i * b->k + j] = q->code[i];
    if (scale)
        scale[i] = q->byte[i];
}

int mxcb_emax(const mx_batch *b)
{
    const int emax = mxref_facts(b->elem)->emax;
    if (b->elem != MX_INT8 || b->profile.int8 == MX_INT8_OCP)
        return emax;
    return emax + (b->profile.int8 == MX_INT8_INT6 ? 6 : 7);
}

/* An A for which the rules give this byte: a power of two, or, where that is just beyond the type's range, the largest
 * value, for which some rules do. */
static mxc_number anchor(const mx_batch *b, int byte)
{
    const mxc_number a = mxc_number_make(0, 1, byte - 127 + mxcb_emax(b));
    const mxc_type_facts *type = mxc_facts_of_type(b->type);
    if (mxc_number_log2(a) != type->emax + 1)
        return a;
    return mxc_number_make(0, (UINT64_C(2) << type->fraction) - 1, type->emax - type->fraction);
}

/* The value in its lane and, when it is smaller, the A for the scale in another. 0 when the type does not have them. */
static int set_block(const mx_batch *b, size_t i, const mxcb_vehicle *v, mxc_number value, int byte)
{
    mxc_number a = anchor(b, byte);
    uint64_t bits = mxc_number_bits(value, b->type), largest = mxc_number_bits(a, b->type);
    if (bits == MXC_NO_BITS)
        return 0;
    mxcb_set_element(b, i * b->k + v->lane, bits);
    int above = value.num && mxc_number_log2(value) >= mxc_number_log2(a);
    if (b->k == 1 || above)
        return 1;
    if (largest == MXC_NO_BITS)
        return 0;
    mxcb_set_element(b, i * b->k + (v->lane ? 0 : 1), largest);
    return 1;
}

static int set_value(const mx_batch *b, size_t i, const mxcb_vehicle *v, mxc_number value, int byte)
{
    uint64_t bits = mxc_number_bits(value, b->type);
    uint8_t *scale = mxc_column(b, COL_IN_SCALE);
    uint32_t *random = mxc_column(b, COL_RANDOM);
    for (size_t j = 0; random && j < b->k; j++)
        random[i * b->k + j] = v->random;
    if (b->op == MX_OP_QUANTIZE)
        return set_block(b, i, v, value, byte);
    if (bits == MXC_NO_BITS || (b->op == MX_OP_CAST && byte != 127))
        return 0;
    mxcb_set_element(b, i * b->k + v->lane, bits);
    if (scale)
        scale[i] = (uint8_t)byte;
    return 1;
}

/* ---- asking ---- */

static int for_scale(const mxcb_work *w)
{
    return w->to->diff.kind == MX_COL_SCALE;
}

static size_t cell_of(const mxcb_work *w, const mxcb_vehicle *v)
{
    return for_scale(w) ? 0 : v->lane + (v->shape.op == MX_OP_QUANTIZE);
}

static uint64_t output(const mxcb_work *w, const mxcb_vehicle *v, const mx_batch *b, size_t i)
{
    if (for_scale(w))
        return b->out.scale[i];
    size_t at = i * b->k + v->lane;
    return b->out.code ? b->out.code[at] : mxc_value_bits(b->out.value, b->type, at);
}

/* The subject gave the block the scale that the question is about. */
static int has_scale(const mxcb_work *w, const mxcb_questions *q, const mx_batch *b, size_t i)
{
    return b->op != MX_OP_QUANTIZE || for_scale(w) || b->out.scale[i] == q->byte[i];
}

/* Put question i into case i; 0 when the operation cannot ask it. */
static int set_question(const mxcb_work *w, const mx_batch *b, size_t i, const mxcb_vehicle *v, const mxcb_questions *q)
{
    if (b->in.code) {
        set_code(b, i, q);
        return b->op != MX_OP_DECODE || q->byte[i] == 127;
    }
    if (!for_scale(w))
        return set_value(b, i, v, q->value[i], q->byte[i]);
    uint64_t bits = mxc_number_bits(q->value[i], b->type);
    if (bits == MXC_NO_BITS)
        return 0;
    mxcb_set_element(b, i * b->k + v->lane, bits);
    return 1;
}

int mxcb_ask_all(mxcb_work *w, const mxcb_vehicle *v, mxcb_questions *q)
{
    mxc_expected want;
    int some = 0;
    mxc_store_free(&q->asked);
    if (!q->n || w->status != MX_OK || (w->status = mxc_store_new(&q->asked, &v->shape, q->n)) != MX_OK)
        return 0;
    mx_batch *b = &q->asked.batch;
    for (size_t i = 0; i < q->n; i++)
        q->put[i] = (unsigned char)set_question(w, b, i, v, q);
    if (!mxcb_ask(w, b) || (w->status = mxc_expected_new(&want, b, &b->profile)) != MX_OK)
        return 0;
    for (size_t i = 0; i < q->n; i++) {
        q->put[i] &= (unsigned char)has_scale(w, q, &want.store.batch, i);
        q->known[i] = q->put[i] && has_scale(w, q, b, i);
        q->wrong[i] = q->known[i] && !mxc_cell_match(&want, i, cell_of(w, v), b);
        q->got[i] = output(w, v, b, i);
        q->want[i] = output(w, v, &want.store.batch, i);
        some |= q->known[i];
    }
    mxc_expected_free(&want);
    return some;
}

int mxcb_ask_one(mxcb_work *w, const mxcb_vehicle *v, mxc_number value, unsigned code, int byte, uint64_t *got)
{
    mxcb_questions *q = calloc(1, sizeof *q);
    int answer = -1;
    if (!q)
        return -1;
    mxcb_add(q, value, code, byte);
    if (mxcb_ask_all(w, v, q)) {
        answer = !q->wrong[0];
        if (got)
            *got = q->got[0];
    }
    mxcb_questions_free(q);
    return answer;
}

/* ---- the operation ---- */

static mxcb_vehicle in_place(const mxcb_work *w)
{
    mxcb_vehicle v = {.shape = w->trial, .lane = w->to->diff.lane};
    const uint32_t *random = w->to->small.batch.in.random;
    v.shape.count = 1;
    v.random = random ? random[w->to->at * w->trial.k + v.lane] : 0;
    if (w->to->diff.kind == MX_COL_SCALE)
        v.lane = w->trace->scale.amax_index < w->trial.k ? w->trace->scale.amax_index : 0;
    return v;
}

/* The operation gives the same wrong answer to the element that fails in the small case. */
static int shows(mxcb_work *w, const mxcb_vehicle *v)
{
    const mx_batch *b = &w->to->small.batch;
    uint64_t bits = mxcb_element(b, w->to->at * b->k + in_place(w).lane), got = 0;
    mxc_number value = {0};
    if (!mxc_offers_cover(mxc_subject_describe(w->subject), v->shape.op, v->shape.elem, v->shape.type))
        return 0;
    if (b->in.value && !mxc_number_of(&value, b->type, bits))
        return 0;
    return mxcb_ask_one(w, v, value, (unsigned)bits & 0xff, w->trace->scale.byte, &got) == 0 && got == w->to->diff.got;
}

mxcb_vehicle mxcb_vehicle_for(mxcb_work *w)
{
    static const mx_op of_code[] = {MX_OP_SCALED_CAST, MX_OP_CAST}, of_scale[] = {MX_OP_SCALE}, of_value[] = {0};
    const mx_op *ops = for_scale(w) ? of_scale : w->trial.in.value ? of_code : of_value;
    size_t n = for_scale(w) ? 1 : w->trial.in.value ? 2 : 0;
    for (size_t i = 0; i < n; i++) {
        mxcb_vehicle v = in_place(w);
        v.shape.op = ops[i];
        if (!for_scale(w)) {
            v.shape.k = 1;
            v.lane = 0;
        }
        if (shows(w, &v))
            return v;
    }
    return in_place(w);
}

/* ---- models ---- */

static int go(mxc_number *x, const mxcb_model *m, int s)
{
    if (!x->num)
        return 1;
    const int shift = m->way == MXCB_SOURCE || m->way == MXCB_SOURCE_FLUSHED ? 0 : s;
    int is = 1;
    x->exp -= shift;
    if (m->way != MXCB_FLUSH)
        is = mxc_number_via(x, m->type, m->truncate);
    if ((m->way == MXCB_FLUSH || m->way == MXCB_SOURCE_FLUSHED) && x->num &&
        mxc_number_log2(*x) < mxc_facts_of_type(m->type)->emin)
        *x = mxc_number_make(x->negative, 0, 0);
    if (x->num)
        x->exp += shift;
    return is;
}

/* The questions as the model leaves them; known[i] is 0 where that is no value of the type. */
static mx_status through(const mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q, const mxcb_model *m,
                         mxc_store *store, unsigned char *known, unsigned char *lost)
{
    mx_status status = mxc_store_new(store, &v->shape, q->n);
    for (size_t i = 0; i < q->n && status == MX_OK; i++) {
        mxc_number x = q->value[i];
        known[i] = q->known[i] && go(&x, m, for_scale(w) ? 0 : q->byte[i] - 127);
        lost[i] = known[i] && q->value[i].num && !x.num;
        uint64_t bits = known[i] ? mxc_number_bits(x, v->shape.type) : MXC_NO_BITS;
        mxc_copy_inputs(&store->batch, i, &q->asked.batch, i);
        known[i] = bits != MXC_NO_BITS;
        if (known[i])
            mxcb_set_element(&store->batch, i * v->shape.k + v->lane, bits);
    }
    return status;
}

int mxcb_fits(mxcb_work *w, const mxcb_vehicle *v, const mxcb_questions *q, const mxcb_model *m)
{
    mxc_store store = {0};
    mxc_expected want;
    unsigned char *known = calloc(2, q->n + 1), *lost = known + q->n + 1;
    unsigned sign = v->shape.elem ? 1u << (mx_elem_bits(v->shape.elem) - 1) : 0;
    int fits = known != NULL;
    size_t wrong = 0;
    if (!fits || through(w, v, q, m, &store, known, lost) != MX_OK ||
        mxc_expected_new(&want, &store.batch, &v->shape.profile) != MX_OK) {
        mxc_store_free(&store);
        free(known);
        return 0;
    }
    for (size_t i = 0; i < q->n && fits; i++) {
        /* a value lost on the way is an underflow: its sign is not that of a source zero */
        int zero = lost[i] && !for_scale(w) && !(q->got[i] & (sign - 1));
        fits = !known[i] || zero || mxc_cell_match(&want, i, cell_of(w, v), &q->asked.batch);
        wrong += known[i] && q->wrong[i];
    }
    mxc_expected_free(&want);
    mxc_store_free(&store);
    free(known);
    return fits && wrong > 0;
}
