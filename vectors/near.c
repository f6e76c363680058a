/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which name a mistyped one was meant to be.
 */
#include <mx/names.h>

#include <string.h>

#include "vectors/text.h"

enum { LONGEST = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Changes between two texts of at most LONGEST letters, by rows of the table of their beginnings: row i, column j is
 * the distance of the first i letters of a from the first j of b. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t row[3][LONGEST + 1];

    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t changed = before[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            now[j] = least(changed, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

void mx_nearest_try(mx_nearest *nearest, const char *name)
{
    size_t n = nearest->length, m = name ? strlen(name) : 0, d;

    if (n == 0 || m == 0 || n > LONGEST || m > LONGEST)
        return;
    d = 2 * distance(nearest->text, n, name, m);
    if (d > 3 && n > 2 && m > n && distance(nearest->text, n, name, n) == 0)
        d = 3; /* its beginning: after a name that is one change away, before any other */
    if ((d == 3 || d <= 2 * ((n + 2) / 3)) && (!nearest->name || d < nearest->distance)) {
        nearest->name = name;
        nearest->distance = d;
    }
}

const char *mx_nearest_hint(const mx_nearest *nearest, char out[MX_WHY])
{
    out[0] = '\0';
    if (nearest->name)
        mxv_say(out, MX_WHY, " (did you mean '%s'?)", nearest->name);
    return out;
}
