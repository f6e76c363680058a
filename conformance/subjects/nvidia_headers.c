/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pipe subject: NVIDIA's cuda_fp8.h, cuda_fp6.h and cuda_fp4.h, compiled for the host. Built when configure finds
 * them; they are never part of this project.
 *     mxcts run --subject pipe:conformance/subjects/nvidia_headers
 *
 * What they offer, and so what is answered: `cast` to five formats from four types, `decode` to fp16, and E8M0 by
 * `scale` with elem=int8 k=1 (the format with emax 0 and a block of one: the scale is then the value's own power of
 * two, cudaRoundZero = floor, cudaRoundPosInf = ceil). To all else the answer is `no` with the axis or the column
 * that stands in the way.
 */
#ifdef HAVE_CUDA_HEADERS

#include "conformance/subjects/nvidia.h"
#include "mxp.h"

/* What these headers do alike in all conversions: the suite offers no operation that needs otherwise. The other axes
 * differ from entry to entry and are looked at when an operation is offered. */
static const char axes[] = "scale-arith=exact zero-scale=00 zero-sign=keep subnormal-in=keep subnormal-out=keep";

#define MAX_OPS 4096

struct self {
    struct nv_call call[MAX_OPS];
    long n;
};

static enum nv_format format_of(const char *name)
{
    static const char *const names[] = {"", "e5m2", "e4m3", "e3m2", "e2m3", "e2m1"};
    for (unsigned i = NV_E5M2; i <= NV_E2M1; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum nv_format)i;
    return 0;
}

static enum nv_type type_of(const char *name)
{
    static const char *const names[] = {"", "fp32", "fp64", "bf16", "fp16"};
    for (unsigned i = NV_FP32; i <= NV_FP16; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum nv_type)i;
    return 0;
}

/* NaN: FP6 and FP4 give +max. FP8 gives 7f, but its fp64 entry keeps the sign, and in E5M2 the payload's top bits. */
static const char *nan_reason(const mxp_op *op, const struct nv_call *call)
{
    const int fp8 = call->format == NV_E5M2 || call->format == NV_E4M3;
    if (!fp8)
        return mxp_is(op, "nan-to", "unspecified") || mxp_is(op, "nan-to", "max") ? NULL
                                                                                  : "nan-to: NaN always gives +max";
    if (mxp_is(op, "nan-code", "any"))
        return NULL;
    if (call->type != NV_FP64)
        return mxp_is(op, "nan-code", "7f") ? NULL : "nan-code: NaN always gives 7f";
    if (call->format == NV_E4M3)
        return mxp_is(op, "nan-code", "s7f") ? NULL : "nan-code: an fp64 NaN gives 7f with its sign";
    return "nan-code: an fp64 NaN keeps its sign and the top bits of its payload in E5M2";
}

static const char *open_cast(const mxp_op *op, struct nv_call *call)
{
    const int fp8 = call->format == NV_E5M2 || call->format == NV_E4M3;
    const int saturate = mxp_is(op, "overflow", "saturate");
    call->saturate = saturate ? __NV_SATFINITE : __NV_NOSAT;
    call->round = cudaRoundNearest;
    if (!fp8 && mxp_is(op, "round", "rtz"))
        call->round = cudaRoundZero;
    else if (!mxp_is(op, "round", "rne"))
        return fp8 ? "round: FP8 conversions are rne" : "round: FP6 and FP4 conversions are rne or rtz";
    if (call->format == NV_E4M3 && !saturate && mxp_is(op, "overflow-nan", "7f"))
        return "overflow-nan: an overflow gives 7f with the sign of the value";
    return nan_reason(op, call);
}

static const char *open_scale(const mxp_op *op, struct nv_call *call)
{
    const int up = mxp_is(op, "scale", "ceil"), saturate = mxp_is(op, "inf-in", "max-scale");
    if (strcmp(op->elem, "int8") != 0 || op->k != 1 || !mxp_is(op, "int8", "ocp"))
        return "E8M0 of a single value only: elem=int8 k=1 int8=ocp";
    if (call->type == NV_FP16)
        return "no E8M0 entry for fp16";
    call->format = NV_E8M0;
    call->round = up ? cudaRoundPosInf : cudaRoundZero;
    call->saturate = saturate ? __NV_SATFINITE : __NV_NOSAT;
    if (!up && !mxp_is(op, "scale", "floor"))
        return "scale: cudaRoundZero (floor) and cudaRoundPosInf (ceil) only";
    if (!mxp_is(op, "nan-in", "block-nan"))
        return "nan-in: NaN gives ff";
    if (!saturate && !mxp_is(op, "inf-in", "block-nan"))
        return "inf-in: Inf gives fe (saturating, max-scale) or ff (block-nan)";
    if (call->type == NV_FP64 && !up && !mxp_is(op, "scale-over", "clamp"))
        return "scale-over: floor gives fe for every finite value above 2^127, saturating or not";
    if (up && saturate != mxp_is(op, "scale-over", "clamp"))
        return "scale-over and inf-in: one argument sets both, clamp with max-scale or nan with block-nan";
    return NULL;
}

static const char *open_decode(const mxp_op *op, const struct nv_call *call)
{
    (void)op;
    return call->type == NV_FP16 ? NULL : "decoding is to fp16 only";
}

static const char *open_op(void *memory, mxp_op *op)
{
    struct self *self = memory;
    if (self->n == MAX_OPS)
        return "too many operations in one run";
    struct nv_call *call = &self->call[self->n];
    *call = (struct nv_call){.format = format_of(op->elem), .type = type_of(op->type)};
    op->user = self->n++;
    if (!call->type)
        return "unknown type";
    if (strcmp(op->op, "scale") == 0)
        return open_scale(op, call);
    if (!call->format)
        return "no such element format in these headers";
    if (strcmp(op->op, "decode") == 0)
        return open_decode(op, call);
    return strcmp(op->op, "cast") == 0 ? open_cast(op, call) : "no such operation in these headers";
}

static const char *answer(void *memory, const mxp_op *op, const uint64_t *in, uint64_t *out)
{
    const struct self *self = memory;
    const struct nv_call *call = &self->call[op->user];
    *out = strcmp(op->op, "decode") == 0 ? nv_decode(call->format, (uint8_t)*in) : nv_encode(call, *in);
    return NULL;
}

#define TEXT_OF(x) #x
#define VERSION(x) TEXT_OF(x)

int main(void)
{
    static struct self self;
    static const mxp_subject subject = {
        .name = "nvidia-headers",
        .version = VERSION(CUDART_VERSION),
        .ops = "cast:e5m2:*,cast:e4m3:*,cast:e3m2:*,cast:e2m3:*,cast:e2m1:*,scale:int8:*,decode:e5m2:fp16,"
               "decode:e4m3:fp16,decode:e3m2:fp16,decode:e2m3:fp16,decode:e2m1:fp16",
        .axes = axes,
        .open = open_op,
        .answer = answer,
    };
    return mxp_serve(&subject, &self);
}

#else

#include <stdio.h>

/* Without the headers there is nothing to judge: say so, and let the suite report a skip. */
int main(void)
{
    fprintf(stderr, "nvidia_headers: cuda_fp8.h, cuda_fp6.h and cuda_fp4.h were not found by configure "
                    "(--with-cuda-include=DIR)\n");
    return 77;
}

#endif
