/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Template: quantize along rows in one loop, blocks of 32. Included by quantize_tmpl.h, whose parts it uses; a set
 * whose lanes_<isa>.h says IN_STEPS goes this way where mxfast_reads_ahead().
 *
 * Defines: rows_in_steps(plan, strip, layout, type, mbits, bits, stored), of a multiple of WORDS blocks.
 *
 * Blocks are taken in steps. While one step is encoded, one that lies AFTER steps on is read: so memory is read evenly,
 * which the machine's own prefetcher follows by itself, and what encoding waits for has been found long before. Scales
 * are found at once for a set of eight steps.
 */
enum {
    STEP_BLOCKS = WORDS / 8, /* of which w_least_of_quarters() makes one vector */
    STEP = STEP_BLOCKS * 32,
    AFTER = 8 + 2, /* a set, and so much that its scales are known when they are wanted */
    RING = 16,     /* steps on their way from reading to encoding: more than AFTER, and whole sets */
    SETS = 64      /* of a run, after which slow blocks are seen to */
};

/* What is kept of a value from reading to encoding: nothing, it is read again where it lies; its word; itself. */
enum { KEEP_NOTHING = 0, KEEP_WORD = 2, KEEP_VALUE = 4 };

typedef struct steps {
    _Alignas(64) unsigned char kept[RING * STEP * 4];
    word_lanes part[8];                /* of the steps of a set: few lanes, of which the least is that of a block */
    uint32_t pair[RING * STEP_BLOCKS]; /* as of a group */
    uint64_t slow[SETS];               /* as of a group */
    const unsigned char *in;
    uint8_t *code;
} steps;

LANES int step_keeps(mx_type type, int integer)
{
    if (integer)
        return type == MX_FP32 ? KEEP_VALUE : KEEP_NOTHING;
    return type == MX_BF16 ? KEEP_NOTHING : KEEP_WORD;
}

LANES void step_read(steps *s, mx_type type, size_t t, word_lanes sticky, int integer)
{
    const size_t bytes = 32 * (type == MX_FP32 ? 4 : 2);
    const int keep = step_keeps(type, integer);
    const unsigned char *in = s->in + t * STEP_BLOCKS * bytes;
    unsigned char *kept = s->kept + t % RING * STEP * (unsigned)keep;
    word_lanes of[STEP_BLOCKS];
    if (type == MX_BF16) {
        w_store(&s->part[t % 8], w_least_of_blocks(in));
        return;
    }
    UNROLL for (size_t i = 0; i < STEP_BLOCKS; i++, in += bytes, kept += 32 * keep)
    {
        of[i] = block_least(type, in, keep == KEEP_WORD ? (uint16_t *)(void *)kept : NULL, 32, sticky);
        if (keep == KEEP_VALUE)
            UNROLL for (size_t j = 0; j < bytes; j += 2 * WORDS) w_store(kept + j, w_load(in + j));
    }
    w_store(&s->part[t % 8], w_least_of_quarters(of));
}

/* Scales of the set whose steps were read last. */
LANES void step_scales(steps *s, const mxfast_words *f, size_t set, uint8_t *to, ptrdiff_t step, int integer)
{
    group g;
    w_store(g.least, w_least_of_eights(s->part));
    group_scales(f, &g, WORDS, integer);
    memcpy(s->pair + set * WORDS % (RING * STEP_BLOCKS), g.pair, WORDS * sizeof *g.pair);
    s->slow[set] = g.slow;
    to += (ptrdiff_t)(set * WORDS) * step;
    if (step == 1)
        w_narrow_one(to, w_left(w_load(g.byte), 8));
    else
        for (size_t b = 0; b < WORDS; b++)
            to[(ptrdiff_t)b * step] = (uint8_t)g.byte[b];
}

LANES void step_codes(const steps *s, const encoder *e, mx_type type, size_t t, b_lanes code[2], unsigned mbits,
                      unsigned bits)
{
    const int keep = step_keeps(type, mbits == 6);
    const size_t width = mbits == 6 && type == MX_FP32 ? 4 : 2;
    const unsigned char *from = keep ? s->kept + t % RING * STEP * width : s->in + t * STEP * width;
    const uint32_t *pair = s->pair + t % RING * STEP_BLOCKS;
    word_lanes base[4];
    UNROLL for (size_t i = 0; i < 4; i++) base[i] =
        i > 0 && i * WORDS % 32 != 0 ? base[i - 1] : w_pair(pair[i * WORDS / 32]);
    if (mbits == 6)
        UNROLL for (size_t i = 0; i < 2; i++, from += 2 * WORDS * width) code[i] =
            b_signed(integers_of(type, from, base[2 * i], base[2 * i]),
                     integers_of(type, from + WORDS * width, base[2 * i + 1], base[2 * i + 1]), e->least, 0);
    else
        b_codes_two(&e->codes, from, !keep && bits == 8, base, code, mbits, bits); /* as is faster */
}

/* Steps whose codes are stored at once. */
LANES size_t steps_at_once(unsigned stored)
{
    return stored == 6 ? 2 : 1;
}

LANES void steps_encode(const steps *s, const encoder *e, mx_type type, size_t t, unsigned mbits, unsigned bits,
                        unsigned stored, int stream)
{
    const size_t n = steps_at_once(stored);
    uint8_t *to = s->code + t * STEP / 8 * stored;
    b_lanes code[4];
    UNROLL for (size_t i = 0; i < n; i++) step_codes(s, e, type, t + i, code + 2 * i, mbits, bits);
    if (stored != 8)
        p_put(to, code, &e->packs, stored, stream);
    else
        UNROLL for (size_t i = 0; i < 2; i++) b_put(to + i * 2 * WORDS, code[i], stream);
}

LANES void run_in_steps(const mxfast_plan *plan, const mxfast_strip *strip, const encoder *e, mx_layout layout,
                        mx_type type, unsigned mbits, unsigned bits, unsigned stored)
{
    steps s;
    const mxfast_words *f = &plan->words;
    const word_lanes sticky = w_all(f->sticky);
    const size_t last = strip->blocks / STEP_BLOCKS, n = steps_at_once(stored);
    const int integer = mbits == 6, stream = plan->stream && (uintptr_t)strip->code_out % MXFAST_STREAM_ALIGN == 0;
    size_t t = 0;
    s.in = strip->in;
    s.code = strip->code_out;
    for (; t < AFTER && t < last; t++) {
        step_read(&s, type, t, sticky, integer);
        if (t % 8 == 7)
            step_scales(&s, f, t / 8, strip->scale_out, strip->scale_block, integer);
    }
    while (t < last) {
        size_t end = (t | 7) + 1;
        for (; t < end; t += n) {
            steps_encode(&s, e, type, t - AFTER, mbits, bits, stored, stream);
            UNROLL for (size_t i = 0; i < n; i++) step_read(&s, type, t + i, sticky, integer);
        }
        step_scales(&s, f, t / 8 - 1, strip->scale_out, strip->scale_block, integer);
    }
    for (t = last < AFTER ? 0 : last - AFTER; t < last; t += n)
        steps_encode(&s, e, type, t, mbits, bits, stored, stream);
    for (size_t set = 0; set < last / 8; set++)
        for (; s.slow[set] != 0; s.slow[set] &= s.slow[set] - 1)
            again(plan, strip, layout, set * WORDS + lowest_bit(s.slow[set]), 1, stored);
}

LANES void rows_in_steps(const mxfast_plan *plan, const mxfast_strip *strip, mx_layout layout, mx_type type,
                         unsigned mbits, unsigned bits, unsigned stored)
{
    encoder e = encoder_make(&plan->words, mbits, bits);
    e.codes.careful = 0;
    if (stored != 8)
        e.packs = p_make(layout, bits);
    for (size_t first = 0, blocks; first < strip->blocks; first += blocks) {
        blocks = strip->blocks - first < SETS * WORDS ? strip->blocks - first : SETS * WORDS;
        mxfast_strip part = rows_part(plan, strip, first, blocks, stored);
        run_in_steps(plan, &part, &e, layout, type, mbits, bits, stored);
    }
}
