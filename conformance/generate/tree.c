/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/digest.h"
#include "conformance/error.h"
#include "conformance/generate/tree.h"
#include "conformance/sort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <mx/names.h>

/* ---- tags ---- */

static mx_status count_tag(mxc_tag_counts *tags, const char *tag, size_t length)
{
    if (length >= sizeof tags->count->tag) {
        return MX_EINVAL;
    }
    for (size_t i = 0; i < tags->tags; i++) {
        if (strncmp(tags->count[i].tag, tag, length) == 0 && tags->count[i].tag[length] == '\0') {
            tags->count[i].count++;
            return MX_OK;
        }
    }
    if (tags->tags == tags->room) {
        const size_t room = tags->room == 0 ? 64 : 2 * tags->room;
        mxc_count *more = realloc(tags->count, room * sizeof *more);
        if (more == NULL) {
            return MX_ENOMEM;
        }
        tags->count = more;
        tags->room = room;
    }
    mxc_count *fresh = &tags->count[tags->tags++];
    memset(fresh, 0, sizeof *fresh);
    memcpy(fresh->tag, tag, length);
    fresh->count = 1;
    return MX_OK;
}

static mx_status count_tags(mxc_tag_counts *tags, const mxv_pack *pack)
{
    mx_status status = MX_OK;
    for (size_t i = 0; i < pack->batch.count; i++) {
        for (const char *at = pack->label[i].tags; status == MX_OK && *at != '\0';) {
            const size_t length = strcspn(at, ",");
            status = *at == '-' ? MX_OK : count_tag(tags, at, length);
            at += length + (at[length] == ',');
        }
    }
    return status;
}

static int by_tag(const void *a, const void *b)
{
    return strcmp(((const mxc_count *)a)->tag, ((const mxc_count *)b)->tag);
}

/* ---- packs ---- */

/* A pack's text in memory, NUL-terminated; the caller frees it. NULL when out of memory. */
static char *pack_text(const mxv_pack *pack, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    const mx_status status = mxv_write(pack, out);
    if (fclose(out) != 0 || status != MX_OK) {
        free(text);
        return NULL;
    }
    return text;
}

typedef struct span {
    const char *text;
    size_t length;
} span;

static mx_status write_span(FILE *out, const void *state)
{
    const span *all = state;
    return fwrite(all->text, 1, all->length, out) == all->length ? MX_OK : MX_EIO;
}

mx_status mxc_write_file(const char *dir, const char *name, const char *text, size_t length, mxv_error *error)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path) {
        return mxc_fail(error, MX_EIO, "%s: %s", name, "the path is too long");
    }
    const span all = {text, length};
    return mxv_save_by(write_span, &all, path, error);
}

/* A pack that is still to be made is there as a file that no reader takes: should we be killed, the folder does not
 * pass for a whole one. A pack that is there already stays until its successor takes its place. */
static mx_status promise_one(const mxc_plan *plan, const char *dir, mxv_error *error)
{
    static const char text[] = "not made yet (was mxcts gen stopped?)\n";
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.mxv", dir, plan->name) >= sizeof path) {
        return mxc_fail(error, MX_EIO, "%s: the path is too long", plan->name);
    }
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) {
        return MX_OK;
    }
    const int good = fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)(sizeof text - 1);
    const int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    return good ? MX_OK : mxc_fail(error, MX_EIO, "%s: cannot write: %s", path, strerror(why));
}

static mx_status make_one(const mxc_plan *plan, const char *dir, mxc_made *made, mxv_pack **pack, mxv_error *error)
{
    char name[MXC_PACK_NAME + 8];
    size_t length;
    mx_status status = mxc_generate(pack, plan, error);
    if (status != MX_OK) {
        return status;
    }
    char *text = pack_text(*pack, &length);
    if (text == NULL) {
        return mxc_fail(error, MX_ENOMEM, "%s: %s", plan->name, mx_status_text(MX_ENOMEM));
    }
    made->cases = (*pack)->batch.count;
    mxc_sha256(made->sha256, text, length);
    (void)snprintf(name, sizeof name, "%s.mxv", plan->name);
    status = dir == NULL ? MX_OK : mxc_write_file(dir, name, text, length, error);
    free(text);
    return status;
}

mx_status mxc_make_packs(const mxc_plan *plans, size_t count, const mxc_make *how, mxc_made *made, mxc_tag_counts *tags,
                         mxv_error *error)
{
    mx_status all = MX_OK;
    size_t done = 0;
    memset(tags, 0, sizeof *tags);
    for (size_t i = 0; how->dir != NULL && all == MX_OK && i < count; i++) {
        all = promise_one(&plans[i], how->dir, error);
    }
    if (all != MX_OK) {
        return all;
    }
#ifdef _OPENMP
    const int threads = how->threads == 0 ? omp_get_max_threads() : (int)how->threads;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
#endif
    for (size_t i = 0; i < count; i++) {
        mxv_error local = {0};
        mxv_pack *pack = NULL;
        mx_status status = make_one(&plans[i], how->dir, &made[i], &pack, &local);
#ifdef _OPENMP
#pragma omp critical
#endif
        {
            status = status == MX_OK ? count_tags(tags, pack) : status;
            if (status != MX_OK && all == MX_OK) {
                all = local.text[0] != '\0' ? mxc_fail(error, status, "%s", local.text)
                                            : mxc_fail(error, status, "%s: %s", plans[i].name, mx_status_text(status));
            }
            if (how->step != NULL) {
                how->step(how->state, ++done, count);
            }
        }
        mxv_pack_free(pack);
    }
    mxc_sort(tags->count, tags->tags, sizeof *tags->count, by_tag);
    return all;
}

/* ---- the files beside them ---- */

const char *mxc_tier_name(const mxc_plan *plan)
{
    return plan->tier == MXC_FULL ? "full" : "smoke";
}

char *mxc_manifest_text(const mxc_plan *plans, const mxc_made *made, size_t count, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    for (size_t i = 0; out != NULL && i < count; i++) {
        (void)fprintf(out, "%s  packs/%s/%s.mxv\n", made[i].sha256, mxc_tier_name(&plans[i]), plans[i].name);
    }
    return out == NULL || fclose(out) != 0 ? NULL : text;
}

char *mxc_counts_text(const mxc_made *made, size_t count, const mxc_tag_counts *tags, size_t *length)
{
    char *text = NULL;
    size_t cases = 0;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        cases += made[i].cases;
    }
    (void)fprintf(out, "#mxcounts 1\npacks %zu\ncases %zu\n", count, cases);
    for (size_t i = 0; i < tags->tags; i++) {
        (void)fprintf(out, "tag %s %zu\n", tags->count[i].tag, tags->count[i].count);
    }
    return fclose(out) != 0 ? NULL : text;
}

static const char packs_head[] =
    "\n"
    "packs/smoke/ holds one pack a file: inputs, and the answers of the exact reference. A pack fixes one operation, "
    "one\n"
    "element format, one type and every axis of a profile, so each of its rows has one right answer. Its name is\n"
    "OPERATION.FORMAT.TYPE.VARIANT (OPERATION.FORMAT.LAYOUT.kN, OPERATION.LAYOUT.ROWSxCOLS where there is no type); "
    "its\n"
    "cases are called after it, the operation shortened (d decode, c cast, s scale, sc scaled-cast, q quantize,\n"
    "dq dequantize, p pack, up unpack, sw swizzle, us unswizzle), with a number that is never used again. What a line\n"
    "below does not say is as in profile ocp-mx-1.0.\n"
    "\n"
    "The numbers have gaps. Of each pack the smoke tier keeps as few rows as hold its mutation score, its part of the\n"
    "coverage model and every tag (conformance/generate/choose.h says how they are chosen, SMOKE which they are); the\n"
    "full tier has all rows of these packs, under the same names, and denser packs besides.\n"
    "\n"
    "    MANIFEST.sha256  digests of the packs: sha256sum -c MANIFEST.sha256\n"
    "    SMOKE            which rows of the whole packs are in packs/smoke, and how many there are\n"
    "    FULL.sha256      digests of the full tier, made when needed: mxcts gen --tier full -o DIR\n"
    "    COUNTS           how many cases carry each tag\n"
    "\n"
    "These files and this list are made by `make vectors-update`; `make vectors-check` makes them again and compares\n"
    "every byte, `make vectors-check-full` does so for the full tier.\n"
    "\n";

char *mxc_list_text(const mxc_plan *plans, const mxc_made *made, size_t count, size_t *length)
{
    char *text = NULL, about[512];
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    (void)fprintf(out, "%s", packs_head);
    for (size_t i = 0; i < count; i++) {
        if (mxc_about(&plans[i], about, sizeof about) > 0) {
            (void)fprintf(out, "%s: %zu cases, %s.\n", plans[i].name, made[i].cases, about);
        }
    }
    return fclose(out) != 0 ? NULL : text;
}
