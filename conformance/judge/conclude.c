/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a run comes to: its exit status, and why in a line.
 */
#include "config.h"

#include <string.h>

#include "conformance/adapters/subject.h"
#include "conformance/error.h"
#include "conformance/judge/judge.h"
#include "conformance/judge/known.h"

size_t mxc_counting_fails(const mxc_report *report)
{
    return report->tally.fail - (report->strict ? 0 : report->deviations) - report->known_failures;
}

int mxc_exit_status(const mxc_report *report)
{
    const mxc_tally *t = &report->tally;
    if (*report->misconduct || report->repeat.differ || mxc_counting_fails(report) ||
        mxc_known_count(report, MXC_KNOWN_EXPIRED) || (report->strict && mxc_known_count(report, MXC_KNOWN_PASSES)))
        return MXC_EXIT_FAILS;
    return !(t->pass + t->fail) ? MXC_EXIT_NOTHING : t->never ? MXC_EXIT_HARNESS : MXC_EXIT_CONFORMS;
}

/* How much the reason for which a pack was not judged says: what the subject answered most, then another axis value,
 * then an operation that it never claimed. */
static int weight(const mxc_pack_result *pack)
{
    if (pack->verdict == MXC_UNSUPPORTED)
        return strcmp(pack->reason, mxc_not_offered) != 0 ? 3 : 1;
    return pack->verdict == MXC_NOT_APPLICABLE ? 2 : 0;
}

/* Why nothing was judged: of the reasons that say most the first. */
static const char *why_nothing(const mxc_report *r)
{
    const mxc_pack_result *most = NULL;
    for (size_t p = 0; p < r->packs; p++)
        if (!most || weight(&r->pack[p]) > weight(most))
            most = &r->pack[p];
    if (r->tally.never)
        return "every case was refused";
    if (!most && r->profile)
        return "no pack chosen agrees with this profile; `mxcts gen --profile` makes packs that do";
    return !most ? "no case is selected" : *most->reason ? most->reason : "no pack applies";
}

/* Why it does not conform, "" when it may. */
static void say_failing(const mxc_report *r, char *text, size_t size)
{
    const mxc_repeat *again = &r->repeat;
    const size_t judged = r->tally.pass + r->tally.fail, fails = mxc_counting_fails(r);
    const size_t expired = mxc_known_count(r, MXC_KNOWN_EXPIRED), pass = mxc_known_count(r, MXC_KNOWN_PASSES);
    *text = '\0';
    if (*r->misconduct)
        mxc_say(text, size, "%s", r->misconduct);
    else if (again->differ)
        mxc_say(text, size,
                "answers differ on repetition: %.100s, first %.80s, then %.80s; %zu of %zu cases asked again",
                again->id, again->first, again->second, again->differ, again->cases);
    else if (fails) {
        char more[80] = "";
        if (r->deviations && !r->strict)
            mxc_say(more, sizeof more, ", %zu more deviate from recommendations (should)", r->deviations);
        mxc_say(text, size, "%zu of %zu judged cases are wrong%s%s", fails, judged, more,
                r->known_failures ? ", known failures not counted" : "");
    } else if (expired)
        mxc_say(text, size, "%zu known failure%s expired", expired, expired == 1 ? " has" : "s have");
    else if (r->strict && pass)
        mxc_say(text, size, "%zu known failure%s now", pass, pass == 1 ? " passes" : "s pass");
}

void mxc_conclude(mxc_report *r)
{
    char why[400], *text = r->conclusion;
    const size_t size = sizeof r->conclusion, judged = r->tally.pass + r->tally.fail;
    r->exit_status = mxc_exit_status(r);
    say_failing(r, why, sizeof why);
    if (*why)
        mxc_say(text, size, "does not conform: %s", why);
    else if (!judged)
        mxc_say(text, size, "nothing was judged: %s", why_nothing(r));
    else if (r->tally.never)
        mxc_say(text, size, "%zu case%s of accepted packs %s never exercised", r->tally.never,
                r->tally.never == 1 ? "" : "s", r->tally.never == 1 ? "was" : "were");
    else if (r->known_failures)
        mxc_say(text, size, "%zu of %zu judged cases are wrong, all of them known failures", r->known_failures, judged);
    else
        mxc_say(text, size, "conforms on all %zu judged cases%s", judged,
                r->deviations ? ", with deviations from recommendations (should)" : "");
}
