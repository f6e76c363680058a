/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The conformance statement: what was judged, by what, on what, in one text that says what it does not cover and can be
 * checked by itself. Lines of words; the last one is the digest of those above it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/digest.h"
#include "conformance/error.h"
#include "conformance/report/report.h"

static void put_line(FILE *out, const char *name, const char *text)
{
    fprintf(out, "%-12s", name);
    mxc_put_plain(out, text);
    fputc('\n', out);
}

/* ---- what was asked for and of whom ---- */

static void put_asked(FILE *out, const mxc_report *r)
{
    const mxc_asked *a = &r->asked;
    char ops[MXC_LINE], elems[MXC_LINE], types[MXC_LINE];
    const struct {
        const char *name, *value;
    } word[] = {{"op", mxc_set_text(ops, sizeof ops, a->filter.ops, mxc_id_op, ",")},
                {"elem", mxc_set_text(elems, sizeof elems, a->filter.elems, mxc_id_elem, ",")},
                {"type", mxc_set_text(types, sizeof types, a->filter.types, mxc_id_type, ",")},
                {"clause", a->clause},
                {"tag", a->tag}};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (word[i].value && *word[i].value) {
            fprintf(out, "asked       %s=", word[i].name);
            mxc_put_plain(out, word[i].value);
            fputc('\n', out);
        }
    for (size_t i = 0; i < a->packs; i++) {
        fputs("asked       pack=", out);
        mxc_put_plain(out, a->pack[i]);
        fputc('\n', out);
    }
    if (!a->packs)
        put_line(out, "asked", "the smoke tier");
    put_line(out, "strict", r->strict ? "yes" : "no");
}

static void put_profile(FILE *out, const mxc_report *r)
{
    const mxc_profile *p = r->profile;
    char text[64];
    int any = 0;
    fputs("declares    ", out);
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        if (mx_profile_get(&r->subject.declared, (mx_axis)a)) {
            mxc_axis_text(text, sizeof text, &r->subject.declared, (mx_axis)a);
            fprintf(out, "%s%s", any++ ? " " : "", text);
        }
    fputs(any ? "\n" : "no axis\n", out);
    put_line(out, "profile", p ? p->name : "none: every pack that the subject accepts");
    if (!p)
        return;
    put_line(out, "system", p->system);
    for (int a = 1; a <= MX_AXIS_LAST; a++) {
        mxc_axis_text(text, sizeof text, &p->values, (mx_axis)a);
        fprintf(out, "axis        %s %s ", text, mxc_evidence_name(p->note[a].evidence));
        mxc_put_plain(out, p->note[a].source);
        fputc('\n', out);
    }
}

static void put_counts(FILE *out, const mxc_report *r)
{
    const mxc_tally *t = &r->tally;
    fprintf(out, "cases       %zu pass %zu fail %zu never %zu\n", t->cases, t->pass, t->fail, t->never);
    for (int c = 1; c <= MX_CLASS_LAST; c++) {
        t = &r->class_[c];
        fprintf(out, "class       %s %zu pass %zu fail %zu never %zu\n", mx_class_name((mx_class)c), t->cases, t->pass,
                t->fail, t->never);
    }
}

/* ---- what was exhaustive, sampled, never exercised ---- */

static size_t judged_packs(const mxc_row *row)
{
    return row->packs - row->unsupported - row->not_applicable;
}

static void put_row(FILE *out, const mxc_row *row)
{
    char name[MXC_ROW_NAME];
    size_t judged = judged_packs(row);
    mxc_row_name(name, row);
    if (!row->tally.pass && !row->tally.fail) {
        fprintf(out, "never       %s: %zu pack%s: ", name, row->packs, row->packs == 1 ? "" : "s");
        mxc_put_plain(out, row->reason);
        fputc('\n', out);
    } else if (row->exhaustive == judged) {
        fprintf(out, "exhaustive  %s: every input, in %zu of %zu pack%s\n", name, judged, row->packs,
                row->packs == 1 ? "" : "s");
    } else {
        fprintf(out, "sampled     %s: %zu cases in %zu of %zu pack%s", name, row->tally.pass + row->tally.fail, judged,
                row->packs, row->packs == 1 ? "" : "s");
        if (row->exhaustive)
            fprintf(out, ", every input in %zu of them", row->exhaustive);
        fputc('\n', out);
    }
}

static void put_clauses(FILE *out, const mxc_report *r)
{
    for (size_t i = 0; i < r->clauses; i++) {
        const mxc_clause_result *c = &r->clause[i];
        size_t judged = c->tally.pass + c->tally.fail;
        fprintf(out, "clause      %s %s ", c->id, mx_class_name(c->class_));
        if (judged)
            fprintf(out, "%s %zu of %zu cases, %zu never\n", c->tally.fail ? "fail" : "pass", c->tally.pass, judged,
                    c->tally.never);
        else
            fprintf(out, "never%s\n", c->tally.cases ? "" : ", without cases here");
    }
}

static void put_known(FILE *out, const mxc_report *r)
{
    if (r->knowns)
        fprintf(out, "known       %zu failures in %zu entries\n", r->known_failures, r->knowns);
    else
        put_line(out, "known", "no known failures were given");
    for (size_t i = 0; i < r->knowns; i++) {
        const mxc_known_result *k = &r->known[i];
        fprintf(out, "known       %zu of %zu until %s%s: ", k->failed, k->judged, k->until,
                k->expired ? " (expired)" : "");
        mxc_put_plain(out, k->pattern);
        fputs(" ", out);
        mxc_put_plain(out, k->link);
        fputs(" ", out);
        mxc_put_plain(out, k->reason);
        fputc('\n', out);
    }
}

static void put_packs(FILE *out, const mxc_report *r)
{
    for (size_t p = 0; p < r->packs; p++) {
        const mxc_pack_result *pack = &r->pack[p];
        const mxc_tally *t = &pack->tally;
        char name[MXC_PACK_NAME];
        mxc_pack_name(name, pack->path);
        fprintf(out, "pack        ");
        mxc_put_plain(out, pack->sha256);
        fprintf(out, " %s %zu %zu %zu %zu %s ", mxc_verdict_name(pack->verdict), t->cases, t->pass, t->fail, t->never,
                pack->exhaustive ? "exhaustive" : "sampled");
        mxc_put_plain(out, name);
        fputc('\n', out);
    }
}

static mx_status put_all(FILE *out, const mxc_report *r)
{
    char name[2 * MXC_NAME + 2];
    size_t n = 0;
    mxc_row *rows = mxc_rows_of(r, &n);
    mxc_say(name, sizeof name, "%s %s", r->subject.name, r->subject.version);
    fprintf(out, "#mxstatement %d\n", MXC_STATEMENT_VERSION);
    put_line(out, "tool", r->tool);
    put_line(out, "begun", r->begun);
    put_line(out, "subject", r->spec);
    put_line(out, "name", name);
    put_asked(out, r);
    put_profile(out, r);
    put_line(out, "verdict", mxc_conclusion_word(r));
    put_line(out, "conclusion", r->conclusion);
    put_counts(out, r);
    for (size_t i = 0; rows && i < n; i++)
        put_row(out, &rows[i]);
    put_clauses(out, r);
    put_known(out, r);
    put_packs(out, r);
    free(rows);
    return rows ? MX_OK : MX_ENOMEM;
}

mx_status mxc_statement_write(FILE *out, const mxc_report *report)
{
    char *text = NULL, digest[65];
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    mx_status status = memory ? put_all(memory, report) : MX_ENOMEM;
    if (memory && fclose(memory) != 0)
        status = MX_ENOMEM;
    if (status == MX_OK) {
        mxc_sha256(digest, text, length);
        fwrite(text, 1, length, out);
        fprintf(out, "#end sha256=%s\n", digest);
    }
    free(text);
    return status == MX_OK && ferror(out) ? MX_EIO : status;
}
