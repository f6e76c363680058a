/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind the failures as JSON: diagnosis, clusters, failures in short, repetition, known failures.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/error.h"
#include "conformance/report/json.h"

#define END                                                                                                            \
    {                                                                                                                  \
        NULL, (mxc_field_kind)0, 0, 0                                                                                  \
    }

/* ---- diagnosis ---- */

static const mxc_field suspect_fields[] = {
    MXC_FIELD(mxc_suspect, mutant, WORDS), MXC_FIELD(mxc_suspect, what, WORDS),
    MXC_FIELD(mxc_suspect, link, WORDS),   MXC_FIELD_OF(mxc_suspect, stage, ID, NOUN_STAGE),
    MXC_FIELD_AXIS("axis", mxc_suspect),   MXC_FIELD(mxc_suspect, explained, SIZE),
    MXC_FIELD(mxc_suspect, unlike, SIZE),  MXC_FIELD(mxc_suspect, contradicted, SIZE),
    MXC_FIELD(mxc_suspect, aside, SIZE),   MXC_FIELD(mxc_suspect, in_part, SIZE),
    MXC_FIELD(mxc_suspect, twins, STRING), END};

static const mxc_field diagnosis_fields[] = {
    MXC_FIELD(mxc_diagnosis, failures, SIZE), MXC_FIELD(mxc_diagnosis, passes, SIZE),
    MXC_FIELD(mxc_diagnosis, unexplained, SIZE), MXC_FIELD_AS("milliseconds", mxc_diagnosis, seconds, MILLISECONDS, 0),
    END};

static void read_suspect(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, suspect_fields, element);
}

static json_t *json_diagnosis(const mxc_diagnosis *d)
{
    json_t *o = mxc_fields_json(diagnosis_fields, d), *suspects = json_array();
    for (size_t i = 0; i < d->suspects; i++)
        json_array_append_new(suspects, mxc_fields_json(suspect_fields, &d->suspect[i]));
    json_object_set_new(o, "suspects", suspects);
    json_object_set_new(o, "nearest", d->nearest.mutant ? mxc_fields_json(suspect_fields, &d->nearest) : json_null());
    return o;
}

static void read_diagnosis(mxc_json *r, const json_t *root, mxc_diagnosis *d)
{
    const json_t *o = mxc_json_object_of(r, root, "diagnosis");
    if (!o)
        return;
    mxc_fields_read(r, o, diagnosis_fields, d);
    d->suspect = mxc_json_read_list(r, o, "suspects", sizeof *d->suspect, &d->suspects, read_suspect);
    if (!json_is_null(json_object_get(o, "nearest")) && mxc_json_object_of(r, o, "nearest"))
        read_suspect(r, json_object_get(o, "nearest"), &d->nearest);
}

/* ---- clusters ---- */

static const mxc_field cluster_fields[] = {MXC_FIELD_OF(mxc_cluster, stage, ID, NOUN_STAGE),
                                           MXC_FIELD(mxc_cluster, count, SIZE),
                                           MXC_FIELD(mxc_cluster, cases, SIZE),
                                           MXC_FIELD_OF(mxc_cluster, ops, SET, NOUN_OP),
                                           MXC_FIELD_OF(mxc_cluster, elems, SET, NOUN_ELEM),
                                           MXC_FIELD_OF(mxc_cluster, types, SET, NOUN_TYPE),
                                           MXC_FIELD_OF(mxc_cluster, places, SET, NOUN_PLACE),
                                           MXC_FIELD_OF(mxc_cluster, ranges, SET, NOUN_RANGE),
                                           MXC_FIELD(mxc_cluster, last_lane, FLAG),
                                           MXC_FIELD_AXIS("axis", mxc_cluster),
                                           MXC_FIELD(mxc_cluster, axis_count, SIZE),
                                           MXC_FIELD(mxc_cluster, axis_looked, SIZE),
                                           MXC_FIELD(mxc_cluster, mutant, WORDS_OR_NULL),
                                           MXC_FIELD(mxc_cluster, id, STRING),
                                           MXC_FIELD(mxc_cluster, line, STRING),
                                           MXC_FIELD(mxc_cluster, explained, STRING_OR_NULL),
                                           END};

static json_t *json_cluster(const mxc_cluster *c)
{
    json_t *o = mxc_fields_json(cluster_fields, c), *lanes = json_array(), *keys = json_object();
    for (int lane = 0; lane < 64; lane++)
        if (c->lanes >> lane & 1)
            json_array_append_new(lanes, json_integer(lane));
    for (size_t i = 0; i < c->keys; i++)
        json_object_set_new(keys, c->key[i].key, mxc_json_size(c->key[i].count));
    json_object_set_new(o, "lanes", lanes);
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
    mxc_fields_read(r, o, cluster_fields, c);
    read_keys(r, o, c);
}

/* ---- failures in short, repetition, known failures ---- */

static const mxc_field wrong_fields[] = {MXC_FIELD(mxc_wrong, pack, SIZE),   MXC_FIELD(mxc_wrong, id, STRING),
                                         MXC_FIELD(mxc_wrong, want, STRING), MXC_FIELD(mxc_wrong, got, STRING),
                                         MXC_FIELD(mxc_wrong, known, FLAG),  END};

static const mxc_field repeat_fields[] = {MXC_FIELD(mxc_repeat, cases, SIZE),
                                          MXC_FIELD(mxc_repeat, differ, SIZE),
                                          MXC_FIELD(mxc_repeat, alone, SIZE),
                                          MXC_FIELD(mxc_repeat, depend, SIZE),
                                          MXC_FIELD(mxc_repeat, id, STRING_OR_NULL),
                                          MXC_FIELD(mxc_repeat, first, STRING_OR_NULL),
                                          MXC_FIELD(mxc_repeat, second, STRING_OR_NULL),
                                          END};

static const mxc_field known_fields[] = {MXC_FIELD(mxc_known_result, pattern, STRING),
                                         MXC_FIELD(mxc_known_result, link, STRING),
                                         MXC_FIELD(mxc_known_result, reason, STRING),
                                         MXC_FIELD_CHARS(mxc_known_result, until),
                                         MXC_FIELD(mxc_known_result, line, LONG),
                                         MXC_FIELD(mxc_known_result, judged, SIZE),
                                         MXC_FIELD(mxc_known_result, failed, SIZE),
                                         MXC_FIELD(mxc_known_result, expired, FLAG),
                                         END};

static void read_wrong(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, wrong_fields, element);
}

static void read_known(mxc_json *r, const json_t *o, void *element)
{
    mxc_fields_read(r, o, known_fields, element);
}

static void read_repeat(mxc_json *r, const json_t *root, mxc_repeat *p)
{
    const json_t *o = mxc_json_object_of(r, root, "repeat");
    if (o)
        mxc_fields_read(r, o, repeat_fields, p);
}

/* ---- all ---- */

void mxc_json_add_causes(json_t *o, const mxc_report *report)
{
    json_t *clusters = json_array(), *wrongs = json_array(), *knowns = json_array();
    for (size_t i = 0; i < report->clusters; i++)
        json_array_append_new(clusters, json_cluster(&report->cluster[i]));
    for (size_t i = 0; i < report->wrongs; i++)
        json_array_append_new(wrongs, mxc_fields_json(wrong_fields, &report->wrong[i]));
    for (size_t i = 0; i < report->knowns; i++)
        json_array_append_new(knowns, mxc_fields_json(known_fields, &report->known[i]));
    json_object_set_new(o, "diagnosis", json_diagnosis(&report->diagnosis));
    json_object_set_new(o, "clusters", clusters);
    json_object_set_new(o, "wrong", wrongs);
    json_object_set_new(o, "repeat", mxc_fields_json(repeat_fields, &report->repeat));
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
