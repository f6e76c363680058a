/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind the failures as JSON: diagnosis, clusters, failures in short, repetition, known failures.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/report.h"
#include "conformance/report_json.h"

/* ---- sets of words ---- */

static json_t *json_set(unsigned set, mxc_id_name *name, unsigned last)
{
    json_t *list = json_array();
    for (unsigned id = 1; id <= last; id++)
        if (set >> id & 1)
            json_array_append_new(list, json_string(name(id)));
    return list;
}

static unsigned id_of(const char *text, mxc_id_name *name, unsigned last)
{
    for (unsigned id = 1; text && id <= last; id++)
        if (strcmp(name(id), text) == 0)
            return id;
    return 0;
}

static unsigned set_of(mxc_json *r, const json_t *o, const char *key, mxc_id_name *name, unsigned last)
{
    const json_t *list = mxc_json_list_of(r, o, key), *word;
    unsigned set = 0;
    size_t i;
    json_array_foreach(list, i, word)
    {
        unsigned id = id_of(json_string_value(word), name, last);
        if (!id)
            mxc_json_bad(r, "\"%s%s\": an unknown word", r->where, key);
        set |= id ? 1u << id : 0;
    }
    return set;
}

static mxc_stage stage_of(mxc_json *r, const json_t *o)
{
    const char *text = mxc_json_string_of(r, o, "stage");
    unsigned id = id_of(text, mxc_id_stage, MXC_STAGE_LAST);
    if (!id)
        mxc_json_bad(r, "wanted a stage as \"%sstage\", found '%.40s'", r->where, text);
    return (mxc_stage)id;
}

/* ---- diagnosis ---- */

static json_t *json_suspect(const mxc_suspect *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "mutant", json_string(s->mutant));
    json_object_set_new(o, "what", json_string(s->what));
    json_object_set_new(o, "link", json_string(s->link));
    json_object_set_new(o, "stage", json_string(mxc_stage_name(s->stage)));
    json_object_set_new(o, "axis", mxc_json_axis_value(s->axis, s->value));
    json_object_set_new(o, "explained", mxc_json_size(s->explained));
    json_object_set_new(o, "unlike", mxc_json_size(s->unlike));
    json_object_set_new(o, "contradicted", mxc_json_size(s->contradicted));
    json_object_set_new(o, "twins", json_string(s->twins ? s->twins : ""));
    return o;
}

static void read_suspect(mxc_json *r, const json_t *o, void *element)
{
    mxc_suspect *s = element;
    s->mutant = mxc_json_string_of(r, o, "mutant");
    s->what = mxc_json_string_of(r, o, "what");
    s->link = mxc_json_string_of(r, o, "link");
    s->stage = stage_of(r, o);
    s->axis = mxc_json_axis_value_of(r, json_object_get(o, "axis"), &s->value);
    s->explained = mxc_json_size_of(r, o, "explained");
    s->unlike = mxc_json_size_of(r, o, "unlike");
    s->contradicted = mxc_json_size_of(r, o, "contradicted");
    s->twins = mxc_json_copy_of(r, o, "twins");
}

static json_t *json_diagnosis(const mxc_diagnosis *d)
{
    json_t *o = json_object(), *suspects = json_array();
    for (size_t i = 0; i < d->suspects; i++)
        json_array_append_new(suspects, json_suspect(&d->suspect[i]));
    json_object_set_new(o, "failures", mxc_json_size(d->failures));
    json_object_set_new(o, "passes", mxc_json_size(d->passes));
    json_object_set_new(o, "unexplained", mxc_json_size(d->unexplained));
    json_object_set_new(o, "milliseconds", json_integer((json_int_t)(d->seconds * 1000)));
    json_object_set_new(o, "suspects", suspects);
    json_object_set_new(o, "nearest", d->nearest.mutant ? json_suspect(&d->nearest) : json_null());
    return o;
}

static void read_diagnosis(mxc_json *r, const json_t *root, mxc_diagnosis *d)
{
    const json_t *o = mxc_json_object_of(r, root, "diagnosis");
    if (!o)
        return;
    d->failures = mxc_json_size_of(r, o, "failures");
    d->passes = mxc_json_size_of(r, o, "passes");
    d->unexplained = mxc_json_size_of(r, o, "unexplained");
    d->seconds = (double)mxc_json_size_of(r, o, "milliseconds") / 1000;
    d->suspect = mxc_json_read_list(r, o, "suspects", sizeof *d->suspect, &d->suspects, read_suspect);
    if (!json_is_null(json_object_get(o, "nearest")) && mxc_json_object_of(r, o, "nearest"))
        read_suspect(r, json_object_get(o, "nearest"), &d->nearest);
}

/* ---- clusters ---- */

static json_t *json_cluster(const mxc_cluster *c)
{
    json_t *o = json_object(), *lanes = json_array(), *keys = json_object();
    for (int lane = 0; lane < 64; lane++)
        if (c->lanes >> lane & 1)
            json_array_append_new(lanes, json_integer(lane));
    for (size_t i = 0; i < c->keys; i++)
        json_object_set_new(keys, c->key[i].key, mxc_json_size(c->key[i].count));
    json_object_set_new(o, "stage", json_string(mxc_stage_name(c->stage)));
    json_object_set_new(o, "count", mxc_json_size(c->count));
    json_object_set_new(o, "cases", mxc_json_size(c->cases));
    json_object_set_new(o, "ops", json_set(c->ops, mxc_id_op, MX_OP_LAST));
    json_object_set_new(o, "elems", json_set(c->elems, mxc_id_elem, MX_ELEM_LAST));
    json_object_set_new(o, "types", json_set(c->types, mxc_id_type, MX_TYPE_LAST));
    json_object_set_new(o, "places", json_set(c->places, mxc_id_place, MXC_PLACE_LAST));
    json_object_set_new(o, "ranges", json_set(c->ranges, mxc_id_range, MXC_RANGE_LAST));
    json_object_set_new(o, "lanes", lanes);
    json_object_set_new(o, "last_lane", json_boolean(c->last_lane));
    json_object_set_new(o, "axis", mxc_json_axis_value(c->axis, c->value));
    json_object_set_new(o, "axis_count", mxc_json_size(c->axis_count));
    json_object_set_new(o, "axis_looked", mxc_json_size(c->axis_looked));
    json_object_set_new(o, "mutant", mxc_json_text(c->mutant));
    json_object_set_new(o, "id", json_string(c->id));
    json_object_set_new(o, "line", json_string(c->line));
    json_object_set_new(o, "explained", mxc_json_text(c->explained));
    json_object_set_new(o, "keys", keys);
    return o;
}

static void read_keys(mxc_json *r, const json_t *o, mxc_cluster *c)
{
    const char *key;
    json_t *value, *keys = (json_t *)mxc_json_object_of(r, o, "keys");
    c->key = mxc_json_enough(r, calloc(json_object_size(keys) + 1, sizeof *c->key));
    json_object_foreach(keys, key, value)
    {
        if (!c->key)
            return;
        mxc_say(c->key[c->keys].key, MXC_KEY, "%s", key);
        c->key[c->keys++].count = mxc_json_size_of(r, keys, key);
    }
}

static void read_cluster(mxc_json *r, const json_t *o, void *element)
{
    mxc_cluster *c = element;
    const json_t *lanes = mxc_json_list_of(r, o, "lanes"), *lane;
    size_t i;
    json_array_foreach(lanes, i, lane)
    {
        c->lanes |= UINT64_C(1) << (json_integer_value(lane) & 63);
    }
    c->stage = stage_of(r, o);
    c->count = mxc_json_size_of(r, o, "count");
    c->cases = mxc_json_size_of(r, o, "cases");
    c->ops = set_of(r, o, "ops", mxc_id_op, MX_OP_LAST);
    c->elems = set_of(r, o, "elems", mxc_id_elem, MX_ELEM_LAST);
    c->types = set_of(r, o, "types", mxc_id_type, MX_TYPE_LAST);
    c->places = set_of(r, o, "places", mxc_id_place, MXC_PLACE_LAST);
    c->ranges = set_of(r, o, "ranges", mxc_id_range, MXC_RANGE_LAST);
    c->last_lane = mxc_json_flag_of(r, o, "last_lane");
    c->axis = mxc_json_axis_value_of(r, json_object_get(o, "axis"), &c->value);
    c->axis_count = mxc_json_size_of(r, o, "axis_count");
    c->axis_looked = mxc_json_size_of(r, o, "axis_looked");
    c->mutant = json_string_value(json_object_get(o, "mutant"));
    c->id = mxc_json_copy_of(r, o, "id");
    c->line = mxc_json_copy_of(r, o, "line");
    c->explained = mxc_json_copy_or_null(r, o, "explained");
    read_keys(r, o, c);
}

/* ---- failures in short, repetition, known failures ---- */

static json_t *json_wrong(const mxc_wrong *w)
{
    json_t *o = json_object();
    json_object_set_new(o, "pack", mxc_json_size(w->pack));
    json_object_set_new(o, "id", json_string(w->id));
    json_object_set_new(o, "want", json_string(w->want));
    json_object_set_new(o, "got", json_string(w->got));
    json_object_set_new(o, "known", json_boolean(w->known));
    return o;
}

static void read_wrong(mxc_json *r, const json_t *o, void *element)
{
    mxc_wrong *w = element;
    w->pack = mxc_json_size_of(r, o, "pack");
    w->id = mxc_json_copy_of(r, o, "id");
    w->want = mxc_json_copy_of(r, o, "want");
    w->got = mxc_json_copy_of(r, o, "got");
    w->known = mxc_json_flag_of(r, o, "known");
}

static json_t *json_repeat(const mxc_repeat *p)
{
    json_t *o = json_object();
    json_object_set_new(o, "cases", mxc_json_size(p->cases));
    json_object_set_new(o, "differ", mxc_json_size(p->differ));
    json_object_set_new(o, "alone", mxc_json_size(p->alone));
    json_object_set_new(o, "depend", mxc_json_size(p->depend));
    json_object_set_new(o, "id", mxc_json_text(p->id));
    json_object_set_new(o, "first", mxc_json_text(p->first));
    json_object_set_new(o, "second", mxc_json_text(p->second));
    return o;
}

static void read_repeat(mxc_json *r, const json_t *root, mxc_repeat *p)
{
    const json_t *o = mxc_json_object_of(r, root, "repeat");
    if (!o)
        return;
    p->cases = mxc_json_size_of(r, o, "cases");
    p->differ = mxc_json_size_of(r, o, "differ");
    p->alone = mxc_json_size_of(r, o, "alone");
    p->depend = mxc_json_size_of(r, o, "depend");
    p->id = mxc_json_copy_or_null(r, o, "id");
    p->first = mxc_json_copy_or_null(r, o, "first");
    p->second = mxc_json_copy_or_null(r, o, "second");
}

static json_t *json_known(const mxc_known_result *k)
{
    json_t *o = json_object();
    json_object_set_new(o, "pattern", mxc_json_text(k->pattern));
    json_object_set_new(o, "link", mxc_json_text(k->link));
    json_object_set_new(o, "reason", mxc_json_text(k->reason));
    json_object_set_new(o, "until", json_string(k->until));
    json_object_set_new(o, "line", json_integer((json_int_t)k->line));
    json_object_set_new(o, "judged", mxc_json_size(k->judged));
    json_object_set_new(o, "failed", mxc_json_size(k->failed));
    json_object_set_new(o, "expired", json_boolean(k->expired));
    return o;
}

static void read_known(mxc_json *r, const json_t *o, void *element)
{
    mxc_known_result *k = element;
    k->pattern = mxc_json_copy_of(r, o, "pattern");
    k->link = mxc_json_copy_of(r, o, "link");
    k->reason = mxc_json_copy_of(r, o, "reason");
    mxc_say(k->until, sizeof k->until, "%s", mxc_json_string_of(r, o, "until"));
    k->line = mxc_json_size_of(r, o, "line");
    k->judged = mxc_json_size_of(r, o, "judged");
    k->failed = mxc_json_size_of(r, o, "failed");
    k->expired = mxc_json_flag_of(r, o, "expired");
}

/* ---- all ---- */

void mxc_json_add_causes(json_t *o, const mxc_report *report)
{
    json_t *clusters = json_array(), *wrongs = json_array(), *knowns = json_array();
    for (size_t i = 0; i < report->clusters; i++)
        json_array_append_new(clusters, json_cluster(&report->cluster[i]));
    for (size_t i = 0; i < report->wrongs; i++)
        json_array_append_new(wrongs, json_wrong(&report->wrong[i]));
    for (size_t i = 0; i < report->knowns; i++)
        json_array_append_new(knowns, json_known(&report->known[i]));
    json_object_set_new(o, "diagnosis", json_diagnosis(&report->diagnosis));
    json_object_set_new(o, "clusters", clusters);
    json_object_set_new(o, "wrong", wrongs);
    json_object_set_new(o, "repeat", json_repeat(&report->repeat));
    json_object_set_new(o, "known_file", mxc_json_text(report->known_file));
    json_object_set_new(o, "known_failures", mxc_json_size(report->known_failures));
    json_object_set_new(o, "known", knowns);
}

void mxc_json_read_causes(mxc_json *r, const json_t *o, mxc_report *report)
{
    read_diagnosis(r, o, &report->diagnosis);
    report->cluster = mxc_json_read_list(r, o, "clusters", sizeof *report->cluster, &report->clusters, read_cluster);
    report->wrong = mxc_json_read_list(r, o, "wrong", sizeof *report->wrong, &report->wrongs, read_wrong);
    read_repeat(r, o, &report->repeat);
    report->known_file = mxc_json_copy_or_null(r, o, "known_file");
    report->known_failures = mxc_json_size_of(r, o, "known_failures");
    report->known = mxc_json_read_list(r, o, "known", sizeof *report->known, &report->knowns, read_known);
}
