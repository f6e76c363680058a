/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/sweep/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "conformance/error.h"
#include "vectors/text.h"

#define MAGIC "#mxsweep 1\n"
enum { LINE = 1024 };

struct mxc_journal {
    size_t domains, shards;
    mxc_shard *result; /* [domains][shards] */
    uint8_t *done;
    int file; /* -1: in memory only */
    char path[LINE];
};

/* ---- the lines ---- */

static int format_line(char line[LINE], size_t domain, size_t shard, const mxc_shard *s)
{
    return snprintf(line, LINE, "s %zu %zu %" PRIu64 " %" PRIu64 " %" PRIu64 " %08" PRIx64 " %02x %02x %s\n", domain,
                    shard, s->cases, s->skipped, s->wrong, s->first_wrong, s->want, s->got, s->sha256);
}

/* One line without its LF. Being exactly what format_line writes is the whole grammar. */
static mx_status take_line(mxc_journal *j, const char *line, size_t number, mxv_error *error)
{
    mxc_shard s = {0};
    size_t domain, shard;
    unsigned want, got;
    char again[LINE];

    if (sscanf(line, "s %zu %zu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNx64 " %x %x %64[0-9a-f]", &domain, &shard,
               &s.cases, &s.skipped, &s.wrong, &s.first_wrong, &want, &got, s.sha256) != 9)
        return mxc_fail(error, MX_EPARSE, "%s:%zu: wanted \"s DOMAIN SHARD ...\" with ten fields, found \"%.60s\"",
                        j->path, number, line);
    s.want = (uint8_t)want;
    s.got = (uint8_t)got;
    const int n = format_line(again, domain, shard, &s);
    if (n <= 0 || n >= LINE || strncmp(again, line, (size_t)n - 1) != 0 || line[n - 1] != '\0')
        return mxc_fail(error, MX_EPARSE, "%s:%zu: not as a sweep writes it: \"%.60s\"", j->path, number, line);
    if (domain >= j->domains || shard >= j->shards)
        return mxc_fail(error, MX_EPARSE, "%s:%zu: wanted a shard below %zu.%zu, found %zu.%zu", j->path, number,
                        j->domains, j->shards, domain, shard);
    if (j->done[domain * j->shards + shard])
        return mxc_fail(error, MX_EPARSE, "%s:%zu: shard %zu.%zu is there twice", j->path, number, domain, shard);
    j->done[domain * j->shards + shard] = 1;
    j->result[domain * j->shards + shard] = s;
    return MX_OK;
}

/* ---- the file ---- */

static mx_status read_all(int file, char **text, size_t *length, const char *path, mxv_error *error)
{
    const int copy = dup(file); /* closing it leaves the lock */
    FILE *in = copy < 0 ? NULL : fdopen(copy, "r");
    const mx_status status = in ? mxv_read_text(text, length, in, NULL, NULL) : MX_EIO;
    if (status != MX_OK)
        mxc_fail(error, status, "%s: cannot read: %s", path,
                 status == MX_EIO ? strerror(errno) : mx_status_text(status));
    if (in)
        fclose(in);
    else if (copy >= 0)
        close(copy);
    return status;
}

static mx_status write_all(mxc_journal *j, const char *text, size_t length, mxv_error *error)
{
    const ssize_t n = write(j->file, text, length);
    if (n != (ssize_t)length)
        return mxc_fail(error, MX_EIO, "%s: cannot write: %s", j->path, n < 0 ? strerror(errno) : "the disk is full");
    return MX_OK;
}

/* Header and lines of an existing journal; what follows the last LF was being written when the sweep was killed. */
static mx_status resume(mxc_journal *j, char *text, size_t length, const char *header, mxv_error *error)
{
    const size_t head = strlen(header);
    if (strncmp(text, MAGIC, strlen(MAGIC)) != 0)
        return mxc_fail(error, MX_EPARSE, "%s:1: wanted \"#mxsweep 1\" (this version's journal), found \"%.*s\"",
                        j->path, (int)strcspn(text, "\n") > 60 ? 60 : (int)strcspn(text, "\n"), text);
    if (length < head || memcmp(text, header, head) != 0) {
        const char *args = text + strlen(MAGIC);
        return mxc_fail(error, MX_EINVAL, "%s:2: this journal is of another sweep: wanted \"%.*s\", found \"%.*s\"",
                        j->path, (int)(head - strlen(MAGIC) - 1), header + strlen(MAGIC), (int)strcspn(args, "\n"),
                        args);
    }
    mx_status status = MX_OK;
    size_t number = 3;
    char *line = text + head, *end;
    for (; status == MX_OK && (end = strchr(line, '\n')) != NULL; line = end + 1, number++) {
        *end = '\0';
        status = take_line(j, line, number, error);
    }
    if (status == MX_OK && line != text + length && strlen(line) != (size_t)(text + length - line))
        status = mxc_fail(error, MX_EPARSE, "%s:%zu: a NUL byte", j->path, number);
    if (status == MX_OK && *line && ftruncate(j->file, line - text) != 0)
        status = mxc_fail(error, MX_EIO, "%s: cannot cut the torn last line: %s", j->path, strerror(errno));
    return status;
}

static mx_status open_file(mxc_journal *j, const char *path, const char *args, mxv_error *error)
{
    char header[2 * LINE], *text = NULL;
    size_t length = 0;
    const int head = snprintf(header, sizeof header, MAGIC "#args %s\n", args);

    if (head < 0 || (size_t)head >= sizeof header || strlen(path) >= sizeof j->path)
        return mxc_fail(error, MX_EINVAL, "%.60s...: too long a path or command line", path);
    strcpy(j->path, path);
    j->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (j->file < 0)
        return mxc_fail(error, MX_EIO, "%s: %s", path, strerror(errno));
    if (flock(j->file, LOCK_EX | LOCK_NB) != 0)
        return mxc_fail(error, MX_EINVAL, "%s: in use by another sweep", path);
    mx_status status = read_all(j->file, &text, &length, path, error);
    /* a sweep killed while it began leaves part of its own header: begin again */
    if (status == MX_OK && length < (size_t)head && memcmp(text, header, length) == 0) {
        if (ftruncate(j->file, 0) != 0)
            status = mxc_fail(error, MX_EIO, "%s: %s", path, strerror(errno));
        else
            status = write_all(j, header, (size_t)head, error);
    } else if (status == MX_OK) {
        status = resume(j, text, length, header, error);
    }
    free(text);
    return status;
}

mx_status mxc_journal_open(mxc_journal **journal, const char *path, const char *args, size_t domains, size_t shards,
                           mxv_error *error)
{
    mxc_journal *j = calloc(1, sizeof *j);
    if (j) {
        *j = (mxc_journal){.domains = domains, .shards = shards, .file = -1};
        j->result = calloc(domains * shards, sizeof *j->result);
        j->done = calloc(domains, shards);
    }
    if (!j || !j->result || !j->done) {
        mxc_journal_close(j);
        return mxc_no_memory(error);
    }
    mx_status status = path ? open_file(j, path, args, error) : MX_OK;
    if (status != MX_OK)
        mxc_journal_close(j);
    else
        *journal = j;
    return status;
}

void mxc_journal_close(mxc_journal *journal)
{
    if (!journal)
        return;
    if (journal->file >= 0)
        close(journal->file);
    free(journal->result);
    free(journal->done);
    free(journal);
}

const mxc_shard *mxc_journal_get(const mxc_journal *journal, size_t domain, size_t shard)
{
    const size_t at = domain * journal->shards + shard;
    return journal->done[at] ? journal->result + at : NULL;
}

mx_status mxc_journal_add(mxc_journal *journal, size_t domain, size_t shard, const mxc_shard *result, mxv_error *error)
{
    const size_t at = domain * journal->shards + shard;
    char line[LINE];
    const int n = format_line(line, domain, shard, result);
    if (journal->done[at])
        return mxc_fail(error, MX_EINVAL, "shard %zu.%zu is done already", domain, shard);
    mx_status status = journal->file < 0 ? MX_OK : write_all(journal, line, (size_t)n, error);
    if (status != MX_OK)
        return status;
    journal->done[at] = 1;
    journal->result[at] = *result;
    return MX_OK;
}

/* ---- what it adds up to ---- */

void mxc_root(const char (*sha256)[65], size_t count, char root[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    for (size_t i = 0; i < count; i++) {
        sha256_update(&sha, 64, (const uint8_t *)sha256[i]);
        sha256_update(&sha, 1, (const uint8_t *)"\n");
    }
    sha256_digest(&sha, sizeof digest, digest);
    mxv_hex(root, digest, sizeof digest);
}

int mxc_journal_root(const mxc_journal *journal, size_t domain, char sha256[65])
{
    char(*all)[65] = malloc(journal->shards * sizeof *all);
    size_t i = 0;
    for (; all && i < journal->shards && journal->done[domain * journal->shards + i]; i++)
        memcpy(all[i], journal->result[domain * journal->shards + i].sha256, sizeof *all);
    if (all && i == journal->shards)
        mxc_root((const char(*)[65])all, i, sha256);
    const int whole = all != NULL && i == journal->shards;
    free(all);
    return whole;
}

size_t mxc_journal_sum(const mxc_journal *journal, size_t first, size_t count, mxc_shard *sum)
{
    size_t done = 0;
    *sum = (mxc_shard){0};
    for (size_t domain = first; domain < first + count; domain++)
        for (size_t shard = 0; shard < journal->shards; shard++) {
            const mxc_shard *s = mxc_journal_get(journal, domain, shard);
            if (!s)
                continue;
            if (s->wrong && !sum->wrong) {
                sum->first_wrong = s->first_wrong;
                sum->want = s->want;
                sum->got = s->got;
            }
            sum->cases += s->cases;
            sum->skipped += s->skipped;
            sum->wrong += s->wrong;
            done++;
        }
    return done;
}
