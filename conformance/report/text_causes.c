/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind the failures, as text: known faults, axes, clusters.
 */
#include "config.h"

#include <mx/conformance.h>

#include "conformance/causes/explain_line.h"
#include "conformance/judge/known.h"
#include "conformance/report/report.h"
#include "conformance/report/text_causes.h"

#include <string.h>

enum { CLUSTERS = 8, TWINS = 60 };

/* ---- diagnosis ---- */

static void print_suspect(FILE *out, const mxc_suspect *s, const mxc_diagnosis *d)
{
    const size_t n = s->explained ? s->explained : s->in_part;
    fprintf(out, "  %zu of %zu failures %s mutant %s%s, stage %s: %s", n, d->failures, s->explained ? "match" : "show",
            s->mutant, s->explained ? "" : " among other faults", mxc_stage_name(s->stage), s->what);
    if (strcmp(s->link, "invented") != 0 && *s->link)
        fprintf(out, " (seen: %s)", s->link);
    fprintf(out, "\n    %zu of %zu passes contradict it", s->contradicted, d->passes);
    if (s->unlike)
        fprintf(out, "; it is wrong otherwise in %zu more failures", s->unlike);
    fprintf(out, "\n");
    if (s->explained && s->in_part)
        fprintf(out, "    it shows in %zu more among other faults\n", s->in_part);
    if (s->aside)
        fprintf(
            out,
            "    in a part of the subject only: it would be wrong in passes of other operations, formats, types: %zu\n",
            s->aside);
    if (s->axis)
        fprintf(out, "    that is %s=%s whatever the profile says\n", mx_axis_name(s->axis),
                mx_axis_value_name(s->axis, s->value));
    if (strlen(s->twins) > TWINS)
        fprintf(out, "    the same answers here: %.*s ...\n", TWINS, s->twins);
    else if (*s->twins)
        fprintf(out, "    the same answers here: %s\n", s->twins);
}

static void print_nearest(FILE *out, const mxc_diagnosis *d)
{
    const mxc_suspect *s = &d->nearest;
    fprintf(out, "  the failures match no known fault\n");
    if (s->mutant)
        fprintf(out,
                "    nearest is mutant %s: it gives %zu of %zu failures, is wrong otherwise in %zu and in %zu passes\n",
                s->mutant, s->explained, d->failures, s->unlike, s->contradicted);
}

/* One line: the axis values that give the answers; a failure may be given by several. */
static void print_axes(FILE *out, const mxc_report *r)
{
    size_t none = 0, named = 0;
    for (size_t i = 0; i < r->axes; i++)
        if (r->axis[i].axis)
            fprintf(out, "%s%s=%s %zu",
                    named++ ? ", " : "  by one axis of the profile: ", mx_axis_name(r->axis[i].axis),
                    mx_axis_value_name(r->axis[i].axis, r->axis[i].value), r->axis[i].count);
        else
            none = r->axis[i].count;
    if (!named)
        fprintf(out, "  no single axis of the profile gives any of %zu looked at\n", r->diagnosed);
    else if (none)
        fprintf(out, ", none %zu, of %zu looked at\n", none, r->diagnosed);
    else
        fprintf(out, ", of %zu looked at\n", r->diagnosed);
}

static void print_repeat(FILE *out, const mxc_repeat *r)
{
    if (r->differ)
        fprintf(out, "  ANSWERS DIFFER on repetition: %s, first %s, then %s (%zu of %zu cases asked again)\n", r->id,
                r->first, r->second, r->differ, r->cases);
    else if (r->depend)
        fprintf(
            out,
            "  answers depend on what else is in the batch: %s, first %s, alone %s (%zu of %zu failures asked alone)\n",
            r->id, r->first, r->second, r->depend, r->alone);
    else if (r->cases)
        fprintf(out, "  asked again: %zu cases, and %zu of the failures alone: the same answers\n", r->cases, r->alone);
}

/* How to go on from a failure that nothing known explains, with a subject that can still be asked. */
static void print_next(FILE *out, const mxc_report *r)
{
    static const char explain[] = "mxcts explain ";
    size_t i = 0;
    while (i < r->clusters && (r->cluster[i].mutant || strncmp(r->cluster[i].line, explain, sizeof explain - 1) != 0))
        i++;
    if (i == r->clusters || !r->repeat.cases)
        return;
    const char *words = r->cluster[i].line + sizeof explain - 1, *end = strstr(words, " --got ");
    fprintf(out, "  the first stage that is wrong: mxcts bisect --subject ");
    mxc_put_shell_word(out, r->spec);
    fprintf(out, " %.*s\n", (int)(end ? (size_t)(end - words) : strlen(words)), words);
}

void mxc_print_diagnosis(FILE *out, const mxc_report *r)
{
    const mxc_diagnosis *d = &r->diagnosis;
    if (!d->failures && !r->repeat.differ)
        return;
    fprintf(out, "Diagnosis:\n");
    if (!d->failures) {
        print_repeat(out, &r->repeat);
        fputc('\n', out);
        return;
    }
    for (size_t i = 0; i < d->suspects; i++)
        print_suspect(out, &d->suspect[i], d);
    if (!d->suspects)
        print_nearest(out, d);
    else if (d->unexplained)
        fprintf(out, "  %zu of %zu failures match no known fault\n", d->unexplained, d->failures);
    if (d->failures < r->tally.fail)
        fprintf(out, "  (the first %zu of %zu failures were looked at)\n", d->failures, r->tally.fail);
    print_axes(out, r);
    print_repeat(out, &r->repeat);
    if (!d->suspects || d->unexplained)
        print_next(out, r);
    fprintf(out, "\n");
}

/* ---- clusters ---- */

/* "a,b,c", or `all` for a set of everything, which has `most` members; returns 1 when something was printed. */
static int print_set(FILE *out, const char *before, unsigned set, mxc_id_name *name, unsigned most, const char *all)
{
    if (set == (1u << (most + 1)) - 2)
        return fprintf(out, "%s%s", before, all) > 0;
    int any = 0;
    for (unsigned id = 1; id <= most; id++)
        if (set >> id & 1 && strcmp(name(id), "none") != 0)
            any += fprintf(out, "%s%s", any ? "," : before, name(id)) > 0;
    return any != 0;
}

/* "lane 7", "lanes 0-31", "lanes 1 3 5 ...". */
static void print_lanes(FILE *out, const mxc_cluster *c)
{
    int first = -1, last = -1, n = 0;
    for (int lane = 0; lane < 64; lane++)
        if (c->lanes >> lane & 1) {
            first = first < 0 ? lane : first;
            last = lane;
            n++;
        }
    if (n == 0)
        return;
    fprintf(out, n == 1 ? "; lane %d" : "; lanes %d", first);
    if (n > 1)
        fprintf(out, "%s%d", n == last - first + 1 ? "-" : " ... ", last);
    if (last == 63)
        fprintf(out, " and above");
    if (c->last_lane)
        fprintf(out, ", always the last");
}

void mxc_print_cluster_shape(FILE *out, const mxc_cluster *c)
{
    print_set(out, " ", c->ops, mxc_id_op, MX_OP_LAST, "all operations");
    print_set(out, " ", c->elems, mxc_id_elem, MX_ELEM_LAST, "all formats");
    print_set(out, " ", c->types, mxc_id_type, MX_TYPE_LAST, "all types");
}

void mxc_print_cluster_alike(FILE *out, const mxc_cluster *c)
{
    const int any = print_set(out, " ", c->places, mxc_id_place, MXC_PLACE_LAST, "anywhere");
    print_set(out, any ? "; " : " ", c->ranges, mxc_id_range, MXC_RANGE_LAST, "any exponent");
    print_lanes(out, c);
    if (c->mutant)
        fprintf(out, "; as mutant %s", c->mutant);
    else if (c->axis)
        fprintf(out, "; %s=%s gives %zu of %zu looked at", mx_axis_name(c->axis), mx_axis_value_name(c->axis, c->value),
                c->axis_count, c->axis_looked);
}

static void print_cluster(FILE *out, const mxc_cluster *c)
{
    fprintf(out, "%9zu %9zu  %-10s", c->count, c->cases, mxc_stage_name(c->stage));
    mxc_print_cluster_shape(out, c);
    fprintf(out, "\n%31s", "");
    mxc_print_cluster_alike(out, c);
    fprintf(out, "\n%20s %s\n", "", c->line);
}

void mxc_print_clusters(FILE *out, const mxc_report *r)
{
    size_t left = 0;
    if (!r->clusters)
        return;
    fprintf(out, "%9s %9s  %-10s %s\n", "failures", "of cases", "stage", "alike in");
    for (size_t i = 0; i < r->clusters; i++) {
        if (i < CLUSTERS)
            print_cluster(out, &r->cluster[i]);
        else
            left += r->cluster[i].count;
    }
    if (left)
        fprintf(out, "%9zu            in %zu more clusters\n", left, r->clusters - CLUSTERS);
    fprintf(out, "\n");
}

/* ---- known failures ---- */

static void print_entry(FILE *out, const mxc_report *r, const mxc_known_result *k)
{
    switch (mxc_known_state_of(k)) {
    case MXC_KNOWN:
        fprintf(out, "  %s: %zu of %zu cases fail, known until %s: %s (%s)\n", k->pattern, k->failed, k->judged,
                k->until, k->reason, k->link);
        break;
    case MXC_KNOWN_PASSES:
        fprintf(out, "  %s:%lu: passes now (%zu cases): %s (%s): take it out\n", r->known_file, k->line, k->judged,
                k->pattern, k->link);
        break;
    case MXC_KNOWN_NO_CASE:
        fprintf(out, "  %s:%lu: names no judged case: %s\n", r->known_file, k->line, k->pattern);
        break;
    case MXC_KNOWN_EXPIRED:
        fprintf(out, "  %s:%lu: expired, its last day was %s: %s (%zu of %zu cases fail): %s (%s)\n", r->known_file,
                k->line, k->until, k->pattern, k->failed, k->judged, k->reason, k->link);
        break;
    }
}

void mxc_print_known(FILE *out, const mxc_report *r)
{
    if (!r->known_file)
        return;
    fprintf(out, "\nKnown failures (%s): %zu, not counted\n", r->known_file, r->known_failures);
    for (size_t i = 0; i < r->knowns; i++)
        print_entry(out, r, &r->known[i]);
}
