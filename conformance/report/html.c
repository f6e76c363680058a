/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as one HTML page: the verdict first, then what lies behind the failures, figures, tables. Nothing is
 * loaded from elsewhere and no script runs.
 */
#include "config.h"

#include "conformance/report/html.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/judge/judge.h"

/* ---- pieces ---- */

void mxc_html_number(FILE *out, size_t n)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%zu", n);
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            fputc(',', out);
        fputc(digits[i], out);
    }
}

void mxc_html_count(FILE *out, size_t n, const char *thing)
{
    mxc_html_number(out, n);
    fprintf(out, " %s%s", thing, n == 1 ? "" : "s");
}

void mxc_html_cell(FILE *out, size_t n, int bad)
{
    fputs(n == 0 ? "<td class=\"n nil\">" : bad ? "<td class=\"n bad\">" : "<td class=\"n\">", out);
    mxc_html_number(out, n);
    fputs("</td>", out);
}

void mxc_html_table(FILE *out, const char *caption, const char *columns)
{
    fprintf(out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"%s\">\n<table>\n<caption>%s</caption>\n<thead><tr>",
            caption, caption);
    while (*columns) {
        size_t n = strcspn(columns, "|");
        int number = *columns == '#';
        fprintf(out, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "", (int)n - number, columns + number);
        columns += n + (columns[n] == '|');
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void mxc_html_table_end(FILE *out)
{
    fputs("</tbody>\n</table>\n</div>\n", out);
}

/* ---- the head ---- */

static const char *verdict_class(const mxc_report *r)
{
    return r->exit_status == MXC_EXIT_CONFORMS ? "pass" : r->exit_status == MXC_EXIT_FAILS ? "fail" : "open";
}

static const char *verdict_words(const mxc_report *r)
{
    switch (r->exit_status) {
    case MXC_EXIT_CONFORMS:
        return "Conforms";
    case MXC_EXIT_FAILS:
        return "Does not conform";
    case MXC_EXIT_NOTHING:
        return "Nothing was judged";
    default:
        return "Incomplete";
    }
}

static void put_figure(FILE *out, const char *name, size_t n, int bad)
{
    fprintf(out, "<div><dt>%s</dt><dd%s>", name, bad && n ? " class=\"bad\"" : "");
    mxc_html_number(out, n);
    fputs("</dd></div>\n", out);
}

/* The conclusion without the words that the heading has already said. */
static const char *said_once(const char *conclusion)
{
    const char *colon = strstr(conclusion, ": ");
    return colon ? colon + 2 : conclusion;
}

static void put_verdict(FILE *out, const mxc_report *r)
{
    size_t judged = r->tally.pass + r->tally.fail, packs = 0;
    for (size_t p = 0; p < r->packs; p++)
        packs += r->pack[p].verdict != MXC_UNSUPPORTED && r->pack[p].verdict != MXC_NOT_APPLICABLE;
    fprintf(
        out,
        "<header class=\"%s\">\n<p class=\"kicker\">Microscaling (MX) conformance</p>\n<h1>%s</h1>\n<p class=\"lead\">",
        verdict_class(r), verdict_words(r));
    mxc_put_markup(out, r->subject.name);
    fputc(' ', out);
    mxc_put_markup(out, r->subject.version);
    fputs(": ", out);
    mxc_put_markup(out, said_once(r->conclusion));
    fputs("</p>\n<dl class=\"sums\">\n", out);
    put_figure(out, "cases judged", judged, 0);
    put_figure(out, "wrong", mxc_counting_fails(r), 1);
    if (r->deviations && !r->strict)
        put_figure(out, "deviations (should)", r->deviations, 0);
    put_figure(out, "never exercised", r->tally.never, 1);
    put_figure(out, "packs judged", packs, 0);
    if (r->knowns)
        put_figure(out, "known failures", r->known_failures, 0);
    fputs("</dl>\n</header>\n", out);
}

static void put_entry(FILE *out, const char *name, const char *text)
{
    fprintf(out, "<div><dt>%s</dt><dd>", name);
    mxc_put_markup(out, *text ? text : "none");
    fputs("</dd></div>\n", out);
}

/* What was asked for, as the words of the command line. */
static void put_asked(FILE *out, const mxc_asked *a)
{
    char ops[MXC_LINE], elems[MXC_LINE], types[MXC_LINE];
    const char *const word[] = {mxc_set_text(ops, sizeof ops, a->filter.ops, mxc_id_op, ","),
                                mxc_set_text(elems, sizeof elems, a->filter.elems, mxc_id_elem, ","),
                                mxc_set_text(types, sizeof types, a->filter.types, mxc_id_type, ","), a->clause,
                                a->tag};
    int any = 0;
    fputs("<div><dt>asked for</dt><dd>", out);
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (word[i] && *word[i]) {
            fputs(any++ ? " " : "", out);
            mxc_put_markup(out, word[i]);
        }
    for (size_t i = 0; i < a->packs; i++) {
        fputs(any++ ? " " : "", out);
        mxc_put_markup(out, a->pack[i]);
    }
    fputs(any ? "</dd></div>\n" : "the whole smoke tier</dd></div>\n", out);
}

static void put_subject(FILE *out, const mxc_report *r)
{
    char seconds[32];
    snprintf(seconds, sizeof seconds, "%.2f s", r->seconds);
    fputs("<section id=\"subject\">\n<h2>Subject and run</h2>\n<dl class=\"entries\">\n", out);
    put_entry(out, "subject", r->spec);
    put_entry(out, "name", r->subject.name);
    put_entry(out, "version", r->subject.version);
    put_asked(out, &r->asked);
    put_entry(out, "profile", r->profile ? r->profile->name : "every pack the subject accepts");
    put_entry(out, "strict", r->strict ? "yes: deviations from recommendations fail" : "no");
    put_entry(out, "begun", r->begun);
    put_entry(out, "took", seconds);
    put_entry(out, "tool", r->tool);
    fputs("</dl>\n", out);
    if (*r->misconduct) {
        fputs("<h3>Against the rules</h3>\n<p class=\"bad\">", out);
        mxc_put_markup(out, r->misconduct);
        fputs("</p>\n", out);
    }
    if (r->stderr_text) {
        fputs("<details><summary>What it wrote to standard error</summary>\n<pre tabindex=\"0\">", out);
        mxc_put_markup(out, r->stderr_text);
        fputs("</pre></details>\n", out);
    }
    fputs("</section>\n", out);
}

static void put_links(FILE *out, const mxc_report *r)
{
    fputs("<nav aria-label=\"Sections\">\n<ul>\n", out);
    if (r->tally.fail)
        fputs("<li><a href=\"#causes\">Causes</a></li>\n", out);
    fputs("<li><a href=\"#figures\">Figures</a></li>\n<li><a href=\"#subject\">Subject</a></li>\n"
          "<li><a href=\"#axes\">Axes</a></li>\n<li><a href=\"#clauses\">Clauses</a></li>\n"
          "<li><a href=\"#verdicts\">Verdicts</a></li>\n",
          out);
    if (r->failures)
        fputs("<li><a href=\"#failures\">Failures</a></li>\n", out);
    fputs("<li><a href=\"#packs\">Packs</a></li>\n</ul>\n</nav>\n", out);
}

mx_status mxc_report_html(FILE *out, const mxc_report *r)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
          "img-src data:\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          out);
    fprintf(out, "%s: ", verdict_words(r));
    mxc_put_markup(out, r->subject.name);
    fputs(" | mxcts</title>\n<style>\n", out);
    fputs(mxc_html_style, out);
    fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n", out);
    put_verdict(out, r);
    put_links(out, r);
    fputs("<main id=\"main\">\n", out);
    mxc_html_causes(out, r);
    mxc_html_figures(out, r);
    put_subject(out, r);
    mxc_html_axes(out, r);
    mxc_html_clauses(out, r);
    mxc_html_rows(out, r);
    mxc_html_known(out, r);
    mxc_html_failures(out, r);
    mxc_html_not_judged(out, r);
    mxc_html_packs(out, r);
    fputs("</main>\n<footer><p>Written by mxcts ", out);
    mxc_put_markup(out, r->tool);
    fputs(". A pass on these cases is no proof: what was exhaustive, sampled or never exercised is said "
          "above.</p></footer>\n"
          "</body>\n</html>\n",
          out);
    return ferror(out) ? MX_EIO : MX_OK;
}
