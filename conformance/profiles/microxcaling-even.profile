#mxprofile 1
name microxcaling-even
system microxcaling _quantize_mx, PyTorch path, fp32 tensors, round="even", shared_exp_method="max", scale_bits=8
# Not expressible: an all-zero INT8 block has scale 2^-126 (byte 01); bf16 tensors take log2 in bf16.
scale=floor              documented microxcaling@7bc41952d mx/mx_ops.py: floor(log2(amax)) - emax
scale-arith=log2f        documented microxcaling@7bc41952d mx/mx_ops.py: torch.log2 in the tensor's type; probed: 7.9999995 gives 3
round=rne                documented microxcaling@7bc41952d mx/elemwise_ops.py: floor(|m| + 0.5), less 1 on an even tie
overflow=saturate        documented microxcaling@7bc41952d mx/mx_ops.py: MX elements always clamp to the largest normal
overflow-directed=ieee   assumed    nothing depends on it: rounding is rne and overflow saturates
nan-in=block-nan         documented microxcaling@7bc41952d mx/mx_ops.py: a NaN maximum makes the exponent and the block NaN
inf-in=block-nan         documented microxcaling@7bc41952d mx/mx_ops.py: an Inf maximum makes the exponent and the block NaN
nan-to=unspecified       assumed    it returns values, not codes: a NaN block is NaN
zero-scale=00            documented microxcaling@7bc41952d mx/mx_ops.py: log2(2^-126) - emax, clamped to -127; not INT8, see above
scale-over=nan           documented microxcaling@7bc41952d mx/mx_ops.py: an exponent above 127 becomes NaN
zero-sign=underflow-only probed     re-creation of mx/elemwise_ops.py: torch.sign(-0) is 0; a negative value that rounds to zero stays -0
int8-min=symmetric       documented microxcaling@7bc41952d mx/elemwise_ops.py: INT8 clamps to +-127/64
int8=ocp                 documented microxcaling@7bc41952d mx/formats.py: INT8 has unit 1/64 and emax 0
subnormal-in=keep        documented microxcaling@7bc41952d mx/mx_ops.py: flush_fp32_subnorms is off unless asked for
subnormal-out=keep       documented microxcaling@7bc41952d mx/elemwise_ops.py: private exponent limited below, so subnormals are kept
nan-code=any             assumed    it returns values, not codes
overflow-nan=any         assumed    nothing depends on it: overflow saturates
under-nan-scale=any      assumed    it returns values, not codes
decode-over=inf          probed     re-creation: E4M3 block with amax 7f7fffff has byte 247 and the value Inf
