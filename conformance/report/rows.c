/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the forms of a report say alike: rows of packs, and words.
 */
#include "config.h"

#include "conformance/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/judge.h"
#include "conformance/sort.h"

/* ---- rows ---- */

int mxc_row_has(const mxc_row *r, const mx_batch *shape)
{
    return r->op == shape->op && r->elem == shape->elem && r->type == shape->type && r->layout == shape->layout;
}

static int by_shape(const void *a, const void *b)
{
    const mxc_row *x = a, *y = b;
    int keys[][2] = {{(int)x->op, (int)y->op},
                     {(int)x->elem, (int)y->elem},
                     {(int)x->type, (int)y->type},
                     {(int)x->layout, (int)y->layout}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static void add_pack(mxc_row *row, const mxc_pack_result *pack)
{
    row->packs++;
    row->unsupported += pack->verdict == MXC_UNSUPPORTED;
    row->not_applicable += pack->verdict == MXC_NOT_APPLICABLE;
    row->exhaustive += pack->exhaustive != 0;
    mxc_tally_add(&row->tally, &pack->tally);
    row->deviations += pack->class_[MX_SHOULD].fail;
    row->known += pack->known;
    if (!*row->reason)
        row->reason = pack->reason;
}

mxc_row *mxc_rows_of(const mxc_report *report, size_t *count)
{
    size_t n = 0;
    mxc_row *rows = calloc(report->packs + 1, sizeof *rows);
    for (size_t p = 0; rows && p < report->packs; p++) {
        const mx_batch *shape = &report->pack[p].shape;
        size_t i = 0;
        while (i < n && !mxc_row_has(&rows[i], shape))
            i++;
        if (i == n)
            rows[n++] = (mxc_row){
                .op = shape->op, .elem = shape->elem, .type = shape->type, .layout = shape->layout, .reason = ""};
        add_pack(&rows[i], &report->pack[p]);
    }
    mxc_sort(rows, n, sizeof *rows, by_shape);
    *count = n;
    return rows;
}

void mxc_row_name(char name[MXC_ROW_NAME], const mxc_row *row)
{
    const char *elem = mx_elem_name(row->elem);
    const char *last = row->layout ? mx_layout_name(row->layout) : mx_type_name(row->type);
    mxc_say(name, MXC_ROW_NAME, "%s%s%s%s%s", mx_op_name(row->op), elem ? " " : "", elem ? elem : "", last ? " " : "",
            last ? last : "");
}

mxc_verdict mxc_row_verdict(const mxc_row *row, int strict)
{
    if (row->tally.fail > (strict ? 0 : row->deviations) + row->known)
        return MXC_FAIL;
    if (row->tally.never)
        return MXC_NEVER;
    if (row->packs > row->unsupported + row->not_applicable)
        return MXC_PASS;
    return row->unsupported ? MXC_UNSUPPORTED : MXC_NOT_APPLICABLE;
}

int mxc_fails_otherwise(const mxc_report *report)
{
    return report->exit_status == MXC_EXIT_FAILS &&
           (*report->misconduct || report->repeat.differ || !mxc_counting_fails(report));
}

/* ---- words ---- */

const char *mxc_conclusion_word(const mxc_report *report)
{
    switch (report->exit_status) {
    case MXC_EXIT_CONFORMS:
        return "PASS";
    case MXC_EXIT_FAILS:
        return "FAIL";
    case MXC_EXIT_NOTHING:
        return "SKIP";
    default:
        return "INCOMPLETE";
    }
}

const char *mxc_column_name(mx_column_kind kind)
{
    static const char *const name[] = {"", "value", "scale", "code", "byte"};
    return name[kind];
}

void mxc_axis_text(char *text, size_t size, const mx_profile *profile, mx_axis axis)
{
    char value[MX_VALUE_TEXT];
    mxc_say(text, size, "%s=%s", mx_axis_name(axis), mx_profile_value(profile, axis, value));
}

void mxc_difference(char text[MXC_DIFFERENCE], const mxc_report *report, const mxc_failure *f)
{
    const mx_batch *shape = &report->pack[f->pack].shape;
    char where[48] = "", more[48] = "";
    if (shape->layout)
        mxc_say(where, sizeof where, " %zu", f->diff.lane);
    else if (shape->k > 1 && f->diff.kind != MX_COL_SCALE)
        mxc_say(where, sizeof where, " of lane %zu", f->diff.lane);
    if (f->diff.cells > 1)
        mxc_say(more, sizeof more, " (%zu cells differ)", f->diff.cells);
    const int digits = f->diff.kind == MX_COL_VALUE ? (int)(2 * mx_type_bytes(shape->type)) : 2;
    mxc_say(text, MXC_DIFFERENCE, "%s%s: wanted %0*llx, found %0*llx%s", mxc_column_name(f->diff.kind), where, digits,
            (unsigned long long)f->diff.want, digits, (unsigned long long)f->diff.got, more);
}

void mxc_explained_by(char text[MXC_EXPLAINED_BY], const mxc_failure *f)
{
    size_t n = 0;
    text[0] = '\0';
    for (size_t d = 0; d < f->departures && d < sizeof f->departure / sizeof *f->departure; d++) {
        mxc_say(text + n, MXC_EXPLAINED_BY - n, "%s%s=%s", d ? ", " : "", mx_axis_name(f->departure[d].axis),
                mx_axis_value_name(f->departure[d].axis, f->departure[d].value));
        n += strlen(text + n);
    }
}

mxc_tally mxc_axis_tally(const mxc_report *report, mx_axis axis, unsigned value)
{
    mxc_tally sum = {0};
    for (size_t p = 0; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        const mx_batch *s = &pack->shape;
        if (mx_profile_get(&s->profile, axis) == value && pack->tally.cases &&
            mx_axis_matters(axis, s->op, s->elem, s->type, &s->profile))
            mxc_tally_add(&sum, &pack->tally);
    }
    return sum;
}
