/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Figures as inline SVG. Colours and strokes are classes of the page's style, so that light, dark and print have their
 * own; a figure keeps its size and scrolls by itself on a narrow screen.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/report/html.h"

/* ---- mismatch rate over exponent and remainder class ---- */

enum { CELL_W = 15, CELL_H = 20, LEFT = 74, TOP = 8, HEAT_LINES = MXC_HEAT_ROWS + 1, SPECIALS = 3 };

int mxc_heat_judged(const mxc_heat *heat, mxc_rate *total)
{
    const mxc_rate *const special[] = {&heat->zero, &heat->inf, &heat->nan};
    *total = (mxc_rate){0};
    for (size_t c = 0; c < MXC_HEAT_COLUMNS; c++) {
        for (size_t m = 0; m < MXC_HEAT_ROWS; m++) {
            total->judged += heat->cell[m][c].judged;
            total->wrong += heat->cell[m][c].wrong;
        }
        total->judged += heat->decoded[c].judged;
        total->wrong += heat->decoded[c].wrong;
    }
    for (size_t i = 0; i < SPECIALS; i++) {
        total->judged += special[i]->judged;
        total->wrong += special[i]->wrong;
    }
    return total->judged != 0;
}

/* Lines from the top: above, tie-odd, tie-even, below, exact, decoded. */
static const mxc_rate *heat_line(const mxc_heat *heat, int line)
{
    return line < MXC_HEAT_ROWS ? heat->cell[MXC_HEAT_ROWS - 1 - line] : heat->decoded;
}

static const char *heat_label(int line)
{
    return line < MXC_HEAT_ROWS ? mxc_place_name((mxc_place)(MXC_PLACE_ABOVE - line)) : "decoded";
}

/* `what`: of which cell, for the pointer. A cell without a judged case is drawn empty; one with a mismatch is the
 * fuller the higher its rate. */
static void put_cell(FILE *out, int x, int y, const mxc_rate *rate, const char *what)
{
    double share = rate->judged ? (double)rate->wrong / (double)rate->judged : 0;
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"", x, y, CELL_W - 2, CELL_H - 2,
            !rate->judged ? "no"
            : rate->wrong ? "w"
                          : "r");
    if (rate->wrong)
        fprintf(out, " fill-opacity=\"%.2f\"", 0.25 + 0.75 * share);
    if (!rate->judged)
        fputs("/>", out);
    else
        fprintf(out, "><title>%s: %zu of %zu wrong</title></rect>", what, rate->wrong, rate->judged);
}

static void put_heat_line(FILE *out, const mxc_heat *heat, int line)
{
    const mxc_rate *rate = heat_line(heat, line);
    char what[64];
    int y = TOP + line * CELL_H + (line == MXC_HEAT_ROWS ? 6 : 0);
    fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"e\">%s</text>", LEFT - 8, y + 14, heat_label(line));
    for (int c = 0; c < heat->columns; c++) {
        const char *beyond = c == 0 ? " and below" : c == heat->columns - 1 ? " and above" : "";
        snprintf(what, sizeof what, "2^%d%s, %s", heat->first + c, beyond, heat_label(line));
        put_cell(out, LEFT + c * CELL_W, y, &rate[c], what);
    }
    fputc('\n', out);
}

static void put_exponents(FILE *out, const mxc_heat *heat, int y)
{
    int step = heat->columns > 24 ? 4 : 2;
    for (int c = 0; c < heat->columns; c++)
        if ((heat->first + c) % step == 0)
            fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"m\">%d</text>", LEFT + c * CELL_W + (CELL_W - 2) / 2, y,
                    heat->first + c);
    fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"m\">exponent of the quotient</text>\n",
            LEFT + heat->columns * CELL_W / 2, y + 18);
}

/* "Worst: 2^-3 tie-even, 12 of 12" */
static void put_worst(FILE *out, const mxc_heat *heat)
{
    const mxc_rate *worst = NULL;
    int at = 0, in = 0;
    for (int line = 0; line < HEAT_LINES; line++)
        for (int c = 0; c < heat->columns; c++) {
            const mxc_rate *rate = &heat_line(heat, line)[c];
            /* wrong / judged compared crosswise */
            if (rate->wrong &&
                (!worst || rate->wrong * worst->judged > worst->wrong * rate->judged ||
                 (rate->wrong * worst->judged == worst->wrong * rate->judged && rate->wrong > worst->wrong))) {
                worst = rate;
                at = c;
                in = line;
            }
        }
    if (worst)
        fprintf(out, " Worst: %s at 2^%d, %zu of %zu.", heat_label(in), heat->first + at, worst->wrong, worst->judged);
}

void mxc_svg_heat(FILE *out, mx_elem elem, const mxc_heat *heat)
{
    static const char *const name[] = {"NaN", "Inf", "zero"};
    const mxc_rate *const special[] = {&heat->nan, &heat->inf, &heat->zero};
    int right = LEFT + heat->columns * CELL_W + 10, height = TOP + HEAT_LINES * CELL_H + 6 + 40;
    int width = right + CELL_W + 40;
    mxc_rate total;
    mxc_heat_judged(heat, &total);
    fprintf(out, "<figure>\n<figcaption><strong>%s</strong> ", mx_elem_name(elem));
    mxc_html_number(out, total.wrong);
    fputs(" of ", out);
    mxc_html_number(out, total.judged);
    fputs(" elements wrong.", out);
    put_worst(out, heat);
    fprintf(out,
            "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s by exponent and "
            "remainder\">"
            "<svg role=\"img\" aria-label=\"Mismatch rate of %s over the exponent of the quotient and the remainder "
            "class\" "
            "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
            mx_elem_name(elem), mx_elem_name(elem), width, height, width, height);
    for (int line = 0; line < HEAT_LINES; line++)
        put_heat_line(out, heat, line);
    for (int i = 0; i < SPECIALS; i++) {
        put_cell(out, right, TOP + i * CELL_H, special[i], name[i]);
        fprintf(out, "<text x=\"%d\" y=\"%d\">%s</text>", right + CELL_W + 3, TOP + i * CELL_H + 14, name[i]);
    }
    put_exponents(out, heat, TOP + HEAT_LINES * CELL_H + 6 + 14);
    fputs("</svg></div>\n</figure>\n", out);
}

/* ---- errors over a binade ---- */

enum {
    PLOT_X = 44,
    PLOT_Y = 10,
    STEP_X = 3,
    STEP_Y = 5,
    PLOT_W = MXC_BINADE_X * STEP_X,
    PLOT_H = MXC_BINADE_Y * STEP_Y
};

mxc_rate mxc_binade_total(const mxc_binade *b)
{
    mxc_rate sum = {0};
    for (size_t x = 0; x < MXC_BINADE_X; x++)
        for (size_t y = 0; y < MXC_BINADE_Y; y++) {
            sum.judged += b->cell[x][y].judged;
            sum.wrong += b->cell[x][y].wrong;
        }
    return sum;
}

static int plot_y(int y)
{
    return PLOT_Y + PLOT_H - y * STEP_Y - STEP_Y / 2;
}

/* One path of dots: of cells with a wrong answer, or of the others. */
static void put_dots(FILE *out, const mxc_binade *b, int wrong)
{
    int begun = 0;
    for (int x = 0; x < MXC_BINADE_X; x++)
        for (int y = 0; y < MXC_BINADE_Y; y++) {
            const mxc_rate *rate = &b->cell[x][y];
            if (!rate->judged || (rate->wrong != 0) != wrong)
                continue;
            if (!begun++)
                fprintf(out, "<path class=\"%s\" d=\"", wrong ? "dw" : "dr");
            fprintf(out, "M%d %dh0", PLOT_X + x * STEP_X + 1, plot_y(y));
        }
    if (begun)
        fputs("\"/>\n", out);
}

static void put_frame(FILE *out, const mxc_binade *b)
{
    static const char *const place[] = {"1", "1.25", "1.5", "1.75", "2"};
    static const char *const units[] = {"\xe2\x88\x92"
                                        "2",
                                        "\xe2\x88\x92"
                                        "1",
                                        "0", "+1", "+2"};
    for (int i = 0; i < 5; i++) {
        int x = PLOT_X + i * PLOT_W / 4, y = plot_y(8 * i);
        fprintf(out, "<path class=\"%s\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" class=\"e\">%s</text>",
                i == 2 ? "axis" : "grid", PLOT_X, y, PLOT_X + PLOT_W, PLOT_X - 6, y + 4, units[i]);
        fprintf(out, "<path class=\"grid\" d=\"M%d %dV%d\"/><text x=\"%d\" y=\"%d\" class=\"m\">%s</text>", x, PLOT_Y,
                PLOT_Y + PLOT_H, x, PLOT_Y + PLOT_H + 16, place[i]);
    }
    fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"m\">%s</text>\n", PLOT_X + PLOT_W / 2, PLOT_Y + PLOT_H + 34,
            b->elem ? "significand of the quotient" : "significand of A");
}

void mxc_svg_binade(FILE *out, const mxc_binade *b)
{
    const char *axis = mx_axis_name(b->elem ? MX_AXIS_ROUND : MX_AXIS_SCALE);
    const char *value = mx_axis_value_name(b->elem ? MX_AXIS_ROUND : MX_AXIS_SCALE, b->value);
    const char *what = b->elem ? mx_elem_name(b->elem) : "scale byte";
    mxc_rate total = mxc_binade_total(b);
    int width = PLOT_X + PLOT_W + 16, height = PLOT_Y + PLOT_H + 42;
    fprintf(out, "<figure>\n<figcaption><strong>%s</strong>, <code>%s=%s</code>: ", what, axis, value);
    mxc_html_number(out, total.wrong);
    fputs(" of ", out);
    mxc_html_number(out, total.judged);
    fprintf(out, " wrong. Error in %s.</figcaption>\n", b->elem ? "units in the last place" : "steps of the scale");
    fprintf(out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Errors of %s under %s=%s\">"
            "<svg role=\"img\" aria-label=\"Error over a binade\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
            what, axis, value, width, height, width, height);
    put_frame(out, b);
    put_dots(out, b, 0);
    put_dots(out, b, 1);
    fputs("</svg></div>\n</figure>\n", out);
}

/* ---- lanes ---- */

enum { BAR_W = 12, BAR_H = 90, BAR_X = 44 };

void mxc_svg_lanes(FILE *out, const char *op, const mxc_rate lane[MXC_LANE_BINS])
{
    int width = BAR_X + MXC_LANE_BINS * BAR_W + 24, height = BAR_H + 52;
    double most = 0;
    for (int i = 0; i < MXC_LANE_BINS; i++) {
        double share = lane[i].judged ? (double)lane[i].wrong / (double)lane[i].judged : 0;
        most = share > most ? share : most;
    }
    fprintf(
        out,
        "<figure>\n<figcaption><strong>%s</strong> wrong elements by lane, as a share of those judged.</figcaption>\n"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s by lane\"><svg role=\"img\" "
        "aria-label=\"Mismatch rate by lane\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
        op, op, width, height, width, height);
    fprintf(out, "<text x=\"%d\" y=\"14\" class=\"e\">%.3g%%</text><text x=\"%d\" y=\"%d\" class=\"e\">0</text>",
            BAR_X - 6, 100 * most, BAR_X - 6, 10 + BAR_H);
    for (int i = 0; i < MXC_LANE_BINS; i++) {
        double share = lane[i].judged ? (double)lane[i].wrong / (double)lane[i].judged : 0;
        double h = most > 0 ? BAR_H * share / most : 0;
        int x = BAR_X + i * BAR_W + (i == MXC_LANE_BINS - 1 ? 6 : 0);
        fprintf(out,
                "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>lane %d%s: %zu of %zu "
                "wrong</title></rect>",
                h > 0 ? "w" : "r", x, h > 0 ? 10 + BAR_H - h : 10.0 + BAR_H - 1, BAR_W - 3, h > 0 ? h : 1.0, i,
                i == MXC_LANE_BINS - 1 ? " and above" : "", lane[i].wrong, lane[i].judged);
        if (i % 8 == 0)
            fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"m\">%d%s</text>", x + (BAR_W - 3) / 2, BAR_H + 26, i,
                    i == MXC_LANE_BINS - 1 ? "+" : "");
    }
    fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"m\">lane</text>\n</svg></div>\n</figure>\n",
            BAR_X + MXC_LANE_BINS * BAR_W / 2, BAR_H + 44);
}
