/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A run: the answers come from a subject.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/judge.h"

static mx_status accept(void *state, const mxv_pack *pack, const size_t *chosen, size_t n, mxv_error *error)
{
    (void)chosen;
    mx_batch shape = pack->batch;
    shape.in = (mx_inputs){0};
    shape.out = (mx_outputs){0};
    shape.count = n;
    return mxc_subject_offer(state, &shape, error);
}

static mx_status answer(void *state, const mxv_pack *pack, const size_t *chosen, const mx_batch *batch,
                        uint8_t *answers, mxv_error *error)
{
    (void)pack;
    (void)chosen;
    return mxc_subject_run(state, batch, answers, error);
}

static mx_status finish(void *state, mxv_error *error)
{
    return mxc_subject_bye(state, error);
}

mx_status mxc_run(mxc_report **report, mxc_subject *subject, const char *spec, const mxc_options *options,
                  mxv_error *error)
{
    static const mxc_options plain = {0};
    const mxc_description *description = mxc_subject_describe(subject);
    const mxc_source source = {subject, &description->declared, accept, answer, finish, 1, mxc_subject_window(subject)};
    mxc_report *made = NULL;
    mx_status status = mxc_judge(&made, &source, options ? options : &plain, error);
    if (status != MX_OK)
        return status;
    made->subject = *description;
    mxc_say(made->spec, sizeof made->spec, "%s", spec ? spec : description->name);
    made->counts = (mxc_counts){made->tally.cases, made->tally.pass + made->tally.fail, made->tally.never};
    const char *said = mxc_subject_stderr(subject);
    made->stderr_text = *said ? strdup(said) : NULL;
    *report = made;
    return MX_OK;
}
