/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a run exercised: cases by clause, and whole input spaces.
 */
#include "config.h"

#include "conformance/judge/exercised.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/data/clauses.h"
#include "conformance/judge/judge.h"

/* The cases of a pack that have the same tags; the clauses they test are the same. */
typedef struct alike {
    const char *tags;
    mxc_tally tally;
} alike;

static int by_tags(const void *a, const void *b)
{
    return strcmp(((const alike *)a)->tags, ((const alike *)b)->tags);
}

/* Sort the cases by their tags and add up those that are alike; returns how many kinds are left. */
static size_t join(alike *kind, size_t n)
{
    size_t kinds = 0;
    qsort(kind, n, sizeof *kind, by_tags);
    for (size_t i = 0; i < n; i++) {
        if (kinds && by_tags(&kind[kinds - 1], &kind[i]) == 0)
            mxc_tally_add(&kind[kinds - 1].tally, &kind[i].tally);
        else
            kind[kinds++] = kind[i];
    }
    return kinds;
}

mx_status mxc_clauses_tally(mxc_clause_result *result, const mxc_clauses *clauses, const mxv_pack *pack,
                            const size_t *chosen, const uint8_t *fate, size_t n)
{
    alike *kind = calloc(n + 1, sizeof *kind);
    if (!kind)
        return MX_ENOMEM;
    for (size_t at = 0; at < n; at++)
        kind[at] = (alike){pack->label[chosen[at]].tags,
                           {1, fate[at] == MXC_FATE_PASS, fate[at] == MXC_FATE_FAIL, fate[at] == MXC_FATE_NEVER}};
    size_t kinds = join(kind, n);
    for (size_t c = 0; c < clauses->count; c++) {
        if (!mxc_clause_may_select(&clauses->clause[c], &pack->batch))
            continue;
        for (size_t i = 0; i < kinds; i++) {
            const mxv_label label = {.tags = kind[i].tags};
            if (mxc_clause_selects(&clauses->clause[c], &pack->batch, &label))
                mxc_tally_add(&result[c].tally, &kind[i].tally);
        }
    }
    free(kind);
    return MX_OK;
}

/* The one input of a scalar operation, when it has at most 16 bits: its width, else 0. */
static unsigned input_bits(const mx_batch *shape)
{
    if (shape->op == MX_OP_DECODE)
        return mx_elem_bits(shape->elem);
    if (shape->op == MX_OP_CAST && shape->profile.round != MX_SR && mx_type_bytes(shape->type) == 2)
        return 16;
    return 0;
}

int mxc_is_exhaustive(const mxv_pack *pack, const size_t *chosen, const uint8_t *fate, size_t n)
{
    const mx_batch *b = &pack->batch;
    unsigned bits = input_bits(b);
    size_t space = (size_t)1 << bits, seen = 0;
    uint8_t *judged = bits && n >= space ? calloc(space, 1) : NULL;
    for (size_t at = 0; judged && at < n; at++) {
        size_t i = chosen[at];
        size_t input = b->op == MX_OP_DECODE ? b->in.code[i] : (size_t)mxc_value_bits(b->in.value, b->type, i);
        seen += fate[at] != MXC_FATE_NEVER && !judged[input];
        judged[input] |= fate[at] != MXC_FATE_NEVER;
    }
    free(judged);
    return bits && seen == space;
}
