/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/generate/test_plans.h"

#include <stdlib.h>
#include <string.h>

#include "test_main.h"

mxc_plan *plans;
size_t plan_count;

const mxc_plan *plan_of(const char *name)
{
    for (size_t i = 0; i < plan_count; i++)
        if (strcmp(plans[i].name, name) == 0)
            return &plans[i];
    ck_abort_msg("no pack %s", name);
    return NULL;
}

mxv_pack *make_pack(const char *name)
{
    mxv_error error = {0};
    mxv_pack *pack;
    ck_assert_msg(mxc_generate(&pack, plan_of(name), &error) == MX_OK, "%s", error.text);
    return pack;
}

void make_plans(void)
{
    mxv_error error = {0};
    ck_assert_msg(mxc_plans(&plans, &plan_count, MXC_WHOLE, &error) == MX_OK, "%s", error.text);
}

void free_plans(void)
{
    free(plans);
}
