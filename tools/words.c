/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words of the command line that name a noun, and what is said of one that names none.
 */
#include "config.h"

#include <mx/names.h>

#include <stdio.h>
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
