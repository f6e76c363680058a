#mxprofile 1
name torchao-floor
system torchao to_mx, eager path, ScaleCalculationMode.FLOOR (fp32 and bf16 sources; no INT8)
scale=floor              documented pytorch/ao@36027d82d mx_tensor.py: exponent field - 127 - emax
scale-arith=f32          documented pytorch/ao@36027d82d mx_tensor.py: integer formulas on the fp32 bits of the block maximum
round=rne                documented pytorch/ao@36027d82d custom_fp_utils.py (FP6, FP4); PyTorch's cast to float8 (FP8)
overflow=saturate        documented pytorch/ao@36027d82d mx_tensor.py: clamped to the largest normal before the cast (E5M2 always, E4M3 for torch < 2.13)
overflow-directed=ieee   assumed    nothing depends on it: rounding is rne and overflow saturates
nan-in=block-nan         documented pytorch/ao@36027d82d mx_tensor.py: torch.amax carries the NaN, byte 255
inf-in=block-nan         documented pytorch/ao@36027d82d mx_tensor.py: a maximum that is not finite gives byte 255 (since #4725)
nan-to=unspecified       probed     numpy re-creation of custom_fp_utils.py: a NaN takes the normal branch, 7fc00000 gives e2m1 3, e2m3 0c
zero-scale=00            documented pytorch/ao@36027d82d mx_tensor.py: a zero maximum has exponent field 0, clamped to byte 0
scale-over=nan           documented pytorch/ao@36027d82d mx_tensor.py: exponent clamped to 128 at most, and 128 is byte 255
zero-sign=keep           documented pytorch/ao@36027d82d custom_fp_utils.py: the sign bit of the source is always copied
int8-min=symmetric       assumed    torchao has no MXINT8
int8=ocp                 assumed    torchao has no MXINT8
subnormal-in=keep        documented pytorch/ao@36027d82d mx_tensor.py: byte 0, elements scaled by 2^127 (since #4725)
subnormal-out=keep       documented pytorch/ao@36027d82d custom_fp_utils.py; PyTorch's cast to float8 keeps them
nan-code=any             documented pytorch/ao@36027d82d torchao/testing/_mxfp8_test_utils.py: 7f and ff count as the same NaN
overflow-nan=any         assumed    nothing depends on it: overflow saturates
under-nan-scale=nan      documented pytorch/ao@36027d82d mx_tensor.py: elements are multiplied by NaN before the cast (since #4201)
decode-over=inf          documented pytorch/ao@36027d82d mx_tensor.py to_dtype: a product in the target type overflows to Inf
