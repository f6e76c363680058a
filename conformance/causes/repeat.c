/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Asking again. Every case has one right answer (random bits are part of the inputs), so a subject that answers the
 * same case in the same batch differently does not conform, whichever of its answers are right, and neither does one
 * that answers a case rightly among others and wrongly alone. One whose wrong answer depends on what else is in the
 * batch has an error of its own kind, which is said.
 */
#include "config.h"

#include "conformance/causes/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/compare.h"
#include "conformance/judge/judge.h"

enum {
    CASES = 20000, /* asked again at most */
    ALONE = 4      /* failures of a pack asked again alone */
};

mx_status mxc_work_store(mxc_store *store, const mxc_work *w, size_t first, size_t n)
{
    const mx_status status = mxc_store_of(store, &w->pack->batch, w->chosen + first, n);
    for (int c = COL_OUT_VALUE; c < COLS && status == MX_OK; c++)
        if (mxc_cell_bytes(&store->batch, c))
            memset(mxc_column(&store->batch, c), 0xa5, n * mxc_cell_bytes(&store->batch, c));
    return status;
}

/* The answer to a case, and `after` behind it. */
static char *answer_text(const mx_batch *batch, size_t at, int answered, const char *after)
{
    char *text = malloc(mxv_outputs_text(batch) + sizeof "no answer" + strlen(after));
    if (text && answered)
        mxv_format_outputs(batch, NULL, at, text);
    else if (text)
        strcpy(text, "no answer");
    return text ? strcat(text, after) : NULL;
}

/* Keep chosen case `at` as the example: its answer, and case `again_at` of `again`. */
static mx_status keep(mxc_repeat *to, const mxc_work *w, size_t at, const mx_batch *again, size_t again_at,
                      int answered_again)
{
    const int spoiled = again->count == 1 && w->n > 1 && w->fate[at] == MXC_FATE_PASS;
    free(to->id);
    free(to->first);
    free(to->second);
    to->id = strdup(w->pack->label[w->chosen[at]].id);
    to->first = answer_text(&w->store.batch, at, w->answer[at] == MXC_ANSWERED, "");
    to->second = answer_text(again, again_at, answered_again, spoiled ? " alone" : "");
    return to->id && to->first && to->second ? MX_OK : MX_ENOMEM;
}

static int differs(const mxc_work *w, size_t at, const mx_batch *again, size_t again_at, uint8_t answer)
{
    if ((answer == MXC_ANSWERED) != (w->answer[at] == MXC_ANSWERED))
        return 1;
    return answer == MXC_ANSWERED && !mxc_alike(w->pack, w->chosen[at], &w->store.batch, at, again, again_at);
}

/* Ask the chosen cases [first, first + n) in a batch; *count of them are answered otherwise. */
static mx_status ask_again(mxc_report *report, const mxc_source *source, const mxc_work *w, size_t first, size_t n,
                           size_t *count, int keeps)
{
    mxv_error why = {0};
    mxc_store again = {0};
    uint8_t *answer = calloc(n + 1, 1);
    mx_status status = answer ? mxc_work_store(&again, w, first, n) : MX_ENOMEM;
    if (status == MX_OK &&
        source->answer(source->state, w->pack, w->chosen + first, &again.batch, answer, &why) != MX_OK)
        mxc_say(report->misconduct, sizeof report->misconduct, "asked again: %s", why.text);
    for (size_t i = 0; i < n && status == MX_OK && !*report->misconduct; i++) {
        const int declined_alone = w->n > 1 && n == 1 && answer[i] != MXC_ANSWERED && w->fate[first] == MXC_FATE_PASS;
        if (declined_alone || !differs(w, first + i, &again.batch, i, answer[i]))
            continue;
        if ((*count)++ == 0 && keeps)
            status = keep(&report->repeat, w, first + i, &again.batch, i, answer[i] == MXC_ANSWERED);
    }
    mxc_store_free(&again);
    free(answer);
    return status;
}

/* The 1st, 2nd, 3rd, 5th, 9th, ... pack: the first ones and some of the later ones. */
static int is_taken(size_t number)
{
    return number < 2 || ((number - 1) & (number - 2)) == 0;
}

/* A pack without failures: one of its cases alone, each time from another place of the pack. */
static mx_status repeat_clean(mxc_report *report, const mxc_source *source, const mxc_work *w, size_t number)
{
    const size_t at = number * 7 % w->n;
    if (w->fate[at] != MXC_FATE_PASS || w->n == 1)
        return MX_OK;
    report->repeat.cases++;
    return ask_again(report, source, w, at, 1, &report->repeat.differ, report->repeat.differ == 0);
}

mx_status mxc_repeat_pack(mxc_report *report, const mxc_source *source, const mxc_work *w, size_t number,
                          mxv_error *error)
{
    mxc_repeat *to = &report->repeat;
    size_t differ = 0;
    mx_status status = MX_OK;
    if (is_taken(number) && to->cases + w->n <= CASES) {
        status = ask_again(report, source, w, 0, w->n, &differ, to->differ == 0);
        to->cases += w->n;
        to->differ += differ;
        const size_t alone = w->fails < ALONE ? w->fails : ALONE;
        for (size_t i = 0; i < alone && status == MX_OK && !differ && !*report->misconduct; i++) {
            status = ask_again(report, source, w, w->failed[i * w->fails / alone].at, 1, &to->depend,
                               to->differ + to->depend == 0);
            to->alone++;
        }
    }
    if (!w->fails && !differ && status == MX_OK && !*report->misconduct)
        status = repeat_clean(report, source, w, number);
    return status == MX_OK ? MX_OK : mxc_fail(error, status, "out of memory");
}
