#mxprofile 1
name ocp-mx-1.0
system OCP Microscaling Formats (MX) v1.0, with the commonest reading where the text is silent
scale=floor              documented MX v1.0 6.3: "the largest power-of-two less than or equal to max(abs(V_i)), divided by ..."
scale-arith=exact        documented MX v1.0 6.3: the rule is stated on real numbers
round=rne                documented MX v1.0 5.3 and 6.3: roundTiesToEven must be supported
overflow=saturate        documented MX v1.0 5.3: a saturating method must be supported; 6.3: clamp, preserving the sign (should)
overflow-directed=ieee   assumed    nothing depends on it under overflow=saturate; IEEE 754 7.4 for those who change that
nan-in=block-nan         assumed    MX v1.0 6.3 is silent; what torchao, microxcaling and torchmx do
inf-in=block-nan         assumed    MX v1.0 6.3 is silent; what torchao, microxcaling and torchmx do
nan-to=unspecified       documented MX v1.0 5.3.2, 5.3.3, 5.3.4: converting NaN is implementation-defined
zero-scale=00            assumed    MX v1.0 6.3 is silent; the smallest scale, as torchao, gfloat and most others
scale-over=nan           assumed    MX v1.0 6.3 is silent; torchao and microxcaling write NaN above 2^127
zero-sign=keep           assumed    MX v1.0 6.3 is silent on -0; 6.3 preserves the sign when clamping, torchao keeps it always
int8-min=symmetric       documented MX v1.0 5.3.4: code 0x80 may be left unused; a converter that does never emits it
int8=ocp                 documented MX v1.0 5.3.4: implicit scale 2^-6
subnormal-in=keep        assumed    MX v1.0 6.3 is silent; its rule read on the values as they are
subnormal-out=keep       documented MX v1.0 5.3: subnormals must be supported by every floating-point element type
nan-code=any             documented OFP8 v1.0 5.2.1: sign and payload of a NaN are implementation-defined
overflow-nan=any         documented OFP8 v1.0 5.2.1: sign and payload of a NaN are implementation-defined
under-nan-scale=any      documented MX v1.0 5.1: the elements do not matter when the scale is NaN
decode-over=any          documented MX v1.0 5.1: a result beyond Float32 is implementation-defined
