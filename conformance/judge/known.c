/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/judge/known.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/causes/cluster.h"
#include "conformance/data/known.h"
#include "conformance/data/pack_name.h"
#include "conformance/error.h"
#include "vectors/lines.h"

mx_status mxc_known_begin(mxc_report *report, const mxc_known *known)
{
    report->known_file = strdup(known->file);
    report->known = calloc(known->entries + 1, sizeof *report->known);
    if (!report->known_file || !report->known)
        return MX_ENOMEM;
    for (size_t i = 0; i < known->entries; i++) {
        mxc_known_result *to = &report->known[report->knowns++];
        *to = known->entry[i].text;
        to->pattern = strdup(to->pattern);
        to->link = strdup(to->link);
        to->reason = strdup(to->reason);
        if (!to->pattern || !to->link || !to->reason)
            return MX_ENOMEM;
    }
    return MX_OK;
}

/* Whether operation, format and type of a class may be those of the shape. */
static int may_be_of(const char *glob, const mx_batch *shape)
{
    char key[MXC_KEY], part[MXV_LINE];
    const char *end = glob;
    for (int i = 0; i < 3; i++)
        end = strchr(end, '/') + 1;
    mxc_say(part, sizeof part, "%.*s", (int)(end - glob), glob);
    mxc_shape_key(key, shape);
    return fnmatch(part, key, FNM_PATHNAME) == 0;
}

static const mxc_known_entry *find_id(const mxc_known *known, const char *id)
{
    const mxc_known_entry key = {.text = {.pattern = (char *)id}}, *at = &key;
    for (size_t low = 0, high = known->ids; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(at->text.pattern, known->id[middle]->text.pattern);
        if (order == 0)
            return known->id[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Count case `id` (failed or not) of a pack for entry e; 1 when the entry makes its failure known. */
static int count(const mxc_known_entry *e, mxc_known_result *to, int failed)
{
    to->judged++;
    to->failed += (size_t)failed;
    return failed && !e->text.expired;
}

static int judge_case(const mxc_known *known, mxc_report *report, const mxc_work *w, size_t at, const uint8_t *of_pack,
                      const char *key)
{
    const char *id = w->pack->label[w->chosen[at]].id;
    const int failed = key != NULL;
    const mxc_known_entry *own = find_id(known, id);
    int is_known = own ? count(own, &report->known[own - known->entry], failed) : 0;
    for (size_t i = 0; i < known->entries; i++) {
        const mxc_known_entry *e = &known->entry[i];
        if (e->kind == MXC_CASE_GLOB ? fnmatch(e->glob, id, 0) == 0 : e->kind == MXC_PACK_GLOB && of_pack[i])
            is_known |= count(e, &report->known[i], failed);
        else if (e->kind == MXC_CLUSTER_GLOB && of_pack[i])
            is_known |= count(e, &report->known[i], failed && fnmatch(e->glob, key, FNM_PATHNAME) == 0);
    }
    return is_known;
}

mx_status mxc_known_pack(const mxc_known *known, mxc_report *report, mxc_work *w)
{
    char name[MXC_PACK_NAME], key[MXC_KEY];
    uint8_t *of_pack = calloc(known->entries + 1, 1);
    w->known = calloc(w->fails + 1, 1);
    if (!of_pack || !w->known) {
        free(of_pack);
        return MX_ENOMEM;
    }
    mxc_pack_name(name, w->result->path);
    for (size_t i = 0; i < known->entries; i++) {
        const mxc_known_entry *e = &known->entry[i];
        of_pack[i] = (uint8_t)((e->kind == MXC_PACK_GLOB && fnmatch(e->glob, name, 0) == 0) ||
                               (e->kind == MXC_CLUSTER_GLOB && may_be_of(e->glob, &w->pack->batch)));
    }
    size_t fail = 0;
    for (size_t at = 0; at < w->n; at++) {
        if (w->fate[at] == MXC_FATE_NEVER)
            continue;
        const int failed = w->fate[at] == MXC_FATE_FAIL;
        if (failed)
            mxc_cluster_key(key, &w->pack->batch, w->chosen[at], &w->failed[fail].diff);
        int is_known = judge_case(known, report, w, at, of_pack, failed ? key : NULL);
        if (!failed)
            continue;
        /* what does not count needs no excuse */
        is_known = is_known && (report->strict || w->pack->label[w->chosen[at]].class_ != MX_SHOULD);
        w->known[fail++] = (uint8_t)is_known;
        w->result->known += (size_t)is_known;
    }
    free(of_pack);
    return MX_OK;
}

mxc_known_state mxc_known_state_of(const mxc_known_result *result)
{
    return result->expired  ? MXC_KNOWN_EXPIRED
           : result->failed ? MXC_KNOWN
           : result->judged ? MXC_KNOWN_PASSES
                            : MXC_KNOWN_NO_CASE;
}

size_t mxc_known_count(const mxc_report *report, mxc_known_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < report->knowns; i++)
        n += mxc_known_state_of(&report->known[i]) == state;
    return n;
}
