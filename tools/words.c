/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words of the command line: names of nouns, what is said of one that names none, and what describes an operation.
 */
#include "config.h"

#include <mx/names.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/clauses.h"
#include "tools/tool.h"

static const char *op_name(int id)
{
    return mx_op_name((mx_op)id);
}

static const char *elem_name(int id)
{
    return mx_elem_name((mx_elem)id);
}

static const char *type_name(int id)
{
    return mx_type_name((mx_type)id);
}

static const char *layout_name(int id)
{
    return mx_layout_name((mx_layout)id);
}

/* The line that `text` names none of `kind`; always 0. Ids begin at 1 and end where there is no name. */
static int none(const char *kind, const char *text, const char *(*name)(int id))
{
    mx_nearest nearest = {text, strlen(text), NULL, 0};
    char hint[MX_WHY], all[MX_WHY] = "";
    for (int id = 1; name(id); id++) {
        size_t n = strlen(all);
        mx_nearest_try(&nearest, name(id));
        snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "; there are: ", name(id));
    }
    mx_nearest_hint(&nearest, hint);
    tool_usage("no %s '%.80s'%s", kind, text, *hint ? hint : all);
    return 0;
}

mx_op tool_op(const char *text)
{
    const mx_op op = mx_op_find(text, strlen(text));
    return op ? op : (mx_op)none("operation", text, op_name);
}

mx_elem tool_elem(const char *text)
{
    const mx_elem elem = mx_elem_find(text, strlen(text));
    return elem ? elem : (mx_elem)none("element format", text, elem_name);
}

mx_type tool_type(const char *text)
{
    const mx_type type = mx_type_find(text, strlen(text));
    return type ? type : (mx_type)none("type", text, type_name);
}

mx_layout tool_layout(const char *text)
{
    const mx_layout layout = mx_layout_find(text, strlen(text));
    return layout ? layout : (mx_layout)none("layout", text, layout_name);
}

/* ---- the shape of an operation ---- */

/* A number from 1 to MX_BLOCK_MAX after "KEY="; 0 with the line printed. */
static size_t size_word(const char *word, const char *text)
{
    char *end = NULL;
    errno = 0;
    unsigned long n = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
    if (n && !errno && !*end && n <= MX_BLOCK_MAX)
        return n;
    int key = (int)(text - word);
    tool_usage("'%s' found where %.*s1 to %.*s%u was wanted", word, key, word, key, word, MX_BLOCK_MAX);
    return 0;
}

static mx_layout layout_word(const mx_op_info *op, const char *text)
{
    mx_layout layout = tool_layout(text);
    if (!layout || op->layouts >> layout & 1)
        return layout;
    tool_usage("layout=%s is none of %s", text, op->name);
    return (mx_layout)0;
}

int tool_shape_word(mx_batch *shape, const char *word)
{
    const mx_op_info *op = mx_op_info_of(shape->op);
    char why[MX_WHY];
    const char *is = strchr(word, '=');
    if (!is)
        return 1;
    const char *text = is + 1;
    size_t n = (size_t)(text - word);
    if (strncmp(word, "elem=", n) == 0 && op->has_elem)
        return (shape->elem = tool_elem(text)) ? 0 : -1;
    if (strncmp(word, "type=", n) == 0 && op->has_type)
        return (shape->type = tool_type(text)) ? 0 : -1;
    if (strncmp(word, "layout=", n) == 0 && op->layouts)
        return (shape->layout = layout_word(op, text)) ? 0 : -1;
    if (strncmp(word, "k=", n) == 0 && op->is_block)
        return (shape->k = size_word(word, text)) ? 0 : -1;
    if (strncmp(word, "rows=", n) == 0 && op->is_matrix)
        return (shape->rows = size_word(word, text)) ? 0 : -1;
    if (strncmp(word, "cols=", n) == 0 && op->is_matrix)
        return (shape->cols = size_word(word, text)) ? 0 : -1;
    if (mx_profile_apply(&shape->profile, word, strlen(word), why) != MX_OK)
        return tool_usage("%s", why), -1;
    return 0;
}

/* ---- clauses ---- */

const mxc_clause *tool_clause(const mxc_clauses *clauses, const char *id)
{
    const mxc_clause *found = mxc_clause_find(clauses, id);
    mx_nearest nearest = {id, strlen(id), NULL, 0};
    char hint[MX_WHY];
    if (found)
        return found;
    for (size_t i = 0; i < clauses->count; i++)
        mx_nearest_try(&nearest, clauses->clause[i].id);
    tool_usage("no clause '%.80s'%s; `mxcts clauses` lists them", id, mx_nearest_hint(&nearest, hint));
    return NULL;
}
