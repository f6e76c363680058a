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

#include "conformance/data/clauses.h"
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

/* The id of the name `text`, from 1 to where there is no name; 0 with the line printed that it names none of `kind`. */
static int find(const char *kind, const char *(*name)(int id), const char *text)
{
    mx_nearest nearest = {text, strlen(text), NULL, 0};
    char hint[MX_WHY], all[MX_WHY] = "";
    for (int id = 1; name(id); id++) {
        size_t n = strlen(all);
        if (strcmp(text, name(id)) == 0)
            return id;
        mx_nearest_try(&nearest, name(id));
        snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "; there are: ", name(id));
    }
    mx_nearest_hint(&nearest, hint);
    tool_usage("no %s '%.80s'%s", kind, text, *hint ? hint : all);
    return 0;
}

mx_op tool_op(const char *text)
{
    return (mx_op)find("operation", op_name, text);
}

mx_elem tool_elem(const char *text)
{
    return (mx_elem)find("element format", elem_name, text);
}

mx_type tool_type(const char *text)
{
    return (mx_type)find("type", type_name, text);
}

mx_layout tool_layout(const char *text)
{
    return (mx_layout)find("layout", layout_name, text);
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

/* ---- profiles and clauses ---- */

int tool_profiles(void (*each)(const mxc_profile *profile, size_t i, void *state), void *state)
{
    mxc_paths paths = {0};
    mxv_error error;
    int status = TOOL_OK;
    if (mxc_profile_list(&paths, &error) != MX_OK) {
        tool_error("%s", error.text);
        return TOOL_ERROR;
    }
    for (size_t i = 0; i < paths.count; i++) {
        mxc_profile profile;
        if (mxc_profile_load(&profile, paths.path[i], &error) == MX_OK) {
            each(&profile, i, state);
        } else {
            tool_error("%s", error.text);
            status = TOOL_USAGE;
        }
    }
    mxc_paths_free(&paths);
    return status;
}

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
