#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: MXFP4QTensor and MXFP8QTensor of the package nvidia-modelopt on the CPU: `quantize` and `dequantize` of
E2M1 and E4M3, from and to fp32, bf16 and fp16, in blocks of 32.

    pip install torch nvidia-modelopt
    mxcts run --subject 'pipe:python3 modelopt_mx.py' --profile torchao-rceil

What its releases are found to do: doc/systems.md.
"""
import logging
from importlib import metadata

import mxp

logging.disable(logging.CRITICAL)  # said while it is imported
try:
    import torch
    from modelopt.torch.quantization.qtensor import MXFP4QTensor, MXFP8QTensor
except ImportError as missing:
    mxp.need('modelopt_mx.py', missing, 'torch', 'nvidia-modelopt')
import torch_bits

K = 32


def quantize(op, cells):
    values = torch_bits.values(op['type'], cells).reshape(1, K)
    found, scale = MXFP4QTensor.quantize(values, K) if op['elem'] == 'e2m1' else MXFP8QTensor.quantize(values)
    return torch_bits.block(op['elem'], scale, found._quantized_data)


def dequantize(op, cells):
    kind = torch_bits.TYPES[op['type']][0]
    scale = torch.tensor([[int(cells[0], 16)]], dtype=torch.uint8)
    codes = torch_bits.codes(op['elem'], cells[1:]).reshape(1, -1)
    if op['elem'] == 'e2m1':
        found = MXFP4QTensor(torch.Size([1, K]), kind, codes).dequantize(kind, scale=scale, block_sizes={-1: K})
    else:
        found = MXFP8QTensor(torch.Size([1, K]), kind, codes).dequantize(kind, scale=scale)
    return torch_bits.cells(op['type'], found)


OPS = {'quantize': quantize, 'dequantize': dequantize}
torch.set_num_threads(1)
mxp.serve('modelopt', metadata.version('nvidia-modelopt') + '+torch-' + torch.__version__,
          ['%s:%s:%s' % (op, elem, kind) for op in OPS for elem in ('e2m1', 'e4m3') for kind in torch_bits.TYPES],
          'scale=rceil round=rne overflow=saturate subnormal-in=keep subnormal-out=keep',
          lambda op, cells: OPS[op['op']](op, cells), mxp.blocks_of_32)
