/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counts for figures as JSON: only what was judged, a list of whole numbers a cell.
 */
#include "config.h"

#include <mx/conformance.h>

#include "conformance/judge/figures.h"
#include "conformance/report/json.h"

/* ---- writing ---- */

/* [where..., judged, wrong], left out when nothing was judged. */
static void add_rate(json_t *list, const mxc_rate *rate, int n, size_t first, size_t second)
{
    if (!rate->judged)
        return;
    json_t *row = json_array();
    if (n > 0)
        json_array_append_new(row, mxc_json_size(first));
    if (n > 1)
        json_array_append_new(row, mxc_json_size(second));
    json_array_append_new(row, mxc_json_size(rate->judged));
    json_array_append_new(row, mxc_json_size(rate->wrong));
    json_array_append_new(list, row);
}

static json_t *json_rates(const mxc_rate *rate, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        add_rate(list, &rate[i], 1, i, 0);
    return list;
}

static json_t *json_rate(const mxc_rate *rate)
{
    return json_pack("[I,I]", (json_int_t)rate->judged, (json_int_t)rate->wrong);
}

static json_t *json_heat(mx_elem elem, const mxc_heat *heat)
{
    json_t *o = json_object(), *remainders = json_object();
    for (int r = 0; r < MXC_HEAT_ROWS; r++)
        json_object_set_new(remainders, mxc_place_name((mxc_place)(MXC_PLACE_EXACT + r)),
                            json_rates(heat->cell[r], MXC_HEAT_COLUMNS));
    json_object_set_new(o, "elem", json_string(mx_elem_name(elem)));
    json_object_set_new(o, "first_exponent", json_integer(heat->first));
    json_object_set_new(o, "columns", json_integer(heat->columns));
    json_object_set_new(o, "encoded", remainders);
    json_object_set_new(o, "decoded", json_rates(heat->decoded, MXC_HEAT_COLUMNS));
    json_object_set_new(o, "zero", json_rate(&heat->zero));
    json_object_set_new(o, "inf", json_rate(&heat->inf));
    json_object_set_new(o, "nan", json_rate(&heat->nan));
    return o;
}

static json_t *json_binade(const mxc_binade *b)
{
    json_t *o = json_object(), *cells = json_array();
    for (size_t x = 0; x < MXC_BINADE_X; x++)
        for (size_t y = 0; y < MXC_BINADE_Y; y++)
            add_rate(cells, &b->cell[x][y], 2, x, y);
    json_object_set_new(o, "elem", mxc_json_text(mx_elem_name(b->elem)));
    json_object_set_new(o, "by", mxc_json_axis_value(b->elem ? MX_AXIS_ROUND : MX_AXIS_SCALE, b->value));
    json_object_set_new(o, "cells", cells);
    return o;
}

json_t *mxc_json_figures(const mxc_figures *f)
{
    if (!f)
        return json_null();
    json_t *o = json_object(), *heats = json_array(), *binades = json_array();
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        json_array_append_new(heats, json_heat((mx_elem)e, &f->heat[e]));
    for (size_t i = 0; i < f->binades; i++)
        json_array_append_new(binades, json_binade(&f->binade[i]));
    json_object_set_new(o, "heat", heats);
    json_object_set_new(o, "binades", binades);
    json_object_set_new(o, "quantize_lanes", json_rates(f->quantize, MXC_LANE_BINS));
    json_object_set_new(o, "dequantize_lanes", json_rates(f->dequantize, MXC_LANE_BINS));
    return o;
}

/* ---- reading ---- */

/* The rate for [where..., judged, wrong] in a grid of `rows` times `columns`; its place, or NULL with the reader
 * failed. */
static void read_rate(mxc_json *r, const json_t *cell, mxc_rate *grid, size_t rows, size_t columns)
{
    size_t n = rows > 1 ? 4 : 3, number[4] = {0};
    for (size_t i = 0; i < n; i++) {
        json_int_t v = json_integer_value(json_array_get(cell, i));
        number[i] = v < 0 ? (size_t)-1 : (size_t)v;
    }
    size_t row = n == 4 ? number[0] : 0, column = number[n - 3];
    if (json_array_size(cell) != n || row >= rows || column >= columns || number[n - 1] > number[n - 2])
        mxc_json_bad(r, "\"figures\": a malformed cell");
    else
        grid[row * columns + column] = (mxc_rate){number[n - 2], number[n - 1]};
}

static void read_rates(mxc_json *r, const json_t *o, const char *key, mxc_rate *grid, size_t rows, size_t columns)
{
    const json_t *list = mxc_json_list_of(r, o, key), *cell;
    size_t i;
    json_array_foreach(list, i, cell)
    {
        read_rate(r, cell, grid, rows, columns);
    }
}

static void read_heat(mxc_json *r, const json_t *o, mxc_figures *figures)
{
    const json_t *encoded = mxc_json_object_of(r, o, "encoded");
    mxc_heat *heat = &figures->heat[mxc_json_noun_of(r, o, "elem", NOUN_ELEM, 0)];
    static const char *const special[] = {"zero", "inf", "nan"};
    mxc_rate *const rate[] = {&heat->zero, &heat->inf, &heat->nan};
    for (int m = 0; encoded && m < MXC_HEAT_ROWS; m++)
        read_rates(r, encoded, mxc_place_name((mxc_place)(MXC_PLACE_EXACT + m)), heat->cell[m], 1, MXC_HEAT_COLUMNS);
    read_rates(r, o, "decoded", heat->decoded, 1, MXC_HEAT_COLUMNS);
    for (size_t i = 0; i < sizeof rate / sizeof *rate; i++) {
        const json_t *pair = mxc_json_list_of(r, o, special[i]);
        rate[i]->judged = (size_t)json_integer_value(json_array_get(pair, 0));
        rate[i]->wrong = (size_t)json_integer_value(json_array_get(pair, 1));
    }
}

static void read_binade(mxc_json *r, const json_t *o, mxc_figures *figures)
{
    unsigned elem = mxc_json_noun_of(r, o, "elem", NOUN_ELEM, 1), value = 0;
    mxc_json_axis_value_of(r, json_object_get(o, "by"), &value);
    mxc_binade *b = mxc_json_enough(r, mxc_binade_of(figures, (mx_elem)elem, value));
    if (b)
        read_rates(r, o, "cells", b->cell[0], MXC_BINADE_X, MXC_BINADE_Y);
}

void mxc_json_read_figures(mxc_json *r, const json_t *root, mxc_report *report)
{
    const json_t *o = mxc_json_member(r, root, "figures", JSON_OBJECT, JSON_NULL, "an object or null"), *list, *one;
    size_t i;
    if (!json_is_object(o))
        return;
    mxc_figures *figures = report->figures = mxc_json_enough(r, mxc_figures_new());
    if (!figures)
        return;
    list = mxc_json_list_of(r, o, "heat");
    json_array_foreach(list, i, one)
    {
        read_heat(r, one, figures);
    }
    list = mxc_json_list_of(r, o, "binades");
    json_array_foreach(list, i, one)
    {
        read_binade(r, one, figures);
    }
    read_rates(r, o, "quantize_lanes", figures->quantize, 1, MXC_LANE_BINS);
    read_rates(r, o, "dequantize_lanes", figures->dequantize, 1, MXC_LANE_BINS);
}
