/* SPDX-License-Identifier: BSD-3-Clause
 *
 * explain for pack, unpack, swizzle and unswizzle: where each code or scale lies.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tools/explain/explain.h"
#include "tools/meaning.h"
#include "tools/tool.h"

enum { SHOWN = 64, PLACE = 128 };

static const char clause[] = "MX-5.1-c: not prescribed; D27, D28";

/* The codes or scales of the case, whichever side they are on. */
static const uint8_t *cells(const mx_batch *b)
{
    if (b->op == MX_OP_PACK)
        return b->in.code;
    if (b->op == MX_OP_UNPACK)
        return b->out.code;
    return b->op == MX_OP_SWIZZLE ? b->in.scale : b->out.scale;
}

static unsigned cell_bits(const mx_batch *b)
{
    return b->elem ? mx_elem_bits(b->elem) : 8;
}

/* "byte 0 bits 7..6, byte 1 bits 3..0": where cell `index` lies, its highest bit first. */
static void place_text(char text[PLACE], const mx_batch *b, size_t index)
{
    size_t byte, n = 0, run_byte = 0;
    unsigned at, high = 0, low = 0;
    int begun = 0;
    text[0] = '\0';
    for (unsigned bit = cell_bits(b); bit-- > 0;) {
        if (mxref_layout_place(b, index, bit, &byte, &at) != MX_OK)
            return;
        if (begun && byte == run_byte && at + 1 == low) {
            low = at;
            continue;
        }
        if (begun)
            n += (size_t)snprintf(text + n, PLACE - n, "byte %zu bits %u..%u, ", run_byte, high, low);
        begun = 1;
        run_byte = byte;
        high = low = at;
    }
    if (high == 7 && low == 0)
        snprintf(text + n, PLACE - n, "byte %zu", run_byte);
    else
        snprintf(text + n, PLACE - n, "byte %zu bits %u..%u", run_byte, high, low);
}

/* The case in another layout, its outputs as text; NULL when the shape cannot have it. The caller frees it. */
static char *in_layout(const explain *x, mx_layout layout, int *is_the_other)
{
    const mx_batch *b = &x->pack->batch;
    mx_batch shape = *b;
    mxv_pack *pack = NULL;
    char *in = malloc(mxv_inputs_text(b)), *out = NULL;
    shape.layout = layout;
    *is_the_other = 0;
    if (in && mx_shape_check(&shape, NULL) == MX_OK && mxv_pack_new(&pack, &shape) == MX_OK &&
        mxv_format_inputs(b, 0, in) && mxv_parse_inputs(&pack->batch, 0, in, strlen(in), NULL) == MX_OK &&
        mxref_run(&pack->batch, NULL) == MX_OK && (out = malloc(mxv_outputs_text(&pack->batch))) != NULL) {
        mxv_format_outputs(&pack->batch, NULL, 0, out);
        *is_the_other = x->other && mxc_compare(pack, 0, &x->other->batch.out, NULL);
    }
    mxv_pack_free(pack);
    free(in);
    return out;
}

static char *outputs(const mxv_pack *pack)
{
    char *text = malloc(mxv_outputs_text(&pack->batch));
    if (text)
        mxv_format_outputs(&pack->batch, NULL, 0, text);
    return text;
}

/* ---- text ---- */

static void print_cells(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    size_t from = x->lane != (size_t)-1 && x->lane >= SHOWN ? x->lane : 0;
    size_t to = x->lane == (size_t)-1 || b->k - from < SHOWN ? b->k : from + SHOWN;
    fprintf(explain_out(), "\n%s%s%s\n", tool_colour(explain_out(), TOOL_BOLD), b->elem ? "codes" : "scales",
            tool_colour(explain_out(), TOOL_PLAIN));
    for (size_t i = from; i < to; i++) {
        char place[PLACE], index[48];
        place_text(place, b, i);
        if (x->op->is_matrix)
            snprintf(index, sizeof index, "(%zu, %zu)", i / b->cols, i % b->cols);
        else
            snprintf(index, sizeof index, "%zu", i);
        fprintf(explain_out(), "  %8s  %02x  %s\n", index, cells(b)[i], place);
    }
    if (to - from < b->k)
        fprintf(explain_out(), "  ... %zu of %zu shown; --lane=N shows those from N on, --lane=all all\n", to - from,
                b->k);
}

/* Long rows of bytes, 24 a line. */
static void print_bytes(const char *label, const char *text)
{
    for (size_t at = 0, n = strlen(text); at < n; at += 72) {
        fprintf(explain_out(), "%s%-12s%s%.71s\n", tool_colour(explain_out(), TOOL_BOLD), at ? "" : label,
                tool_colour(explain_out(), TOOL_PLAIN), text + at);
        if (at == 72 * 15 && n > 72 * 16) {
            fprintf(explain_out(), "%-12s... and more\n", "");
            break;
        }
    }
}

static void print_layouts(const explain *x)
{
    int first = 1, is;
    for (mx_layout layout = 1; layout <= MX_LAYOUT_LAST; layout++) {
        char *text = layout != x->pack->batch.layout && x->op->layouts >> layout & 1 ? in_layout(x, layout, &is) : NULL;
        if (!text)
            continue;
        fprintf(explain_out(), "%s", first ? "\n" : "");
        first = 0;
        print_bytes(mx_layout_name(layout), text);
        if (is)
            fprintf(explain_out(), "%-12s%s<- what the subject answered%s\n", "",
                    tool_colour(explain_out(), TOOL_YELLOW), tool_colour(explain_out(), TOOL_PLAIN));
        free(text);
    }
}

void explain_layout_text(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    mxc_diff diff;
    char *text = outputs(x->pack);
    explain_head(x);
    explain_entry("layout", "%s: %s   [%s]", mx_layout_name(b->layout), meaning_of_layout(b->layout), clause);
    print_cells(x);
    print_layouts(x);
    fprintf(explain_out(), "\n");
    print_bytes("reference", text ? text : "");
    if (x->recorded && text && strcmp(x->recorded, text) != 0)
        print_bytes("pack", x->recorded);
    free(text);
    if (!x->other)
        return;
    text = outputs(x->other);
    print_bytes("subject", text ? text : "");
    free(text);
    if (mxc_compare(x->pack, 0, &x->other->batch.out, &diff))
        explain_entry("verdict", "the same");
    else
        explain_entry("verdict", "%zu cell%s, first %zu: wanted %02llx, found %02llx", diff.cells,
                      diff.cells == 1 ? " differs" : "s differ", diff.lane, (unsigned long long)diff.want,
                      (unsigned long long)diff.got);
}

/* ---- JSON ---- */

json_t *explain_layout_json(const explain *x)
{
    const mx_batch *b = &x->pack->batch;
    json_t *out = explain_head_json(x), *places = json_array(), *layouts = json_object();
    char place[PLACE];
    int is;
    explain_put_columns(out, x);
    for (size_t i = 0; i < b->k; i++) {
        place_text(place, b, i);
        json_array_append_new(places,
                              json_pack("{s:o, s:s}", "bits", json_sprintf("%02x", cells(b)[i]), "place", place));
    }
    json_object_set_new(out, "places", places);
    for (mx_layout layout = 1; layout <= MX_LAYOUT_LAST; layout++) {
        char *other = x->op->layouts >> layout & 1 ? in_layout(x, layout, &is) : NULL;
        if (other)
            json_object_set_new(layouts, mx_layout_name(layout), json_string(other));
        free(other);
    }
    json_object_set_new(out, "layouts", layouts);
    return out;
}
