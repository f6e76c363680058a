/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The canonical writer: one text for one pack, whatever the machine, locale or order of the cases in memory.
 */
#include "config.h"

#include <mx/vectors.h>

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/pack.h"
#include "vectors/text.h"

struct writer {
    FILE *out;
    struct sha256_ctx sha;
};

static void put(struct writer *w, const char *text, size_t length)
{
    sha256_update(&w->sha, length, (const uint8_t *)text);
    fwrite(text, 1, length, w->out);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const mxv_label *const *)a)->id, (*(const mxv_label *const *)b)->id);
}

/* The labels in byte order of their ids: MX_EINVAL when one is missing or twice. The caller frees *order. */
static mx_status sort_labels(const mxv_pack *pack, const mxv_label ***order)
{
    size_t n = pack->batch.count;
    const mxv_label **p = malloc(n * sizeof *p);
    int sorted = 1;

    if (!p)
        return MX_ENOMEM;
    *order = p;
    for (size_t i = 0; i < n; i++) {
        if (!pack->label[i].id)
            return MX_EINVAL;
        p[i] = &pack->label[i];
        sorted = sorted && (i == 0 || strcmp(p[i - 1]->id, p[i]->id) < 0);
    }
    if (!sorted)
        qsort(p, n, sizeof *p, by_id);
    for (size_t i = 1; i < n && !sorted; i++)
        if (strcmp(p[i - 1]->id, p[i]->id) == 0)
            return MX_EINVAL;
    return MX_OK;
}

static void put_head(struct writer *w, const mx_batch *shape)
{
    char op[MXV_HEAD_TEXT], profile[MX_PROFILE_TEXT], cols[MXV_COLS_TEXT];
    char text[MXV_HEAD_TEXT + MX_PROFILE_TEXT + MXV_COLS_TEXT + 32];

    mxv_format_op(shape, op);
    mx_profile_format(&shape->profile, profile, sizeof profile);
    mxv_format_cols(shape, cols);
    mxv_say(text, sizeof text, "#mxv 1\n#op %s\n#profile %s\n%s\n", op, profile, cols);
    put(w, text, strlen(text));
}

static char *append(char *p, const char *text)
{
    size_t n = strlen(text);
    memcpy(p, text, n);
    return p + n;
}

/* Case i as one line; `text` has room for the longest. */
static void put_case(struct writer *w, const mxv_pack *pack, size_t i, char *text)
{
    const mxv_label *label = &pack->label[i];
    char *p = append(text, label->id);

    *p++ = ' ';
    p = append(p, mx_class_name(label->class_));
    *p++ = ' ';
    p = append(p, label->tags);
    *p++ = ' ';
    p += mxv_format_inputs(&pack->batch, i, p);
    p = append(p, " | ");
    p += mxv_format_outputs(&pack->batch, &pack->open, i, p);
    *p++ = '\n';
    put(w, text, (size_t)(p - text));
}

static void put_end(struct writer *w, size_t count)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    char text[2 * SHA256_DIGEST_SIZE + 1];

    sha256_digest(&w->sha, sizeof digest, digest);
    mxv_hex(text, digest, sizeof digest);
    fprintf(w->out, "#end count=%zu sha256=%s\n", count, text);
}

/* What mx_batch_check leaves to the one who answers: the expected codes fit the element's width. */
static int codes_ok(const mx_batch *b)
{
    unsigned limit = 1u << mx_elem_bits(b->elem);

    for (size_t i = 0; b->out.code && i < b->count * b->k; i++)
        if (b->out.code[i] >= limit)
            return 0;
    return 1;
}

mx_status mxv_write(const mxv_pack *pack, FILE *out)
{
    struct writer w = {.out = out};
    const mxv_label **order = NULL;
    char *text = NULL;
    mx_status status;

    if (!pack || !out || !pack->batch.count || !mxv_shape_ok(&pack->batch) ||
        mx_batch_check(&pack->batch, NULL) != MX_OK || !codes_ok(&pack->batch))
        return MX_EINVAL;
    status = sort_labels(pack, &order);
    if (status == MX_OK) {
        text = malloc(MXV_ID_MAX + MXV_TAGS_MAX + 32 + mxv_inputs_text(&pack->batch) + mxv_outputs_text(&pack->batch));
        status = text ? MX_OK : MX_ENOMEM;
    }
    if (status == MX_OK) {
        sha256_init(&w.sha);
        put_head(&w, &pack->batch);
        for (size_t i = 0; i < pack->batch.count && !ferror(out); i++)
            put_case(&w, pack, (size_t)(order[i] - pack->label), text);
        put_end(&w, pack->batch.count);
        status = fflush(out) == 0 && !ferror(out) ? MX_OK : MX_EIO;
    }
    free(text);
    free(order);
    return status;
}
