/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The report as JUnit XML, as Ant, Jenkins and GitLab read it: a suite for each operation, a test case for each pack,
 * and one for whatever else makes the run fail. conformance/report/junit.xsd is the structure.
 */
#include "config.h"

#include <string.h>

#include "conformance/report/report.h"

typedef struct counts {
    size_t tests, failures, errors, skipped;
    double seconds;
} counts;

static int is_skipped(const mxc_pack_result *pack)
{
    return pack->verdict == MXC_UNSUPPORTED || pack->verdict == MXC_NOT_APPLICABLE;
}

/* Of one operation's packs; op 0: of all. */
static counts count(const mxc_report *report, mx_op op)
{
    counts c = {0};
    for (size_t p = 0; p < report->packs; p++) {
        const mxc_pack_result *pack = &report->pack[p];
        if (op && pack->shape.op != op)
            continue;
        c.tests++;
        c.failures += pack->verdict == MXC_FAIL;
        c.errors += pack->verdict == MXC_NEVER;
        c.skipped += is_skipped(pack) != 0;
        c.seconds += pack->seconds;
    }
    return c;
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    mxc_put_markup(out, text);
    fputc('"', out);
}

static void put_failures(FILE *out, const mxc_report *report, size_t pack)
{
    const mxc_tally *t = &report->pack[pack].tally;
    size_t shown = 0;
    fprintf(out, "      <failure message=\"%zu of %zu judged cases are wrong\" type=\"mismatch\">", t->fail,
            t->pass + t->fail);
    for (size_t i = 0; i < report->failures; i++) {
        const mxc_failure *f = &report->failure[i];
        char difference[MXC_DIFFERENCE], by[MXC_EXPLAINED_BY], line[2 * MXC_LINE];
        if (f->pack != pack)
            continue;
        mxc_difference(difference, report, f);
        mxc_explained_by(by, f);
        snprintf(line, sizeof line, "%s %s: %s%s%s\n  ", f->id, mx_class_name(f->class_), difference,
                 *by ? "; as by " : "", by);
        mxc_put_markup(out, line);
        mxc_put_markup(out, f->line);
        fputc('\n', out);
        shown++;
    }
    if (shown < t->fail)
        fprintf(out, "%zu more\n", t->fail - shown);
    fputs("</failure>\n", out);
}

static void put_case(FILE *out, const mxc_report *report, size_t p)
{
    const mxc_pack_result *pack = &report->pack[p];
    char name[MXC_PACK_NAME];
    mxc_pack_name(name, pack->path);
    fputs("    <testcase", out);
    put_attribute(out, "classname", mx_op_name(pack->shape.op));
    put_attribute(out, "name", name);
    fprintf(out, " time=\"%.6f\"", pack->seconds);
    if (pack->verdict == MXC_PASS) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (pack->verdict == MXC_FAIL) {
        put_failures(out, report, p);
    } else {
        fputs(is_skipped(pack) ? "      <skipped" : "      <error type=\"never-exercised\"", out);
        put_attribute(out, "message", pack->reason);
        fputs("/>\n", out);
    }
    fputs("    </testcase>\n", out);
}

static void put_suite(FILE *out, const mxc_report *report, mx_op op)
{
    counts c = count(report, op);
    if (!c.tests)
        return;
    fprintf(out,
            "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
            "time=\"%.6f\">\n",
            mx_op_name(op), c.tests, c.failures, c.errors, c.skipped, c.seconds);
    for (size_t p = 0; p < report->packs; p++)
        if (report->pack[p].shape.op == op)
            put_case(out, report, p);
    fputs("  </testsuite>\n", out);
}

static void put_property(FILE *out, const char *name, const char *value)
{
    fputs("      <property", out);
    put_attribute(out, "name", name);
    put_attribute(out, "value", value);
    fputs("/>\n", out);
}

/* Whether the subject kept to the rules, and what it wrote. `seconds`: that the run took beside its packs. */
static void put_subject(FILE *out, const mxc_report *report, double seconds)
{
    int bad = mxc_fails_otherwise(report);
    fputs("  <testsuite name=\"subject\"", out);
    put_attribute(out, "timestamp", report->begun);
    fprintf(out, " tests=\"1\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"%.6f\">\n", bad, seconds);
    fputs("    <properties>\n", out);
    put_property(out, "tool", report->tool);
    put_property(out, "begun", report->begun);
    put_property(out, "subject", report->spec);
    put_property(out, "name", report->subject.name);
    put_property(out, "version", report->subject.version);
    put_property(out, "conclusion", report->conclusion);
    fputs("    </properties>\n    <testcase classname=\"subject\" name=\"nothing else is wrong\"", out);
    fprintf(out, " time=\"%.6f\"", seconds);
    if (bad) {
        fputs(">\n      <failure type=\"run\"", out);
        put_attribute(out, "message", report->conclusion);
        fputs("/>\n    </testcase>\n", out);
    } else {
        fputs("/>\n", out);
    }
    if (report->stderr_text) {
        fputs("    <system-err>", out);
        mxc_put_markup(out, report->stderr_text);
        fputs("</system-err>\n", out);
    }
    fputs("  </testsuite>\n", out);
}

mx_status mxc_report_junit(FILE *out, const mxc_report *report)
{
    counts c = count(report, (mx_op)0);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mxcts\"", out);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\">\n", c.tests + 1,
            c.failures + (size_t)mxc_fails_otherwise(report), c.errors, report->seconds);
    put_subject(out, report, report->seconds > c.seconds ? report->seconds - c.seconds : 0);
    for (int op = 1; op <= MX_OP_LAST; op++)
        put_suite(out, report, (mx_op)op);
    fputs("</testsuites>\n", out);
    return ferror(out) ? MX_EIO : MX_OK;
}
