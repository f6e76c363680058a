#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the MX conversions of the package torchao, eager: `quantize` and `dequantize` of the five floating
formats from and to fp32 and bf16, under each of its four scale rules.

    pip install torch torchao
    mxcts run --subject 'pipe:python3 torchao_mx.py' --profile torchao-floor
    mxcts run --subject 'pipe:python3 torchao_mx.py cuda' --profile torchao-floor       on that device of torch's

What its releases are found to do: doc/systems.md.
"""
import logging
import sys

import mxp

logging.disable(logging.CRITICAL)  # said while it is imported
try:
    import torch
    import torchao
    from torchao.prototype.mx_formats import mx_tensor
    from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
except ImportError as missing:
    mxp.need('torchao_mx.py', missing, 'torch', 'torchao')
import torch_bits

DEVICE = sys.argv[1] if len(sys.argv) > 1 else 'cpu'
if DEVICE == 'cuda' and not torch.cuda.is_available():
    sys.stderr.write('torchao_mx.py: torch finds no CUDA device\n')
    sys.exit(77)
ELEMENTS = {'e5m2': torch.float8_e5m2, 'e4m3': torch.float8_e4m3fn, 'e3m2': DTYPE_FP6_E3M2, 'e2m3': DTYPE_FP6_E2M3,
            'e2m1': torch.float4_e2m1fn_x2}
# What the code means to do under every scale rule; the profiles torchao-*.profile say where.
AXES = ('scale-arith=f32 round=rne overflow=saturate nan-in=block-nan inf-in=block-nan nan-to=unspecified '
        'zero-scale=00 scale-over=nan zero-sign=keep subnormal-in=keep subnormal-out=keep nan-code=any '
        'under-nan-scale=nan decode-over=inf')


def quantize(op, cells):
    values = torch_bits.values(op['type'], cells).to(DEVICE)
    rule = mx_tensor.ScaleCalculationMode(op['scale'])
    scale, codes = mx_tensor.to_mx(values, ELEMENTS[op['elem']], len(cells), rule)
    return torch_bits.block(op['elem'], scale, codes)


def dequantize(op, cells):
    scale = torch.tensor([int(cells[0], 16)], dtype=torch.uint8).view(torch.float8_e8m0fnu).to(DEVICE)
    codes = torch_bits.codes(op['elem'], cells[1:]).to(DEVICE)
    values = mx_tensor.to_dtype(codes, scale, ELEMENTS[op['elem']], len(cells) - 1, torch_bits.TYPES[op['type']][0])
    return torch_bits.cells(op['type'], values)


OPS = {'quantize': quantize, 'dequantize': dequantize}


def refuse(op):
    return 'k: two codes share a byte, so that k is even' if op['elem'] == 'e2m1' and int(op['k']) % 2 else None


torch.set_num_threads(1)
mxp.serve('torchao-' + DEVICE, '%s+torch-%s' % (torchao.__version__, torch.__version__),
          ['%s:%s:%s' % (op, elem, kind) for op in OPS for elem in ELEMENTS for kind in ('fp32', 'bf16')], AXES,
          lambda op, cells: OPS[op['op']](op, cells), refuse)
