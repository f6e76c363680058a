/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/list_tags.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/names.h>

#include "conformance/data/clauses.h"
#include "conformance/data/packs.h"
#include "conformance/data/tags.h"
#include "tools/meaning.h"

/* Tags that are neither clauses nor axes, sorted. */
static const struct {
    const char *tag, *meaning;
} words[] = {
    {"band", "from the largest code up: the tie above it, and what lies beyond"},
    {"binade", "a power of two, or an ulp beside it"},
    {"bit", "one bit set in all the codes or scales"},
    {"byte", "a scale byte by itself"},
    {"carry", "rounding up carries into the next binade"},
    {"code", "the exact value of a code, or an ulp beside it"},
    {"distinct", "every lane is another one"},
    {"drawn", "drawn from a fixed seed"},
    {"edge", "a block at the ends of the range of scales, or at the largest finite value"},
    {"even", "amax at the threshold of the even rule, or an ulp beside it"},
    {"every", "every pattern of the source type"},
    {"f32", "amax at which the fp32 bit formulas part from real numbers"},
    {"high", "near the largest scale"},
    {"inf", "an infinite source"},
    {"inf-lane", "an Inf in one lane of a block"},
    {"kind", "one of each range of the quotient, with each remainder and sign"},
    {"lane", "which lane holds the largest magnitude, or a cell's number"},
    {"log2f", "amax at which a logarithm in fp32 parts from real numbers"},
    {"low", "near the smallest scale"},
    {"max", "the largest finite source"},
    {"max-sub", "the largest subnormal source"},
    {"mid", "the midpoint of neighbouring codes, or an ulp beside it"},
    {"min-half", "half the smallest code, or an ulp beside it"},
    {"min-normal", "the smallest normal source"},
    {"min-sub", "the smallest subnormal source"},
    {"nan", "a NaN source"},
    {"nan-lane", "a NaN in one lane of a block"},
    {"nan-payload", "a NaN of another sign or payload"},
    {"nan-scale", "under the NaN scale"},
    {"narrow", "amax that bf16, fp16 or fp32 would round to another scale"},
    {"one", "exactly 1"},
    {"one-nonzero", "all zero but one lane"},
    {"ones", "all bits set"},
    {"over", "an element far beyond the largest code"},
    {"padding", "bits set where nothing is to be read"},
    {"pair", "a NaN and an Inf in one block"},
    {"pow2", "amax at a power of two, or an ulp beside it"},
    {"ragged", "the ends of a block, whatever its length"},
    {"rceil", "amax at the threshold of the rceil rule, or an ulp beside it"},
    {"reciprocal", "amax at which a product with 1 / largest parts from the quotient"},
    {"sr", "stochastic rounding"},
    {"step", "the last amax of one scale and the first of the next, by the profile's arithmetic"},
    {"sticky", "one source bit below the guard"},
    {"sub-in", "a subnormal source"},
    {"threshold", "the fraction dropped at which the random bits turn the answer, or beside it"},
    {"tie", "exactly between two codes, or beside it"},
    {"tiny", "results below the smallest normal"},
    {"under", "far below the smallest code"},
    {"zero", "a zero, of either sign"},
    {"zeros", "a block with nothing finite but zeros"},
};

/* The clause that a tag "C6.3-b" is of, or NULL. */
static const mxc_clause *clause_of(const mxc_clauses *clauses, const char *tag)
{
    char id[64];
    snprintf(id, sizeof id, "MX-%s", tag + 1);
    return *tag == 'C' ? mxc_clause_find(clauses, id) : NULL;
}

static void meaning_of(char text[MX_WHY], const mxc_clauses *clauses, const char *tag)
{
    const mxc_clause *clause = clause_of(clauses, tag);
    const mx_axis axis = mx_axis_find(tag, strlen(tag));
    *text = '\0';
    if (clause)
        snprintf(text, MX_WHY, "%s: %.60s%s", clause->id, clause->requirement,
                 strlen(clause->requirement) > 60 ? "..." : "");
    else if (axis)
        snprintf(text, MX_WHY, "the answer depends on the axis %s: %s", tag, meaning_of_axis(axis));
    else if (*tag == 'S' && isdigit((unsigned char)tag[1]))
        snprintf(text, MX_WHY, "a block on which existing systems differ (conformance/generate/points_known.c)");
    for (size_t i = 0; !*text && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].tag, tag) == 0)
            snprintf(text, MX_WHY, "%s", words[i].meaning);
}

static mx_status count(mxc_tags *tags, const mxc_filter *filter, mxv_error *error)
{
    mxc_paths paths;
    mx_status status = mxc_packs_of(&paths, NULL, 0, error);
    for (size_t p = 0; status == MX_OK && p < paths.count; p++) {
        mxv_pack *pack;
        status = mxv_load(&pack, paths.path[p], error);
        if (status != MX_OK)
            break;
        const mx_batch *b = &pack->batch;
        const size_t n = mxc_filter_has(filter, b->op, b->elem, b->type) ? b->count : 0;
        for (size_t i = 0; status == MX_OK && i < n; i++)
            status = mxc_tags_add(tags, pack->label[i].tags, 0, 0);
        mxv_pack_free(pack);
    }
    mxc_paths_free(&paths);
    return status;
}

static void print(const mxc_tag_count *tag, const mxc_clauses *clauses, json_t *out)
{
    char meaning[MX_WHY];
    meaning_of(meaning, clauses, tag->tag);
    if (out)
        json_array_append_new(
            out, json_pack("{s:s, s:I, s:s}", "tag", tag->tag, "cases", (json_int_t)tag->expected, "meaning", meaning));
    else
        printf("%-18s %7zu  %s\n", tag->tag, tag->expected, meaning);
}

int list_tags(const mxc_filter *filter, json_t *out)
{
    mxv_error error = {0};
    mxc_clauses *clauses = NULL;
    mxc_report sums = {0};
    mxc_tags *tags = mxc_tags_new();
    mx_status status = tags ? mxc_clauses_load(&clauses, NULL, &error) : MX_ENOMEM;
    if (status == MX_OK)
        status = count(tags, filter, &error);
    if (status == MX_OK)
        status = mxc_tags_report(tags, &sums);
    for (size_t i = 0; i < sums.tags; i++) {
        print(&sums.tag[i], clauses, out);
        free(sums.tag[i].tag);
    }
    free(sums.tag);
    mxc_tags_free(tags);
    mxc_clauses_free(clauses);
    if (status != MX_OK)
        tool_error("%s", *error.text ? error.text : mx_status_text(status));
    return status == MX_OK ? TOOL_OK : TOOL_ERROR;
}
