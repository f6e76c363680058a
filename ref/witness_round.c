/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The witness: shifting right with guard and sticky bits, and rounding. See witness.h.
 */
#include "ref/witness.h"

int mxref_w_length(uint64_t sig)
{
    int length = 0;

    for (; sig != 0; sig >>= 1)
        length++;
    return length;
}

static void set_u64(mpz_t z, uint64_t value)
{
    mpz_import(z, 1, 1, sizeof value, 0, 0, &value);
}

static int round_up(mxref_witness_state *state, mp_bitcnt_t shift, const mxref_w_rule *rule)
{
    int lsb = mpz_odd_p(state->kept) != 0;
    int guard = mpz_tstbit(state->sig, shift - 1) != 0;
    int sticky = mpz_scan1(state->sig, 0) < shift - 1;

    _Static_assert(MX_ROUND_LAST == MX_SR, "a case for each rounding");
    switch (rule->mode) {
    case MX_RNE:
        return guard && (sticky || lsb);
    case MX_RNA:
        return guard;
    case MX_RNZ:
        return guard && sticky;
    case MX_RTZ:
        return 0;
    case MX_RUP:
        return !rule->negative && (guard || sticky);
    case MX_RDN:
        return rule->negative && (guard || sticky);
    case MX_RTO:
        return !lsb && (guard || sticky);
    default: /* MX_SR: the top n discarded bits plus the random ones carry out */
        mpz_fdiv_r_2exp(state->rest, state->sig, shift);
        mpz_mul_2exp(state->rest, state->rest, rule->n);
        mpz_fdiv_q_2exp(state->rest, state->rest, shift);
        mpz_add_ui(state->rest, state->rest, rule->random);
        return mpz_tstbit(state->rest, rule->n) != 0;
    }
}

void mxref_w_shift(mxref_witness_state *state, uint64_t sig, int exp, int quantum, const mxref_w_rule *rule)
{
    set_u64(state->sig, sig);
    if (quantum <= exp) {
        mpz_mul_2exp(state->kept, state->sig, (mp_bitcnt_t)(exp - quantum));
        return;
    }
    mpz_fdiv_q_2exp(state->kept, state->sig, (mp_bitcnt_t)(quantum - exp));
    if (round_up(state, (mp_bitcnt_t)(quantum - exp), rule))
        mpz_add_ui(state->kept, state->kept, 1);
}

void mxref_w_field(mxref_witness_state *state, uint64_t sig, int exp, const mxref_w_layout *layout,
                   const mxref_w_rule *rule)
{
    int top = mxref_w_length(sig) - 1 + exp;
    int e = top < layout->least ? layout->least : top; /* below it: gradual underflow */

    mxref_w_shift(state, sig, exp, e - layout->mbits, rule);
    /* The hidden bit counts as exponent field 1, and a carry out of the fraction as one more: just add. */
    mpz_set_ui(state->rest, (unsigned long)(e - layout->least));
    mpz_mul_2exp(state->rest, state->rest, (mp_bitcnt_t)layout->mbits);
    mpz_add(state->kept, state->kept, state->rest);
}
