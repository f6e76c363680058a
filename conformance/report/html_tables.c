/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tables of the HTML page: verdicts, axes, clauses, packs.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/report/html.h"

static void put_head_cell(FILE *out, const char *text)
{
    fputs("<tr><th scope=\"row\">", out);
    mxc_put_markup(out, text);
    fputs("</th>", out);
}

static void put_text_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    mxc_put_markup(out, text);
    fputs("</td>", out);
}

static void put_verdict_cell(FILE *out, mxc_verdict verdict, size_t deviations)
{
    static const char *const class_[] = {"", "good", "bad", "nil", "warn", "nil"};
    fprintf(out, "<td><span class=\"%s\">%s%s</span></td>", class_[verdict], mxc_verdict_name(verdict),
            verdict == MXC_PASS && deviations ? ", deviates" : "");
}

/* ---- verdicts ---- */

static void put_row(FILE *out, const mxc_row *row, int strict)
{
    char name[MXC_ROW_NAME], packs[96];
    size_t judged = row->packs - row->unsupported - row->not_applicable;
    mxc_row_name(name, row);
    put_head_cell(out, name);
    snprintf(packs, sizeof packs, judged == row->packs ? "%zu" : "%zu of %zu", judged, row->packs);
    fprintf(out, "<td class=\"n\">%s</td>", packs);
    mxc_html_cell(out, row->exhaustive, 0);
    mxc_html_cell(out, row->tally.cases, 0);
    mxc_html_cell(out, row->tally.pass, 0);
    mxc_html_cell(out, row->tally.fail, 1);
    mxc_html_cell(out, row->tally.never, 1);
    put_verdict_cell(out, mxc_row_verdict(row, strict), row->deviations);
    fputs("</tr>\n", out);
}

void mxc_html_rows(FILE *out, const mxc_report *r)
{
    size_t n = 0, left = 0;
    mxc_row *rows = mxc_rows_of(r, &n);
    fputs("<section id=\"verdicts\">\n<h2>Verdicts</h2>\n", out);
    mxc_html_table(out, "Operations, formats and types",
                   "operation|#packs|#exhaustive|#cases|#pass|#fail|#never|verdict");
    for (size_t i = 0; i < n && rows; i++) {
        if (rows[i].tally.cases)
            put_row(out, &rows[i], r->strict);
        else
            left++;
    }
    mxc_html_table_end(out);
    if (left)
        fprintf(out, "<p class=\"fine\">%zu rows without a pack to judge are left out.</p>\n", left);
    fputs("<p class=\"fine\">Exhaustive: packs of which every input that there is was judged; the others are designed "
          "points.</p>\n",
          out);
    mxc_html_table(out, "Classes of clauses", "class|#cases|#pass|#fail|#never");
    for (int c = 1; c <= MX_CLASS_LAST; c++) {
        put_head_cell(out, mx_class_name((mx_class)c));
        mxc_html_cell(out, r->class_[c].cases, 0);
        mxc_html_cell(out, r->class_[c].pass, 0);
        mxc_html_cell(out, r->class_[c].fail, 1);
        mxc_html_cell(out, r->class_[c].never, 1);
        fputs("</tr>\n", out);
    }
    mxc_html_table_end(out);
    fputs("</section>\n", out);
    free(rows);
}

/* ---- axes ---- */

/* "rne 1,234 of 1,234, rna 5 of 12" */
static void put_values(FILE *out, const mxc_report *r, mx_axis axis)
{
    int any = 0;
    fputs("<td>", out);
    for (unsigned v = 1; v <= mx_axis_count(axis); v++) {
        mxc_tally t = mxc_axis_tally(r, axis, v);
        if (!t.cases)
            continue;
        fprintf(out, "%s<span class=\"nowrap\"><code>%s</code> ", any++ ? ", " : "", mx_axis_value_name(axis, v));
        mxc_html_number(out, t.pass);
        fputs(" of ", out);
        mxc_html_number(out, t.cases);
        fputs("</span>", out);
    }
    fputs(any ? "</td>" : "<span class=\"nil\">not exercised</span></td>", out);
}

static void put_value(FILE *out, const mx_profile *profile, mx_axis axis)
{
    char text[64];
    mxc_axis_text(text, sizeof text, profile, axis);
    fprintf(out, "<td><code>%s</code></td>", strchr(text, '=') + 1);
}

static void put_axis(FILE *out, const mxc_report *r, mx_axis axis)
{
    put_head_cell(out, mx_axis_name(axis));
    if (mx_profile_get(&r->subject.declared, axis))
        put_value(out, &r->subject.declared, axis);
    else
        fputs("<td class=\"nil\">not declared</td>", out);
    if (r->profile) {
        put_value(out, &r->profile->values, axis);
        fprintf(out, "<td>%s: ", mxc_evidence_name(r->profile->note[axis].evidence));
        mxc_put_markup(out, r->profile->note[axis].source);
        fputs("</td>", out);
    }
    put_values(out, r, axis);
    fputs("</tr>\n", out);
}

void mxc_html_axes(FILE *out, const mxc_report *r)
{
    fputs("<section id=\"axes\">\n<h2>Profile and axes</h2>\n<p>", out);
    if (r->profile) {
        fputs("Restricted to the profile <code>", out);
        mxc_put_markup(out, r->profile->name);
        fputs("</code>: ", out);
        mxc_put_markup(out, r->profile->system);
        fputs(". ", out);
    }
    fputs(
        "The evidence of this run for a value of an axis: the cases of packs that have it, where the axis matters, and "
        "how many were answered as wanted.</p>\n",
        out);
    mxc_html_table(out, "Axes",
                   r->profile ? "axis|declared|profile|its evidence|answered as wanted"
                              : "axis|declared|answered as wanted");
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        put_axis(out, r, (mx_axis)a);
    mxc_html_table_end(out);
    fputs("</section>\n", out);
}

/* ---- clauses ---- */

typedef enum state { FAILED = 1, PASSED, NEVER } state;

static state state_of(const mxc_clause_result *c)
{
    return c->tally.fail ? FAILED : c->tally.pass ? PASSED : NEVER;
}

static void put_clauses(FILE *out, const mxc_report *r, state which, const char *title)
{
    size_t n = 0;
    for (size_t i = 0; i < r->clauses; i++)
        n += state_of(&r->clause[i]) == which;
    if (!n)
        return;
    fprintf(out, "<details%s><summary>%s: %zu of %zu clauses</summary>\n", which == FAILED ? " open" : "", title, n,
            r->clauses);
    mxc_html_table(out, title, "clause|class|requirement|#cases|#pass|#fail|#never");
    for (size_t i = 0; i < r->clauses; i++) {
        const mxc_clause_result *c = &r->clause[i];
        if (state_of(c) != which)
            continue;
        put_head_cell(out, c->id);
        put_text_cell(out, mx_class_name(c->class_));
        fputs("<td class=\"wide\">", out);
        mxc_put_markup(out, c->requirement);
        fputs("</td>", out);
        mxc_html_cell(out, c->tally.cases, 0);
        mxc_html_cell(out, c->tally.pass, 0);
        mxc_html_cell(out, c->tally.fail, 1);
        mxc_html_cell(out, c->tally.never, 0);
        fputs("</tr>\n", out);
    }
    mxc_html_table_end(out);
    fputs("</details>\n", out);
}

void mxc_html_clauses(FILE *out, const mxc_report *r)
{
    fputs("<section id=\"clauses\">\n<h2>Clauses of the specification</h2>\n", out);
    put_clauses(out, r, FAILED, "Failed");
    put_clauses(out, r, PASSED, "Passed");
    put_clauses(out, r, NEVER, "Never exercised here, or without cases");
    fputs("</section>\n", out);
}

/* ---- packs ---- */

/* Packs of this verdict grouped by their reasons, at most 20 reasons. */
static void put_reasons(FILE *out, const mxc_report *r, mxc_verdict verdict, const char *title)
{
    size_t shown = 0;
    for (size_t p = 0; p < r->packs && shown < 20; p++) {
        size_t packs = 0, seen = 0;
        for (size_t q = 0; q < r->packs && r->pack[p].verdict == verdict; q++)
            if (r->pack[q].verdict == verdict && strcmp(r->pack[q].reason, r->pack[p].reason) == 0) {
                seen += q < p;
                packs++;
            }
        if (!packs || seen)
            continue;
        if (!shown++)
            fprintf(out, "<h3>%s</h3>\n<ul>\n", title);
        fputs("<li>", out);
        mxc_html_count(out, packs, "pack");
        fputs(": ", out);
        mxc_put_markup(out, r->pack[p].reason);
        fputs("</li>\n", out);
    }
    if (shown)
        fputs("</ul>\n", out);
}

void mxc_html_not_judged(FILE *out, const mxc_report *r)
{
    size_t n = 0;
    for (size_t p = 0; p < r->packs; p++)
        n += r->pack[p].verdict != MXC_PASS && r->pack[p].verdict != MXC_FAIL;
    if (!n)
        return;
    fputs("<section id=\"not-judged\">\n<h2>Not judged</h2>\n", out);
    put_reasons(out, r, MXC_NEVER, "Accepted, but never exercised");
    put_reasons(out, r, MXC_UNSUPPORTED, "Not offered");
    put_reasons(out, r, MXC_NOT_APPLICABLE, "Not applicable: the subject declares another axis value");
    fputs("</section>\n", out);
}

void mxc_html_packs(FILE *out, const mxc_report *r)
{
    fputs("<section id=\"packs\">\n<h2>Packs</h2>\n<details><summary>", out);
    mxc_html_count(out, r->packs, "pack");
    fputs(" with their digests</summary>\n", out);
    mxc_html_table(out, "Packs and their digests", "pack|verdict|#cases|#fail|sha256");
    for (size_t p = 0; p < r->packs; p++) {
        const mxc_pack_result *pack = &r->pack[p];
        char name[MXC_PACK_NAME];
        mxc_pack_name(name, pack->path);
        put_head_cell(out, name);
        put_verdict_cell(out, pack->verdict, pack->class_[MX_SHOULD].fail);
        mxc_html_cell(out, pack->tally.cases, 0);
        mxc_html_cell(out, pack->tally.fail, 1);
        fputs("<td><code>", out);
        mxc_put_markup(out, pack->sha256);
        fputs("</code></td></tr>\n", out);
    }
    mxc_html_table_end(out);
    fputs("</details>\n</section>\n", out);
}
