/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as text.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/causes/explain_line.h"
#include "conformance/error.h"
#include "conformance/judge/weaken.h"
#include "conformance/report/report.h"
#include "conformance/report/text_causes.h"

/* What an operation has none of. */
static const char *or_dash(const char *name)
{
    return name ? name : "-";
}

static const char *verdict_word(const mxc_row *row, int strict)
{
    mxc_verdict verdict = mxc_row_verdict(row, strict);
    return verdict == MXC_FAIL                      ? "FAIL"
           : verdict == MXC_PASS && row->known      ? "pass but for known failures"
           : verdict == MXC_PASS && row->deviations ? "pass, deviates"
                                                    : mxc_verdict_name(verdict);
}

static void print_table(FILE *out, const mxc_report *report)
{
    size_t n = 0;
    mxc_row *rows = mxc_rows_of(report, &n);
    if (!rows)
        return;
    fprintf(out, "%-12s %-6s %-10s %7s %9s %9s %9s %9s  %s\n", "op", "format", "type", "packs", "cases", "pass", "fail",
            "never", "verdict");
    size_t left_out = 0;
    for (size_t i = 0; i < n; i++) {
        const mxc_row *r = &rows[i];
        char packs[32];
        size_t judged = r->packs - r->unsupported - r->not_applicable;
        left_out += judged == 0;
        if (!judged)
            continue;
        mxc_say(packs, sizeof packs, judged == r->packs ? "%zu" : "%zu/%zu", judged, r->packs);
        fprintf(out, "%-12s %-6s %-10s %7s %9zu %9zu %9zu %9zu  %s\n", mx_op_name(r->op),
                or_dash(mx_elem_name(r->elem)), r->layout ? mx_layout_name(r->layout) : mx_type_name(r->type), packs,
                r->tally.cases, r->tally.pass, r->tally.fail, r->tally.never, verdict_word(r, report->strict));
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

/* What two packs have in common that were not judged for one reason: all of it, but for the value that a pack has of a
 * declared axis. */
static size_t common_length(const mxc_pack_result *pack)
{
    const char *value = pack->verdict == MXC_NOT_APPLICABLE ? strstr(pack->reason, MXC_PACK_HAS) : NULL;
    return value ? (size_t)(value - pack->reason) : strlen(pack->reason);
}

static int same_reason(const mxc_pack_result *a, const mxc_pack_result *b)
{
    const size_t n = common_length(a);
    return n == common_length(b) && strncmp(a->reason, b->reason, n) == 0;
}

/* The values of the axis in the packs, so many, that have the reason of pack `first`, each value once. */
static void print_values(FILE *out, const mxc_report *report, size_t first, size_t packs)
{
    const char *before = packs == 1 ? MXC_PACK_HAS : ", these have ";
    for (size_t p = first; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        const char *value = pack->reason + common_length(pack) + sizeof MXC_PACK_HAS - 1;
        int seen = !same_reason(pack, &report->pack[first]);
        for (size_t q = first; q < p && !seen; q++)
            seen = strcmp(pack->reason, report->pack[q].reason) == 0;
        if (!seen)
            fprintf(out, "%s%s", before, value);
        before = seen ? before : ", ";
    }
}

/* Cases that were never exercised may stand beside others of their pack that failed. */
static int is_listed(const mxc_pack_result *pack, mxc_verdict verdict)
{
    return pack->verdict == verdict || (verdict == MXC_NEVER && pack->verdict == MXC_FAIL && pack->tally.never != 0);
}

/* Packs that were not judged, or not wholly, grouped by reason. */
static void print_not_judged(FILE *out, const mxc_report *report, mxc_verdict verdict, const char *title)
{
    int any = 0;
    for (size_t p = 0; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        if (!is_listed(pack, verdict))
            continue;
        size_t packs = 0, cases = 0, seen = 0;
        for (size_t q = 0; q < report->packs; q++)
            if (is_listed(&report->pack[q], verdict) && same_reason(&report->pack[q], pack)) {
                seen += q < p;
                packs++;
                cases += verdict == MXC_NEVER ? report->pack[q].tally.never : report->pack[q].shape.count;
            }
        if (seen)
            continue;
        const size_t n = common_length(pack);
        if (!any++)
            fprintf(out, "\n%s:\n", title);
        fprintf(out, "  %zu pack%s, %zu case%s: %.*s", packs, packs == 1 ? "" : "s", cases, cases == 1 ? "" : "s",
                (int)n, pack->reason);
        if (pack->reason[n])
            print_values(out, report, p, packs);
        fputc('\n', out);
    }
}

static void print_failures(FILE *out, const mxc_report *report)
{
    if (!report->failures)
        return;
    fprintf(out, "\nFirst failures of each pack (%zu shown of %zu):\n", report->failures, report->tally.fail);
    for (size_t i = 0; i < report->failures; i++) {
        const mxc_failure *f = &report->failure[i];
        char difference[MXC_DIFFERENCE], by[MXC_EXPLAINED_BY];
        mxc_difference(difference, report, f);
        mxc_explained_by(by, f);
        fprintf(out, "  %s %s %s: %s%s%s\n    %s\n", f->id, mx_class_name(f->class_), f->tags, difference,
                *by ? "; as by " : "", by, f->line);
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

/* Line by line, so that no control character of the subject reaches a terminal. */
static void print_stderr(FILE *out, const char *text)
{
    fprintf(out, "\nIt wrote to stderr:\n");
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *line = strndup(text, n);
        fprintf(out, "  | ");
        mxc_put_plain(out, line ? line : "");
        fputc('\n', out);
        free(line);
        text += n + (text[n] == '\n');
    }
}

/* How a live subject can be judged on all classes of points under what it declares: a line for each operation of which
 * packs were passed over, as what is left of the tier may be little. */
static void print_own(FILE *out, const mxc_report *report)
{
    for (int op = 1; op <= MX_OP_LAST; op++) {
        size_t passed_over = 0;
        for (size_t p = 0; p < report->packs; p++) {
            const mx_batch *shape = &report->pack[p].shape;
            passed_over += report->pack[p].verdict == MXC_NOT_APPLICABLE && shape->op == (mx_op)op &&
                           mxc_offers_cover(&report->subject, shape->op, shape->elem, shape->type);
        }
        if (!passed_over)
            continue;
        fprintf(out, "  more under what it declares: mxcts gen -o own %s", mx_op_name((mx_op)op));
        for (int a = 1; a <= MX_AXIS_LAST; a++) {
            char text[64];
            if (!mx_profile_get(&report->subject.declared, (mx_axis)a))
                continue;
            mxc_axis_text(text, sizeof text, &report->subject.declared, (mx_axis)a);
            fprintf(out, " %s", text);
        }
        fputs("; mxcts run --subject ", out);
        mxc_put_shell_word(out, report->spec);
        fputs(" ./own\n", out);
    }
}

static void print_declared(FILE *out, const mx_profile *declared)
{
    int any = 0;
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        char text[64];
        if (!mx_profile_get(declared, (mx_axis)a))
            continue;
        mxc_axis_text(text, sizeof text, declared, (mx_axis)a);
        fprintf(out, "%s%s", any++ ? " " : "declares ", text);
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
    print_own(out, report);
    print_not_judged(out, report, MXC_NEVER, "Accepted, but never exercised");
    print_tags(out, report);
    print_failures(out, report);
    mxc_print_known(out, report);
    if (report->deviations && !report->strict)
        fprintf(out, "\nDeviations from recommendations (should): %zu; --strict makes them fail\n", report->deviations);
    if (report->stderr_text)
        print_stderr(out, report->stderr_text);
    fprintf(out, "\n%s: %s\n", mxc_conclusion_word(report), report->conclusion);
    return ferror(out) ? MX_EIO : MX_OK;
}
