/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whole input spaces through every instruction set, compared with the portable kernels, six formats, one of:
 *
 *   exhaust_isa narrow        quantize: each bf16 and fp16 pattern beside each power of two, so under each scale that a
 *                             power gives
 *
 *   exhaust_isa narrow-rounds [STEP [FIRST]]   the same, every rounding but sr and rne
 *
 *   exhaust_isa narrow-squares [STEP [FIRST]]  the same, every rounding but sr, down columns (codes in place and
 *                             transposed) and both ways at once
 *
 *   exhaust_isa decode        dequantize: each code under each scale byte to fp32, bf16 and fp16, along rows and down
 *                             columns (codes in place and transposed)
 *
 *   exhaust_isa scale [STEP [FIRST]]  scale, and quantize alone in a block: each of the 2^31 fp32 magnitudes, four
 *                             scale rules, in turn for each format
 *
 *   exhaust_isa wide [STEP [FIRST]]   quantize: each of the 2^32 fp32 patterns beside each of 16 powers of two;
 *                             patterns larger than the power set the scale themselves
 *
 *   exhaust_isa wide-rounds [STEP [FIRST]]   the same under 4 of them, every rounding but sr and rne, a format each
 *
 *   exhaust_isa wide-squares [STEP [FIRST]]  the same as wide, down columns (codes in place and transposed) and both
 *                             ways at once
 *
 *   exhaust_isa casts         cast and scaled-cast: each bf16 and fp16 pattern, alone and under each scale byte, every
 *                             rounding, overflow=saturate and special
 *
 *   exhaust_isa wide-casts [STEP [FIRST]]   the same of the 2^32 fp32 patterns, under 16 scale bytes, round=rne
 *
 * STEP: only every STEP-th of the shards of 2^20 patterns (of the powers of two), from number FIRST (0, below STEP): N
 * processes with STEP N and FIRST 0 to N - 1 do all. One line with the number of values compared; exit 0 when all
 * agree, 1 when not, 2 usage, 77 when there is no set but portable, 99 harness error.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "impl/exhaust/exhaust.h"

typedef struct space {
    const char *name;
    exhaust_space *compare;
    uint64_t shards; /* 0: always whole */
} space;

static const space spaces[] = {
    {"narrow", exhaust_narrow, 0},
    {"narrow-rounds", exhaust_narrow_rounds, 255},
    {"narrow-squares", exhaust_narrow_squares, 255},
    {"decode", exhaust_decode, 0},
    {"scale", exhaust_scale, 1 << 11},
    {"wide", exhaust_wide, 1 << 12},
    {"wide-rounds", exhaust_wide_rounds, 1 << 12},
    {"wide-squares", exhaust_wide_squares, 1 << 12},
    {"casts", exhaust_casts, 0},
    {"wide-casts", exhaust_wide_casts, 1 << 12},
};

enum { SPACES = sizeof spaces / sizeof *spaces };

static const space *space_named(const char *name)
{
    for (size_t i = 0; i < SPACES; i++)
        if (strcmp(spaces[i].name, name) == 0)
            return &spaces[i];
    return NULL;
}

/* STEP and FIRST. 0: they are no numbers, or name no shard. */
static int slice_of(slice *part, const space *of, int n, char **words)
{
    uint64_t number[2] = {1, 0};
    for (int i = 0; i < n; i++) {
        char *end;
        number[i] = strtoull(words[i], &end, 10);
        if (*words[i] < '0' || *words[i] > '9' || *end != 0)
            return 0;
    }
    *part = (slice){number[0], number[1]};
    return n == 0 || (number[0] <= of->shards && number[1] < number[0]);
}

static int usage(void)
{
    fputs("usage: exhaust_isa SPACE [STEP [FIRST]], FIRST below STEP, and STEP at most the number of shards:\n",
          stderr);
    for (size_t i = 0; i < SPACES; i++)
        if (spaces[i].shards == 0)
            fprintf(stderr, "  %s\n", spaces[i].name);
        else
            fprintf(stderr, "  %s [STEP [FIRST]]  %" PRIu64 " shards\n", spaces[i].name, spaces[i].shards);
    return 2;
}

int main(int argc, char **argv)
{
    uint64_t done = 0;
    slice part;
    const unsigned mask = mxfast_isa_available() & ~1u;
    const space *of = argc > 1 ? space_named(argv[1]) : NULL;
    if (of == NULL || argc > 4 || !slice_of(&part, of, argc - 2, argv + 2))
        return usage();
    if (mask == 0) {
        printf("no instruction set but portable: nothing to compare\n");
        return 77;
    }
    int bad = of->compare(mask, part, &done);
    printf("%s %s: %" PRIu64 " compared\n", bad ? "FAIL" : "PASS", of->name, done);
    return bad;
}
