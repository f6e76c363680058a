/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <mx/conformance.h>

#include "conformance/data/tags.h"

#include <stdlib.h>
#include <string.h>

/* A table with open addressing; room is a power of two. */
struct mxc_tags {
    mxc_tag_count *slot;
    size_t room, used;
};

mxc_tags *mxc_tags_new(void)
{
    mxc_tags *tags = calloc(1, sizeof *tags);
    if (tags) {
        tags->room = 256;
        tags->slot = calloc(tags->room, sizeof *tags->slot);
    }
    if (tags && !tags->slot) {
        free(tags);
        return NULL;
    }
    return tags;
}

void mxc_tags_free(mxc_tags *tags)
{
    for (size_t i = 0; tags && i < tags->room; i++)
        free(tags->slot[i].tag);
    if (tags)
        free(tags->slot);
    free(tags);
}

static mxc_tag_count *slot_of(const mxc_tags *tags, const char *tag, size_t length)
{
    size_t hash = 5381;
    for (size_t i = 0; i < length; i++)
        hash = hash * 33 + (unsigned char)tag[i];
    for (size_t i = hash;; i++) {
        mxc_tag_count *slot = &tags->slot[i & (tags->room - 1)];
        if (!slot->tag || (strncmp(slot->tag, tag, length) == 0 && slot->tag[length] == '\0'))
            return slot;
    }
}

static mx_status grow(mxc_tags *tags)
{
    mxc_tags wider = {calloc(2 * tags->room, sizeof *wider.slot), 2 * tags->room, tags->used};
    if (!wider.slot)
        return MX_ENOMEM;
    for (size_t i = 0; i < tags->room; i++)
        if (tags->slot[i].tag)
            *slot_of(&wider, tags->slot[i].tag, strlen(tags->slot[i].tag)) = tags->slot[i];
    free(tags->slot);
    *tags = wider;
    return MX_OK;
}

mx_status mxc_tags_add(mxc_tags *tags, const char *list, int judged, int failed)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        mxc_tag_count *slot = slot_of(tags, list, n);
        if (!slot->tag) {
            if (2 * tags->used >= tags->room && grow(tags) != MX_OK)
                return MX_ENOMEM;
            slot = slot_of(tags, list, n);
            slot->tag = strndup(list, n);
            if (!slot->tag)
                return MX_ENOMEM;
            tags->used++;
        }
        slot->expected++;
        slot->judged += judged != 0;
        slot->failed += failed != 0;
        list += n + (list[n] == ',');
    }
    return MX_OK;
}

size_t mxc_tags_count(const mxc_tags *tags, const char *tag, size_t length)
{
    const mxc_tag_count *slot = slot_of(tags, tag, length);
    return slot->tag ? slot->expected : 0;
}

const char *mxc_tags_hint(const mxc_tags *tags, const char *tag, char out[MX_WHY])
{
    mx_nearest nearest = {tag, strlen(tag), NULL, 0};
    for (size_t i = 0; i < tags->room; i++)
        mx_nearest_try(&nearest, tags->slot[i].tag);
    return mx_nearest_hint(&nearest, out);
}

static int by_tag(const void *a, const void *b)
{
    return strcmp(((const mxc_tag_count *)a)->tag, ((const mxc_tag_count *)b)->tag);
}

mx_status mxc_tags_report(mxc_tags *tags, mxc_report *report)
{
    report->tag = calloc(tags->used + 1, sizeof *report->tag);
    if (!report->tag)
        return MX_ENOMEM;
    for (size_t i = 0; i < tags->room; i++) {
        if (tags->slot[i].tag && strcmp(tags->slot[i].tag, "-") != 0) {
            report->tag[report->tags++] = tags->slot[i];
            tags->slot[i].tag = NULL;
        }
    }
    qsort(report->tag, report->tags, sizeof *report->tag, by_tag);
    return MX_OK;
}

int mxc_tags_have(const char *list, const char *tag)
{
    size_t length = strlen(tag);
    for (; *list; list += strcspn(list, ","), list += *list == ',')
        if (strncmp(list, tag, length) == 0 && (list[length] == ',' || list[length] == '\0'))
            return 1;
    return 0;
}
