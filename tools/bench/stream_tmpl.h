/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Streaming kernels of one instruction set, one for each way of storing. Parameters, undefined at the end:
 *   STREAM(name)       name of a function of this set
 *   STREAM_TARGET      attribute that a function using it needs, or nothing
 *   stream_line        type of what a line is read into
 *   stream_read(at), stream_write(at, x, past)   x |= a line; write a line, past the caches or not
 * The lines written are not zero: a processor may have a faster way for lines of zeros, which no conversion can use.
 * Number of lines in a group are constants where a function is inlined, so that the loops over them disappear.
 */
static inline __attribute__((always_inline)) STREAM_TARGET uint64_t STREAM(move)(const bench_moved *t, size_t first,
                                                                                 size_t last, int encodes, unsigned v,
                                                                                 unsigned c, int past, int ahead)
{
    enum { LINE = BENCH_STREAM_LINE, GROUPS = BENCH_STREAM_GROUPS };
    unsigned char *value = t->values + first * GROUPS * v * LINE, *code = t->codes + first * GROUPS * c * LINE;
    unsigned char *scale = t->scales + first * t->scale_lines * LINE;
    unsigned char *in = encodes ? value : code, *out = encodes ? code : value;
    unsigned reads = encodes ? v : c, writes = encodes ? c : v;
    stream_line seen = {0}, constant;
    memset(&constant, 0x5a, sizeof constant);
    for (size_t period = first; period < last; period++) {
        for (unsigned group = 0; group < GROUPS; group++) {
            for (unsigned i = 0; i < reads; i++, in += LINE) {
                if (ahead)
                    __builtin_prefetch(in + ahead);
                seen = stream_read(seen, in);
            }
            for (unsigned i = 0; i < writes; i++, out += LINE)
                stream_write(out, constant, past);
        }
        for (unsigned i = 0; i < t->scale_lines; i++, scale += LINE) {
            if (encodes)
                stream_write(scale, constant, past);
            else
                seen = stream_read(seen, scale);
        }
    }
    if (past)
        stream_fence();
    return stream_sum(seen);
}

/* The groups that conversions have are compiled for their numbers of lines. */
static inline __attribute__((always_inline)) STREAM_TARGET uint64_t STREAM(choose)(const bench_moved *t, size_t first,
                                                                                   size_t last, int past, int ahead)
{
    unsigned v = t->value_lines, c = t->code_lines;
    if (t->encodes)
        return v == 16 && c == 4   ? STREAM(move)(t, first, last, 1, 16, 4, past, ahead)
               : v == 8 && c == 4  ? STREAM(move)(t, first, last, 1, 8, 4, past, ahead)
               : v == 16 && c == 8 ? STREAM(move)(t, first, last, 1, 16, 8, past, ahead)
               : v == 8 && c == 8  ? STREAM(move)(t, first, last, 1, 8, 8, past, ahead)
                                   : STREAM(move)(t, first, last, 1, v, c, past, ahead);
    return v == 16 && c == 4  ? STREAM(move)(t, first, last, 0, 16, 4, past, ahead)
           : v == 8 && c == 4 ? STREAM(move)(t, first, last, 0, 8, 4, past, ahead)
                              : STREAM(move)(t, first, last, 0, v, c, past, ahead);
}

static STREAM_TARGET uint64_t STREAM(stored)(const bench_moved *t, size_t first, size_t last)
{
    return STREAM(choose)(t, first, last, 0, 0);
}

static STREAM_TARGET uint64_t STREAM(stored_ahead)(const bench_moved *t, size_t first, size_t last)
{
    return STREAM(choose)(t, first, last, 0, 2048);
}

#ifdef STREAM_PAST
static STREAM_TARGET uint64_t STREAM(past)(const bench_moved *t, size_t first, size_t last)
{
    return STREAM(choose)(t, first, last, 1, 0);
}

static STREAM_TARGET uint64_t STREAM(past_ahead)(const bench_moved *t, size_t first, size_t last)
{
    return STREAM(choose)(t, first, last, 1, 2048);
}
#endif

#undef STREAM
#undef STREAM_TARGET
#undef STREAM_PAST
#undef stream_line
#undef stream_read
#undef stream_write
#undef stream_fence
#undef stream_sum
