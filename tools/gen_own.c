/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tools/gen_own.h"

#include <stdlib.h>
#include <string.h>

#include <mx/names.h>

static mx_op op_of(const tool_args *args)
{
    const char *word = tool_operands(args) ? tool_operand(args, 0) : "";
    return mx_op_find(word, strlen(word));
}

int gen_is_own(const tool_args *args)
{
    return op_of(args) != 0;
}

/* The operation as the words say, k and blocks of 32 where they do not. */
static int read_shape(mx_batch *shape, const tool_args *args)
{
    const mx_op_info *op = mx_op_info_of(shape->op);
    for (int i = 1; i < tool_operands(args); i++) {
        const char *word = tool_operand(args, i);
        const int taken = tool_shape_word(shape, word);
        if (taken != 0)
            return taken < 0 ? TOOL_USAGE : tool_usage("'%s' found where AXIS=VALUE was wanted", word);
    }
    if (op->layouts && !shape->layout)
        return tool_usage("layout= is wanted after %s", op->name);
    if (op->is_matrix && !(shape->rows && shape->cols))
        return tool_usage("rows= and cols= are wanted after %s", op->name);
    if (op->is_matrix)
        shape->k = shape->rows * shape->cols;
    else if (!shape->k)
        shape->k = op->is_block ? 32 : 1;
    return TOOL_OK;
}

/* A plan for each format and type; what the operation has not goes once, as 0. */
static int add_all(mxc_plan *plans, size_t *count, const mx_batch *like, const char *variant)
{
    const mx_op_info *op = mx_op_info_of(like->op);
    mxv_error error = {0};
    for (int e = op->has_elem; e <= (op->has_elem ? MX_ELEM_LAST : 0); e++)
        for (int t = op->has_type; t <= (op->has_type ? MX_TYPE_LAST : 0); t++) {
            mx_batch shape = *like;
            if ((like->elem && (int)like->elem != e) || (like->type && (int)like->type != t))
                continue;
            shape.elem = (mx_elem)e;
            shape.type = (mx_type)t;
            if (mxc_plan_own(&plans[(*count)++], &shape, variant, &error) != MX_OK)
                return tool_usage("%s", error.text);
        }
    return TOOL_OK;
}

int gen_own_plans(mxc_plan **plans, size_t *count, const tool_args *args, const char *profile, const char *name)
{
    mxc_profile from;
    mxv_error error = {0};
    mx_batch shape = {.op = op_of(args)};
    if (mxc_profile_load(&from, profile ? profile : "ocp-mx-1.0", &error) != MX_OK)
        return tool_usage("%s", error.text);
    shape.profile = from.values;
    int status = read_shape(&shape, args);
    if (status != TOOL_OK)
        return status;
    const int is_theirs =
        profile && strchr(profile, '/') && memcmp(&shape.profile, &from.values, sizeof from.values) == 0;
    *count = 0;
    *plans = calloc(MX_ELEM_LAST * MX_TYPE_LAST, sizeof **plans);
    if (!*plans) {
        tool_error("out of memory");
        return TOOL_ERROR;
    }
    status = add_all(*plans, count, &shape, name ? name : is_theirs ? from.name : "own");
    if (status != TOOL_OK) {
        free(*plans);
        *plans = NULL;
    }
    return status;
}
