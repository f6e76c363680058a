/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/judge/test_small_tier.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mx/ref.h>

#include "conformance/batch.h"
#include "conformance/error.h"
#include "test_folder.h"

static char folder[TEST_FOLDER];

char *in_folder(const char *name)
{
    static char path[4][512];
    static int next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder, name);
    return at;
}

void write_text(const char *name, const char *text)
{
    FILE *out = fopen(in_folder(name), "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    fclose(out);
}

void first_profile(mx_profile *profile)
{
    *profile = (mx_profile){0};
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        ck_assert(mx_profile_set(profile, (mx_axis)a, 1) == MX_OK);
}

enum { CASES = 64 };

/* bf16 to e2m1 casts of patterns spread over the positive numbers; every 8th case is a recommendation. */
static void make_pack(const char *name, unsigned round)
{
    mx_batch shape = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_BF16, .k = 1, .count = CASES};
    mxv_pack *pack = NULL;
    mxv_error error = {0};
    first_profile(&shape.profile);
    ck_assert(mx_profile_set(&shape.profile, MX_AXIS_ROUND, round) == MX_OK);
    ck_assert(mxv_pack_new(&pack, &shape) == MX_OK);
    uint16_t *value = mxc_column(&pack->batch, COL_IN_VALUE);
    for (size_t i = 0; i < CASES; i++) {
        char id[64];
        value[i] = (uint16_t)(0x3e00 + 13 * i);
        snprintf(id, sizeof id, "t.%s.%06zu", name, i + 1);
        ck_assert(mxv_pack_label(pack, i, id, i % 8 ? MX_MUST : MX_SHOULD, i % 2 ? "C5.3-b,odd" : "C5.3-b,even") ==
                  MX_OK);
    }
    mxref_free open = {.code = pack->open.code};
    ck_assert(mxref_run(&pack->batch, &open) == MX_OK);
    char file[128];
    snprintf(file, sizeof file, "vectors/packs/smoke/%s.mxv", name);
    ck_assert_msg(mxv_save(pack, in_folder(file), &error) == MX_OK, "%s", error.text);
    mxv_pack_free(pack);
}

void make_folder(void)
{
    test_folder(folder);
    mkdir(in_folder("vectors"), 0777);
    mkdir(in_folder("vectors/packs"), 0777);
    mkdir(in_folder("vectors/packs/smoke"), 0777);
    make_pack("one", MX_RNE);
    make_pack("two", MX_RTZ);
    char command[1024];
    snprintf(command, sizeof command, "cp '%s/conformance/clauses.tsv' '%s'", getenv("MXCTS_SRCDIR"), folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "cd '%s/vectors' && sha256sum packs/smoke/*.mxv > MANIFEST.sha256", folder);
    ck_assert_int_eq(system(command), 0);
    write_text("vectors/COUNTS", "#mxcounts 1\npacks 2\ncases 128\ntag C5.3-b 128\ntag odd 64\n");
    setenv("MXCTS_DATADIR", folder, 1);
}

/* ---- the subject ---- */

static mx_status describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    const behaviour *b = state;
    mxc_say(description->name, sizeof description->name, "%s", b->name);
    mxc_say(description->version, sizeof description->version, "1");
    mx_status status = mxc_offers_parse(description, b->ops, strlen(b->ops), why);
    return status == MX_OK ? mx_profile_parse(&description->declared, b->axes, strlen(b->axes), why) : status;
}

static mx_status offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    const behaviour *b = state;
    ck_assert(shape->in.value == NULL && shape->out.code == NULL && shape->count > 0);
    mxc_say(why, MXC_LINE, "not today");
    return b->declines ? MX_EUNSUPPORTED : MX_OK;
}

static mx_status answer(void *state, const mx_batch *batch, uint8_t *answers, char why[MXC_LINE])
{
    behaviour *b = state;
    if (b->fails && ++b->batches == 2) {
        mxc_say(why, MXC_LINE, "fell over");
        return MX_EPROTOCOL;
    }
    ck_assert(mxref_run(batch, NULL) == MX_OK);
    for (size_t i = 0; i < batch->count; i++) {
        answers[i] = MXC_ANSWERED;
        if (b->wrong && i % (size_t)b->wrong == 0)
            batch->out.code[i] ^= 1;
        if (b->refuse && i % (size_t)b->refuse == 0)
            answers[i] = MXC_REFUSED;
        if (b->forget && i % (size_t)b->forget == 0)
            answers[i] = MXC_MISSING;
    }
    if (b->refuse)
        mxc_say(why, MXC_LINE, "refused: tired");
    return MX_OK;
}

static mx_status say_bye(void *state, mxc_counts *counts, char why[MXC_LINE])
{
    const behaviour *b = state;
    (void)why;
    counts->answered += (unsigned)b->miscounts;
    return MX_OK;
}

mxc_subject *subject_that(const behaviour *does)
{
    static const mxc_subject_ops ops = {describe, offer, answer, say_bye, NULL, 0};
    static behaviour state;
    mxc_subject *subject = NULL;
    mxv_error error = {0};
    state = *does;
    ck_assert_msg(mxc_subject_wrap(&subject, &ops, &state, &error) == MX_OK, "%s", error.text);
    return subject;
}

mxc_report *judged(const behaviour *does, const mxc_options *options)
{
    mxc_subject *subject = subject_that(does);
    mxc_report *report = NULL;
    mxv_error error = {0};
    ck_assert_msg(mxc_run(&report, subject, NULL, options, &error) == MX_OK, "%s", error.text);
    mxc_subject_free(subject);
    return report;
}
