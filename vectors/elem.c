/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reader of vectors/elem: lines "code class sign numerator exponent value", one a code. The last column is for people:
 * it is not read.
 */
#include "config.h"

#include <mx/names.h>
#include <mx/vectors.h>

#include <string.h>

#include "vectors/lines.h"
#include "vectors/text.h"

enum { WORDS = 6 };

static const char *const class_names[] = {NULL, "zero", "subnormal", "normal", "inf", "nan"};

/* Cut the line into WORDS words at its single spaces; 0, and the line as it was, when it is not so made. */
static int split(char *text, char *word[WORDS])
{
    int n = 1;

    for (const char *p = text; *p; p++) {
        if (*p == ' ' && (p == text || p[1] == ' ' || !p[1]))
            return 0;
        n += *p == ' ';
    }
    if (!*text || n != WORDS)
        return 0;
    for (int i = 0; i < WORDS; i++) {
        word[i] = text;
        text = strchr(text, ' ');
        if (text)
            *text++ = '\0';
    }
    return 1;
}

/* A decimal integer without sign or leading zeros, below 1000; -1 when it is not one. */
static int number(const char *text)
{
    int n = 0;

    if (!*text || (text[0] == '0' && text[1]) || strlen(text) > 3)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        n = n * 10 + (*text - '0');
    }
    return n;
}

static mx_status read_value(const mxv_lines *l, char *const word[WORDS], mxv_code *code)
{
    int negative = word[4][0] == '-', n = number(word[3]), e = number(word[4] + negative);

    if (code->class_ == MXV_INF || code->class_ == MXV_NAN)
        return strcmp(word[3], "-") || strcmp(word[4], "-") ? mxv_lines_wanted(l, "- - for inf and nan", word[3])
                                                            : MX_OK;
    if (n < 0 || (n == 0) != (code->class_ == MXV_ZERO) || (n && n % 2 == 0))
        return mxv_lines_wanted(l, "an odd numerator, or 0 for zero", word[3]);
    if (e < 0 || (n == 0 && e) || (negative && e == 0))
        return mxv_lines_wanted(l, "an exponent", word[4]);
    code->numerator = (unsigned)n;
    code->exponent = negative ? -e : e;
    return MX_OK;
}

static mx_status read_code(mxv_lines *l, size_t i, mxv_code *code)
{
    mx_status status = mxv_lines_next(l);
    char *word[WORDS], wanted[24];

    mxv_say(wanted, sizeof wanted, "code %02zx", i);
    if (status != MX_OK)
        return status == MX_END ? mxv_lines_wanted(l, wanted, NULL) : status;
    if (!split(l->text, word))
        return mxv_lines_wanted(l, "six words between single spaces", l->text);
    if (strcmp(word[0], wanted + 5) != 0)
        return mxv_lines_wanted(l, wanted, word[0]);
    for (unsigned c = MXV_ZERO; c <= MXV_NAN; c++)
        if (strcmp(word[1], class_names[c]) == 0)
            code->class_ = (mxv_code_class)c;
    if (!code->class_)
        return mxv_lines_wanted(l, "zero, subnormal, normal, inf or nan", word[1]);
    if (strcmp(word[2], "+") != 0 && strcmp(word[2], "-") != 0)
        return mxv_lines_wanted(l, "+ or -", word[2]);
    code->negative = word[2][0] == '-';
    return read_value(l, word, code);
}

static size_t count_of(const char *name)
{
    mx_elem elem = mx_elem_find(name, strlen(name));

    return elem ? (size_t)1 << mx_elem_bits(elem) : strcmp(name, "e8m0") == 0 ? 256 : 0;
}

static mx_status read_table(mxv_lines *l, const char *name, mxv_codes *codes)
{
    char first[48];
    mx_status status;

    mxv_say(first, sizeof first, "#elem %s codes=%zu", name, codes->count);
    status = mxv_lines_head(l, first);
    if (status == MX_OK)
        status = mxv_lines_head(l, "#cols code class sign numerator exponent value");
    for (size_t i = 0; i < codes->count && status == MX_OK; i++)
        status = read_code(l, i, &codes->code[i]);
    if (status != MX_OK)
        return status;
    status = mxv_lines_next(l);
    return status == MX_END ? MX_OK : status == MX_OK ? mxv_lines_wanted(l, "the end of the file", l->text) : status;
}

mx_status mxv_elem_load(mxv_codes *codes, const char *path, const char *name, mxv_error *error)
{
    mxv_lines lines;
    mxv_codes result = {0};
    mx_status status;

    if (!codes || !path || !name || !count_of(name))
        return MX_EINVAL;
    status = mxv_lines_open(&lines, path, error);
    if (status != MX_OK)
        return status;
    mxv_say(result.name, sizeof result.name, "%s", name);
    result.count = count_of(name);
    status = read_table(&lines, name, &result);
    fclose(lines.in);
    if (status == MX_OK)
        *codes = result;
    return status;
}
