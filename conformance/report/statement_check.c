/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A conformance statement checked: by its own digest and sums, against the packs at hand, against another one.
 */
#include "config.h"

#include <mx/conformance.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/data/packs.h"
#include "conformance/digest.h"
#include "conformance/error.h"
#include "conformance/report/report.h"
#include "vectors/text.h"

/* ---- reading ---- */

static const char head[] = "#mxstatement ";

/* Text that begins otherwise is no statement, however much of it there is. */
static int is_no_statement(void *state, const char *text, size_t length)
{
    (void)state;
    return length >= sizeof head - 1 && memcmp(text, head, sizeof head - 1) != 0;
}

static mx_status read_statement(FILE *in, const char *name, char **text, size_t *length, mxv_error *error)
{
    const mx_status status = mxv_read_text(text, length, in, is_no_statement, NULL);
    if (status == MX_ENOMEM)
        return mxc_fail(error, status, "out of memory");
    if (status != MX_OK)
        return mxc_fail(error, status, "%s: cannot read: %s", name, strerror(errno));
    if (*length == 0)
        return mxc_fail(error, MX_EPARSE, "%s: wanted a conformance statement, found an empty file", name);
    if (!is_no_statement(NULL, *text, *length) && (strlen(*text) != *length || (*text)[*length - 1] != '\n'))
        return mxc_fail(error, MX_EPARSE, "%s: wanted text that ends with a line feed", name);
    return MX_OK;
}

/* "#mxstatement 1" first, "#end sha256=" of what is above it last. */
static mx_status check_frame(mxc_statement *s, mxv_error *error)
{
    static const char tail[] = "#end sha256=";
    char digest[65], *end = s->text;
    for (char *at = s->text; (at = strstr(at, tail)) != NULL; at++)
        end = at;
    if (strncmp(s->text, head, sizeof head - 1) != 0)
        return mxc_fail(error, MX_EPARSE, "%s:1: wanted a conformance statement (#mxstatement %d), found '%.*s'",
                        s->name, MXC_STATEMENT_VERSION,
                        (int)strcspn(s->text, "\n") < 40 ? (int)strcspn(s->text, "\n") : 40, s->text);
    unsigned long version = strtoul(s->text + sizeof head - 1, NULL, 10);
    if (version != MXC_STATEMENT_VERSION)
        return mxc_fail(error, MX_EPARSE, "%s:1: wanted a statement of version %d, found version %lu", s->name,
                        MXC_STATEMENT_VERSION, version);
    if (end == s->text || end[-1] != '\n' || strlen(end) != sizeof tail - 1 + 64 + 1)
        return mxc_fail(error, MX_EPARSE, "%s: wanted a last line '#end sha256=...', found none: cut short?", s->name);
    mxc_sha256(digest, s->text, (size_t)(end - s->text));
    if (strncmp(end + sizeof tail - 1, digest, 64) != 0)
        return mxc_fail(error, MX_EINVAL, "%s: its lines have SHA-256 %s, its end says %.64s: it was changed", s->name,
                        digest, end + sizeof tail - 1);
    return MX_OK;
}

mx_status mxc_statement_load(mxc_statement **statement, const char *path, mxv_error *error)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return mxc_fail(error, MX_EIO, "%s: cannot open: %s", path, strerror(errno));
    mxc_statement *s = calloc(1, sizeof *s);
    mx_status status = s && (s->name = strdup(path)) ? MX_OK : mxc_no_memory(error);
    if (status == MX_OK)
        status = read_statement(in, path, &s->text, &s->length, error);
    fclose(in);
    if (status == MX_OK)
        status = check_frame(s, error);
    if (status == MX_OK)
        *statement = s;
    else
        mxc_statement_free(s);
    return status;
}

void mxc_statement_free(mxc_statement *s)
{
    if (!s)
        return;
    free(s->text);
    free(s->name);
    free(s);
}

/* ---- lines ---- */

/* The n-th line (from 0) of this name: what follows the name, `length` bytes of it; NULL when there is none. */
static const char *line_of(const mxc_statement *s, const char *name, size_t n, size_t *length)
{
    size_t size = strlen(name);
    for (const char *line = s->text; *line; line += strcspn(line, "\n") + 1)
        if (strncmp(line, name, size) == 0 && line[size] == ' ' && n-- == 0) {
            const char *at = line + size + strspn(line + size, " ");
            *length = strcspn(at, "\n");
            return at;
        }
    return NULL;
}

char *mxc_statement_word(const mxc_statement *s, const char *line, const char *key, size_t which)
{
    size_t length, size = strlen(key);
    const char *at;
    for (size_t n = 0; (at = line_of(s, line, n, &length)) != NULL; n++)
        if (length >= size && strncmp(at, key, size) == 0 && which-- == 0)
            return strndup(at + size, length - size);
    return NULL;
}

/* ---- sums ---- */

static mx_status add_pack(const mxc_statement *s, const char *at, mxc_tally *sum, mxv_error *error)
{
    mxc_tally t;
    if (sscanf(at, "%*64s %*19s %zu %zu %zu %zu ", &t.cases, &t.pass, &t.fail, &t.never) != 4)
        return mxc_fail(error, MX_EPARSE, "%s: a malformed pack line: %.80s", s->name, at);
    mxc_tally_add(sum, &t);
    return MX_OK;
}

mx_status mxc_statement_check(const mxc_statement *s, size_t *packs, mxv_error *error)
{
    size_t length, n = 0;
    const char *at, *cases = line_of(s, "cases", 0, &length);
    mxc_tally sum = {0}, said = {0};
    mx_status status = MX_OK;
    for (; status == MX_OK && (at = line_of(s, "pack", n, &length)) != NULL; n++)
        status = add_pack(s, at, &sum, error);
    if (status != MX_OK)
        return status;
    if (!cases ||
        sscanf(cases, "%zu pass %zu fail %zu never %zu", &said.cases, &said.pass, &said.fail, &said.never) != 4)
        return mxc_fail(error, MX_EPARSE, "%s: wanted a line 'cases N pass N fail N never N'", s->name);
    if (memcmp(&sum, &said, sizeof sum) != 0 || said.cases != said.pass + said.fail + said.never)
        return mxc_fail(error, MX_EINVAL,
                        "%s: %zu cases are stated, its packs have %zu (%zu pass, %zu fail, %zu never)", s->name,
                        said.cases, sum.cases, sum.pass, sum.fail, sum.never);
    *packs = n;
    return MX_OK;
}

/* ---- packs at hand ---- */

typedef struct at_hand {
    mxc_manifest manifest;
    char *folder; /* of the smoke tier */
} at_hand;

static mx_status check_pack(const mxc_statement *s, const at_hand *here, const char *at, size_t length, size_t *checked,
                            mxv_error *error)
{
    char path[4096];
    const char *name = at;
    mxv_pack *pack = NULL;
    for (int word = 0; word < 7 && name; word++)
        name = memchr(name, ' ', length - (size_t)(name - at)) ? strchr(name, ' ') + 1 : NULL;
    if (!name)
        return mxc_fail(error, MX_EPARSE, "%s: a malformed pack line: %.80s", s->name, at);
    mxc_say(path, sizeof path, "%s/%.*s.mxv", here->folder, (int)(length - (size_t)(name - at)), name);
    FILE *in = fopen(path, "r");
    if (!in)
        return MX_OK; /* one of the user's own */
    fclose(in);
    mx_status status = mxc_manifest_check(&here->manifest, path, error);
    if (status == MX_OK)
        status = mxv_load(&pack, path, error);
    if (status != MX_OK)
        return status;
    if (strncmp(pack->sha256, at, 64) != 0)
        status = mxc_fail(error, MX_EINVAL, "%s: pack %.*s has SHA-256 %s here, %.64s in the statement", s->name,
                          (int)(length - (size_t)(name - at)), name, pack->sha256, at);
    *checked += status == MX_OK;
    mxv_pack_free(pack);
    return status;
}

mx_status mxc_statement_check_packs(const mxc_statement *s, size_t *checked, mxv_error *error)
{
    at_hand here = {.folder = mxc_data_path("vectors/packs/smoke", error)};
    char *manifest = here.folder ? mxc_data_path("vectors/MANIFEST.sha256", error) : NULL;
    mx_status status = manifest ? mxc_manifest_load(&here.manifest, manifest, error) : MX_EIO;
    const char *at;
    size_t length;
    *checked = 0;
    for (size_t n = 0; status == MX_OK && (at = line_of(s, "pack", n, &length)) != NULL; n++)
        status = check_pack(s, &here, at, length, checked, error);
    mxc_manifest_free(&here.manifest);
    free(here.folder);
    free(manifest);
    return status;
}

/* ---- against another one ---- */

/* Lines that differ between two runs of the same subject. */
static int is_of_the_run(const char *line)
{
    return strncmp(line, "begun ", 6) == 0 || strncmp(line, "subject ", 8) == 0 || strncmp(line, "#end ", 5) == 0;
}

mx_status mxc_statement_compare(const mxc_statement *s, const mxc_report *report, int another_run, mxv_error *error)
{
    char *text = NULL;
    size_t length = 0;
    unsigned long number = 1;
    FILE *memory = open_memstream(&text, &length);
    mx_status status = memory ? mxc_statement_write(memory, report) : MX_ENOMEM;
    if (memory && fclose(memory) != 0)
        status = MX_ENOMEM;
    const char *a = s->text, *b = text;
    for (; status == MX_OK && (*a || *b); number++) {
        size_t m = strcspn(a, "\n"), n = strcspn(b, "\n");
        if ((m != n || memcmp(a, b, m) != 0) && !(another_run && is_of_the_run(a) && is_of_the_run(b)))
            status = mxc_fail(error, MX_EINVAL, "%s:%lu: stated '%.*s', the run says '%.*s'", s->name, number,
                              (int)(m < 160 ? m : 160), a, (int)(n < 160 ? n : 160), b);
        a += m + (a[m] == '\n');
        b += n + (b[n] == '\n');
    }
    free(text);
    return status == MX_ENOMEM ? mxc_fail(error, status, "out of memory") : status;
}
