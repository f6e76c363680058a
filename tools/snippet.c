/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/snippet.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/ask.h"

/* ---- columns as arrays ---- */

static const char *const column_name[COLS] = {"value", "random", "scale", "code", "bytes",
                                              "value", "scale",  "code",  "bytes"};

static size_t width_of(const mx_batch *b, int col)
{
    return col == COL_RANDOM ? 4 : col == COL_IN_VALUE || col == COL_OUT_VALUE ? mx_type_bytes(b->type) : 1;
}

static size_t cells_of(const mx_batch *b, int col)
{
    return mxc_cell_bytes(b, col) / width_of(b, col) * b->count;
}

static unsigned long long cell_of(const mx_batch *b, int col, size_t i)
{
    const void *column = mxc_column(b, col);
    if (col == COL_IN_VALUE || col == COL_OUT_VALUE)
        return mxc_value_bits(column, b->type, i);
    return col == COL_RANDOM ? ((const uint32_t *)column)[i] : ((const uint8_t *)column)[i];
}

/* "0x3f800000, 0x00000000, ...", lines of at most 100 columns. */
static void print_cells(FILE *out, const mx_batch *b, int col)
{
    int digits = 2 * (int)width_of(b, col);
    size_t line = 88 / ((size_t)digits + 4);
    for (size_t i = 0; i < cells_of(b, col); i++)
        fprintf(out, "%s0x%0*llx",
                i % line                  ? ", "
                : i                       ? ",\n    "
                : cells_of(b, col) > line ? "\n    "
                                          : "",
                digits, cell_of(b, col, i));
}

/* Whether a cell is compared: it is not free, and not a NaN that is right with other bits. */
static int counts(const mxc_bisection *r, const mxc_expected *want, int col, size_t i)
{
    const mx_batch *b = &r->small.batch;
    size_t each = cells_of(b, col) / b->count, cell = i % each + (col != COL_OUT_SCALE && b->out.scale);
    if (b->layout)
        return 1;
    if (i / each != r->at || mxc_cell_open(want, 0, cell))
        return 0;
    const mx_batch one = mxc_slice(b, r->at, 1);
    return cell_of(b, col, i) == cell_of(&r->want.batch, col, i) || !mxc_cell_match(want, 0, cell, &one);
}

static void print_counts(FILE *out, const mxc_bisection *r, const mxc_expected *want, int col)
{
    for (size_t i = 0; i < cells_of(&r->small.batch, col); i++)
        fprintf(out, "%s%d", i % 32 ? ", " : i ? ",\n    " : "", counts(r, want, col, i));
}

/* The operation and the axes that differ from ocp-mx-1.0's, as `mxcts explain` takes them. */
static void print_head(FILE *out, const mxc_bisection *r)
{
    const mx_batch *b = &r->small.batch;
    char *line = mxc_case_line(b, r->at, NULL), *in = malloc(mxv_inputs_text(b));
    if (line && in) {
        mxv_format_inputs(b, r->at, in);
        size_t skip = strlen("mxcts explain "), n = strlen(line) - strlen(in) - 1;
        fprintf(out, "%.*s", (int)(n - skip), line + skip);
    }
    free(line);
    free(in);
}

static mx_status expect(const mxc_bisection *r, mxc_expected *want)
{
    const mx_batch one = mxc_slice(&r->small.batch, r->at, 1);
    *want = (mxc_expected){0};
    return one.layout ? MX_OK : mxc_expected_new(want, &one, &one.profile);
}

static int has(const mxc_bisection *r, int col)
{
    return mxc_cell_bytes(&r->small.batch, col) != 0;
}

/* ---- C ---- */

static void c_array(FILE *out, const mx_batch *b, int col, const char *prefix)
{
    fprintf(out, "static const uint%zu_t %s%s[%zu] = {", 8 * width_of(b, col), prefix, column_name[col],
            cells_of(b, col));
    print_cells(out, b, col);
    fputs("};\n", out);
}

static void c_main(FILE *out, const mxc_bisection *r)
{
    fputs("int main(void)\n{\n    int wrong = 0;\n", out);
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col))
            fprintf(out, "    static uint%zu_t %s[%zu];\n", 8 * width_of(&r->small.batch, col), column_name[col],
                    cells_of(&r->small.batch, col));
    fputs("    subject(", out);
    for (int col = COL_OUT_VALUE, n = 0; col < COLS; col++)
        if (has(r, col))
            fprintf(out, "%s%s", n++ ? ", " : "", column_name[col]);
    fputs(");\n", out);
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col))
            fprintf(out,
                    "    for (int i = 0; i < %zu; i++)\n"
                    "        if (counts_%s[i] && %s[i] != wanted_%s[i]) {\n"
                    "            printf(\"%s[%%d]: wanted %%0%dllx, found %%0%dllx\\n\", i,\n"
                    "                   (unsigned long long)wanted_%s[i], (unsigned long long)%s[i]);\n"
                    "            wrong = 1;\n"
                    "        }\n",
                    cells_of(&r->small.batch, col), column_name[col], column_name[col], column_name[col],
                    column_name[col], 2 * (int)width_of(&r->small.batch, col), 2 * (int)width_of(&r->small.batch, col),
                    column_name[col], column_name[col]);
    fputs("    return wrong;\n}\n", out);
}

void snippet_c(FILE *out, const mxc_bisection *r)
{
    mxc_expected want;
    if (expect(r, &want) != MX_OK)
        return;
    fputs("/* ", out);
    print_head(out, r);
    fputs("\n   subject() gives what was found: put your own call there. */\n"
          "#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n\n",
          out);
    for (int col = 0; col < COL_OUT_VALUE; col++)
        if (has(r, col))
            c_array(out, &r->small.batch, col, "in_");
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col)) {
            c_array(out, &r->want.batch, col, "wanted_");
            c_array(out, &r->small.batch, col, "found_");
            fprintf(out, "static const char counts_%s[%zu] = {", column_name[col], cells_of(&r->small.batch, col));
            print_counts(out, r, &want, col);
            fputs("};\n", out);
        }
    fputs("\nstatic void subject(", out);
    for (int col = COL_OUT_VALUE, n = 0; col < COLS; col++)
        if (has(r, col))
            fprintf(out, "%suint%zu_t *%s", n++ ? ", " : "", 8 * width_of(&r->small.batch, col), column_name[col]);
    fputs(")\n{\n", out);
    for (int col = 0; col < COL_OUT_VALUE; col++)
        if (has(r, col))
            fprintf(out, "    (void)in_%s;\n", column_name[col]);
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col))
            fprintf(out, "    memcpy(%s, found_%s, sizeof found_%s);\n", column_name[col], column_name[col],
                    column_name[col]);
    fputs("}\n\n", out);
    c_main(out, r);
    mxc_expected_free(&want);
}

/* ---- Python ---- */

static void python_list(FILE *out, const mx_batch *b, int col, const char *prefix)
{
    fprintf(out, "%s_%s = [", prefix, column_name[col]);
    print_cells(out, b, col);
    fputs("]\n", out);
}

void snippet_python(FILE *out, const mxc_bisection *r)
{
    mxc_expected want;
    if (expect(r, &want) != MX_OK)
        return;
    fputs("# ", out);
    print_head(out, r);
    fputs("\n# subject() gives what was found: put your own call there.\nimport sys\n\n", out);
    for (int col = 0; col < COL_OUT_VALUE; col++)
        if (has(r, col))
            python_list(out, &r->small.batch, col, "in");
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col)) {
            python_list(out, &r->want.batch, col, "wanted");
            python_list(out, &r->small.batch, col, "found");
            fprintf(out, "counts_%s = [", column_name[col]);
            print_counts(out, r, &want, col);
            fputs("]\n", out);
        }
    fputs("\n\ndef subject():\n    return {", out);
    for (int col = COL_OUT_VALUE, n = 0; col < COLS; col++)
        if (has(r, col))
            fprintf(out, "%s'%s': found_%s", n++ ? ", " : "", column_name[col], column_name[col]);
    fputs("}\n\n\nwrong = 0\ngot = subject()\n", out);
    for (int col = COL_OUT_VALUE; col < COLS; col++)
        if (has(r, col))
            fprintf(out,
                    "for i, (want, found) in enumerate(zip(wanted_%s, got['%s'])):\n"
                    "    if counts_%s[i] and want != found:\n"
                    "        print(f'%s[{i}]: wanted {want:0%zux}, found {found:0%zux}')\n"
                    "        wrong = 1\n",
                    column_name[col], column_name[col], column_name[col], column_name[col],
                    2 * width_of(&r->small.batch, col), 2 * width_of(&r->small.batch, col));
    fputs("sys.exit(wrong)\n", out);
    mxc_expected_free(&want);
}

/* ---- a pack ---- */

mx_status snippet_pack(FILE *out, const mxc_bisection *r)
{
    mxv_pack *pack = NULL;
    mx_status status = mxv_pack_new(&pack, &r->small.batch);
    for (size_t i = 0; i < r->small.batch.count && status == MX_OK; i++) {
        char id[32];
        mxc_copy_inputs(&pack->batch, i, &r->small.batch, i);
        snprintf(id, sizeof id, "bisected.%06zu", i + 1);
        status = mxv_pack_label(pack, i, id, MX_MUST, "-");
    }
    mxref_free open = {pack ? pack->open.value : NULL, pack ? pack->open.scale : NULL, pack ? pack->open.code : NULL};
    if (status == MX_OK)
        status = mxref_run(&pack->batch, &open);
    if (status == MX_OK)
        status = mxv_write(pack, out);
    mxv_pack_free(pack);
    return status;
}
