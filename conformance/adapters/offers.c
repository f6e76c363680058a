/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a subject says it can do: "cast:e4m3:fp32,quantize:*:fp32".
 */
#include "config.h"

#include <mx/conformance.h>

#include <string.h>

#include "conformance/error.h"

static int is_any(const char *text, size_t length)
{
    return length == 1 && text[0] == '*';
}

static int one(mxc_offer *offer, const char *text, size_t length)
{
    const char *elem = memchr(text, ':', length);
    if (!elem)
        return 0;
    size_t op_length = (size_t)(elem++ - text), left = length - op_length - 1;
    const char *type = memchr(elem, ':', left);
    if (!type)
        return 0;
    size_t elem_length = (size_t)(type++ - elem), type_length = left - elem_length - 1;
    *offer = (mxc_offer){mx_op_find(text, op_length), mx_elem_find(elem, elem_length), mx_type_find(type, type_length)};
    return (offer->op || is_any(text, op_length)) && (offer->elem || is_any(elem, elem_length)) &&
           (offer->type || is_any(type, type_length));
}

mx_status mxc_offers_parse(mxc_description *description, const char *text, size_t length, char *why)
{
    mxc_offer offer[MXC_OFFERS];
    size_t n = 0;
    const char *end = text + length;
    while (text < end) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t item = (size_t)((comma ? comma : end) - text);
        if (n == MXC_OFFERS || !one(&offer[n++], text, item) || comma == end - 1) {
            if (why)
                mxc_say(why, MX_WHY, "wanted ops as op:elem:type,... (at most %d, * for any), found '%.*s'", MXC_OFFERS,
                        (int)(item < 80 ? item : 80), text);
            return MX_EPARSE;
        }
        text += item + 1;
    }
    memcpy(description->offer, offer, n * sizeof *offer);
    description->offers = n;
    return MX_OK;
}

int mxc_offers_cover(const mxc_description *description, mx_op op, mx_elem elem, mx_type type)
{
    if (!mxc_filter_has(&description->only, op, elem, type))
        return 0;
    for (size_t i = 0; i < description->offers; i++) {
        const mxc_offer *offer = &description->offer[i];
        if ((!offer->op || offer->op == op) && (!offer->elem || offer->elem == elem) &&
            (!offer->type || offer->type == type))
            return 1;
    }
    return 0;
}
