/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as TAP version 13: a test point for each operation, format and type, and one for whatever
 * else makes the run fail (a broken protocol, answers that change, known failures that have expired).
 * What failed follows its test point as a YAML block.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/error.h"
#include "conformance/report/report.h"

/* In a description or after a directive: no newline and no '#', which begins a directive. */
static void put_plain(FILE *out, const char *text)
{
    char *clean = mxc_utf8(text);
    for (const char *at = clean ? clean : ""; *at; at++) {
        unsigned char c = (unsigned char)*at;
        fputc(c < 0x20 || c == 0x7f || c == '#' ? ' ' : c, out);
    }
    free(clean);
}

static void put_entry(FILE *out, const char *indent, const char *key, const char *text)
{
    fprintf(out, "%s%s: ", indent, key);
    mxc_put_quoted(out, text);
    fputc('\n', out);
}

static void put_failure(FILE *out, const mxc_report *report, const mxc_failure *f)
{
    char difference[MXC_DIFFERENCE], by[MXC_EXPLAINED_BY];
    mxc_difference(difference, report, f);
    mxc_explained_by(by, f);
    put_entry(out, "    - ", "id", f->id);
    put_entry(out, "      ", "class", mx_class_name(f->class_));
    put_entry(out, "      ", "tags", f->tags);
    put_entry(out, "      ", "inputs", f->inputs);
    put_entry(out, "      ", "wanted", f->want);
    put_entry(out, "      ", "found", f->got);
    put_entry(out, "      ", "difference", difference);
    put_entry(out, "      ", "as by", by);
    put_entry(out, "      ", "explain", f->line);
}

static void put_diagnostics(FILE *out, const mxc_report *report, const mxc_row *row)
{
    const mxc_tally *t = &row->tally;
    char message[MXC_LINE];
    size_t shown = 0;
    if (t->fail)
        mxc_say(message, sizeof message, "%zu of %zu judged cases are wrong", t->fail, t->pass + t->fail);
    else
        mxc_say(message, sizeof message, "%zu cases were never exercised: %.160s", t->never, row->reason);
    fputs("  ---\n", out);
    put_entry(out, "  ", "message", message);
    fprintf(out, "  severity: fail\n  cases: %zu\n  pass: %zu\n  fail: %zu\n  never: %zu\n", t->cases, t->pass, t->fail,
            t->never);
    for (size_t i = 0; i < report->failures; i++) {
        const mxc_failure *f = &report->failure[i];
        if (!mxc_row_has(row, &report->pack[f->pack].shape))
            continue;
        fputs(shown++ ? "" : "  failures:\n", out);
        put_failure(out, report, f);
    }
    fputs("  ...\n", out);
}

static void put_row(FILE *out, const mxc_report *report, const mxc_row *row, size_t number)
{
    char name[MXC_ROW_NAME];
    mxc_verdict verdict = mxc_row_verdict(row, report->strict);
    int good = verdict != MXC_FAIL && verdict != MXC_NEVER;
    mxc_row_name(name, row);
    fprintf(out, "%s %zu - %s", good ? "ok" : "not ok", number, name);
    if (verdict == MXC_UNSUPPORTED || verdict == MXC_NOT_APPLICABLE) {
        fprintf(out, " # SKIP %s: ", mxc_verdict_name(verdict));
        put_plain(out, row->reason);
        fputc('\n', out);
        return;
    }
    fprintf(out, ": %zu of %zu cases%s\n", row->tally.pass, row->tally.cases,
            good && row->deviations ? ", deviates from recommendations" : "");
    if (!good)
        put_diagnostics(out, report, row);
}

mx_status mxc_report_tap(FILE *out, const mxc_report *report)
{
    size_t n = 0;
    mxc_row *rows = mxc_rows_of(report, &n);
    if (!rows)
        return MX_ENOMEM;
    fputs("TAP version 13\n", out);
    if (report->exit_status == MXC_EXIT_NOTHING) {
        fputs("1..0 # SKIP ", out);
        put_plain(out, report->conclusion);
        fputc('\n', out);
    } else {
        fprintf(out, "1..%zu\n# subject ", n + 1);
        put_plain(out, report->spec);
        fprintf(out, "\n");
        for (size_t i = 0; i < n; i++)
            put_row(out, report, &rows[i], i + 1);
        int otherwise = mxc_fails_otherwise(report);
        fprintf(out, "%s %zu - nothing else is wrong\n", otherwise ? "not ok" : "ok", n + 1);
        if (otherwise) {
            fputs("  ---\n", out);
            put_entry(out, "  ", "message", report->conclusion);
            fputs("  severity: fail\n  ...\n", out);
        }
        fprintf(out, "# %s: ", mxc_conclusion_word(report));
        put_plain(out, report->conclusion);
        fputc('\n', out);
    }
    free(rows);
    return ferror(out) ? MX_EIO : MX_OK;
}
