/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The one place where compilers differ. The kernel text in body/ is compiled three ways:
 *     CUDA   nvcc
 *     AMD    clang -x hip -nogpuinc -nogpulib -DMXG_AMD: no HIP headers, no device library
 *     lanes  any C11 compiler with -DMXG_LANES: one fiber per lane, see lanes.h
 * It is the common subset of C11 and C++17 and knows no floating-point type. MXG_HW says that this target has
 * instructions which round as the integer text does; each is written here once, as an assembler line on bit patterns,
 * and is checked against the integer text for every input (mxgpu_sweep). MX_BOUNDS: lanes of a group, and how many
 * groups a multiprocessor is to hold at least (registers are the limit).
 */
#ifndef MXG_GPU_H
#define MXG_GPU_H

#include <stddef.h>
#include <stdint.h>

#if defined(MXG_LANES)

#include "kernels/lanes.h"
#define MX_FN     static inline
#define MX_KERNEL static
#define MX_SHARED static
#define MX_BOUNDS(n, groups)
#define MX_UNROLL
#define MX_ONCE
#define MX_TID            mxg_lane_index()
#define MX_BID            mxg_group_index()
#define MX_SYNC()         mxg_lane_sync(__LINE__)
#define MX_SHFL_XOR(v, m) mxg_lane_shuffle((v), (m), __LINE__)
#define MX_CLZ64(x)       ((uint32_t)__builtin_clzll(x))
#define MX_ADD64(p, v)    mxg_lane_add((p), (v))
#define MX_MIN64(p, v)    mxg_lane_min((p), (v))
#if defined(MXG_MODEL)
#define MXG_HW 1 /* the instructions in integers, body/model.h: tests of the text around them */
#endif

#elif defined(MXG_AMD)

#define MX_FN                static __attribute__((device)) inline __attribute__((always_inline))
#define MX_KERNEL            extern "C" __attribute__((global))
#define MX_SHARED            __attribute__((shared)) static
#define MX_BOUNDS(n, groups) __attribute__((amdgpu_flat_work_group_size(n, n)))
#define MX_UNROLL            _Pragma("unroll")
#define MX_ONCE              _Pragma("unroll 1")
#define MX_TID               ((uint32_t)__builtin_amdgcn_workitem_id_x())
#define MX_BID               ((uint32_t)__builtin_amdgcn_workgroup_id_x())
#define MX_CLZ64(x)          ((uint32_t)__builtin_clzll(x))
#define MX_ADD64(p, v)       ((void)__hip_atomic_fetch_add((p), (v), __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT))
#define MX_MIN64(p, v)       ((void)__hip_atomic_fetch_min((p), (v), __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT))

MX_FN void mxg_amd_sync(void)
{
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}
/* Within groups of 32, on waves of 32 and of 64: `mask` is below 32. */
MX_FN uint32_t mxg_amd_shuffle(uint32_t v, uint32_t mask)
{
    uint32_t lane = __builtin_amdgcn_mbcnt_hi(~0u, __builtin_amdgcn_mbcnt_lo(~0u, 0u));

    return (uint32_t)__builtin_amdgcn_ds_bpermute((int)((lane ^ mask) << 2), (int)v);
}
#define MX_SYNC()            mxg_amd_sync()
#define MX_SHFL_XOR(v, m)    mxg_amd_shuffle((v), (m))

#else /* CUDA */

#define MX_FN                static __device__ __forceinline__
#define MX_KERNEL            extern "C" __global__
#define MX_SHARED            static __shared__
#define MX_BOUNDS(n, groups) __launch_bounds__(n, groups)
#define MX_UNROLL            _Pragma("unroll")
#define MX_ONCE              _Pragma("unroll 1")
#define MX_TID               ((uint32_t)threadIdx.x)
#define MX_BID               ((uint32_t)blockIdx.x)
#define MX_SYNC()            __syncthreads()
#define MX_SHFL_XOR(v, m)    __shfl_xor_sync(0xffffffffu, (v), (int)(m), 32)
#define MX_CLZ64(x)          ((uint32_t)__clzll((long long)(x)))
#define MX_ADD64(p, v)       ((void)atomicAdd((unsigned long long *)(p), (unsigned long long)(v)))
#define MX_MIN64(p, v)       ((void)atomicMin((unsigned long long *)(p), (unsigned long long)(v)))
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
#define MXG_HW 1
#endif

#endif

/* 16 bytes moved by one instruction. */
typedef struct mxg_quad {
    uint32_t w[4];
} __attribute__((aligned(16))) mxg_quad;

typedef struct mxg_pair {
    uint32_t w[2];
} __attribute__((aligned(8))) mxg_pair;

#if defined(MXG_HW) && !defined(MXG_MODEL)
MX_FN uint32_t mxg_max_2x16(uint32_t a, uint32_t b)
{
    uint32_t r;

    asm("max.u16x2 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b));
    return r;
}
MX_FN uint32_t mxg_min_2x16(uint32_t a, uint32_t b)
{
    uint32_t r;

    asm("min.u16x2 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b));
    return r;
}
/* The signs of four bytes of two words, all over each; the bytes' numbers plus 8. */
MX_FN uint32_t mxg_hw_signs(uint32_t a, uint32_t b, uint32_t selector)
{
    uint32_t r;

    asm("prmt.b32 %0, %1, %2, %3;" : "=r"(r) : "r"(a), "r"(b), "r"(selector));
    return r;
}
/* Products of float32, and products added to a third, also of pairs of bfloat16: rounded once, to nearest even,
 * subnormals kept. */
MX_FN uint32_t mxg_hw_mul(uint32_t a, uint32_t b)
{
    uint32_t r;

    asm("{.reg .f32 x, y; mov.b32 x, %1; mov.b32 y, %2; mul.rn.f32 x, x, y; mov.b32 %0, x;}"
        : "=r"(r)
        : "r"(a), "r"(b));
    return r;
}
MX_FN uint32_t mxg_hw_fma(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t r;

    asm("{.reg .f32 x, y, z; mov.b32 x, %1; mov.b32 y, %2; mov.b32 z, %3; fma.rn.f32 x, x, y, z; mov.b32 %0, x;}"
        : "=r"(r)
        : "r"(a), "r"(b), "r"(c));
    return r;
}
MX_FN uint32_t mxg_hw_mul_2xbf16(uint32_t a, uint32_t b)
{
    uint32_t r;

    asm("mul.rn.bf16x2 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b));
    return r;
}
MX_FN uint32_t mxg_hw_fma_2xbf16(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t r;

    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(r) : "r"(a), "r"(b), "r"(c));
    return r;
}
/* The smaller magnitudes of two pairs of bfloat16, under the signs of `a`; b is positive. */
MX_FN uint32_t mxg_hw_clamp_2xbf16(uint32_t a, uint32_t b)
{
    uint32_t r;

    asm("min.xorsign.abs.bf16x2 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b));
    return r;
}
MX_FN uint32_t mxg_hw_from_half(uint32_t half)
{
    uint32_t r;

    asm("{.reg .f16 h; .reg .f32 x; mov.b16 h, %1; cvt.f32.f16 x, h; mov.b32 %0, x;}" : "=r"(r) : "h"((uint16_t)half));
    return r;
}
/* Four float32 patterns to four E4M3 (E5M2) codes, nearest even, saturating; the first in the low byte. */
MX_FN uint32_t mxg_hw_e4m3(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t r;

    asm("{.reg .f32 a, b, c, d; .reg .b16 l, h; mov.b32 a, %1; mov.b32 b, %2; mov.b32 c, %3; mov.b32 d, %4;"
        " cvt.rn.satfinite.e4m3x2.f32 l, b, a; cvt.rn.satfinite.e4m3x2.f32 h, d, c; mov.b32 %0, {l, h};}"
        : "=r"(r)
        : "r"(a), "r"(b), "r"(c), "r"(d));
    return r;
}
MX_FN uint32_t mxg_hw_e5m2(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t r;

    asm("{.reg .f32 a, b, c, d; .reg .b16 l, h; mov.b32 a, %1; mov.b32 b, %2; mov.b32 c, %3; mov.b32 d, %4;"
        " cvt.rn.satfinite.e5m2x2.f32 l, b, a; cvt.rn.satfinite.e5m2x2.f32 h, d, c; mov.b32 %0, {l, h};}"
        : "=r"(r)
        : "r"(a), "r"(b), "r"(c), "r"(d));
    return r;
}
#else
MX_FN uint32_t mxg_max_2x16(uint32_t a, uint32_t b)
{
    uint32_t low_a = a & 0xffffu, low_b = b & 0xffffu, high_a = a & 0xffff0000u, high_b = b & 0xffff0000u;

    return (high_a > high_b ? high_a : high_b) | (low_a > low_b ? low_a : low_b);
}
#endif

/* A kernel that is launched while the one before still runs (driver.h): the one before lets it come once all its groups
 * have begun, and it waits until that one is through and its stores are seen. */
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
#define MX_LET_NEXT()   asm volatile("griddepcontrol.launch_dependents;")
#define MX_AWAIT_LAST() asm volatile("griddepcontrol.wait;" ::: "memory")
#else
#define MX_LET_NEXT()   ((void)0)
#define MX_AWAIT_LAST() ((void)0)
#endif

#if defined(__CUDA_ARCH__)
#define MX_FETCH(p) asm volatile("prefetch.global.L2 [%0];" ::"l"(p))
#else
#define MX_FETCH(p) ((void)(p))
#endif

/* The sum of the products of the bytes of two words. */
#if defined(__CUDA_ARCH__)
#define MX_DOT4(a, b) __dp4a((a), (b), 0u)
#elif defined(MXG_AMD)
#define MX_DOT4(a, b) __builtin_amdgcn_udot4((a), (b), 0u, false)
#else
MX_FN uint32_t mxg_dot4(uint32_t a, uint32_t b)
{
    uint32_t r = 0;

    for (uint32_t i = 0; i < 32; i += 8)
        r += (a >> i & 0xffu) * (b >> i & 0xffu);
    return r;
}
#define MX_DOT4(a, b) mxg_dot4((a), (b))
#endif

/* Four bytes of two words, by number, the first in the low digit of `selector`. */
#if defined(__CUDA_ARCH__)
#define MX_BYTES(a, b, selector) __byte_perm((a), (b), (selector))
#elif defined(MXG_AMD)
/* v_perm_b32 numbers the bytes of its second operand first. */
#define MX_BYTES(a, b, selector)                                                                                       \
    __builtin_amdgcn_perm(                                                                                             \
        (b), (a), ((selector)&0xfu) | ((selector)&0xf0u) << 4 | ((selector)&0xf00u) << 8 | ((selector)&0xf000u) << 12)
#else
MX_FN uint32_t mxg_bytes(uint32_t a, uint32_t b, uint32_t selector)
{
    uint64_t both = (uint64_t)b << 32 | a;
    uint32_t r = 0;

    for (uint32_t i = 0; i < 4; i++)
        r |= (uint32_t)(both >> (8u * (selector >> 4u * i & 7u)) & 0xffu) << 8u * i;
    return r;
}
#define MX_BYTES(a, b, selector) mxg_bytes((a), (b), (selector))
#endif

#endif
