/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The reader and the writer of packs: vectors/good is taken and written back, vectors/bad refused in its own words.
 */
#include "config.h"

#include <mx/names.h>
#include <mx/vectors.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test_folder.h"
#include "test_main.h"

static char *slurp(const char *path, size_t *length)
{
    FILE *in = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);

    ck_assert_msg(in && text, "cannot read %s", path);
    *length = fread(text, 1, (1 << 20) - 1, in);
    fclose(in);
    return text;
}

static const char *source(char *out, size_t size, const char *relative)
{
    const char *top = getenv("MXCTS_SRCDIR");
    snprintf(out, size, "%s/vectors/%s", top ? top : "..", relative);
    return out;
}

/* Calls `each` on every *.mxv of a directory; returns how many there were. */
static unsigned walk(const char *relative, void (*each)(const char *directory, const char *name))
{
    char directory[1024];
    DIR *dir = opendir(source(directory, sizeof directory, relative));
    unsigned n = 0;

    ck_assert_msg(dir, "cannot open %s", directory);
    for (struct dirent *e; (e = readdir(dir));) {
        size_t length = strlen(e->d_name);
        if (length < 4 || strcmp(e->d_name + length - 4, ".mxv") != 0)
            continue;
        each(directory, e->d_name);
        n++;
    }
    closedir(dir);
    return n;
}

static void round_trip(const char *directory, const char *name)
{
    char path[2048], *before, *after = NULL;
    size_t n_before, n_after;
    mxv_error error = {0};
    mxv_pack *pack = NULL;
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    ck_assert_msg(mxv_load(&pack, path, &error) == MX_OK, "%s", error.text);
    before = slurp(path, &n_before);
    out = open_memstream(&after, &n_after);
    ck_assert_int_eq(mxv_write(pack, out), MX_OK);
    fclose(out);
    ck_assert_msg(n_before == n_after && memcmp(before, after, n_before) == 0, "%s is not written as it was read",
                  name);
    free(before);
    free(after);
    mxv_pack_free(pack);
}

START_TEST(good_packs_round_trip)
{
    ck_assert_uint_ge(walk("good", round_trip), 15);
}
END_TEST

static void refused(const char *directory, const char *name)
{
    char path[2048], *wanted;
    size_t length;
    mxv_error error = {0};
    mxv_pack *pack = NULL;
    FILE *in;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    in = fopen(path, "rb");
    ck_assert_ptr_nonnull(in);
    ck_assert_msg(mxv_read(&pack, in, name, &error) == MX_EPARSE, "%s was accepted", name);
    fclose(in);
    ck_assert_ptr_null(pack);
    snprintf(path, sizeof path, "%s/%.*s.txt", directory, (int)strlen(name) - 4, name);
    wanted = slurp(path, &length);
    ck_assert_msg(length && wanted[length - 1] == '\n', "%s: no line feed", path);
    wanted[length - 1] = '\0';
    ck_assert_str_eq(error.text, wanted);
    snprintf(path, sizeof path, "%s:%lu:", name, error.line);
    ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
    free(wanted);
}

START_TEST(bad_packs_are_refused_precisely)
{
    ck_assert_uint_ge(walk("bad", refused), 115);
}
END_TEST

/* ---- what the cells mean, on packs whose bits are known by hand ---- */

static mxv_pack *load_good(const char *name)
{
    char relative[64], path[1024];
    mxv_error error = {0};
    mxv_pack *pack = NULL;

    snprintf(relative, sizeof relative, "good/%s.mxv", name);
    ck_assert_msg(mxv_load(&pack, source(path, sizeof path, relative), &error) == MX_OK, "%s", error.text);
    return pack;
}

START_TEST(cells_of_a_block)
{
    mxv_pack *p = load_good("dequantize");
    const uint32_t *value = p->batch.out.value;
    const uint8_t *open = p->open.value;

    ck_assert_uint_eq(p->batch.op, MX_OP_DEQUANTIZE);
    ck_assert_uint_eq(p->batch.elem, MX_E5M2);
    ck_assert_uint_eq(p->batch.type, MX_FP32);
    ck_assert_uint_eq(p->batch.k, 3);
    ck_assert_uint_eq(p->batch.count, 3);
    ck_assert_uint_eq(p->batch.in.scale[2], 0xfe);
    ck_assert_uint_eq(p->batch.in.code[3], 0x3c); /* case 1, element 0 */
    ck_assert_uint_eq(value[0], 0x7f800000);
    ck_assert_uint_eq(value[8], 0);
    ck_assert(!open[0] && !open[6] && open[7] && open[8]);
    ck_assert_str_eq(p->label[1].id, "z.nan");
    ck_assert_str_eq(p->label[1].tags, "nan");
    ck_assert_uint_eq(p->label[2].class_, MX_FREE);
    ck_assert_ptr_null(p->batch.in.value);
    mxv_pack_free(p);
}
END_TEST

START_TEST(cells_with_random_bits)
{
    mxv_pack *p = load_good("quantize-sr");

    ck_assert_uint_eq(p->batch.profile.sr_bits, 5);
    ck_assert_uint_eq(p->batch.in.random[0], 0x1f);
    ck_assert(((const uint64_t *)p->batch.in.value)[0] == 0x3ff0000000000000);
    mxv_pack_free(p);
    p = load_good("scaled-cast-sr");
    ck_assert_uint_eq(p->batch.in.random[0], 0xffffffff);
    ck_assert_uint_eq(p->batch.in.scale[0], 0x7f);
    mxv_pack_free(p);
}
END_TEST

/* ---- packs made in memory ---- */

static mx_batch shape(mx_op op, mx_elem elem, mx_type type, size_t k, size_t count)
{
    mx_batch b = {.op = op, .elem = elem, .type = type, .k = k, .count = count};

    for (unsigned a = 1; a <= MX_AXIS_LAST; a++)
        mx_profile_set(&b.profile, (mx_axis)a, 1);
    return b;
}

START_TEST(writer_sorts)
{
    mx_batch b = shape(MX_OP_CAST, MX_E2M1, MX_FP32, 1, 3);
    static const char *const ids[] = {"b", "c", "a"};
    mxv_pack *p = NULL, *q = NULL;
    char *text = NULL;
    size_t n;
    FILE *f;

    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(mxv_pack_label(p, i, ids[i], MX_MUST, "-"), MX_OK);
        ((uint32_t *)(uintptr_t)p->batch.in.value)[i] = (uint32_t)i;
    }
    f = open_memstream(&text, &n);
    ck_assert_int_eq(mxv_write(p, f), MX_OK);
    fclose(f);
    f = fmemopen(text, n, "rb");
    ck_assert_int_eq(mxv_read(&q, f, "sorted", NULL), MX_OK);
    fclose(f);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(((const uint32_t *)q->batch.in.value)[i], (i + 2) % 3);
        ck_assert_uint_eq((unsigned char)q->label[i].id[0], 'a' + i);
    }
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", MX_MUST, "-"), MX_OK); /* now "a" is there twice */
    f = tmpfile();
    ck_assert_int_eq(mxv_write(p, f), MX_EINVAL);
    ck_assert_int_eq(ftell(f), 0);
    fclose(f);
    free(text);
    mxv_pack_free(p);
    mxv_pack_free(q);
}
END_TEST

START_TEST(labels_are_checked)
{
    mx_batch b = shape(MX_OP_CAST, MX_E2M1, MX_FP32, 1, 2);
    mxv_pack *p = NULL;
    FILE *f = tmpfile();

    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_OK);
    ck_assert_int_eq(mxv_pack_label(p, 2, "a", MX_MUST, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "A", MX_MUST, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "", MX_MUST, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a b", MX_MUST, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", (mx_class)0, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", (mx_class)5, "-"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", MX_MUST, ""), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", MX_MUST, "x,"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", MX_MUST, "-,x"), MX_EINVAL);
    ck_assert_int_eq(mxv_pack_label(p, 0, "a", MX_MUST, "x,C6.3-b"), MX_OK);
    ck_assert_int_eq(mxv_write(p, f), MX_EINVAL); /* case 1 has no label */
    ck_assert_int_eq(mxv_pack_label(p, 1, "b", MX_SILENT, "-"), MX_OK);
    ck_assert_int_eq(mxv_write(p, f), MX_OK);
    p->batch.out.code[1] = 0x10; /* five bits in a four-bit format */
    ck_assert_int_eq(mxv_write(p, f), MX_EINVAL);
    fclose(f);
    mxv_pack_free(p);
}
END_TEST

START_TEST(shapes_are_checked)
{
    mx_batch good = shape(MX_OP_QUANTIZE, MX_E2M1, MX_FP32, 2, 2), b = good;
    mxv_pack *p = NULL;

    b.count = 0;
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_ESIZE);
    b.count = SIZE_MAX / 4;
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_ESIZE);
    b = good;
    b.k = 0;
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_EINVAL);
    ck_assert_uint_eq(mxv_inputs_text(&b), 0);
    b.k = MX_BLOCK_MAX + 1;
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_EINVAL);
    b = good;
    b.profile.round = 0;
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_EINVAL);
    b = shape(MX_OP_CAST, MX_E2M1, MX_FP32, 2, 2);
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_EINVAL);
    b = shape((mx_op)0, MX_E2M1, MX_FP32, 1, 2);
    ck_assert_int_eq(mxv_pack_new(&p, &b), MX_EINVAL);
    ck_assert_ptr_null(p);
}
END_TEST

START_TEST(row_widths)
{
    mx_batch b = shape(MX_OP_QUANTIZE, MX_E2M1, MX_FP64, 3, 1);

    ck_assert_uint_eq(mxv_inputs_text(&b), 3 * 17);
    ck_assert_uint_eq(mxv_outputs_text(&b), 3 + 3 * 3);
    b.profile.round = MX_SR;
    ck_assert_uint_eq(mxv_inputs_text(&b), 0); /* sr_bits unset */
    b.profile.sr_bits = 9;
    ck_assert_uint_eq(mxv_inputs_text(&b), 3 * (17 + 4));
    b.op = MX_OP_SCALE; /* casts nothing, so no random bits */
    ck_assert_uint_eq(mxv_inputs_text(&b), 3 * 17);
    ck_assert_uint_eq(mxv_outputs_text(&b), 3);
}
END_TEST

/* A row may be read alone, as from a pipe: then x digits are an error. */
START_TEST(rows_without_open_cells)
{
    mx_batch b = shape(MX_OP_CAST, MX_E2M1, MX_FP32, 1, 1);
    uint8_t code = 0xee;
    mxv_error error = {.line = 42};
    char text[8];

    b.out.code = &code;
    ck_assert_int_eq(mxv_parse_outputs(&b, NULL, 0, "xx", 2, &error), MX_EPARSE);
    ck_assert_str_eq(error.text, "wanted 2 lower-case hex digits for output code, found 'xx'");
    ck_assert_uint_eq(error.line, 42);
    ck_assert_int_eq(mxv_parse_outputs(&b, NULL, 0, "", 0, &error), MX_EPARSE);
    ck_assert_str_eq(error.text, "wanted 2 lower-case hex digits for output code, found nothing");
    ck_assert_uint_eq(code, 0xee);
    ck_assert_int_eq(mxv_parse_outputs(&b, NULL, 0, "0f!", 2, NULL), MX_OK);
    ck_assert_uint_eq(code, 0x0f);
    ck_assert_uint_eq(mxv_format_outputs(&b, NULL, 0, text), 2);
    ck_assert_str_eq(text, "0f");
    ck_assert_int_eq(mxv_parse_inputs(&b, 0, "00000000", 8, NULL), MX_EINVAL); /* no column to write to */
}
END_TEST

START_TEST(op_words)
{
    mx_batch b = {0}, before;
    mxv_error error;
    char text[MXV_HEAD_TEXT];

    ck_assert_int_eq(mxv_parse_op(&b, "quantize elem=e2m1 type=fp32 k=65536", 36, &error), MX_OK);
    ck_assert_uint_eq(b.k, 65536);
    ck_assert_uint_eq(mxv_format_op(&b, text), 36);
    ck_assert_str_eq(text, "quantize elem=e2m1 type=fp32 k=65536");
    before = b;
    ck_assert_int_eq(mxv_parse_op(&b, "decode elem=e2m1 type=fp33", 26, &error), MX_EPARSE);
    ck_assert_mem_eq(&b, &before, sizeof b);
    ck_assert_int_eq(mxv_parse_op(&b, "decode elem=e5m2 type=fp16", 26, NULL), MX_OK);
    ck_assert_uint_eq(b.k, 1);
    b.elem = (mx_elem)9;
    ck_assert_uint_eq(mxv_format_op(&b, text), 0);
}
END_TEST

/* ---- files ---- */

START_TEST(missing_file)
{
    mxv_pack *p = NULL;
    mxv_error error;

    ck_assert_int_eq(mxv_load(&p, "/nowhere/x.mxv", &error), MX_EIO);
    ck_assert_str_eq(error.text, "/nowhere/x.mxv: wanted to read it, found: No such file or directory");
    ck_assert_int_eq(mxv_load(&p, "/", &error), MX_EIO);
    ck_assert_ptr_null(p);
}
END_TEST

/* ---- vectors/elem ---- */

/* Known by hand from the printed tables; the crosscheck compares every code with the libraries. */
static const struct known {
    const char *name;
    size_t count;
    unsigned code;
    mxv_code is;
} known[] = {
    {"e5m2", 256, 0x7b, {MXV_NORMAL, 0, 7, 13}},     {"e5m2", 256, 0xfc, {MXV_INF, 1, 0, 0}},
    {"e5m2", 256, 0x81, {MXV_SUBNORMAL, 1, 1, -16}}, {"e4m3", 256, 0x7e, {MXV_NORMAL, 0, 7, 6}},
    {"e4m3", 256, 0xff, {MXV_NAN, 1, 0, 0}},         {"e3m2", 64, 0x3f, {MXV_NORMAL, 1, 7, 2}},
    {"e2m3", 64, 0x1f, {MXV_NORMAL, 0, 15, -1}},     {"e2m1", 16, 0x08, {MXV_ZERO, 1, 0, 0}},
    {"e2m1", 16, 0x07, {MXV_NORMAL, 0, 3, 1}},       {"int8", 256, 0x80, {MXV_NORMAL, 1, 1, 1}},
    {"int8", 256, 0x7f, {MXV_NORMAL, 0, 127, -6}},   {"e8m0", 256, 0x00, {MXV_NORMAL, 0, 1, -127}},
    {"e8m0", 256, 0xfe, {MXV_NORMAL, 0, 1, 127}},    {"e8m0", 256, 0xff, {MXV_NAN, 0, 0, 0}},
};

START_TEST(element_tables)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char relative[32], path[1024];
        mxv_codes codes;
        mxv_error error = {0};
        const mxv_code *c = &codes.code[known[i].code], *want = &known[i].is;

        snprintf(relative, sizeof relative, "elem/%s.txt", known[i].name);
        source(path, sizeof path, relative);
        ck_assert_msg(mxv_elem_load(&codes, path, known[i].name, &error) == MX_OK, "%s", error.text);
        ck_assert_uint_eq(codes.count, known[i].count);
        ck_assert(c->class_ == want->class_ && c->negative == want->negative && c->numerator == want->numerator &&
                  c->exponent == want->exponent);
    }
}
END_TEST

static void write_table(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    ck_assert_int_eq(fclose(f), 0);
}

#define HEAD "#elem e2m1 codes=16\n#cols code class sign numerator exponent value\n"

static const struct {
    const char *text, *said;
} bad_tables[] = {
    {"", ":1: wanted #elem e2m1 codes=16, found the end of the file"},
    {"#elem e2m3 codes=64\n", ":1: wanted #elem e2m1 codes=16, found '#elem e2m3 codes=64'"},
    {HEAD, ":3: wanted code 00, found the end of the file"},
    {HEAD "00 zero + 0 0 0", ":3: wanted a line feed after '00 zero + 0 0 0', found the end of the file"},
    {HEAD "01 zero + 0 0 0\n", ":3: wanted code 00, found '01'"},
    {HEAD "00 zero  0 0 0\n", ":3: wanted six words between single spaces, found '00 zero  0 0 0'"},
    {HEAD "00 null + 0 0 0\n", ":3: wanted zero, subnormal, normal, inf or nan, found 'null'"},
    {HEAD "00 zero * 0 0 0\n", ":3: wanted + or -, found '*'"},
    {HEAD "00 zero + 1 0 0\n", ":3: wanted an odd numerator, or 0 for zero, found '1'"},
    {HEAD "00 normal + 2 0 2\n", ":3: wanted an odd numerator, or 0 for zero, found '2'"},
    {HEAD "00 normal + 1 -0 1\n", ":3: wanted an exponent, found '-0'"},
    {HEAD "00 normal + 1 x 1\n", ":3: wanted an exponent, found 'x'"},
    {HEAD "00 nan + 1 - -\n", ":3: wanted - - for inf and nan, found '1'"},
};

START_TEST(bad_element_tables)
{
    char directory[TEST_FOLDER], path[TEST_FOLDER + 8], wanted[TEST_FOLDER + 256];
    mxv_codes codes = {.count = 7};
    mxv_error error;

    test_folder(directory);
    snprintf(path, sizeof path, "%s/table", directory);
    for (size_t i = 0; i < sizeof bad_tables / sizeof bad_tables[0]; i++) {
        write_table(path, bad_tables[i].text);
        ck_assert_int_eq(mxv_elem_load(&codes, path, "e2m1", &error), MX_EPARSE);
        snprintf(wanted, sizeof wanted, "%s%s", path, bad_tables[i].said);
        ck_assert_str_eq(error.text, wanted);
    }
    unlink(path);
    ck_assert_int_eq(mxv_elem_load(&codes, path, "e2m1", &error), MX_EIO);
    ck_assert_ptr_null(strstr(error.text, ":0:"));
    ck_assert_int_eq(mxv_elem_load(&codes, path, "e9m9", &error), MX_EINVAL);
    ck_assert_uint_eq(codes.count, 7);
}
END_TEST

int main(void)
{
    test_folders_begin();
    const TTest *const tests[] = {
        good_packs_round_trip,
        bad_packs_are_refused_precisely,
        cells_of_a_block,
        cells_with_random_bits,
        writer_sorts,
        labels_are_checked,
        shapes_are_checked,
        row_widths,
        rows_without_open_cells,
        op_words,
        missing_file,
        element_tables,
        bad_element_tables,
    };
    TCase *tcase = tcase_create("packs");
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    return test_main(tcase);
}
