/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/causes/run_diff.h"
#include "conformance/sort.h"

#include <stdlib.h>
#include <string.h>

/* One run, looked up by pack and by case. A pack is the same when its digest is. */
typedef struct side {
    const mxc_report *report;
    const mxc_wrong **wrong;      /* [wrongs], by digest of their packs, then by id */
    const mxc_pack_result **pack; /* [packs], by digest */
    size_t *listed;               /* [packs] failures listed of each pack of the report */
} side;

const char *mxc_change_name(mxc_change change)
{
    static const char *const name[] = {NULL, "FIX", "REGRESSION", "NEW", "GONE", "CHANGED", "SAME"};
    return change >= MXC_FIX && change <= MXC_CHANGE_LAST ? name[change] : NULL;
}

/* ---- sides ---- */

/* A failure with the digest of its pack, for sorting. */
typedef struct keyed {
    const char *sha256;
    const mxc_wrong *wrong;
} keyed;

static int by_case(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    const int order = strcmp(x->sha256, y->sha256);
    return order ? order : strcmp(x->wrong->id, y->wrong->id);
}

static int by_digest(const void *a, const void *b)
{
    return strcmp((*(const mxc_pack_result *const *)a)->sha256, (*(const mxc_pack_result *const *)b)->sha256);
}

static void side_free(side *s)
{
    free(s->wrong);
    free(s->pack);
    free(s->listed);
}

static mx_status side_make(side *s, const mxc_report *r)
{
    keyed *all = calloc(r->wrongs + 1, sizeof *all);
    *s = (side){.report = r};
    s->wrong = calloc(r->wrongs + 1, sizeof *s->wrong);
    s->pack = calloc(r->packs + 1, sizeof *s->pack);
    s->listed = calloc(r->packs + 1, sizeof *s->listed);
    const int made = all && s->wrong && s->pack && s->listed;
    for (size_t i = 0; made && i < r->wrongs; i++) {
        all[i] = (keyed){r->pack[r->wrong[i].pack].sha256, &r->wrong[i]};
        s->listed[r->wrong[i].pack]++;
    }
    for (size_t p = 0; made && p < r->packs; p++)
        s->pack[p] = &r->pack[p];
    if (made) {
        mxc_sort(all, r->wrongs, sizeof *all, by_case);
        mxc_sort(s->pack, r->packs, sizeof *s->pack, by_digest);
    }
    for (size_t i = 0; made && i < r->wrongs; i++)
        s->wrong[i] = all[i].wrong;
    free(all);
    return made ? MX_OK : MX_ENOMEM;
}

static const mxc_pack_result *pack_of(const side *s, const char *sha256)
{
    for (size_t low = 0, high = s->report->packs; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(sha256, s->pack[middle]->sha256);
        if (order == 0)
            return s->pack[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const char *digest_of(const side *s, const mxc_wrong *wrong)
{
    return s->report->pack[wrong->pack].sha256;
}

static int was_judged(const mxc_pack_result *p)
{
    return p && p->tally.pass + p->tally.fail != 0;
}

static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether every case of the pack that the other run judged was judged here too. */
static int all_judged(const side *s, const side *other, const char *sha256)
{
    const mxc_pack_result *p = pack_of(s, sha256);
    const mxc_asked *x = &s->report->asked, *y = &other->report->asked;
    return was_judged(p) && p->tally.never == 0 &&
           (p->tally.cases == p->shape.count || (same_text(x->tag, y->tag) && same_text(x->clause, y->clause)));
}

/* Whether every failure of the pack is listed; a pack that is not there has none. */
static int all_listed(const side *s, const char *sha256)
{
    const mxc_pack_result *p = pack_of(s, sha256);
    return !p || s->listed[p - s->report->pack] == p->tally.fail;
}

/* ---- cases ---- */

static mx_status add_case(mxc_run_diff *d, mxc_change change, const mxc_wrong *a, const mxc_wrong *b)
{
    d->count[change]++;
    d->known += change == MXC_REGRESSION && b->known;
    if (change == MXC_SAME)
        return MX_OK;
    if ((d->changes & (d->changes - 1)) == 0) { /* room is the next power of two */
        mxc_case_change *more = realloc(d->change, (d->changes ? 2 * d->changes : 1) * sizeof *more);
        if (!more)
            return MX_ENOMEM;
        d->change = more;
    }
    d->change[d->changes++] = (mxc_case_change){change, a, b};
    return MX_OK;
}

/* One failure, of one side or both. */
static mx_status compare_case(mxc_run_diff *d, const side *a, const side *b, const mxc_wrong *x, const mxc_wrong *y)
{
    const char *sha256 = x ? digest_of(a, x) : digest_of(b, y);
    if (!all_listed(a, sha256) || !all_listed(b, sha256))
        return MX_OK; /* counted by pack */
    if (x && y)
        return add_case(d, strcmp(x->got, y->got) == 0 ? MXC_SAME : MXC_CHANGED, x, y);
    if (x)
        return add_case(d, all_judged(b, a, sha256) ? MXC_FIX : MXC_GONE, x, y);
    return add_case(d, all_judged(a, b, sha256) ? MXC_REGRESSION : MXC_NEW, x, y);
}

static mx_status compare_cases(mxc_run_diff *d, const side *a, const side *b)
{
    const size_t n = a->report->wrongs, m = b->report->wrongs;
    mx_status status = MX_OK;
    for (size_t i = 0, j = 0; (i < n || j < m) && status == MX_OK;) {
        int order = i == n ? 1 : j == m ? -1 : 0;
        if (order == 0) {
            const keyed x = {digest_of(a, a->wrong[i]), a->wrong[i]}, y = {digest_of(b, b->wrong[j]), b->wrong[j]};
            order = by_case(&x, &y);
        }
        status = compare_case(d, a, b, order <= 0 ? a->wrong[i] : NULL, order >= 0 ? b->wrong[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    return status;
}

/* ---- packs ---- */

static void count_beyond(mxc_run_diff *d, size_t a, size_t b)
{
    const size_t both = a < b ? a : b;
    d->beyond++;
    d->count[MXC_FIX] += a - both;
    d->count[MXC_REGRESSION] += b - both;
    d->count[MXC_SAME] += both;
}

static void compare_packs(mxc_run_diff *d, const side *a, const side *b)
{
    for (size_t p = 0; p < a->report->packs; p++) {
        const mxc_pack_result *x = &a->report->pack[p], *y = pack_of(b, x->sha256);
        if (!was_judged(x) || !y)
            continue;
        if (y->verdict == MXC_UNSUPPORTED || y->tally.never > x->tally.never) {
            d->lost +=
                y->verdict == MXC_UNSUPPORTED ? x->tally.cases - x->tally.never : y->tally.never - x->tally.never;
            d->lost_packs++;
        }
        if (was_judged(y) && !(all_listed(a, x->sha256) && all_listed(b, x->sha256)))
            count_beyond(d, x->tally.fail, y->tally.fail);
    }
}

/* ---- classes of failures ---- */

typedef struct keys {
    const mxc_key_count **key;
    size_t n;
} keys;

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const mxc_key_count *const *)a)->key, (*(const mxc_key_count *const *)b)->key);
}

static mx_status keys_of(keys *to, const mxc_report *r)
{
    size_t n = 0;
    for (size_t c = 0; c < r->clusters; c++)
        n += r->cluster[c].keys;
    to->n = 0;
    to->key = calloc(n + 1, sizeof *to->key);
    for (size_t c = 0; c < r->clusters && to->key; c++)
        for (size_t k = 0; k < r->cluster[c].keys; k++)
            to->key[to->n++] = &r->cluster[c].key[k];
    mxc_sort(to->key, to->n, sizeof *to->key, by_key);
    return to->key ? MX_OK : MX_ENOMEM;
}

/* Whether packs of the key's operation, format and type were judged. */
static int shape_judged(const mxc_report *r, const char *key)
{
    for (size_t p = 0; p < r->packs; p++) {
        const char *part[] = {mx_op_name(r->pack[p].shape.op), mx_elem_name(r->pack[p].shape.elem),
                              mx_type_name(r->pack[p].shape.type)};
        const char *at = key;
        int same = was_judged(&r->pack[p]);
        for (int i = 0; i < 3 && same; i++) {
            const char *name = part[i] ? part[i] : "-";
            same = strncmp(at, name, strlen(name)) == 0 && at[strlen(name)] == '/';
            at += strlen(name) + 1;
        }
        if (same)
            return 1;
    }
    return 0;
}

static void add_key(mxc_run_diff *d, const char *key, size_t a, size_t b)
{
    if (a == b)
        return;
    const mxc_change change = a == 0   ? (shape_judged(d->a, key) ? MXC_REGRESSION : MXC_NEW)
                              : b == 0 ? (shape_judged(d->b, key) ? MXC_FIX : MXC_GONE)
                              : b > a  ? MXC_REGRESSION
                                       : MXC_FIX;
    d->key[d->keys++] = (mxc_key_change){change, key, a, b};
}

static mx_status compare_keys(mxc_run_diff *d)
{
    keys a = {0}, b = {0};
    mx_status status = keys_of(&a, d->a) == MX_OK && keys_of(&b, d->b) == MX_OK ? MX_OK : MX_ENOMEM;
    d->key = calloc(a.n + b.n + 1, sizeof *d->key);
    if (!d->key)
        status = MX_ENOMEM;
    for (size_t i = 0, j = 0; status == MX_OK && (i < a.n || j < b.n);) {
        const int order = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.key[i]->key, b.key[j]->key);
        add_key(d, order <= 0 ? a.key[i]->key : b.key[j]->key, order <= 0 ? a.key[i]->count : 0,
                order >= 0 ? b.key[j]->count : 0);
        i += order <= 0;
        j += order >= 0;
    }
    free(a.key);
    free(b.key);
    return status;
}

/* ---- the whole ---- */

/* Regressions first. */
static int rank(mxc_change change)
{
    static const int rank[] = {0, 2, 1, 3, 4, 5, 6};
    return rank[change];
}

static int by_case_change(const void *a, const void *b)
{
    const mxc_case_change *x = a, *y = b;
    const int order = rank(x->change) - rank(y->change);
    return order ? order : strcmp(x->a ? x->a->id : x->b->id, y->a ? y->a->id : y->b->id);
}

static int by_key_change(const void *a, const void *b)
{
    const mxc_key_change *x = a, *y = b;
    const int order = rank(x->change) - rank(y->change);
    return order ? order : strcmp(x->key, y->key);
}

static int broke_rules(const mxc_report *r)
{
    return *r->misconduct || r->repeat.differ;
}

mx_status mxc_run_diff_make(mxc_run_diff *d, const mxc_report *a, const mxc_report *b)
{
    side x = {0}, y = {0};
    *d = (mxc_run_diff){.a = a, .b = b};
    mx_status status = side_make(&x, a);
    if (status == MX_OK)
        status = side_make(&y, b);
    if (status == MX_OK)
        status = compare_cases(d, &x, &y);
    if (status == MX_OK) {
        compare_packs(d, &x, &y);
        status = compare_keys(d);
    }
    side_free(&x);
    side_free(&y);
    if (status != MX_OK) {
        mxc_run_diff_free(d);
        return status;
    }
    mxc_sort(d->change, d->changes, sizeof *d->change, by_case_change);
    mxc_sort(d->key, d->keys, sizeof *d->key, by_key_change);
    d->misconduct = broke_rules(b) && !broke_rules(a);
    d->regression = d->count[MXC_REGRESSION] > d->known || d->lost || d->misconduct;
    return MX_OK;
}

void mxc_run_diff_free(mxc_run_diff *d)
{
    free(d->change);
    free(d->key);
    *d = (mxc_run_diff){0};
}
