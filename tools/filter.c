/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/filter.h"

static int add_op(const tool_args *one, void *set)
{
    const mx_op op = tool_op(one->value);
    *(unsigned *)set |= 1u << op;
    return op ? TOOL_OK : TOOL_USAGE;
}

static int add_elem(const tool_args *one, void *set)
{
    const mx_elem elem = tool_elem(one->value);
    *(unsigned *)set |= 1u << elem;
    return elem ? TOOL_OK : TOOL_USAGE;
}

static int add_type(const tool_args *one, void *set)
{
    const mx_type type = tool_type(one->value);
    *(unsigned *)set |= 1u << type;
    return type ? TOOL_OK : TOOL_USAGE;
}

int filter_option(mxc_filter *filter, const tool_args *args, int id)
{
    switch (id) {
    case FILTER_OP:
        return tool_each(args, add_op, &filter->ops);
    case FILTER_ELEM:
        return tool_each(args, add_elem, &filter->elems);
    case FILTER_TYPE:
        return tool_each(args, add_type, &filter->types);
    default:
        return TOOL_USAGE;
    }
}
