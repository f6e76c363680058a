/* SPDX-License-Identifier: BSD-3-Clause */
#include "impl/exhaust/exhaust.h"

#include <string.h>

const uint8_t exhaust_fields[WIDE_FIELDS] = {1, 2, 3, 24, 60, 100, 120, 126, 127, 128, 134, 160, 200, 252, 253, 254};

int exhaust_shards(unsigned mask, slice part, uint64_t shards, uint64_t at_a_time, exhaust_some *what, uint64_t *done)
{
    int bad = 0;
    for (uint64_t shard = part.first; shard < shards; shard += part.step)
        for (uint64_t at = shard << 20; at < (shard + 1) << 20 && !bad; at += at_a_time)
            bad = what(mask, at, done);
    return bad;
}

mx_profile exhaust_profile(void)
{
    mx_profile p;
    memset(&p, 1, sizeof p);
    p.sr_bits = 0;
    return p;
}

size_t exhaust_differ(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;
    if (memcmp(a, b, bytes) == 0)
        return SIZE_MAX;
    size_t i = 0;
    while (x[i] == y[i])
        i++;
    return i;
}
