/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The names of ids of every kind by one type of function, for what walks over sets of them.
 */
#include "config.h"

#include "conformance/report/report.h"

const char *mxc_id_op(unsigned id)
{
    return mx_op_name((mx_op)id);
}

const char *mxc_id_elem(unsigned id)
{
    return mx_elem_name((mx_elem)id);
}

const char *mxc_id_type(unsigned id)
{
    return mx_type_name((mx_type)id);
}

const char *mxc_id_layout(unsigned id)
{
    return mx_layout_name((mx_layout)id);
}

const char *mxc_id_class(unsigned id)
{
    return mx_class_name((mx_class)id);
}

const char *mxc_id_verdict(unsigned id)
{
    return mxc_verdict_name((mxc_verdict)id);
}

const char *mxc_id_column(unsigned id)
{
    return id <= MX_COL_BYTE ? mxc_column_name((mx_column_kind)id) : NULL;
}

const char *mxc_id_place(unsigned id)
{
    return mxc_place_name((mxc_place)id);
}

const char *mxc_id_range(unsigned id)
{
    return mxc_range_name((mxc_range)id);
}

const char *mxc_id_stage(unsigned id)
{
    return mxc_stage_name((mxc_stage)id);
}
