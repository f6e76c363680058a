/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The class of a case: what its answer depends on, found by asking the reference again under another value of each
 * axis. A case is as weak as the weakest clause it depends on (must, should, free, silent).
 */
#include <stdlib.h>
#include <string.h>

#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/generate/generate.h"
#include "conformance/generate/points.h"

/* Which rows can depend on an axis: a set wide enough to hold all that do, cheap to test. */
typedef enum filter {
    ANY_ROW = 1,
    HAS_NAN,
    HAS_INF,
    NO_NORMAL,
    HAS_SUBNORMAL,
    END_BYTE,
    NEGATIVE_ZERO,
    AT_LARGEST
} filter;

/* An axis, and the class of what depends on it while it has its first value (that of ocp-mx-1.0) or another one; 0: the
 * specification leaves no other choice, so nothing to ask. */
typedef struct axis_rule {
    mx_axis axis;
    mx_class first, other;
    filter filter;
    int tagged;     /* the axis is named in the tags */
    int first_open; /* the first value leaves cells open: they tell, without asking */
} axis_rule;

static const axis_rule rules[] = {
    /* MX 6.3 says nothing on these */
    {MX_AXIS_NAN_IN, MX_SILENT, MX_SILENT, HAS_NAN, 1, 0},
    {MX_AXIS_INF_IN, MX_SILENT, MX_SILENT, HAS_INF, 1, 0},
    {MX_AXIS_ZERO_SCALE, MX_SILENT, MX_SILENT, NO_NORMAL, 1, 0},
    {MX_AXIS_SCALE_OVER, MX_SILENT, MX_SILENT, END_BYTE, 1, 0},
    {MX_AXIS_ZERO_SIGN, MX_SILENT, MX_SILENT, NEGATIVE_ZERO, 1, 0},
    {MX_AXIS_SUBNORMAL_IN, MX_SILENT, MX_SILENT, HAS_SUBNORMAL, 1, 0},
    /* implementation-defined, or "may" */
    {MX_AXIS_NAN_TO, MX_FREE, MX_FREE, ANY_ROW, 1, 1},
    {MX_AXIS_INT8_MIN, MX_FREE, MX_FREE, AT_LARGEST, 1, 0},
    {MX_AXIS_NAN_CODE, MX_FREE, MX_FREE, ANY_ROW, 1, 1},
    {MX_AXIS_OVERFLOW_NAN, MX_FREE, MX_FREE, ANY_ROW, 1, 1},
    {MX_AXIS_UNDER_NAN_SCALE, MX_FREE, MX_FREE, ANY_ROW, 1, 1},
    {MX_AXIS_DECODE_OVER, MX_FREE, MX_FREE, ANY_ROW, 1, 1},
    {MX_AXIS_OVERFLOW_DIRECTED, MX_FREE, MX_FREE, AT_LARGEST, 1, 0},
    /* required first values; anything else is by choice */
    {MX_AXIS_INT8, 0, MX_FREE, ANY_ROW, 1, 0},
    {MX_AXIS_SUBNORMAL_OUT, 0, MX_FREE, ANY_ROW, 1, 0},
    {MX_AXIS_OVERFLOW, 0, MX_FREE, AT_LARGEST, 1, 0},
    {MX_AXIS_ROUND, 0, MX_FREE, ANY_ROW, 0, 0},
    /* MX 6.3 is a should as a whole, and a converter may choose its scale otherwise; but whoever accepts a rule has
     * promised it, so the spec's own rule gives no weaker class */
    {MX_AXIS_SCALE, 0, MX_FREE, ANY_ROW, 0, 0},
    {MX_AXIS_SCALE_ARITH, 0, MX_FREE, ANY_ROW, 0, 0},
};

/* MX-6.3-c: the clamp of a block's elements is a should. */
static mx_class class_of(const axis_rule *rule, const mx_batch *batch)
{
    const int first = mx_profile_get(&batch->profile, rule->axis) == 1;
    if (rule->axis == MX_AXIS_OVERFLOW && batch->op == MX_OP_QUANTIZE && first) {
        return MX_SHOULD;
    }
    return first ? rule->first : rule->other;
}

/* ---- rows ---- */

static uint64_t cell(const void *column, size_t width, size_t i)
{
    uint64_t wide;
    uint32_t word;
    uint16_t half;
    switch (width) {
    case 8:
        memcpy(&wide, (const char *)column + 8 * i, 8);
        return wide;
    case 4:
        memcpy(&word, (const char *)column + 4 * i, 4);
        return word;
    default:
        memcpy(&half, (const char *)column + 2 * i, 2);
        return half;
    }
}

/* What the source values of case i have in common. */
static int any_value(const mx_batch *b, size_t i, filter f)
{
    const mxc_layout *l = mxc_layout_of(b->type);
    const uint64_t min_normal = (uint64_t)1 << l->mbits;
    int all_small = 1;
    for (size_t lane = 0; lane < b->k; lane++) {
        const uint64_t at = cell(b->in.value, mx_type_bytes(b->type), i * b->k + lane) & ~l->sign;
        all_small = all_small && (at < min_normal || at >= l->inf);
        if ((f == HAS_NAN && at > l->inf) || (f == HAS_INF && at == l->inf) ||
            (f == HAS_SUBNORMAL && at != 0 && at < min_normal)) {
            return 1;
        }
    }
    return f == NO_NORMAL && all_small;
}

static int any_code(const mx_batch *b, size_t i, filter f)
{
    const mx_facts *facts = mxref_facts(b->elem);
    const mxc_layout *l = mxc_layout_of(b->type);
    for (size_t lane = 0; lane < b->k; lane++) {
        const uint64_t value = cell(b->in.value, mx_type_bytes(b->type), i * b->k + lane);
        const unsigned code = b->out.code[i * b->k + lane], magnitude = code & ((1u << (facts->bits - 1)) - 1);
        const unsigned largest = facts->max_code;
        if ((f == NEGATIVE_ZERO && magnitude == 0 && value & l->sign) ||
            (f == AT_LARGEST && (magnitude >= largest || (b->elem == MX_INT8 && magnitude <= 1)))) {
            return 1;
        }
    }
    return 0;
}

static int can_depend(const mx_batch *b, size_t i, filter f)
{
    switch (f) {
    case ANY_ROW:
        return 1;
    case END_BYTE:
        return b->out.scale[i] >= 0xfe;
    case NEGATIVE_ZERO:
    case AT_LARGEST:
        return b->out.code == NULL || any_code(b, i, f);
    default:
        return any_value(b, i, f);
    }
}

/* ---- asking again ---- */

/* Some rows of a pack, with room for other answers to them. */
typedef struct subset {
    const mxv_pack *pack;
    size_t *row; /* [batch.count] */
    mx_batch batch;
    mx_outputs open;
    void *storage[9];
    size_t stored;
} subset;

static void subset_free(subset *s)
{
    for (size_t i = 0; i < s->stored; i++) {
        free(s->storage[i]);
    }
    free(s->row);
}

/* A column of `count` rows of `row_bytes` bytes, copied from `from` (NULL: the column is not there; `fresh`: zeros). */
static void *column(subset *s, const void *from, size_t row_bytes, int fresh, int *failed)
{
    if (from == NULL) {
        return NULL;
    }
    char *to = calloc(s->batch.count + 1, row_bytes);
    if (to == NULL) {
        *failed = 1;
        return NULL;
    }
    s->storage[s->stored++] = to;
    for (size_t i = 0; !fresh && i < s->batch.count; i++) {
        memcpy(to + i * row_bytes, (const char *)from + s->row[i] * row_bytes, row_bytes);
    }
    return to;
}

/* The rows marked in `wanted` (1 byte a row). */
static mx_status subset_take(subset *s, const mxv_pack *pack, const uint8_t *wanted)
{
    const mx_batch *b = &pack->batch;
    const size_t k = b->k, width = mx_type_bytes(b->type);
    int failed = 0;
    memset(s, 0, sizeof *s);
    s->pack = pack;
    s->row = calloc(b->count + 1, sizeof *s->row);
    if (s->row == NULL) {
        return MX_ENOMEM;
    }
    s->batch = *b;
    s->batch.count = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (wanted[i]) {
            s->row[s->batch.count++] = i;
        }
    }
    s->batch.in.value = column(s, b->in.value, k * width, 0, &failed);
    s->batch.in.random = column(s, b->in.random, k * sizeof *b->in.random, 0, &failed);
    s->batch.in.scale = column(s, b->in.scale, 1, 0, &failed);
    s->batch.in.code = column(s, b->in.code, k, 0, &failed);
    s->batch.out.value = column(s, b->out.value, k * width, 1, &failed);
    s->batch.out.scale = column(s, b->out.scale, 1, 1, &failed);
    s->batch.out.code = column(s, b->out.code, k, 1, &failed);
    s->open.value = column(s, b->out.value, k, 1, &failed);
    s->open.scale = column(s, b->out.scale, 1, 1, &failed);
    s->open.code = column(s, b->out.code, k, 1, &failed);
    return failed ? MX_ENOMEM : MX_OK;
}

static int cells_differ(const void *a, size_t i, const void *b, size_t j, size_t row_bytes)
{
    return a != NULL && b != NULL &&
           memcmp((const char *)a + i * row_bytes, (const char *)b + j * row_bytes, row_bytes) != 0;
}

/* Whether the answers to row i of the subset (those asked for) differ from the pack's, free cells included. */
static int row_differs(const subset *s, size_t i)
{
    const mxv_pack *p = s->pack;
    const size_t k = p->batch.k, width = mx_type_bytes(p->batch.type), row = s->row[i];
    return cells_differ(p->batch.out.value, row, s->batch.out.value, i, k * width) ||
           cells_differ(p->batch.out.scale, row, s->batch.out.scale, i, 1) ||
           cells_differ(p->batch.out.code, row, s->batch.out.code, i, k) ||
           cells_differ(p->open.value, row, s->open.value, i, k) ||
           cells_differ(p->open.scale, row, s->open.scale, i, 1) || cells_differ(p->open.code, row, s->open.code, i, k);
}

static mx_status ask(subset *s, mx_axis axis, unsigned value)
{
    s->batch.profile = s->pack->batch.profile;
    mx_status status = mx_profile_set(&s->batch.profile, axis, value);
    if (status != MX_OK) {
        return status;
    }
    if (axis == MX_AXIS_ROUND) { /* only ever asked about rne, which has no random bits */
        s->batch.in.random = NULL;
    }
    if (axis == MX_AXIS_SCALE || axis == MX_AXIS_SCALE_ARITH) { /* the codes follow the scale */
        s->batch.op = MX_OP_SCALE;
        s->batch.in.random = NULL;
        s->batch.out.code = NULL;
        s->open.code = NULL;
    }
    const mxref_free open = {s->open.value, s->open.scale, s->open.code};
    return mxref_run(&s->batch, &open);
}

static void raise_class(mx_class *class_, mx_class to)
{
    if (*class_ < to) {
        *class_ = to;
    }
}

/* Every other value of the axis, on the rows that can depend on it and are not yet known to. */
static mx_status classify_axis(const mxv_pack *pack, const axis_rule *rule, mx_class *class_, uint32_t *axes, int all)
{
    const mx_batch *b = &pack->batch;
    const mx_class to = class_of(rule, b);
    const unsigned now = mx_profile_get(&b->profile, rule->axis);
    uint8_t *wanted = malloc(b->count + 1);
    subset s = {0};
    mx_status status = wanted == NULL ? MX_ENOMEM : MX_OK;
    for (unsigned value = 1; status == MX_OK && value <= mx_axis_count(rule->axis); value++) {
        const int skipped = value == now || (rule->first_open && value == 1) ||
                            (rule->axis == MX_AXIS_ROUND && value != MX_RNE) ||
                            (rule->first == 0 && now != 1 && value != 1);
        size_t n = 0;
        for (size_t i = 0; !skipped && i < b->count; i++) {
            const int open_question = rule->tagged ? !(axes[i] >> rule->axis & 1) : class_[i] < to;
            wanted[i] = open_question && (all || can_depend(b, i, rule->filter));
            n += wanted[i];
        }
        if (n == 0) {
            continue;
        }
        status = subset_take(&s, pack, wanted);
        if (status == MX_OK) {
            status = ask(&s, rule->axis, value);
        }
        for (size_t i = 0; status == MX_OK && i < s.batch.count; i++) {
            if (row_differs(&s, i)) {
                raise_class(&class_[s.row[i]], to);
                axes[s.row[i]] |= rule->tagged ? (uint32_t)1 << rule->axis : 0;
            }
        }
        subset_free(&s);
    }
    free(wanted);
    return status;
}

/* A free cell makes its case free. */
static int has_open(const mxv_pack *pack, size_t i)
{
    const size_t k = pack->batch.k;
    int open = pack->batch.out.scale != NULL && pack->open.scale[i];
    for (size_t lane = 0; lane < k; lane++) {
        open = open || (pack->batch.out.value != NULL && ((const uint8_t *)pack->open.value)[i * k + lane]) ||
               (pack->batch.out.code != NULL && pack->open.code[i * k + lane]);
    }
    return open;
}

mx_status mxc_classify(const mxv_pack *pack, mx_class *class_, uint32_t *axes, int all)
{
    const mx_batch *b = &pack->batch;
    for (size_t i = 0; i < b->count; i++) {
        axes[i] = 0;
        /* MX v1.0 prescribes no layout (D27) */
        class_[i] = b->layout != 0 ? MX_SILENT : has_open(pack, i) ? MX_FREE : MX_MUST;
    }
    if (b->layout != 0) {
        return MX_OK;
    }
    mx_status status = MX_OK;
    for (size_t r = 0; status == MX_OK && r < sizeof rules / sizeof rules[0]; r++) {
        const unsigned now = mx_profile_get(&b->profile, rules[r].axis);
        const int asked = class_of(&rules[r], b) != 0 && !(rules[r].first_open && now == 1) &&
                          mx_axis_matters(rules[r].axis, b->op, b->elem, b->type, &b->profile);
        if (asked) {
            status = classify_axis(pack, &rules[r], class_, axes, all);
        }
    }
    return status;
}
