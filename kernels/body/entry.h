/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fast kernels of one element format and source type. Parameters: MXG_E, MXG_ELEM (e4m3, MX_E4M3), MXG_T, MXG_TYPE
 * (bf16, MX_BF16). Included by elems.h; no include guard. Registers bound how many groups a
 * multiprocessor holds: as many as do without spills.
 */
MX_KERNEL void MX_BOUNDS(MXG_THREADS, MXG_ELEM == MX_E2M1 || MXG_ELEM == MX_INT8 ? 4 : 5)
    MXG_NAME(mxg_dim0_, MXG_E, MXG_T)(mxg_job j)
{
    MX_LET_NEXT();
    mxg_dim0(&j, MXG_ELEM, MXG_TYPE);
}

MX_KERNEL void MX_BOUNDS(MXG_THREADS, MXG_ELEM == MXG_ANY ? 3 : 4) MXG_NAME(mxg_tile_, MXG_E, MXG_T)(mxg_job j)
{
    MX_SHARED mxg_local local;

    MX_LET_NEXT();
    mxg_tile(&j, MXG_ELEM, MXG_TYPE, &local);
}

#undef MXG_E
#undef MXG_ELEM
