/* SPDX-License-Identifier: BSD-3-Clause
 *
 * NVIDIA's conversion headers, compiled for the host, as one function from bits to bits. They are the subject under
 * judgement: no arithmetic is done here but theirs. Their API: docs.nvidia.com/cuda/cuda-math-api, groups FP8, FP6
 * and FP4 MISC.
 */
#ifndef MXC_NVIDIA_H
#define MXC_NVIDIA_H

#include <stdint.h>
#include <string.h>

#include <cuda_fp4.h>
#include <cuda_fp6.h>
#include <cuda_fp8.h>

enum nv_type { NV_FP32 = 1, NV_FP64, NV_BF16, NV_FP16 };
enum nv_format { NV_E5M2 = 1, NV_E4M3, NV_E3M2, NV_E2M3, NV_E2M1, NV_E8M0 };

/* How one conversion is called. `saturate` counts for FP8 and E8M0, `round` for FP6, FP4 (nearest, zero) and E8M0
 * (zero, up). */
struct nv_call {
    enum nv_format format;
    enum nv_type type;
    __nv_saturation_t saturate;
    enum cudaRoundMode round;
};

static inline float nv_float(uint64_t bits)
{
    uint32_t word = (uint32_t)bits;
    float x;
    memcpy(&x, &word, sizeof x);
    return x;
}

static inline double nv_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint8_t nv_to_fp8(const struct nv_call *call, uint64_t bits)
{
    const __nv_saturation_t saturate = call->saturate;
    const __nv_fp8_interpretation_t kind = call->format == NV_E4M3 ? __NV_E4M3 : __NV_E5M2;
    switch (call->type) {
    case NV_FP32:
        return __nv_cvt_float_to_fp8(nv_float(bits), saturate, kind);
    case NV_FP64:
        return __nv_cvt_double_to_fp8(nv_double(bits), saturate, kind);
    case NV_BF16:
        return __nv_cvt_bfloat16raw_to_fp8((__nv_bfloat16_raw){(unsigned short)bits}, saturate, kind);
    default:
        return __nv_cvt_halfraw_to_fp8((__half_raw){(unsigned short)bits}, saturate, kind);
    }
}

static inline uint8_t nv_to_fp6(const struct nv_call *call, uint64_t bits)
{
    const enum cudaRoundMode round = call->round;
    const __nv_fp6_interpretation_t kind = call->format == NV_E2M3 ? __NV_E2M3 : __NV_E3M2;
    switch (call->type) {
    case NV_FP32:
        return __nv_cvt_float_to_fp6(nv_float(bits), kind, round);
    case NV_FP64:
        return __nv_cvt_double_to_fp6(nv_double(bits), kind, round);
    case NV_BF16:
        return __nv_cvt_bfloat16raw_to_fp6((__nv_bfloat16_raw){(unsigned short)bits}, kind, round);
    default:
        return __nv_cvt_halfraw_to_fp6((__half_raw){(unsigned short)bits}, kind, round);
    }
}

static inline uint8_t nv_to_fp4(const struct nv_call *call, uint64_t bits)
{
    const enum cudaRoundMode round = call->round;
    switch (call->type) {
    case NV_FP32:
        return __nv_cvt_float_to_fp4(nv_float(bits), __NV_E2M1, round);
    case NV_FP64:
        return __nv_cvt_double_to_fp4(nv_double(bits), __NV_E2M1, round);
    case NV_BF16:
        return __nv_cvt_bfloat16raw_to_fp4((__nv_bfloat16_raw){(unsigned short)bits}, __NV_E2M1, round);
    default:
        return __nv_cvt_halfraw_to_fp4((__half_raw){(unsigned short)bits}, __NV_E2M1, round);
    }
}

/* There is no entry for fp16. */
static inline uint8_t nv_to_e8m0(const struct nv_call *call, uint64_t bits)
{
    switch (call->type) {
    case NV_FP32:
        return __nv_cvt_float_to_e8m0(nv_float(bits), call->saturate, call->round);
    case NV_FP64:
        return __nv_cvt_double_to_e8m0(nv_double(bits), call->saturate, call->round);
    default:
        return __nv_cvt_bfloat16raw_to_e8m0((__nv_bfloat16_raw){(unsigned short)bits}, call->saturate, call->round);
    }
}

static inline uint8_t nv_encode(const struct nv_call *call, uint64_t bits)
{
    switch (call->format) {
    case NV_E5M2:
    case NV_E4M3:
        return nv_to_fp8(call, bits);
    case NV_E3M2:
    case NV_E2M3:
        return nv_to_fp6(call, bits);
    case NV_E2M1:
        return nv_to_fp4(call, bits);
    default:
        return nv_to_e8m0(call, bits);
    }
}

/* The fp16 bits of a code; of an E8M0 byte, the bf16 bits. In C the headers go no further: their conversions from fp16
 * to other types are C++ only. */
static inline uint16_t nv_decode(enum nv_format format, uint8_t code)
{
    switch (format) {
    case NV_E5M2:
        return __nv_cvt_fp8_to_halfraw(code, __NV_E5M2).x;
    case NV_E4M3:
        return __nv_cvt_fp8_to_halfraw(code, __NV_E4M3).x;
    case NV_E3M2:
        return __nv_cvt_fp6_to_halfraw(code, __NV_E3M2).x;
    case NV_E2M3:
        return __nv_cvt_fp6_to_halfraw(code, __NV_E2M3).x;
    case NV_E2M1:
        return __nv_cvt_fp4_to_halfraw(code, __NV_E2M1).x;
    default:
        return __nv_cvt_e8m0_to_bf16raw(code).x;
    }
}

#endif
