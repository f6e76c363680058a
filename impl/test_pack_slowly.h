/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packing for the tests, bit by bit.
 */
#ifndef IMPL_TEST_PACK_SLOWLY_H
#define IMPL_TEST_PACK_SLOWLY_H

#include <string.h>

#include <mx/types.h>

/* n codes of one line, or of a block to be split in halves, from the words of mx/types.h. */
static inline void pack_slowly(mx_layout layout, unsigned bits, const uint8_t *codes, size_t n, uint8_t *bytes)
{
    memset(bytes, 0, (n * bits + 7) / 8);
    for (size_t j = 0; j < n; j++)
        for (unsigned b = 0; b < bits; b++) {
            size_t low = j * bits + b, high = j * bits + (bits - 1 - b);
            unsigned bit = codes[j] >> b & 1u;
            if (layout == MX_LAYOUT_LOW_FIRST)
                bytes[low / 8] = (uint8_t)(bytes[low / 8] | bit << low % 8);
            else if (layout == MX_LAYOUT_HIGH_FIRST)
                bytes[high / 8] = (uint8_t)(bytes[high / 8] | bit << (7 - high % 8));
            else
                bytes[j % (n / 2)] = (uint8_t)(bytes[j % (n / 2)] | bit << (j < n / 2 ? b : b + 4));
        }
}

#endif
