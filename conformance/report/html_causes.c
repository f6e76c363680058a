/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies behind the failures, as HTML: known faults, clusters with an example explained, the failures kept.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/report/html.h"
#include "conformance/report/text_causes.h"

/* What `print` prints, escaped. */
static void put_printed(FILE *out, void (*print)(FILE *out, const mxc_cluster *c), const mxc_cluster *c)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (memory) {
        print(memory, c);
        if (fclose(memory) == 0)
            mxc_put_markup(out, text + strspn(text, " "));
    }
    free(text);
}

/* ---- known faults ---- */

static void put_of(FILE *out, size_t n, size_t all)
{
    mxc_html_number(out, n);
    fputs(" of ", out);
    mxc_html_number(out, all);
}

static void put_suspect(FILE *out, const mxc_suspect *s, const mxc_diagnosis *d)
{
    fputs("<li class=\"card\">\n<h3>", out);
    put_of(out, s->explained ? s->explained : s->in_part, d->failures);
    fputs(s->explained ? " failures match the known fault <code>" : " failures show, among other faults, <code>", out);
    mxc_put_markup(out, s->mutant);
    fputs("</code></h3>\n<p>", out);
    mxc_put_markup(out, s->what);
    fprintf(out, ", in the stage %s.", mxc_stage_name(s->stage));
    if (*s->link && strcmp(s->link, "invented") != 0) {
        fputs(" Seen: ", out);
        mxc_put_markup(out, s->link);
        fputc('.', out);
    }
    fputs("</p>\n<p class=\"fine\">", out);
    put_of(out, s->contradicted, d->passes);
    fputs(" passes contradict it", out);
    if (s->unlike) {
        fputs("; it is wrong otherwise in ", out);
        mxc_html_count(out, s->unlike, "more failure");
    }
    fputs(".", out);
    if (s->explained && s->in_part) {
        fputs(" It shows in ", out);
        mxc_html_number(out, s->in_part);
        fputs(" more among other faults.", out);
    }
    if (s->aside) {
        fputs(" In a part of the subject only: it would be wrong in passes of operations, formats and types without "
              "failures, ",
              out);
        mxc_html_number(out, s->aside);
        fputs(".", out);
    }
    if (s->axis)
        fprintf(out, " That is <code>%s=%s</code> whatever the profile says.", mx_axis_name(s->axis),
                mx_axis_value_name(s->axis, s->value));
    if (s->twins && *s->twins) {
        fputs(" The same answers here: <code>", out);
        mxc_put_markup(out, s->twins);
        fputs("</code>.", out);
    }
    fputs("</p>\n</li>\n", out);
}

static void put_diagnosis(FILE *out, const mxc_report *r)
{
    const mxc_diagnosis *d = &r->diagnosis;
    if (!d->failures)
        return;
    if (d->suspects) {
        fputs("<ul class=\"cards\">\n", out);
        for (size_t i = 0; i < d->suspects; i++)
            put_suspect(out, &d->suspect[i], d);
        fputs("</ul>\n", out);
    }
    if (!d->suspects || d->unexplained) {
        fputs("<p>", out);
        put_of(out, d->suspects ? d->unexplained : d->failures, d->failures);
        fputs(" failures match no known fault.", out);
        if (!d->suspects && d->nearest.mutant) {
            fputs(" Nearest is <code>", out);
            mxc_put_markup(out, d->nearest.mutant);
            fputs("</code>, which gives ", out);
            mxc_html_number(out, d->nearest.explained);
            fputs(" of them.", out);
        }
        fputs("</p>\n", out);
    }
}

static void put_axes(FILE *out, const mxc_report *r)
{
    if (!r->axes)
        return;
    fputs("<p class=\"fine\">One axis of the profile changed would give: ", out);
    for (size_t i = 0; i < r->axes; i++) {
        const mxc_axis_count *c = &r->axis[i];
        if (c->axis)
            fprintf(out, "%s<code>%s=%s</code> ", i ? ", " : "", mx_axis_name(c->axis),
                    mx_axis_value_name(c->axis, c->value));
        else
            fputs(i ? ", none of them " : "none of them ", out);
        mxc_html_number(out, c->count);
    }
    fputs(" (of ", out);
    mxc_html_number(out, r->diagnosed);
    fputs(" failures looked at).</p>\n", out);
}

/* ---- asked again ---- */

static void put_repeat(FILE *out, const mxc_repeat *p)
{
    if (!p->cases)
        return;
    fputs("<p class=\"fine\">Asked again: ", out);
    mxc_html_count(out, p->cases, "case");
    fputs(p->differ || p->depend ? ", and not all answers were the same" : ", the same answers", out);
    if (p->differ || p->depend) {
        fprintf(out, ": %zu differ, %zu depend on what else is in the batch. ", p->differ, p->depend);
        if (p->id && p->first && p->second) {
            fputs("<code>", out);
            mxc_put_markup(out, p->id);
            fputs("</code> gave <code>", out);
            mxc_put_markup(out, p->first);
            fputs("</code>, then <code>", out);
            mxc_put_markup(out, p->second);
            fputs("</code>", out);
        }
    }
    fputs(".</p>\n", out);
}

/* ---- clusters ---- */

static void put_example(FILE *out, const char *line, const char *explained, int open)
{
    if (!explained) {
        fputs("<pre tabindex=\"0\">", out);
        mxc_put_markup(out, line);
        fputs("</pre>\n", out);
        return;
    }
    fprintf(out, "<details%s><summary>", open ? " open" : "");
    fputs("<code>", out);
    mxc_put_markup(out, line);
    fputs("</code></summary>\n<pre tabindex=\"0\">", out);
    mxc_put_markup(out, explained);
    fputs("</pre></details>\n", out);
}

static void put_cluster(FILE *out, const mxc_cluster *c, int first)
{
    fputs("<li class=\"cluster\">\n<h4>", out);
    put_of(out, c->count, c->cases);
    fprintf(out, " such cases, stage %s</h4>\n<p>", mxc_stage_name(c->stage));
    put_printed(out, mxc_print_cluster_shape, c);
    fputs("</p>\n<p class=\"fine\">", out);
    put_printed(out, mxc_print_cluster_alike, c);
    fputs("</p>\n", out);
    put_example(out, c->line, c->explained, first);
    fputs("</li>\n", out);
}

void mxc_html_causes(FILE *out, const mxc_report *r)
{
    enum { MOST = 12 };
    size_t left = 0;
    if (!r->tally.fail && !r->repeat.differ)
        return;
    fputs("<section id=\"causes\">\n<h2>What lies behind the failures</h2>\n", out);
    if (r->tally.fail) {
        put_diagnosis(out, r);
        put_axes(out, r);
    }
    put_repeat(out, &r->repeat);
    if (r->clusters)
        fputs("<h3>Failures that are alike</h3>\n<ol class=\"clusters\">\n", out);
    for (size_t i = 0; i < r->clusters; i++) {
        if (i < MOST)
            put_cluster(out, &r->cluster[i], i == 0);
        else
            left += r->cluster[i].count;
    }
    if (r->clusters)
        fputs("</ol>\n", out);
    if (left) {
        fputs("<p class=\"fine\">", out);
        mxc_html_count(out, left, "more failure");
        fprintf(out, " in %zu smaller clusters.</p>\n", r->clusters - MOST);
    }
    fputs("</section>\n", out);
}

/* ---- failures kept ---- */

static void put_failure(FILE *out, const mxc_report *r, const mxc_failure *f)
{
    char difference[MXC_DIFFERENCE], by[MXC_EXPLAINED_BY];
    mxc_difference(difference, r, f);
    mxc_explained_by(by, f);
    fputs("<li>\n<p><code>", out);
    mxc_put_markup(out, f->id);
    fprintf(out, "</code> <span class=\"tag\">%s</span> ", mx_class_name(f->class_));
    mxc_put_markup(out, difference);
    if (*by)
        fprintf(out, "; as by <code>%s</code>", by);
    fputs("</p>\n", out);
    put_example(out, f->line, f->explained, 0);
    fputs("</li>\n", out);
}

void mxc_html_failures(FILE *out, const mxc_report *r)
{
    if (!r->failures)
        return;
    fputs("<section id=\"failures\">\n<h2>Failures</h2>\n<p>", out);
    put_of(out, r->failures, r->tally.fail);
    fputs(" shown; each line can be pasted into a shell.</p>\n<ul class=\"failures\">\n", out);
    for (size_t i = 0; i < r->failures && i < 100; i++)
        put_failure(out, r, &r->failure[i]);
    fputs("</ul>\n</section>\n", out);
}

/* ---- known failures ---- */

static void put_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    mxc_put_markup(out, text);
    fputs("</td>", out);
}

void mxc_html_known(FILE *out, const mxc_report *r)
{
    if (!r->knowns)
        return;
    fputs("<section id=\"known\">\n<h2>Known failures</h2>\n<p>", out);
    mxc_html_count(out, r->known_failures, "failure");
    fputs(" of the file ", out);
    mxc_put_markup(out, r->known_file ? r->known_file : "");
    fputs(" not counted.</p>\n", out);
    mxc_html_table(out, "Entries of the file", "names|#failed|#judged|until|reason|link");
    for (size_t i = 0; i < r->knowns; i++) {
        const mxc_known_result *k = &r->known[i];
        fputs("<tr><th scope=\"row\">", out);
        mxc_put_markup(out, k->pattern);
        fputs("</th>", out);
        mxc_html_cell(out, k->failed, 0);
        mxc_html_cell(out, k->judged, 0);
        fprintf(out, "<td class=\"nowrap%s\">", k->expired ? " bad" : "");
        mxc_put_markup(out, k->until);
        fputs(k->expired ? ", expired</td>" : "</td>", out);
        put_cell(out, k->reason);
        put_cell(out, k->link);
        fputs("</tr>\n", out);
    }
    mxc_html_table_end(out);
    fputs("</section>\n", out);
}
