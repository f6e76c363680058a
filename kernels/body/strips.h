/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Four strips of 16 bytes of the source, one under another, in each lane; neighbouring lanes hold neighbouring strips
 * of the same rows, so that a wave reads whole lines of memory. Blocks of 32 along rows lie across 8 lanes (fp32) or 4
 * (bf16, fp16): the scales of four rows are found together, a row a lane, and codes are handed round until each lane
 * has 16 neighbours to store.
 */
#ifndef MXG_STRIPS_H
#define MXG_STRIPS_H

#include "kernels/body/fast.h"
#include "kernels/body/pack.h"

#define MXG_STRIPS      4u
#define MXG_STRIP(type) ((type) == MX_FP32 ? 4u : 8u) /* elements of a strip */
/* Strips of 16 codes that a lane stores in the end. */
#define MXG_SIXTEENS(type) (MXG_STRIP(type) / 4u)

MX_FN void mxg_load_strip(const void *at, uint32_t *w)
{
    mxg_quad q = *(const mxg_quad *)at;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++)
        w[i] = q.w[i];
}

MX_FN void mxg_store_strip(void *at, const uint32_t *w)
{
    mxg_quad q;

    MX_UNROLL
    for (uint32_t i = 0; i < 4; i++)
        q.w[i] = w[i];
    *(mxg_quad *)at = q;
}

/* The type of strips that are to be encoded: where instructions take two bfloat16 at a time, fp32 are cut down, in
 * place, for all directions at once. */
MX_FN uint32_t mxg_strips_narrow(uint32_t elem, uint32_t type, uint32_t w[MXG_STRIPS][4])
{
#if defined(MXG_HW)
    if (elem == MX_E2M1 && type == MX_FP32) {
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++) {
            w[r][0] = mxg_hw_narrow(w[r][0], w[r][1]);
            w[r][1] = mxg_hw_narrow(w[r][2], w[r][3]);
        }
        return MX_BF16;
    }
#endif
    (void)elem;
    (void)w;
    return type;
}

/* Codes of a strip, four to a word, under its elements' marks, two to a word. `as`: mxg_strips_narrow's. */
MX_FN void mxg_strip_codes(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t as, const uint32_t *w,
                           const uint32_t *marks, uint32_t *codes)
{
    MX_UNROLL
    for (uint32_t q = 0; q < MXG_STRIP(type) / 4; q++)
        codes[q] = mxg_fast_four(j, elem, as, w + (as == MX_FP32 ? 4u : 2u) * q, marks + 2 * q);
}

/* Bits of a code, of kernels of one format known when compiled. */
MX_FN uint32_t mxg_strip_bits(const mxg_job *j, uint32_t elem)
{
    return elem == MXG_ANY ? j->format.bits : elem == MX_E2M1 ? 4u : elem == MX_E3M2 || elem == MX_E2M3 ? 6u : 8u;
}

/* The row whose scales this lane finds: one of each four neighbouring lanes has each. */
MX_FN uint32_t mxg_strip_row(void)
{
    return (MX_TID & 1u) << 1 | (MX_TID >> 1 & 1u);
}

/* The largest magnitude of the block of row mxg_strip_row, as an fp32 pattern. Halving: lanes two apart share what they
 * do not keep. */
MX_FN uint32_t mxg_strips_amax(uint32_t type, uint32_t w[MXG_STRIPS][4])
{
    uint32_t odd = MX_TID & 1u, second = MX_TID >> 1 & 1u, m[MXG_STRIPS], a, b, other;

    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++) {
        m[r] = mxg_fast_magnitude(type, w[r][0]);
        MX_UNROLL
        for (uint32_t i = 1; i < 4; i++)
            m[r] = mxg_fast_max(type, m[r], mxg_fast_magnitude(type, w[r][i]));
    }
    if (type == MX_FP32) {
        other = MX_SHFL_XOR(odd ? m[0] : m[2], 1u);
        a = mxg_fast_max(type, odd ? m[2] : m[0], other);
        other = MX_SHFL_XOR(odd ? m[1] : m[3], 1u);
        b = mxg_fast_max(type, odd ? m[3] : m[1], other);
        other = MX_SHFL_XOR(second ? a : b, 2u);
        a = mxg_fast_max(type, second ? b : a, other);
        other = MX_SHFL_XOR(a, 4u);
        return mxg_fast_max(type, a, other);
    }
    /* Two rows to a word. */
    a = mxg_fast_max(type, MX_BYTES(m[0], m[1], 0x5410u), MX_BYTES(m[0], m[1], 0x7632u));
    b = mxg_fast_max(type, MX_BYTES(m[2], m[3], 0x5410u), MX_BYTES(m[2], m[3], 0x7632u));
    other = MX_SHFL_XOR(odd ? a : b, 1u);
    a = mxg_fast_max(type, odd ? b : a, other);
    other = MX_SHFL_XOR(a, 2u);
    a = mxg_fast_max(type, a, other);
    return mxg_fast_wide(type, second ? a >> 16 : a & 0xffffu);
}

/* What each lane has for its row, 16 bits, of all four: rows 0 and 1 in the first word, 2 and 3 in the second. */
MX_FN void mxg_strips_share(uint32_t own, uint32_t all[2])
{
    uint32_t odd = MX_TID & 1u, pair = MX_TID & 2u ? own << 16 : own, other;

    pair |= MX_SHFL_XOR(pair, 2u);
    other = MX_SHFL_XOR(pair, 1u);
    all[0] = odd ? other : pair;
    all[1] = odd ? pair : other;
}

/* Codes of four rows, handed round: sixteen[i] is of row mxg_sixteen_row(type, i), from the first of this lane's 2
 * (bf16, fp16) or 4 (fp32) neighbours on. */
MX_FN void mxg_strips_gather(uint32_t type, uint32_t codes[MXG_STRIPS][2], uint32_t sixteen[2][4])
{
    uint32_t odd = MX_TID & 1u, second = MX_TID >> 1 & 1u, a[2], b[2];

    if (type == MX_FP32) {
        MX_UNROLL
        for (uint32_t i = 0; i < 2; i++) {
            /* rows i and i + 2: this lane's word and that of the lane two away, in the order of the lanes */
            uint32_t keep = second ? codes[i + 2][0] : codes[i][0];
            uint32_t other = MX_SHFL_XOR(second ? codes[i][0] : codes[i + 2][0], 2u);

            a[i] = second ? other : keep;
            b[i] = second ? keep : other;
        }
        {
            uint32_t other0 = MX_SHFL_XOR(odd ? a[0] : a[1], 1u), other1 = MX_SHFL_XOR(odd ? b[0] : b[1], 1u);
            uint32_t keep0 = odd ? a[1] : a[0], keep1 = odd ? b[1] : b[0];

            sixteen[0][0] = odd ? other0 : keep0;
            sixteen[0][1] = odd ? keep0 : other0;
            sixteen[0][2] = odd ? other1 : keep1;
            sixteen[0][3] = odd ? keep1 : other1;
        }
        return;
    }
    MX_UNROLL
    for (uint32_t i = 0; i < 2; i++) {
        MX_UNROLL
        for (uint32_t q = 0; q < 2; q++) {
            uint32_t keep = odd ? codes[2 * i + 1][q] : codes[2 * i][q];
            uint32_t other = MX_SHFL_XOR(odd ? codes[2 * i][q] : codes[2 * i + 1][q], 1u);

            sixteen[i][q] = odd ? other : keep;
            sixteen[i][2 + q] = odd ? keep : other;
        }
    }
}

MX_FN uint32_t mxg_sixteen_row(uint32_t type, uint32_t i)
{
    return type == MX_FP32 ? MX_TID & 3u : 2 * i + (MX_TID & 1u);
}

/* Put sixteen codes of each lane, neighbours `next` lanes apart, which all come here; of FP6, packed, four neighbours
 * have 48 bytes from `to` on, and three of them store 16. Others: each from its own `to` on. */
MX_FN void mxg_put_shared(const mxg_target *t, uint32_t bits, uint32_t next, uint32_t there, uint8_t *to, uint32_t *q)
{
    uint32_t g = MX_TID / next & 3u, one[3], far[2], out[4];

    if (!t->packed || bits != 6) {
        if (there)
            mxg_put_sixteen(t, bits, to, q);
        return;
    }
    mxg_pack_sixteen(bits, q);
    MX_UNROLL
    for (uint32_t i = 0; i < 3; i++)
        one[i] = MX_SHFL_XOR(q[i], next);
    MX_UNROLL
    for (uint32_t i = 0; i < 2; i++)
        far[i] = MX_SHFL_XOR(q[i], 3u * next);
    out[0] = g == 0 ? q[0] : g == 1 ? q[1] : q[2];
    out[1] = g == 0 ? q[1] : g == 1 ? q[2] : one[0];
    out[2] = g == 0 ? q[2] : g == 1 ? far[0] : one[1];
    out[3] = g == 0 ? one[0] : g == 1 ? far[1] : one[2];
    if (g < 3 && there)
        mxg_store_strip(to + 16 * g, out);
}

/* Bytes before position `pos` of a line whose codes are adjacent. */
MX_FN uint64_t mxg_line_bytes(const mxg_target *t, uint32_t bits, uint64_t pos)
{
    return t->packed ? pos * bits / 8 : pos;
}

/* Put a lane's codes of four rows, `stride` bytes apart, the first at `to`; all lanes of a wave come here, and those
 * that are `there` store. */
MX_FN void mxg_put_strips(const mxg_target *t, uint32_t bits, uint32_t type, uint8_t *to, int64_t stride,
                          uint32_t there, uint32_t codes[MXG_STRIPS][2])
{
    uint32_t packed = t->packed ? bits : 8, sixteen[2][4];

    if (packed == 6 || (packed == 4 && type == MX_FP32)) {
        /* whole sectors at once */
        mxg_strips_gather(type, codes, sixteen);
        to -= MX_TID * MXG_STRIP(type) % (packed == 6 ? 64 : 16) * packed / 8;
        MX_UNROLL
        for (uint32_t i = 0; i < MXG_SIXTEENS(type); i++)
            mxg_put_shared(t, bits, type == MX_FP32 ? 4u : 2u, there, to + (int64_t)mxg_sixteen_row(type, i) * stride,
                           sixteen[i]);
    } else if (packed == 4) {
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++) {
            if (there)
                *(uint32_t *)(void *)to = mxg_pack_four(codes[r][0], codes[r][1]);
            to += stride;
        }
    } else {
        MX_UNROLL
        for (uint32_t r = 0; r < MXG_STRIPS; r++) {
            mxg_pair both = {{codes[r][0], codes[r][1]}};

            if (there && type == MX_FP32)
                *(uint32_t *)(void *)to = codes[r][0];
            else if (there)
                *(mxg_pair *)(void *)to = both;
            to += stride;
        }
    }
}

/* Codes of four rows whose blocks run along them; `own`: the byte of row mxg_strip_row. */
MX_FN void mxg_strips_along(const mxg_job *j, uint32_t elem, uint32_t type, uint32_t as, uint32_t own,
                            uint32_t w[MXG_STRIPS][4], uint32_t codes[MXG_STRIPS][2])
{
    uint32_t marks[4], all[2];

    mxg_strips_share(mxg_mark(elem, own), all);
    MX_UNROLL
    for (uint32_t r = 0; r < MXG_STRIPS; r++) {
        MX_UNROLL
        for (uint32_t i = 0; i < 4; i++)
            marks[i] = MX_BYTES(all[r / 2], 0u, r & 1u ? 0x3232u : 0x1010u);
        mxg_strip_codes(j, elem, type, as, w[r], marks, codes[r]);
    }
}

#endif
