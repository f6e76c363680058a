#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the package compressed-tensors on the CPU: `quantize` to its formats of MXFP4, MXFP6 (E2M3) and MXFP8
(E4M3) from fp32, bf16 and fp16, and `dequantize` to bf16, in blocks of 32.

    pip install torch compressed-tensors
    mxcts run --subject 'pipe:python3 compressed_tensors_mx.py' --profile ocp-mx-1.0

What its releases are found to do: doc/systems.md.
"""
from importlib import metadata

import mxp

try:
    import torch
    from compressed_tensors.compressors.mxfp4 import MXFP4PackedCompressor
    from compressed_tensors.compressors.mxfp6 import MXFP6PackedCompressor
    from compressed_tensors.compressors.mxfp8 import MXFP8QuantizationCompressor
    from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
    from compressed_tensors.quantization.utils import calculate_qparams
except ImportError as missing:
    mxp.need('compressed_tensors_mx.py', missing, 'torch', 'compressed-tensors')
import torch_bits

FORMATS = {'e2m1': (4, MXFP4PackedCompressor), 'e2m3': (6, MXFP6PackedCompressor),
           'e4m3': (8, MXFP8QuantizationCompressor)}


def format_of(op):
    bits, compressor = FORMATS[op['elem']]
    arguments = QuantizationArgs(num_bits=bits, type='float', symmetric=True, strategy='group', group_size=32,
                                 scale_dtype=torch.uint8, zp_dtype=torch.uint8)
    return arguments, compressor, QuantizationScheme(targets=['Linear'], weights=arguments)


def name(op):
    return 'weight' if op['elem'] == 'e4m3' else 'weight_packed'


def quantize(op, cells):
    arguments, compressor, scheme = format_of(op)
    values = torch_bits.values(op['type'], cells).reshape(1, -1)
    scale, zero = calculate_qparams(values.amin(-1, keepdim=True), values.amax(-1, keepdim=True), arguments)
    found = compressor.compress({'weight': values, 'weight_scale': scale, 'weight_zero_point': zero}, scheme)
    return torch_bits.block(op['elem'], found['weight_scale'], found[name(op)], mxp.PACKED)


def dequantize(op, cells):
    _, compressor, scheme = format_of(op)
    found = compressor.decompress({name(op): torch_bits.codes(op['elem'], cells[1:], mxp.PACKED).reshape(1, -1),
                                   'weight_scale': torch.tensor([[int(cells[0], 16)]], dtype=torch.uint8)}, scheme)
    return torch_bits.cells(op['type'], found['weight'].to(torch_bits.TYPES[op['type']][0]))


OPS = {'quantize': quantize, 'dequantize': dequantize}
torch.set_num_threads(1)
mxp.serve('compressed-tensors', metadata.version('compressed-tensors') + '+torch-' + torch.__version__,
          ['quantize:%s:%s' % (elem, kind) for elem in FORMATS for kind in torch_bits.TYPES] +
          ['dequantize:%s:bf16' % elem for elem in FORMATS],
          'round=rne overflow=saturate', lambda op, cells: OPS[op['op']](op, cells),
          mxp.blocks_of_32)
