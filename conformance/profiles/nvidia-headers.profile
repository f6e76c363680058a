#mxprofile 1
name nvidia-headers
system NVIDIA's cuda_fp8.h, cuda_fp6.h, cuda_fp4.h on the host: float entries, SATFINITE, RNE; E8M0 with cudaRoundPosInf
# The entries for double differ in one thing: a double NaN keeps its sign (and, in E5M2, its top fraction bits).
scale=ceil               probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0, cudaRoundPosInf: 1+ulp gives 80, 2^127 gives fe
scale-arith=exact        probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0: 2^-127 gives 00 and the next float above it 01
round=rne                documented CUDA Math API: cudaRoundNearest; probed on E2M1 ties 0.25 0.75 1.25 1.75 2.5 3.5 5
overflow=saturate        documented CUDA Math API: __NV_SATFINITE; FP6 and FP4 always saturate
overflow-directed=ieee   assumed    nothing depends on it: rounding is rne and overflow saturates
nan-in=block-nan         probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0: NaN gives ff in both saturation modes
inf-in=max-scale         probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0, __NV_SATFINITE: Inf gives fe
nan-to=max               documented PTX ISA cvt .satfinite: NaN gives positive MAX_NORM; probed: 1f (FP6), 7 (FP4) for either sign
zero-scale=00            probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0: zero gives 00
scale-over=clamp         probed     CUDA 13.0.88 __nv_cvt_float_to_e8m0, __NV_SATFINITE: finite above 2^127 gives fe
zero-sign=keep           probed     CUDA 13.0.88: -0 and negative underflow give the -0 code in all five formats
int8-min=symmetric       assumed    the headers have no INT8
int8=ocp                 assumed    the headers have no INT8
subnormal-in=keep        probed     CUDA 13.0.88: the float entries widen exactly to double, then use integer code
subnormal-out=keep       probed     CUDA 13.0.88: every subnormal code of the five formats is reached
nan-code=7f              probed     CUDA 13.0.88: a float NaN of any sign and payload gives 7f in E4M3 and E5M2
overflow-nan=s7f         probed     CUDA 13.0.88 __NV_NOSAT: E4M3 overflow gives 7f with the sign; nothing depends on it here
under-nan-scale=any      assumed    the headers have no scaled cast
decode-over=any          assumed    the headers decode to half, where every FP8, FP6 and FP4 value fits
