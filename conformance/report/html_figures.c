/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which figures the HTML page shows, and what they mean.
 */
#include "config.h"

#include <stdlib.h>

#include "conformance/report/html.h"

enum { BINADES = 6 };

static void put_heats(FILE *out, const mxc_figures *f)
{
    mxc_rate total;
    fputs(
        "<h3>By exponent and remainder</h3>\n<p class=\"fine\">Elements by the exponent of the quotient (value over "
        "scale) "
        "and by where it lies between its two neighbours. <span class=\"key\"><i class=\"r\"></i>all as wanted</span> "
        "<span class=\"key\"><i class=\"w\"></i>wrong, the fuller the more</span> <span class=\"key\"><i "
        "class=\"no\"></i>"
        "never exercised</span></p>\n<div class=\"figures\">\n",
        out);
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        if (mxc_heat_judged(&f->heat[e], &total))
            mxc_svg_heat(out, (mx_elem)e, &f->heat[e]);
    fputs("</div>\n", out);
}

static size_t wrong_of(const mxc_binade *b)
{
    return mxc_binade_total(b).wrong;
}

/* Those with most wrong answers first; the format and the value of the axis after that, whatever the run's order. */
static int by_wrong(const void *a, const void *b)
{
    const mxc_binade *x = *(const mxc_binade *const *)a, *y = *(const mxc_binade *const *)b;
    size_t m = wrong_of(x), n = wrong_of(y);
    if (m != n)
        return m > n ? -1 : 1;
    return x->elem != y->elem ? (x->elem < y->elem ? -1 : 1) : (x->value > y->value) - (x->value < y->value);
}

/* Six with wrong answers; where there is none, each format under the first rounding that was judged. */
static void put_binades(FILE *out, const mxc_figures *f)
{
    const mxc_binade **list = calloc(f->binades + 1, sizeof *list);
    size_t shown = 0;
    if (!list || !f->binades) {
        free(list);
        return;
    }
    for (size_t i = 0; i < f->binades; i++)
        list[i] = &f->binade[i];
    qsort(list, f->binades, sizeof *list, by_wrong);
    fputs(
        "<h3>Error over a binade</h3>\n<p class=\"fine\">Each dot is a place in a binade with the error of the answers "
        "there; errors beyond two steps are drawn at two. <span class=\"key\"><i class=\"r\"></i>as wanted</span> "
        "<span class=\"key\"><i class=\"w\"></i>wrong</span></p>\n<div class=\"figures\">\n",
        out);
    int any = wrong_of(list[0]) != 0;
    for (size_t i = 0; i < f->binades && shown < BINADES; i++)
        if (any ? wrong_of(list[i]) != 0 : list[i]->elem && (i == 0 || list[i]->elem != list[i - 1]->elem)) {
            mxc_svg_binade(out, list[i]);
            shown++;
        }
    fputs("</div>\n", out);
    free(list);
}

static mxc_rate lanes_total(const mxc_rate *lane)
{
    mxc_rate sum = {0};
    for (int i = 0; i < MXC_LANE_BINS; i++) {
        sum.judged += lane[i].judged;
        sum.wrong += lane[i].wrong;
    }
    return sum;
}

static void put_lanes(FILE *out, const mxc_figures *f)
{
    const mxc_rate quantize = lanes_total(f->quantize), dequantize = lanes_total(f->dequantize);
    if (!quantize.judged && !dequantize.judged)
        return;
    fputs("<h3>By lane</h3>\n", out);
    if (!quantize.wrong && !dequantize.wrong) {
        fputs("<p>No lane of any block is wrong (", out);
        mxc_html_count(out, quantize.judged + dequantize.judged, "element");
        fputs(" in blocks).</p>\n", out);
        return;
    }
    fputs("<div class=\"figures\">\n", out);
    if (quantize.wrong)
        mxc_svg_lanes(out, "quantize", f->quantize);
    if (dequantize.wrong)
        mxc_svg_lanes(out, "dequantize", f->dequantize);
    fputs("</div>\n", out);
}

void mxc_html_figures(FILE *out, const mxc_report *r)
{
    mxc_rate total, any = {0};
    fputs("<section id=\"figures\">\n<h2>Figures</h2>\n", out);
    if (!r->figures) {
        fputs("<p>The run did not count for figures.</p>\n</section>\n", out);
        return;
    }
    for (int e = 1; e <= MX_ELEM_LAST; e++)
        if (mxc_heat_judged(&r->figures->heat[e], &total))
            any.judged += total.judged;
    if (any.judged)
        put_heats(out, r->figures);
    else
        fputs("<p>No element was judged.</p>\n", out);
    put_binades(out, r->figures);
    put_lanes(out, r->figures);
    fputs("</section>\n", out);
}
