/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/stream.h"

#include <string.h>

static int always(void)
{
    return 1;
}

/* ---- plain C ---- */

typedef struct plain_line {
    uint64_t word[8];
} plain_line;

static inline plain_line plain_read(plain_line seen, const unsigned char *at)
{
    plain_line line;
    memcpy(&line, at, sizeof line);
    for (int i = 0; i < 8; i++)
        seen.word[i] |= line.word[i];
    return seen;
}

static inline uint64_t plain_sum(plain_line seen)
{
    uint64_t sum = 0;
    for (int i = 0; i < 8; i++)
        sum |= seen.word[i];
    return sum;
}

#define STREAM(name) plain_##name
#define STREAM_TARGET
#define stream_line               plain_line
#define stream_read(seen, at)     plain_read(seen, at)
#define stream_write(at, x, past) memcpy(at, &(x), sizeof(x))
#define stream_fence()            (void)0
#define stream_sum(seen)          plain_sum(seen)
#include "tools/bench/stream_tmpl.h"

/* ---- x86 ---- */

#if defined(__x86_64__)
#include <immintrin.h>

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") != 0;
}

#define AVX2 __attribute__((target("avx2")))
typedef struct avx2_line {
    __m256i half[2];
} avx2_line;

static inline AVX2 avx2_line avx2_read(avx2_line seen, const unsigned char *at)
{
    const __m256i *half = (const void *)at;
    return (avx2_line){{_mm256_or_si256(seen.half[0], _mm256_load_si256(half)),
                        _mm256_or_si256(seen.half[1], _mm256_load_si256(half + 1))}};
}

static inline AVX2 void avx2_write(unsigned char *at, avx2_line x, int past)
{
    __m256i *half = (void *)at;
    for (int i = 0; i < 2; i++)
        past ? _mm256_stream_si256(half + i, x.half[i]) : _mm256_store_si256(half + i, x.half[i]);
}

static inline AVX2 uint64_t avx2_sum(avx2_line seen)
{
    __m256i x = _mm256_or_si256(seen.half[0], seen.half[1]);
    return (uint64_t)_mm256_extract_epi64(x, 0) | (uint64_t)_mm256_extract_epi64(x, 1) |
           (uint64_t)_mm256_extract_epi64(x, 2) | (uint64_t)_mm256_extract_epi64(x, 3);
}

#define STREAM(name)  avx2_##name
#define STREAM_TARGET AVX2
#define STREAM_PAST
#define stream_line               avx2_line
#define stream_read(seen, at)     avx2_read(seen, at)
#define stream_write(at, x, past) avx2_write(at, x, past)
#define stream_fence()            _mm_sfence()
#define stream_sum(seen)          avx2_sum(seen)
#include "tools/bench/stream_tmpl.h"

#define AVX512 __attribute__((target("avx512f")))
typedef struct avx512_line {
    __m512i whole;
} avx512_line;

static inline AVX512 avx512_line avx512_read(avx512_line seen, const unsigned char *at)
{
    return (avx512_line){_mm512_or_si512(seen.whole, _mm512_load_si512(at))};
}

static inline AVX512 void avx512_write(unsigned char *at, avx512_line x, int past)
{
    past ? _mm512_stream_si512((void *)at, x.whole) : _mm512_store_si512(at, x.whole);
}

#define STREAM(name)  avx512_##name
#define STREAM_TARGET AVX512
#define STREAM_PAST
#define stream_line               avx512_line
#define stream_read(seen, at)     avx512_read(seen, at)
#define stream_write(at, x, past) avx512_write(at, x, past)
#define stream_fence()            _mm_sfence()
#define stream_sum(seen)          (uint64_t) _mm512_reduce_or_epi64((seen).whole)
#include "tools/bench/stream_tmpl.h"
#endif

const bench_stream *bench_stream_at(size_t i)
{
    static const bench_stream all[] = {
        {"plain", always, plain_stored},
        {"plain ahead", always, plain_stored_ahead},
#if defined(__x86_64__)
        {"avx2", has_avx2, avx2_stored},
        {"avx2 ahead", has_avx2, avx2_stored_ahead},
        {"avx2 nt", has_avx2, avx2_past},
        {"avx2 nt ahead", has_avx2, avx2_past_ahead},
        {"avx512", has_avx512, avx512_stored},
        {"avx512 ahead", has_avx512, avx512_stored_ahead},
        {"avx512 nt", has_avx512, avx512_past},
        {"avx512 nt ahead", has_avx512, avx512_past_ahead},
#endif
    };
    return i < sizeof all / sizeof all[0] ? &all[i] : NULL;
}
