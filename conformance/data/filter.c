/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <mx/conformance/data.h>

#include <stdio.h>

int mxc_filter_has(const mxc_filter *filter, mx_op op, mx_elem elem, mx_type type)
{
    return (!filter->ops || filter->ops >> op & 1) && (!filter->elems || filter->elems >> elem & 1) &&
           (!filter->types || filter->types >> type & 1);
}

int mxc_filter_is_open(const mxc_filter *filter)
{
    return !filter->ops && !filter->elems && !filter->types;
}

char *mxc_set_text(char *text, size_t size, unsigned set, const char *(*name)(unsigned id), const char *between)
{
    size_t at = 0;
    text[0] = '\0';
    for (unsigned id = 1; id < 32 && at < size; id++)
        if (set >> id & 1 && name(id))
            at += (size_t)snprintf(text + at, size - at, "%s%s", at ? between : "", name(id));
    return text;
}
