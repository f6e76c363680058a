/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The converter that the faults are put into: slow, plain, one element at a time, on the fast implementation's plan.
 * This file: what a fault may ask for, blocks, batches. The stages of a value are in stage_*.c.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

#include "conformance/finite.h"
#include "conformance/mutants/converter.h"

/* ---- conditions ---- */

int mxm_holds(const converter *c)
{
    for (size_t i = 0; i < sizeof c->mutant->when / sizeof c->mutant->when[0]; i++) {
        const mxc_when *when = &c->mutant->when[i];
        const int v = c->var[when->variable];
        if (when->variable != 0 && (v == UNKNOWN || v < when->low || v > when->high))
            return 0;
    }
    return 1;
}

int mxm_acts(const converter *c, mxc_fault fault)
{
    return c->mutant->fault == fault && mxm_holds(c);
}

int mxm_is_plan_fault(mxc_fault fault)
{
    return fault >= MXC_FAULT_AXIS && fault <= MXC_FAULT_MAX_ADD;
}

const mxfast_plan *mxm_plan_for(const converter *c, unsigned side)
{
    return mxm_is_plan_fault(c->mutant->fault) && (c->mutant->side & side) && mxm_holds(c) ? &c->wrong : &c->right;
}

void mxm_forget(converter *c, mxc_variable from)
{
    for (int v = (int)from; v < MXC_VARIABLES; v++)
        c->var[v] = UNKNOWN;
}

void mxm_know_lane(converter *c, size_t lane)
{
    const size_t k = c->batch->k;
    mxm_forget(c, MXC_QUOT_EXP);
    c->var[MXC_LANE] = (int)lane;
    c->var[MXC_FROM_END] = (int)(k - 1 - lane);
    c->var[MXC_LANE_MOD_8] = (int)(lane % 8);
    c->var[MXC_LANE_MOD_16] = (int)(lane % 16);
    c->var[MXC_IN_TAIL_8] = lane >= k - k % 8;
    c->var[MXC_IN_TAIL_16] = lane >= k - k % 16;
}

void mxm_know_block(converter *c)
{
    mxm_forget(c, MXC_LANE);
    c->var[MXC_K] = (int)c->batch->k;
    c->var[MXC_K_MOD_8] = (int)(c->batch->k % 8);
    c->var[MXC_K_MOD_16] = (int)(c->batch->k % 16);
}

void mxm_know_source(converter *c, uint64_t bits)
{
    const mxfast_value *value = &c->right.value;
    const uint64_t magnitude = bits & (value->sign - 1);
    c->var[MXC_NEGATIVE] = (bits & value->sign) != 0;
    c->var[MXC_KIND] = magnitude > value->inf          ? MXC_KIND_NAN
                       : magnitude == value->inf       ? MXC_KIND_INF
                       : magnitude == 0                ? MXC_KIND_ZERO
                       : magnitude < value->min_normal ? MXC_KIND_SUBNORMAL
                                                       : MXC_KIND_NORMAL;
    c->var[MXC_SOURCE_EXP] = magnitude != 0 && magnitude < value->inf ? mxfast_unpack(value, magnitude).e : UNKNOWN;
}

/* ---- numbers ---- */

/* The layouts that a value may be forced through on its way. */
const mxfast_value *mxm_layout_of(mx_type type)
{
    static const mxfast_value row[] = {
        {MX_FP32, 4, {23, -126}, 0x80000000, 0x7f800000, 0x00800000, 0x7fc00000},
        {MX_BF16, 2, {7, -126}, 0x8000, 0x7f80, 0x0080, 0x7fc0},
        {MX_FP16, 2, {10, -14}, 0x8000, 0x7c00, 0x0400, 0x7e00},
        {MX_FP64, 8, {52, -1022}, 0x8000000000000000, 0x7ff0000000000000, 0x0010000000000000, 0x7ff8000000000000},
    };
    _Static_assert(sizeof row / sizeof *row == MX_TYPE_LAST, "a row for each type");
    return &row[type - 1]; /* mx_type in its order */
}

/* x rounded to `type`: its bits; may be Inf. */
uint64_t mxm_round_to(const mxfast_value *type, mxfast_number x, int truncate)
{
    const mxfast_place place = mxfast_locate(type->grid, x);
    const uint64_t bits = truncate ? place.pattern : mxfast_round_even(place);
    return bits < type->inf ? bits : type->inf;
}

/* x after a stay in `type`: 1, 0 when it became zero, -1 when it became Inf. */
int mxm_stay_in(mx_type id, mxfast_number *x, int truncate)
{
    const mxfast_value *type = mxm_layout_of(id);
    const uint64_t bits = mxm_round_to(type, *x, truncate);
    if (bits == 0 || bits == type->inf)
        return bits == 0 ? 0 : -1;
    *x = mxfast_unpack(type, bits);
    return 1;
}

mxfast_number mxm_number_of(mxfast_grid grid, unsigned pattern)
{
    const unsigned field = pattern >> grid.mbits, fraction = pattern & ((1u << grid.mbits) - 1);
    const uint64_t sig = field == 0 ? fraction : fraction | 1u << grid.mbits;
    const unsigned zeros = mxfast_leading_zeros(sig);
    return (mxfast_number){sig << zeros,
                           grid.emin + (field == 0 ? 0 : (int)field - 1) + (int)(63 - grid.mbits) - (int)zeros};
}

/* ---- blocks ---- */

/* The byte that elements see. */
static uint8_t byte_for_elements(converter *c, uint8_t byte)
{
    c->var[MXC_BYTE] = byte;
    if (mxm_acts(c, MXC_FAULT_DIV_SET))
        return (uint8_t)c->mutant->a;
    if (mxm_acts(c, MXC_FAULT_DIV_FIRST))
        return c->first;
    if (byte != 0xff && mxm_acts(c, MXC_FAULT_DIV_INVERSE))
        return (uint8_t)(254 - byte);
    return mxm_acts(c, MXC_FAULT_DIV_PREV) ? c->previous : byte;
}

/* The byte as it is written for `byte`, or what `byte` is read as. */
static uint8_t other_form(const converter *c, uint8_t byte, int reading)
{
    const int a = reading ? -c->mutant->a : c->mutant->a, b = c->mutant->b;
    if (byte == 0xff || !mxm_acts(c, MXC_FAULT_BYTE_FORM))
        return byte;
    const int form = b == 2 ? 254 - byte : byte + a;
    return (uint8_t)(b != 0 ? form : form < 0 ? 0 : form > 254 ? 254 : form);
}

/* The block whose scale is taken. */
static size_t scale_from(const converter *c, size_t block)
{
    const int a = c->mutant->a;
    if (!mxm_acts(c, MXC_FAULT_SCALE_OF))
        return block;
    if (a <= 0)
        return a == 0 || block < (size_t)-a ? 0 : block - (size_t)-a;
    return block + (size_t)a < c->batch->count ? block + (size_t)a : block;
}

static uint8_t given_scale(const converter *c, size_t block)
{
    const uint8_t *scale = c->batch->in.scale;
    return scale ? other_form(c, scale[scale_from(c, block)], 1) : 127;
}

/* The flat element that `lane` of the block reads. */
static size_t source_of(const converter *c, size_t block, size_t lane)
{
    const mx_batch *batch = c->batch;
    const size_t at = block * batch->k + mxm_from_lane(c, lane), next = at + (size_t)c->mutant->a;
    return mxm_acts(c, MXC_FAULT_SOURCE_NEXT) && next < batch->k * batch->count ? next : at;
}

static uint32_t random_of(const converter *c, size_t block, size_t lane)
{
    const mx_batch *batch = c->batch;
    if (batch->in.random == NULL)
        return 0;
    if (mxm_acts(c, MXC_FAULT_RANDOM_LANE))
        lane = 0;
    if (mxm_acts(c, MXC_FAULT_RANDOM_NEXT))
        lane = (lane + 1) % batch->k;
    return batch->in.random[block * batch->k + mxm_from_lane(c, lane)];
}

static verdict scale_of_run(converter *c, size_t block, size_t run)
{
    c->run = run;
    verdict to = mxm_judge(c, mxm_look(c, block));
    to.exponent = (int)to.byte - 127;
    c->run = 0;
    mxm_know_lane(c, run * (size_t)c->mutant->a);
    return to;
}

static void encode_block(converter *c, size_t block, verdict to)
{
    const mx_batch *batch = c->batch;
    verdict seen = {to.apart ? 127 : byte_for_elements(c, to.byte), to.flushed, 0, to.apart};
    seen.exponent = to.apart || mxm_acts(c, MXC_FAULT_DIV_UNCLAMPED) ? to.exponent : (int)seen.byte - 127;
    for (size_t i = 0; i < batch->k; i++) {
        mxm_know_lane(c, i);
        if (i > 0 && mxm_acts(c, MXC_FAULT_RUNS) && i % (size_t)c->mutant->a == 0)
            seen = scale_of_run(c, block, i / (size_t)c->mutant->a);
        const uint64_t bits = mxc_value_bits(batch->in.value, batch->type, source_of(c, block, i));
        const uint8_t code = mxm_encode(c, mxm_input(c, bits), seen, random_of(c, block, i));
        batch->out.code[block * batch->k + i] = mxm_fault_of_code(c, code);
    }
    c->previous = to.byte;
}

static void decode_block(converter *c, size_t block)
{
    const mx_batch *batch = c->batch;
    const uint8_t given = given_scale(c, block);
    c->first = block == 0 ? given : c->first;
    const uint8_t byte = byte_for_elements(c, given);
    for (size_t i = 0; i < batch->k; i++) {
        mxm_know_lane(c, i);
        uint8_t code = batch->in.code[block * batch->k + mxm_from_lane(c, i)];
        code = mxm_fault_of_code(c, code);
        const uint64_t all = mxm_input(c, mxm_decode(c, code, byte));
        const size_t width = mx_type_bytes(batch->type);
        unsigned char *to = (unsigned char *)batch->out.value + (block * batch->k + i) * width;
        const uint32_t word = (uint32_t)all;
        const uint16_t half = (uint16_t)all;
        memcpy(to, width == 8 ? (const void *)&all : width == 4 ? (const void *)&word : (const void *)&half, width);
    }
    c->previous = given;
}

/* ---- batches ---- */

static void spoil_scale(mxfast_scale_plan *scale, const mxc_mutant *m)
{
    switch (m->fault) {
    case MXC_FAULT_CUT:
        scale->cut = (uint64_t)m->a << 40;
        break;
    case MXC_FAULT_CUT_AT: /* none for floor */
        scale->cut -= scale->cut != UINT64_MAX;
        break;
    case MXC_FAULT_EVEN_BITS:
        if (scale->rule == MX_SCALE_EVEN)
            scale->cut = UINT64_MAX - (UINT64_C(1) << (62 - (int)scale->mbits - m->a));
        break;
    case MXC_FAULT_FLOOR_MAX: /* the plan is that of rceil */
        scale->cut--;
        scale->top++;
        break;
    case MXC_FAULT_TOP:
        scale->top += m->a;
        break;
    default:
        break;
    }
}

static int spoil(converter *c)
{
    const mxc_mutant *m = c->mutant;
    const mx_batch *batch = c->batch;
    mx_profile profile = batch->profile;
    if (m->fault == MXC_FAULT_AXIS) {
        uint8_t bytes[sizeof profile];
        memcpy(bytes, &profile, sizeof bytes);
        bytes[m->a] = (uint8_t)m->b;
        memcpy(&profile, bytes, sizeof bytes);
        profile.sr_bits = profile.round != MX_SR ? 0 : batch->profile.round == MX_SR ? profile.sr_bits : 8;
    }
    if (m->fault == MXC_FAULT_FLOOR_MAX)
        profile.scale = MX_SCALE_RCEIL;
    if (mxfast_plan_make(&c->wrong, batch->op, batch->elem, batch->type, &profile) != MX_OK)
        return 0;
    spoil_scale(&c->wrong.scale, m);
    for (unsigned negative = 0; m->fault == MXC_FAULT_MAX_ADD && negative < 2; negative++) {
        mxfast_cast_plan *cast = &c->wrong.cast;
        const uint8_t old = (uint8_t)((cast->max[negative] ^ cast->flip[negative]) + cast->add[negative]);
        cast->max[negative] = (uint32_t)((int)cast->max[negative] + m->a);
        const uint8_t new = (uint8_t)((cast->max[negative] ^ cast->flip[negative]) + cast->add[negative]);
        cast->over[negative] = cast->over[negative] == old ? new : cast->over[negative];
        cast->inf[negative] = cast->inf[negative] == old ? new : cast->inf[negative];
    }
    return 1;
}

int mxc_mutant_asks(const mxc_mutant *mutant, mxc_variable variable)
{
    for (size_t i = 0; i < sizeof mutant->when / sizeof mutant->when[0]; i++)
        if (mutant->when[i].variable == variable)
            return 1;
    return 0;
}

/* What conditions may ask of the batch as a whole. */
static void know_batch(converter *c)
{
    const mx_profile *p = &c->batch->profile;
    mxm_forget(c, 0);
    c->var[MXC_RULE] = p->scale;
    c->var[MXC_ROUND] = p->round;
    c->var[MXC_RANDOM_BITS] = p->sr_bits;
    c->var[MXC_LAYOUT] = (int)c->batch->layout;
    if (mxc_mutant_asks(c->mutant, MXC_FINITE))
        c->var[MXC_FINITE] = mxc_is_finite(c->batch);
}

/* Whether the condition can hold somewhere in such a batch, as far as the batch alone tells. */
static int may_hold(const mxc_when *when, const mx_batch *batch)
{
    const mx_profile *p = &batch->profile;
    int v;
    switch ((int)when->variable) {
    case MXC_RULE:
        v = p->scale;
        break;
    case MXC_ROUND:
        v = p->round;
        break;
    case MXC_RANDOM_BITS:
        v = p->sr_bits;
        break;
    case MXC_LAYOUT:
        v = (int)batch->layout;
        break;
    case MXC_FINITE:
        v = mxc_is_finite(batch);
        break;
    case MXC_K:
        v = (int)batch->k;
        break;
    case MXC_K_MOD_8:
        v = (int)(batch->k % 8);
        break;
    case MXC_K_MOD_16:
        v = (int)(batch->k % 16);
        break;
    case MXC_LANE: /* any below k */
        return when->low < 0 || (size_t)when->low < batch->k;
    default:
        return 1;
    }
    return v >= when->low && v <= when->high;
}

int mxc_mutant_may_act(const mxc_mutant *mutant, const mx_batch *batch)
{
    int may = mxc_mutant_concerns(mutant, batch) && mutant->fault != MXC_FAULT_NONE;
    for (size_t i = 0; may && i < sizeof mutant->when / sizeof *mutant->when; i++)
        may = may_hold(&mutant->when[i], batch);
    if (may && mutant->fault == MXC_FAULT_AXIS)
        may = mx_profile_get(&batch->profile, (mx_axis)mutant->a) != (unsigned)mutant->b;
    return may;
}

static mx_status begin(converter *c, const mxc_mutant *mutant, const mx_batch *batch)
{
    mxfast_plan cast;
    memset(c, 0, sizeof *c);
    c->mutant = mutant;
    c->batch = batch;
    know_batch(c);
    if (batch->op > MX_OP_DEQUANTIZE) { /* bytes and nothing else */
        c->right.format = mxfast_facts(batch->elem);
        return MX_OK;
    }
    if (mxfast_plan_make(&c->right, batch->op, batch->elem, batch->type, &batch->profile) != MX_OK || !spoil(c) ||
        mxfast_plan_make(&cast, MX_OP_CAST, batch->elem, batch->type, &batch->profile) != MX_OK)
        return MX_EINVAL;
    c->grid = cast.cast.grid;
    c->previous = 127;
    return MX_OK;
}

/* The byte that is written for the block; a fault may spoil that of the block before. */
static uint8_t written(converter *c, size_t block, verdict to)
{
    uint8_t *scale = c->batch->out.scale;
    if (block > 0 && to.byte == 0 && c->var[MXC_AMAX_ZERO] == 0 && mxm_acts(c, MXC_FAULT_BYTE_LEAK))
        scale[block - 1] |= 0x80;
    if (mxm_acts(c, MXC_FAULT_BYTE_FIRST))
        return c->first;
    return block > 0 && mxm_acts(c, MXC_FAULT_BYTE_PREV) ? c->previous : other_form(c, to.byte, 0);
}

static void run_block(converter *c, size_t block)
{
    const mx_batch *batch = c->batch;
    mxm_know_block(c);
    if (batch->op == MX_OP_DECODE || batch->op == MX_OP_DEQUANTIZE) {
        decode_block(c, block);
        return;
    }
    verdict to = {given_scale(c, block), 0, 0, 0};
    to.exponent = (int)to.byte - 127;
    if (batch->op == MX_OP_SCALE || batch->op == MX_OP_QUANTIZE)
        to = mxm_judge(c, mxm_look(c, scale_from(c, block)));
    c->first = block == 0 ? to.byte : c->first;
    if (batch->out.scale)
        batch->out.scale[block] = written(c, block, to);
    if (batch->out.code)
        encode_block(c, block, to);
    c->previous = to.byte;
}

/* Blocks of a tensor in packed or tiled storage: what is read from it comes first, what is written to it last. */
static mx_status run_blocks(converter *c, const mx_batch *batch)
{
    mx_batch own = *batch;
    const size_t codes = batch->k * batch->count;
    const int reads = batch->op == MX_OP_DEQUANTIZE, writes = batch->op == MX_OP_QUANTIZE;
    uint8_t *kept = reads ? malloc(codes + batch->count) : NULL;
    mx_status status = reads && kept == NULL ? MX_ENOMEM : MX_OK;
    if (status == MX_OK && reads) {
        memcpy(kept, batch->in.code, codes);
        memcpy(kept + codes, batch->in.scale, batch->count);
        own.in.code = kept;
        own.in.scale = kept + codes;
        status = mxm_store_codes(c, kept, 1);
        status = status == MX_OK ? mxm_store_scales(c, kept + codes, 1) : status;
    }
    c->batch = &own;
    for (size_t block = 0; status == MX_OK && block < batch->count; block++)
        run_block(c, block);
    c->batch = batch;
    if (status == MX_OK && writes)
        status = mxm_store_codes(c, batch->out.code, 0);
    if (status == MX_OK && writes)
        status = mxm_store_scales(c, batch->out.scale, 0);
    free(kept);
    return status;
}

mx_status mxm_convert(const mxc_mutant *mutant, const mx_batch *batch)
{
    converter *c = malloc(sizeof *c);
    mx_status status = c ? begin(c, mutant, batch) : MX_ENOMEM;
    if (status == MX_OK && batch->op > MX_OP_DEQUANTIZE)
        mxm_rearrange(c);
    else if (status == MX_OK)
        status = run_blocks(c, batch);
    free(c);
    return status;
}

mx_status mxc_mutant_run(const mxc_mutant *mutant, const mx_batch *batch)
{
    const mx_status status = mx_batch_check(batch, NULL);
    if (status != MX_OK)
        return status;
    if (!mxc_mutant_concerns(mutant, batch))
        mutant = &mxc_mutants[0];
    return mxm_is_whole_fault(mutant->fault) ? mxm_run_whole(mutant, batch) : mxm_convert(mutant, batch);
}
