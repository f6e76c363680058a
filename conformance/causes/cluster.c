/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/causes/cluster.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/causes/explain_line.h"
#include "conformance/causes/spot.h"
#include "conformance/error.h"
#include "conformance/judge/compare.h"
#include "conformance/sort.h"

enum {
    SHAPES = (MX_OP_LAST + 1) * (MX_ELEM_LAST + 1) * (MX_TYPE_LAST + 1),
    SLOTS = SHAPES * MXC_SPOTS * (MXC_STAGE_LAST + 1),
    AXIS_BITS = 64
};

typedef struct cell {
    mx_op op;
    mx_elem elem;
    mx_type type;
    mxc_stage stage;
    mxc_spot spot;
    size_t count;
    uint64_t lanes;
    int inner; /* a lane that is not the last was the first wrong one */
    uint64_t weight;
    char *id, *line;
    uint32_t looked, axis[AXIS_BITS];
    size_t cluster; /* index in the report */
} cell;

struct mxc_clusters {
    uint32_t *slot; /* [SLOTS] index into cell + 1, 0: none */
    cell *cell;
    size_t cells, room;
    size_t *seen; /* [clusters] the last case counted there */
    size_t cases;
};

mxc_clusters *mxc_clusters_new(void)
{
    mxc_clusters *c = calloc(1, sizeof *c);
    if (c)
        c->slot = calloc(SLOTS, sizeof *c->slot);
    if (c && !c->slot) {
        free(c);
        return NULL;
    }
    return c;
}

void mxc_clusters_free(mxc_clusters *c)
{
    for (size_t i = 0; c && i < c->cells; i++) {
        free(c->cell[i].id);
        free(c->cell[i].line);
    }
    if (c) {
        free(c->slot);
        free(c->cell);
        free(c->seen);
    }
    free(c);
}

/* ---- classes ---- */

static size_t shape_slot(const mx_batch *shape, mxc_spot spot)
{
    const size_t at = ((size_t)shape->op * (MX_ELEM_LAST + 1) + (size_t)shape->elem) * (MX_TYPE_LAST + 1);
    return ((at + (size_t)shape->type) * MXC_SPOTS + mxc_spot_bit(spot)) * (MXC_STAGE_LAST + 1);
}

static const char *or_dash(const char *name)
{
    return name ? name : "-";
}

void mxc_shape_key(char key[MXC_KEY], const mx_batch *shape)
{
    mxc_say(key, MXC_KEY, "%s/%s/%s/", mx_op_name(shape->op), or_dash(mx_elem_name(shape->elem)),
            or_dash(mx_type_name(shape->type)));
}

static void write_key(char key[MXC_KEY], const mx_batch *shape, mxc_stage stage, mxc_spot spot)
{
    mxc_shape_key(key, shape);
    const size_t n = strlen(key);
    mxc_say(key + n, MXC_KEY - n, "%s/%s/%s", mxc_stage_name(stage), mxc_place_name(spot.place),
            mxc_range_name(spot.range));
}

void mxc_cluster_key(char key[MXC_KEY], const mx_batch *want, size_t i, const mxc_diff *diff)
{
    write_key(key, want, mxc_stage_of(want, i, diff), mxc_spot_of(want, i, diff->kind, diff->lane));
}

/* How hard a case is to read: elements that are not zero, then bits of them, then exponents far from 0. */
static uint64_t weight_of(const mx_batch *b, size_t i)
{
    const mxc_layout *layout = mxc_layout_of(b->type);
    uint64_t nonzero = 0, bits = 0, far = 0;
    const size_t codes = mxc_cell_bytes(b, COL_IN_CODE) + mxc_cell_bytes(b, COL_IN_BYTE);
    const uint8_t *code = b->in.code ? b->in.code : b->in.byte;
    for (size_t lane = 0; lane < b->k && b->in.value; lane++) {
        const uint64_t value = mxc_value_bits(b->in.value, b->type, i * b->k + lane);
        const int field = (int)((value & ~layout->sign) >> layout->mbits), from = field - layout->emax;
        nonzero += (value & ~layout->sign) != 0;
        bits += (uint64_t)__builtin_popcountll(value & ((UINT64_C(1) << layout->mbits) - 1)) +
                (value & layout->sign ? 1 : 0);
        far += field ? (uint64_t)(from < 0 ? -from : from) : 0;
    }
    for (size_t at = 0; at < codes && code; at++) {
        nonzero += code[i * codes + at] != 0;
        bits += (uint64_t)__builtin_popcount(code[i * codes + at]);
    }
    if (b->in.scale && !b->layout)
        far += b->in.scale[i] > 127 ? b->in.scale[i] - 127u : 127u - b->in.scale[i];
    return nonzero << 40 | bits << 20 | (far < 1u << 20 ? far : (1u << 20) - 1);
}

static cell *cell_of(mxc_clusters *c, size_t slot)
{
    if (c->slot[slot])
        return &c->cell[c->slot[slot] - 1];
    if (c->cells == c->room) {
        const size_t room = c->room ? 2 * c->room : 64;
        cell *more = realloc(c->cell, room * sizeof *more);
        if (!more)
            return NULL;
        c->cell = more;
        c->room = room;
    }
    c->cell[c->cells] = (cell){.weight = UINT64_MAX};
    c->slot[slot] = (uint32_t)++c->cells;
    return &c->cell[c->cells - 1];
}

char *mxc_answer_line(const char *path, const char *id, const mx_batch *got, size_t at)
{
    char *text = malloc(mxv_outputs_text(got) + 1);
    if (text)
        mxv_format_outputs(got, NULL, at, text);
    char *line = text ? mxc_explain_line(path, id, text) : NULL;
    free(text);
    return line;
}

static mx_status represent(cell *x, const mxv_pack *pack, const char *path, size_t i, const mx_batch *got, size_t at)
{
    const uint64_t weight = weight_of(&pack->batch, i);
    if (weight >= x->weight)
        return MX_OK;
    char *id = strdup(pack->label[i].id), *line = mxc_answer_line(path, pack->label[i].id, got, at);
    if (!id || !line) {
        free(id);
        free(line);
        return MX_ENOMEM;
    }
    free(x->id);
    free(x->line);
    x->weight = weight;
    x->id = id;
    x->line = line;
    return MX_OK;
}

static size_t slot_of(const mx_batch *want, size_t i, const mxc_diff *diff)
{
    return shape_slot(want, mxc_spot_of(want, i, diff->kind, diff->lane)) + (size_t)mxc_stage_of(want, i, diff);
}

mx_status mxc_clusters_add(mxc_clusters *c, const mxv_pack *pack, const char *path, size_t i, const mx_batch *got,
                           size_t at, const mxc_diff *diff, size_t *index)
{
    const mx_batch *want = &pack->batch;
    cell *x = cell_of(c, slot_of(want, i, diff));
    if (!x)
        return MX_ENOMEM;
    x->op = want->op;
    x->elem = want->elem;
    x->type = want->type;
    x->stage = mxc_stage_of(want, i, diff);
    x->spot = mxc_spot_of(want, i, diff->kind, diff->lane);
    x->count++;
    if (want->k > 1 && !want->layout && diff->kind != MX_COL_SCALE) {
        x->lanes |= UINT64_C(1) << (diff->lane < 63 ? diff->lane : 63);
        x->inner |= diff->lane + 1 != want->k;
    }
    *index = (size_t)(x - c->cell);
    return represent(x, pack, path, i, got, at);
}

void mxc_clusters_axes(mxc_clusters *c, size_t index, uint64_t explained_by)
{
    cell *x = &c->cell[index];
    x->looked++;
    for (unsigned bit = 0; bit < AXIS_BITS; bit++)
        x->axis[bit] += explained_by >> bit & 1;
}

/* ---- clusters ---- */

/* A cluster in the making; its cells are those whose `cluster` it is. */
typedef struct group {
    mxc_stage stage;
    unsigned ops, places, ranges;
    size_t count;
    int scale;   /* places of scale bytes */
    size_t into; /* joined into this one; itself when not */
} group;

static int is_scale(mxc_place place)
{
    return place >= MXC_PLACE_AMAX_POWER;
}

static int alike(const group *a, const group *b, int step)
{
    if (a->stage != b->stage || a->scale != b->scale)
        return 0;
    if (step == 0) /* ranges */
        return a->ops == b->ops && a->places == b->places;
    if (step == 1) /* places */
        return a->ops == b->ops && a->ranges == b->ranges;
    return a->places == b->places && a->ranges == b->ranges; /* operations */
}

/* Classes that differ only in their exponent bin become one, then those only in the remainder class, then those only in
 * the operation. */
static size_t join(group *g, size_t n, cell *x, size_t cells)
{
    for (int step = 0; step < 3; step++) {
        for (size_t i = 0; i < n; i++) {
            g[i].into = i;
            for (size_t j = 0; j < i && g[i].into == i; j++)
                if (g[j].into == j && alike(&g[j], &g[i], step))
                    g[i].into = j;
        }
        /* Sets grow only after all were compared: what is joined does not depend on the order. */
        for (size_t i = 0; i < n; i++)
            if (g[i].into != i) {
                group *to = &g[g[i].into];
                to->ops |= g[i].ops;
                to->places |= g[i].places;
                to->ranges |= g[i].ranges;
                to->count += g[i].count;
            }
        for (size_t i = 0; i < cells; i++)
            x[i].cluster = g[x[i].cluster].into;
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            const size_t to = kept;
            if (g[i].into != i)
                continue;
            g[kept++] = g[i];
            for (size_t k = 0; k < cells && to != i; k++)
                if (x[k].cluster == i)
                    x[k].cluster = to;
        }
        n = kept;
    }
    return n;
}

/* Groups of one operation, stage, remainder class and exponent bin, over formats and types. */
static size_t begin(group *g, cell *x, size_t cells)
{
    size_t n = 0;
    for (size_t i = 0; i < cells; i++) {
        const group one = {
            x[i].stage, 1u << x[i].op, 1u << x[i].spot.place, 1u << x[i].spot.range, 0, is_scale(x[i].spot.place), 0};
        size_t at = 0;
        while (at < n && !(g[at].stage == one.stage && g[at].ops == one.ops && g[at].places == one.places &&
                           g[at].ranges == one.ranges))
            at++;
        if (at == n)
            g[n++] = one;
        g[at].count += x[i].count;
        x[i].cluster = at;
    }
    return n;
}

static int by_cell(const void *a, const void *b)
{
    const cell *x = a, *y = b;
    const int keys[][2] = {{(int)x->stage, (int)y->stage},
                           {(int)x->op, (int)y->op},
                           {(int)x->spot.place, (int)y->spot.place},
                           {(int)x->spot.range, (int)y->spot.range},
                           {(int)x->elem, (int)y->elem},
                           {(int)x->type, (int)y->type}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static mx_status add_key(mxc_cluster *to, const cell *x)
{
    mxc_key_count *more = realloc(to->key, (to->keys + 1) * sizeof *more);
    if (!more)
        return MX_ENOMEM;
    to->key = more;
    mxc_key_count *key = &to->key[to->keys++];
    key->count = x->count;
    const mx_batch shape = {.op = x->op, .elem = x->elem, .type = x->type};
    write_key(key->key, &shape, x->stage, x->spot);
    return MX_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const mxc_key_count *)a)->key, ((const mxc_key_count *)b)->key);
}

/* The value that gives most of the answers looked at. */
static void name_axis(mxc_cluster *to, const uint32_t *axis)
{
    for (int a = 1; a <= MX_AXIS_LAST; a++)
        for (unsigned value = 1; value <= mx_axis_count((mx_axis)a); value++) {
            const unsigned bit = mxc_value_bit((mx_axis)a, value);
            if (bit >= AXIS_BITS || axis[bit] <= to->axis_count)
                continue;
            to->axis = (mx_axis)a;
            to->value = value;
            to->axis_count = axis[bit];
        }
}

static mx_status fill(mxc_cluster *to, const cell *x, size_t cells, size_t cluster)
{
    uint32_t axis[AXIS_BITS] = {0};
    const cell *simplest = NULL;
    int inner = 0;
    for (size_t i = 0; i < cells; i++) {
        if (x[i].cluster != cluster)
            continue;
        to->stage = x[i].stage;
        to->ops |= 1u << x[i].op;
        to->elems |= x[i].elem ? 1u << x[i].elem : 0;
        to->types |= x[i].type ? 1u << x[i].type : 0;
        to->places |= 1u << x[i].spot.place;
        to->ranges |= 1u << x[i].spot.range;
        to->lanes |= x[i].lanes;
        inner |= x[i].inner;
        to->count += x[i].count;
        to->axis_looked += x[i].looked;
        for (unsigned bit = 0; bit < AXIS_BITS; bit++)
            axis[bit] += x[i].axis[bit];
        if (!simplest || x[i].weight < simplest->weight)
            simplest = &x[i];
        if (add_key(to, &x[i]) != MX_OK)
            return MX_ENOMEM;
    }
    mxc_sort(to->key, to->keys, sizeof *to->key, by_key);
    to->last_lane = to->lanes && !inner;
    name_axis(to, axis);
    to->id = simplest ? strdup(simplest->id) : NULL;
    to->line = simplest ? strdup(simplest->line) : NULL;
    return to->id && to->line ? MX_OK : MX_ENOMEM;
}

/* Most failures first; equal ones as they stand. */
static int by_count(const void *a, const void *b)
{
    const mxc_cluster *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->key[0].key, y->key[0].key);
}

/* The clusters of the cells, after sorting the clusters. */
static mx_status renumber(mxc_clusters *c, const mxc_report *report)
{
    for (size_t i = 0; i < c->cells; i++) {
        mxc_cluster one = {0};
        if (add_key(&one, &c->cell[i]) != MX_OK)
            return MX_ENOMEM;
        for (size_t k = 0; k < report->clusters; k++)
            if (bsearch(one.key, report->cluster[k].key, report->cluster[k].keys, sizeof *one.key, by_key))
                c->cell[i].cluster = k;
        free(one.key);
    }
    return MX_OK;
}

/* Cells in their order, whatever the order of the failures. */
static void reslot(mxc_clusters *c)
{
    mxc_sort(c->cell, c->cells, sizeof *c->cell, by_cell);
    memset(c->slot, 0, SLOTS * sizeof *c->slot);
    for (size_t i = 0; i < c->cells; i++) {
        const cell *x = &c->cell[i];
        const mx_batch shape = {.op = x->op, .elem = x->elem, .type = x->type};
        c->slot[shape_slot(&shape, x->spot) + (size_t)x->stage] = (uint32_t)(i + 1);
    }
}

mx_status mxc_clusters_report(mxc_clusters *c, mxc_report *report)
{
    group *g = calloc(c->cells + 1, sizeof *g);
    if (!g)
        return MX_ENOMEM;
    mx_status status = MX_OK;
    reslot(c);
    const size_t n = join(g, begin(g, c->cell, c->cells), c->cell, c->cells);
    free(g);
    report->cluster = calloc(n + 1, sizeof *report->cluster);
    c->seen = calloc(n + 1, sizeof *c->seen);
    if (!report->cluster || !c->seen)
        return MX_ENOMEM;
    for (size_t i = 0; i < n && status == MX_OK; i++) {
        report->clusters++;
        status = fill(&report->cluster[i], c->cell, c->cells, i);
    }
    if (status != MX_OK)
        return status;
    mxc_sort(report->cluster, report->clusters, sizeof *report->cluster, by_count);
    return renumber(c, report);
}

size_t mxc_clusters_find(const mxc_clusters *c, const mx_batch *want, size_t i, const mxc_diff *diff)
{
    return c->cell[c->slot[slot_of(want, i, diff)] - 1].cluster;
}

void mxc_clusters_count(mxc_clusters *c, mxc_report *report, const mxv_pack *pack, size_t i)
{
    uint64_t set[MXC_SPOT_WORDS];
    c->cases++;
    mxc_spots_of(&pack->batch, &pack->open, i, set);
    for (unsigned bit = 0; bit < MXC_SPOTS; bit++) {
        if (!(set[bit / 64] >> bit % 64 & 1))
            continue;
        const mxc_spot spot = {(mxc_place)(bit / (MXC_RANGE_LAST + 1)), (mxc_range)(bit % (MXC_RANGE_LAST + 1))};
        const uint32_t *slot = &c->slot[shape_slot(&pack->batch, spot)];
        for (int stage = 1; stage <= MXC_STAGE_LAST; stage++) {
            const size_t cluster = slot[stage] ? c->cell[slot[stage] - 1].cluster : 0;
            if (slot[stage] && c->seen[cluster] != c->cases) {
                c->seen[cluster] = c->cases;
                report->cluster[cluster].cases++;
            }
        }
    }
}
