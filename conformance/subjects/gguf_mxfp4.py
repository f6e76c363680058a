#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: MXFP4 of the package gguf, the Python side of llama.cpp: `quantize` and `dequantize` of E2M1 from and
to fp32, blocks of 32.

    pip install gguf
    mxcts run --subject 'pipe:python3 gguf_mxfp4.py' --profile ocp-mx-1.0

What its releases are found to do: doc/systems.md.
"""
from importlib import metadata

import mxp

try:
    import numpy
    from gguf import quants
    from gguf.constants import GGMLQuantizationType
except ImportError as missing:
    mxp.need('gguf_mxfp4.py', missing, 'gguf')

HALF = 16  # byte i holds codes i and i + 16, the first one low


def quantize(op, cells):
    values = numpy.array([int(cell, 16) for cell in cells], numpy.uint32).view(numpy.float32)
    block = quants.quantize(values, GGMLQuantizationType.MXFP4).tolist()
    codes = [byte & 15 for byte in block[1:]] + [byte >> 4 for byte in block[1:]]
    return ['%02x' % byte for byte in block[:1] + codes]


def dequantize(op, cells):
    scale, *codes = [int(cell, 16) for cell in cells]
    block = [scale] + [low | high << 4 for low, high in zip(codes[:HALF], codes[HALF:])]
    values = quants.dequantize(numpy.array(block, numpy.uint8), GGMLQuantizationType.MXFP4)
    return ['%08x' % value for value in values.view(numpy.uint32).tolist()]


OPS = {'quantize': quantize, 'dequantize': dequantize}

numpy.seterr(all='ignore')
mxp.serve('gguf', metadata.version('gguf'), [op + ':e2m1:fp32' for op in OPS],
          'scale=floor round=rne overflow=saturate', lambda op, cells: OPS[op['op']](op, cells),
          mxp.blocks_of_32)
