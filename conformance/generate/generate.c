/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/generate/generate.h"

#include <stdlib.h>
#include <string.h>

#include <mx/conformance.h>
#include <mx/names.h>
#include <mx/ref.h>

#include "conformance/error.h"
#include "conformance/generate/points.h"

/* ---- the table, expanded ---- */

/* ocp-mx-1.0 is the first value of every axis. */
static mx_profile first_values(void)
{
    mx_profile profile;
    memset(&profile, 1, sizeof profile);
    profile.sr_bits = 0;
    return profile;
}

static mx_status recipe_profile(mx_profile *profile, const mxc_recipe *recipe, mxv_error *error)
{
    char why[MX_WHY];
    *profile = first_values();
    if (recipe->profile != NULL) {
        mxc_profile shipped;
        const mx_status status = mxc_profile_load(&shipped, recipe->profile, error);
        if (status != MX_OK) {
            return status;
        }
        *profile = shipped.values;
    }
    if (recipe->axes[0] != '\0' && mx_profile_parse(profile, recipe->axes, strlen(recipe->axes), why) != MX_OK) {
        return mxc_fail(error, MX_EINVAL, "%s: %s", recipe->variant, why);
    }
    return MX_OK;
}

static int has(unsigned set, unsigned id)
{
    return (int)(set >> id & 1);
}

/* "quantize.e4m3.fp32.floor": the operation, its format, its type or layout, and what tells the pack from others. */
static void plan_name(mxc_plan *plan, const char *variant)
{
    const mx_batch *s = &plan->shape;
    int n = snprintf(plan->name, sizeof plan->name, "%s", mx_op_name(s->op));
    if (s->elem != 0) {
        n += snprintf(plan->name + n, sizeof plan->name - (size_t)n, ".%s", mx_elem_name(s->elem));
    }
    (void)snprintf(plan->name + n, sizeof plan->name - (size_t)n, ".%s.%s",
                   s->layout != 0 ? mx_layout_name(s->layout) : mx_type_name(s->type), variant);
}

static mx_status add_plans(mxc_plan *plans, size_t *count, const mxc_recipe *recipe, mxc_tier tier, mxv_error *error)
{
    const mx_op_info *op = mx_op_info_of(recipe->op);
    mx_batch shape = {.op = recipe->op, .k = recipe->k, .layout = recipe->layout};
    shape.rows = recipe->rows;
    shape.cols = recipe->cols;
    const mx_status status = recipe_profile(&shape.profile, recipe, error);
    /* what the operation has not goes once, as 0 */
    for (unsigned e = (unsigned)op->has_elem; status == MX_OK && e <= (op->has_elem ? MX_ELEM_LAST : 0); e++) {
        for (unsigned t = (unsigned)op->has_type; t <= (op->has_type ? MX_TYPE_LAST : 0); t++) {
            if ((op->has_elem && !has(recipe->elems, e)) || (op->has_type && !has(recipe->types, t))) {
                continue;
            }
            if (plans != NULL) {
                mxc_plan *plan = &plans[*count];
                shape.elem = (mx_elem)e;
                shape.type = (mx_type)t;
                plan->shape = shape;
                plan->recipe = recipe;
                plan->tier = tier;
                plan_name(plan, recipe->variant);
            }
            ++*count;
        }
    }
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const mxc_plan *)a)->name, ((const mxc_plan *)b)->name);
}

/* The line of `text` that begins with the plan's name, a blank, the number of rows and a blank: what follows, ended by
 * a NUL; NULL when there is none. */
static const char *kept_of(char *text, const char *name)
{
    const size_t n = strlen(name);
    for (char *line = text; line != NULL && *line != '\0';) {
        char *feed = strchr(line, '\n'), *blank = strncmp(line, name, n) == 0 && line[n] == ' ' ? line + n : NULL;
        char *next = feed != NULL ? feed + 1 : NULL;
        if (blank != NULL && (blank = strchr(blank + 1, ' ')) != NULL && feed != NULL && blank < feed) {
            *feed = '\0';
            return blank + 1;
        }
        line = next != NULL ? next : line + strlen(line);
    }
    return NULL;
}

/* Give each plan its rows. The text is kept behind the plans, in the same allocation; both are in the order of names,
 * so that each search begins where the last one ended. */
static mx_status read_kept(mxc_plan **plans, size_t count, mxv_error *error)
{
    char *path = mxc_data_path("vectors/SMOKE", error);
    FILE *in = path != NULL ? fopen(path, "rb") : NULL;
    char *text = NULL;
    size_t room = 0;
    const ssize_t n = in != NULL ? getdelim(&text, &room, '\0', in) : -1;
    mx_status status = MX_OK;
    if (path != NULL && (n < 0 || strncmp(text, "#mxsmoke 1\n", 11) != 0)) {
        status = mxc_fail(error, n < 0 ? MX_EIO : MX_EPARSE, "%s:1: wanted '#mxsmoke 1' (make smoke-update)", path);
    }
    mxc_plan *all = path != NULL && status == MX_OK ? realloc(*plans, (count + 1) * sizeof *all + (size_t)n + 1) : NULL;
    if (all != NULL) {
        char *from = memcpy((char *)(all + count + 1), text, (size_t)n);
        from[n] = '\0';
        *plans = all;
        for (size_t i = 0; status == MX_OK && i < count; i++) {
            all[i].kept = kept_of(from, all[i].name);
            if (all[i].kept == NULL) {
                status =
                    mxc_fail(error, MX_EPARSE, "%s: no line '%s ROWS KEPT' (make smoke-update)", path, all[i].name);
            } else {
                memcpy(&from, &all[i].kept, sizeof from);
                from += strlen(from) + 1;
            }
        }
    } else if (path == NULL || status == MX_OK) {
        status = path == NULL ? MX_EIO : mxc_fail(error, MX_ENOMEM, "%s: %s", path, mx_status_text(MX_ENOMEM));
    }
    if (in != NULL) {
        fclose(in);
    }
    free(text);
    free(path);
    return status;
}

static int is_in(const mxc_recipe *recipe, mxc_tier tier)
{
    return tier == MXC_FULL || recipe->tier == MXC_SMOKE;
}

mx_status mxc_plans(mxc_plan **plans, size_t *count, mxc_tier tier, mxv_error *error)
{
    mxc_plan *all = NULL;
    for (int pass = 0; pass < 2; pass++) { /* count, then fill */
        *count = 0;
        for (const mxc_recipe *r = mxc_recipes; r->tier != 0; r++) {
            const mx_status status = is_in(r, tier) ? add_plans(all, count, r, tier, error) : MX_OK;
            if (status != MX_OK) {
                free(all);
                return status;
            }
        }
        if (pass == 0 && (all = calloc(*count + 1, sizeof *all)) == NULL) {
            return mxc_fail(error, MX_ENOMEM, "%s: %s", "plans", mx_status_text(MX_ENOMEM));
        }
    }
    qsort(all, *count, sizeof *all, by_name);
    for (size_t i = 1; i < *count; i++) {
        if (strcmp(all[i - 1].name, all[i].name) == 0) {
            const mx_status status =
                mxc_fail(error, MX_EINVAL, "%s: %s", all[i].name, "two rows of the table have this name");
            free(all);
            return status;
        }
    }
    const mx_status status = tier == MXC_SMOKE ? read_kept(&all, *count, error) : MX_OK;
    if (status != MX_OK) {
        free(all);
        return status;
    }
    *plans = all;
    return MX_OK;
}

/* ---- a pack of one's own ---- */

/* "mine", or with what the name of the shape does not say: "mine-k16", "mine-129x4". */
static void own_variant(char text[MXC_PACK_NAME], const char *variant, const mx_batch *shape)
{
    const mx_op_info *op = mx_op_info_of(shape->op);
    if (op->is_matrix)
        (void)snprintf(text, MXC_PACK_NAME, "%s-%zux%zu", variant, shape->rows, shape->cols);
    else if (op->is_block && shape->k != 32)
        (void)snprintf(text, MXC_PACK_NAME, "%s-k%zu", variant, shape->k);
    else
        (void)snprintf(text, MXC_PACK_NAME, "%s", variant);
}

mx_status mxc_plan_own(mxc_plan *plan, const mx_batch *shape, const char *variant, mxv_error *error)
{
    enum { LONGEST = 24 };
    char why[MX_WHY], full[MXC_PACK_NAME];
    const size_t n = strlen(variant);
    if (n == 0 || n > LONGEST || strspn(variant, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n) {
        return mxc_fail(error, MX_EINVAL, "wanted 1 to %d small letters, digits, dots and dashes, found '%.80s'",
                        LONGEST, variant);
    }
    if (mx_shape_check(shape, why) != MX_OK || mx_profile_check(&shape->profile, why) != MX_OK) {
        return mxc_fail(error, MX_EINVAL, "%s", why);
    }
    *plan = (mxc_plan){.shape = *shape, .tier = MXC_WHOLE, .recipe = mxc_own_recipe(shape->op, shape->k)};
    own_variant(full, variant, shape);
    plan_name(plan, full);
    mxc_plan *table = NULL;
    size_t count = 0;
    mx_status status = mxc_plans(&table, &count, MXC_FULL, error);
    for (size_t i = 0; status == MX_OK && i < count; i++) {
        if (strcmp(table[i].name, plan->name) == 0) {
            status = mxc_fail(error, MX_EINVAL, "%s is the name of a pack of the suite: its cases have these ids",
                              plan->name);
        }
    }
    free(table);
    return status;
}

/* ---- one pack ---- */

static void put(void *column, size_t width, size_t i, uint64_t bits)
{
    const uint32_t word = (uint32_t)bits;
    const uint16_t half = (uint16_t)bits;
    switch (width) {
    case 8:
        memcpy((char *)column + 8 * i, &bits, 8);
        break;
    case 4:
        memcpy((char *)column + 4 * i, &word, 4);
        break;
    default:
        memcpy((char *)column + 2 * i, &half, 2);
        break;
    }
}

/* The pack's own input columns, writable while it is made. */
static void *writable(const void *column)
{
    void *p;
    memcpy(&p, &column, sizeof p);
    return p;
}

static void copy_inputs(mxv_pack *pack, const mxc_points *points)
{
    const mx_inputs *in = &pack->batch.in;
    const size_t cells = points->count * points->shape.k;
    for (size_t i = 0; in->value != NULL && i < cells; i++) {
        put(writable(in->value), mx_type_bytes(points->shape.type), i, points->value[i]);
    }
    if (in->random != NULL) {
        memcpy(writable(in->random), points->random, cells * sizeof *points->random);
    }
    if (in->code != NULL) {
        memcpy(writable(in->code), points->code, cells);
    }
    if (in->byte != NULL) {
        memcpy(writable(in->byte), points->code, points->count * points->cells);
    }
    if (in->scale != NULL && points->shape.layout != 0) {
        memcpy(writable(in->scale), points->code, points->count * points->cells);
    } else if (in->scale != NULL) {
        memcpy(writable(in->scale), points->scale, points->count);
    }
}

/* Ids begin with a short word for the operation. */
static const char *short_name(mx_op op)
{
    static const char *const names[] = {"", "d", "c", "s", "sc", "q", "dq", "p", "up", "sw", "us"};
    _Static_assert(sizeof names / sizeof *names == MX_OP_LAST + 1, "letters for each operation");
    return names[op];
}

/* "C6.3-b,lane", then the axes that the answer depends on. */
static void full_tags(char *text, size_t size, const char *tags, uint32_t axes)
{
    size_t used = (size_t)snprintf(text, size, "%s", tags);
    for (unsigned axis = 1; axis <= MX_AXIS_LAST; axis++) {
        const char *name = mx_axis_name((mx_axis)axis);
        if (axes >> axis & 1 && used + strlen(name) + 2 < size) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ",", name);
        }
    }
}

static mx_status label(mxv_pack *pack, const mxc_plan *plan, const mxc_points *points, const size_t *row)
{
    mx_class *class_ = calloc(points->count + 1, sizeof *class_);
    uint32_t *axes = calloc(points->count + 1, sizeof *axes);
    mx_status status = class_ == NULL || axes == NULL ? MX_ENOMEM : mxc_classify(pack, class_, axes, 0);
    for (size_t i = 0; status == MX_OK && i < points->count; i++) {
        char id[MXC_PACK_NAME + 16], tags[2 * MXC_TAGS];
        (void)snprintf(id, sizeof id, "%s%s.%06zu", short_name(plan->shape.op), strchr(plan->name, '.'),
                       row != NULL ? row[i] + 1 : i + 1);
        full_tags(tags, sizeof tags, points->tags[i], axes[i]);
        status = mxv_pack_label(pack, i, id, class_[i], tags[0] == '\0' ? "-" : tags);
    }
    free(class_);
    free(axes);
    return status;
}

/* Whether case i has an answer that memory full of zeros would not give. */
static int speaks(const mxv_pack *pack, size_t i)
{
    const mx_outputs *out = &pack->batch.out, *open = &pack->open;
    const size_t k = pack->batch.k, width = mx_type_bytes(pack->batch.type);
    if (pack->batch.layout != 0) {
        const uint8_t *cells = out->byte != NULL ? out->byte : out->code != NULL ? out->code : out->scale;
        const size_t n = mx_column_cells(&pack->batch, &mx_op_info_of(pack->batch.op)->out[0]);
        return cells[i * n] != 0 || memcmp(cells + i * n, cells + i * n + 1, n - 1) != 0;
    }
    int found = out->scale != NULL && out->scale[i] != 0 && !open->scale[i];
    for (size_t cell = i * k; cell < (i + 1) * k; cell++) {
        found = found || (out->code != NULL && out->code[cell] != 0 && !open->code[cell]);
        for (size_t byte = 0; out->value != NULL && byte < width; byte++) {
            found = found ||
                    (((const uint8_t *)out->value)[cell * width + byte] != 0 && !((const uint8_t *)open->value)[cell]);
        }
    }
    return found;
}

/* Bring cases whose answers are not all zero to both ends, so that leaving out the first or the last one shows even in
 * fresh memory. 1 when rows were moved. */
static int speak_at_ends(const mxv_pack *pack, mxc_points *points)
{
    const size_t count = points->count;
    size_t first = 0, last = count;
    while (first < count && !speaks(pack, first)) {
        first++;
    }
    while (last > 0 && !speaks(pack, last - 1)) {
        last--;
    }
    if (first >= last || (first == 0 && last == count)) {
        return 0;
    }
    mxc_points_swap(points, 0, first);
    mxc_points_swap(points, count - 1, last - 1);
    return 1;
}

/* Rows of "1-3,7" among `count`, from 0; NULL when it is no such list, or out of memory. */
static size_t *rows_of(const char *kept, size_t count, size_t *rows)
{
    size_t *row = calloc(count + 1, sizeof *row), next = 0;
    *rows = 0;
    for (const char *at = kept; row != NULL && *at != '\0'; at += *at == ',') {
        char *end;
        const size_t first = strtoul(at, &end, 10), last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
        if (end == at || (*end != ',' && *end != '\0') || first <= next || last < first || last > count) {
            free(row);
            return NULL;
        }
        for (next = first; next <= last; next++) {
            row[(*rows)++] = next - 1;
        }
        next = last;
        at = end;
    }
    return row;
}

/* Keep the rows that the plan lists. */
static mx_status thin(const mxc_plan *plan, mxc_points *points, size_t **row)
{
    size_t rows;
    *row = rows_of(plan->kept, points->count, &rows);
    if (*row == NULL || rows == 0) {
        return MX_EPARSE;
    }
    for (size_t i = 0; i < rows; i++) {
        mxc_points_move(points, i, (*row)[i]);
    }
    points->count = rows;
    return MX_OK;
}

static mx_status answer(mxv_pack **pack, const mxc_plan *plan, const mxc_points *points)
{
    mx_batch shape = plan->shape;
    mxv_pack_free(*pack);
    *pack = NULL;
    shape.count = points->count;
    mx_status status = mxv_pack_new(pack, &shape);
    if (status != MX_OK) {
        return status;
    }
    copy_inputs(*pack, points);
    const mxref_free open = {(*pack)->open.value, (*pack)->open.scale, (*pack)->open.code};
    return mxref_run(&(*pack)->batch, &open);
}

static mx_status fill(mxv_pack **pack, const mxc_plan *plan, mxc_points *points)
{
    size_t *row = NULL;
    mx_status status = answer(pack, plan, points);
    const int moved = status == MX_OK && speak_at_ends(*pack, points);
    if (status == MX_OK && plan->kept != NULL) {
        status = thin(plan, points, &row);
    }
    if (status == MX_OK && (moved || row != NULL)) {
        status = answer(pack, plan, points);
    }
    if (status == MX_OK) {
        status = label(*pack, plan, points, row);
    }
    free(row);
    return status;
}

mx_status mxc_generate(mxv_pack **pack, const mxc_plan *plan, mxv_error *error)
{
    mxc_points points;
    *pack = NULL;
    mx_status status = mxc_points_begin(&points, &plan->shape, plan->recipe->classes);
    if (status == MX_OK) {
        status = mxc_points_fill(&points);
    }
    if (status == MX_OK) {
        status = fill(pack, plan, &points);
    }
    mxc_points_free(&points);
    if (status != MX_OK) {
        mxv_pack_free(*pack);
        *pack = NULL;
        return status == MX_EPARSE
                   ? mxc_fail(error, status, "vectors/SMOKE: %s: wanted rows of the pack, rising, found %.40s",
                              plan->name, plan->kept)
                   : mxc_fail(error, status, "%s: %s", plan->name, mx_status_text(status));
    }
    return MX_OK;
}

/* ---- text ---- */

size_t mxc_about(const mxc_plan *plan, char *text, size_t size)
{
    static const char *const verb[] = {"",
                                       "%1$s codes to %2$s",
                                       "%2$s values to %1$s codes",
                                       "scale bytes of %2$s values for %1$s",
                                       "%2$s values under a given scale to %1$s codes",
                                       "blocks of %2$s values to %1$s",
                                       "blocks of %1$s to %2$s values",
                                       "%1$s codes to bytes",
                                       "bytes to %1$s codes",
                                       "scale bytes to tiles",
                                       "tiles to scale bytes"};
    const char *elem = mx_elem_name(plan->shape.elem), *type = mx_type_name(plan->shape.type);
    char subject[128];
    (void)snprintf(subject, sizeof subject, verb[plan->shape.op], elem != NULL ? elem : "", type != NULL ? type : "");
    const int n = snprintf(text, size, "%s, %s", subject, plan->recipe->about);
    return n < 0 || (size_t)n >= size ? 0 : (size_t)n;
}
