/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as text.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/report_causes.h"

/* One row of the verdict table: packs of one op, format and type. */
typedef struct row {
    mx_op op;
    mx_elem elem;
    mx_type type;
    mx_layout layout;
    size_t packs, unsupported, not_applicable;
    mxc_tally tally;
    size_t deviations;
} row;

static int same_row(const row *r, const mx_batch *shape)
{
    return r->op == shape->op && r->elem == shape->elem && r->type == shape->type && r->layout == shape->layout;
}

/* What an operation has none of. */
static const char *or_dash(const char *name)
{
    return name ? name : "-";
}

static int by_shape(const void *a, const void *b)
{
    const row *x = a, *y = b;
    int keys[][2] = {{(int)x->op, (int)y->op},
                     {(int)x->elem, (int)y->elem},
                     {(int)x->type, (int)y->type},
                     {(int)x->layout, (int)y->layout}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static size_t make_rows(row *rows, const mxc_report *report)
{
    size_t n = 0;
    for (size_t p = 0; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        size_t i = 0;
        while (i < n && !same_row(&rows[i], &pack->shape))
            i++;
        if (i == n)
            rows[n++] = (row){
                .op = pack->shape.op, .elem = pack->shape.elem, .type = pack->shape.type, .layout = pack->shape.layout};
        rows[i].packs++;
        rows[i].unsupported += pack->verdict == MXC_UNSUPPORTED;
        rows[i].not_applicable += pack->verdict == MXC_NOT_APPLICABLE;
        rows[i].tally.cases += pack->tally.cases;
        rows[i].tally.pass += pack->tally.pass;
        rows[i].tally.fail += pack->tally.fail;
        rows[i].tally.never += pack->tally.never;
        rows[i].deviations += pack->class_[MX_SHOULD].fail;
    }
    if (n)
        qsort(rows, n, sizeof *rows, by_shape);
    return n;
}

static const char *row_verdict(const row *r, int strict)
{
    if (r->tally.fail > (strict ? 0 : r->deviations))
        return "FAIL";
    if (r->tally.never)
        return "never-exercised";
    return r->deviations ? "pass, deviates" : "pass";
}

static void print_table(FILE *out, const mxc_report *report)
{
    row *rows = calloc(report->packs + 1, sizeof *rows);
    if (!rows)
        return;
    size_t n = make_rows(rows, report);
    fprintf(out, "%-12s %-6s %-10s %7s %9s %9s %9s %9s  %s\n", "op", "format", "type", "packs", "cases", "pass", "fail",
            "never", "verdict");
    size_t left_out = 0;
    for (size_t i = 0; i < n; i++) {
        const row *r = &rows[i];
        char packs[32];
        size_t judged = r->packs - r->unsupported - r->not_applicable;
        left_out += judged == 0;
        if (!judged)
            continue;
        mxc_say(packs, sizeof packs, judged == r->packs ? "%zu" : "%zu/%zu", judged, r->packs);
        fprintf(out, "%-12s %-6s %-10s %7s %9zu %9zu %9zu %9zu  %s\n", mx_op_name(r->op),
                or_dash(mx_elem_name(r->elem)), r->layout ? mx_layout_name(r->layout) : mx_type_name(r->type), packs,
                r->tally.cases, r->tally.pass, r->tally.fail, r->tally.never, row_verdict(r, report->strict));
    }
    if (left_out)
        fprintf(out, "%zu rows without a pack to judge (unsupported or not applicable) are left out\n", left_out);
    free(rows);
}

static void print_classes(FILE *out, const mxc_report *report)
{
    fprintf(out, "\n%-12s %9s %9s %9s %9s\n", "class", "cases", "pass", "fail", "never");
    for (int c = 1; c <= MX_CLASS_LAST; c++) {
        const mxc_tally *t = &report->class_[c];
        fprintf(out, "%-12s %9zu %9zu %9zu %9zu\n", mx_class_name((mx_class)c), t->cases, t->pass, t->fail, t->never);
    }
}

/* Packs that were not judged, grouped by reason. */
static void print_not_judged(FILE *out, const mxc_report *report, mxc_verdict verdict, const char *title)
{
    int any = 0;
    for (size_t p = 0; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        if (pack->verdict != verdict)
            continue;
        size_t packs = 0, cases = 0, seen = 0;
        for (size_t q = 0; q < report->packs; q++)
            if (report->pack[q].verdict == verdict && strcmp(report->pack[q].reason, pack->reason) == 0) {
                seen += q < p;
                packs++;
                cases += verdict == MXC_NEVER ? report->pack[q].tally.never : report->pack[q].shape.count;
            }
        if (seen)
            continue;
        if (!any++)
            fprintf(out, "\n%s:\n", title);
        fprintf(out, "  %zu pack%s, %zu cases: %s\n", packs, packs == 1 ? "" : "s", cases, pack->reason);
    }
}

static void print_failures(FILE *out, const mxc_report *report)
{
    static const char *const kind[] = {"", "value", "scale", "code", "byte"};
    if (!report->failures)
        return;
    fprintf(out, "\nFirst failures of each pack (%zu shown of %zu):\n", report->failures, report->tally.fail);
    for (size_t i = 0; i < report->failures; i++) {
        const mxc_failure *f = &report->failure[i];
        fprintf(out, "  %s %s %s: %s", f->id, mx_class_name(f->class_), f->tags, kind[f->diff.kind]);
        if (report->pack[f->pack].shape.layout)
            fprintf(out, " %zu", f->diff.lane);
        else if (report->pack[f->pack].shape.k > 1 && f->diff.kind != MX_COL_SCALE)
            fprintf(out, " of lane %zu", f->diff.lane);
        fprintf(out, ": wanted %llx, found %llx", (unsigned long long)f->diff.want, (unsigned long long)f->diff.got);
        if (f->diff.cells > 1)
            fprintf(out, " (%zu cells differ)", f->diff.cells);
        for (size_t d = 0; d < f->departures && d < sizeof f->departure / sizeof *f->departure; d++)
            fprintf(out, "%s%s=%s", d ? ", " : "; as by ", mx_axis_name(f->departure[d].axis),
                    mx_axis_value_name(f->departure[d].axis, f->departure[d].value));
        fprintf(out, "\n    %s\n", f->line);
    }
}

static void print_tags(FILE *out, const mxc_report *report)
{
    int any = 0;
    for (size_t i = 0; i < report->tags; i++) {
        const mxc_tag_count *t = &report->tag[i];
        if (t->judged >= t->expected)
            continue;
        if (!any++)
            fprintf(out, "\nNever exercised, by tag:\n");
        fprintf(out, "  %-24s %zu of %zu cases\n", t->tag, t->expected - t->judged, t->expected);
    }
}

static void print_stderr(FILE *out, const char *text)
{
    fprintf(out, "\nIt wrote to stderr:\n");
    while (*text) {
        size_t n = strcspn(text, "\n");
        fprintf(out, "  | %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static void print_declared(FILE *out, const mx_profile *declared)
{
    int any = 0;
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        unsigned value = mx_profile_get(declared, (mx_axis)a);
        if (!value)
            continue;
        fprintf(out, "%s%s=%s", any++ ? " " : "declares ", mx_axis_name((mx_axis)a),
                mx_axis_value_name((mx_axis)a, value));
        if (a == MX_AXIS_ROUND && value == MX_SR)
            fprintf(out, ":%u", (unsigned)declared->sr_bits);
    }
    fprintf(out, any ? "\n" : "declares no axis: offered every pack\n");
}

mx_status mxc_report_text(FILE *out, const mxc_report *report)
{
    fprintf(out, "subject      %s (%s %s)\n", report->spec, report->subject.name, report->subject.version);
    fprintf(out, "axes         ");
    print_declared(out, &report->subject.declared);
    fprintf(out, "packs        %zu chosen, %.2f s%s\n\n", report->packs, report->seconds,
            report->strict ? ", strict" : "");
    mxc_print_diagnosis(out, report);
    mxc_print_clusters(out, report);
    print_table(out, report);
    print_classes(out, report);
    print_not_judged(out, report, MXC_UNSUPPORTED, "Not offered");
    print_not_judged(out, report, MXC_NOT_APPLICABLE, "Not applicable, as the subject declares another axis value");
    print_not_judged(out, report, MXC_NEVER, "Accepted, but never exercised");
    print_tags(out, report);
    print_failures(out, report);
    if (report->deviations && !report->strict)
        fprintf(out, "\nDeviations from recommendations (should): %zu; --strict makes them fail\n", report->deviations);
    if (report->stderr_text)
        print_stderr(out, report->stderr_text);
    fprintf(out, "\n%s: %s\n",
            report->exit_status == MXC_EXIT_CONFORMS  ? "PASS"
            : report->exit_status == MXC_EXIT_FAILS   ? "FAIL"
            : report->exit_status == MXC_EXIT_NOTHING ? "NOTHING JUDGED"
                                                      : "INCOMPLETE",
            report->conclusion);
    return ferror(out) ? MX_EIO : MX_OK;
}
