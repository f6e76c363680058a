#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the package mlx on the CPU: `quantize` and `dequantize` of its modes mxfp4 and mxfp8 (E4M3), `cast` and
`decode` of its to_fp8 and from_fp8 (E4M3); from and to fp32, bf16 and fp16.

    pip install 'mlx[cpu]'
    mxcts run --subject 'pipe:python3 mlx_mx.py' --profile ocp-mx-1.0 --op quantize

What its releases are found to do: doc/systems.md.
"""
import mxp

try:
    import mlx.core as mlx
    import numpy
except ImportError as missing:
    mxp.need('mlx_mx.py', missing, 'mlx[cpu]', 'numpy')

MODES = {'e2m1': 'mxfp4', 'e4m3': 'mxfp8'}
TYPES = {'fp32': (mlx.float32, numpy.uint32, mlx.uint32), 'bf16': (mlx.bfloat16, numpy.uint16, mlx.uint16),
         'fp16': (mlx.float16, numpy.uint16, mlx.uint16)}


def values(op, cells):
    kind, integer, _ = TYPES[op['type']]
    return mlx.array(numpy.array([[int(cell, 16) for cell in cells]], integer)).view(kind)


def codes(cells):
    return numpy.array([[int(cell, 16) for cell in cells]], numpy.uint8)


def text(op, found):
    _, integer, same_width = TYPES[op['type']]
    return ['%0*x' % (2 * integer().itemsize, bits) for bits in numpy.array(found.view(same_width)).flatten().tolist()]


def cast(op, cells):
    return ['%02x' % mlx.to_fp8(values(op, cells)).item()]


def decode(op, cells):
    return text(op, mlx.from_fp8(mlx.array(codes(cells)), TYPES[op['type']][0]))


def quantize(op, cells):
    words, scale = mlx.quantize(values(op, cells), mode=MODES[op['elem']])
    found = numpy.array(words).view(numpy.uint8).flatten().tolist()
    if op['elem'] in mxp.PACKED:
        found = mxp.unpack(op['elem'], found)
    return ['%02x' % byte for byte in [scale.item()] + found]


def dequantize(op, cells):
    found = [int(cell, 16) for cell in cells[1:]]
    if op['elem'] in mxp.PACKED:
        found = mxp.pack(op['elem'], found)
    words = numpy.array([found], numpy.uint8).view(numpy.uint32)
    return text(op, mlx.dequantize(mlx.array(words), mlx.array(codes(cells[:1])),
                                   mode=MODES[op['elem']], dtype=TYPES[op['type']][0]))


OPS = {'cast': cast, 'decode': decode, 'quantize': quantize, 'dequantize': dequantize}
mlx.set_default_device(mlx.cpu)
mxp.serve('mlx', mlx.__version__,
          ['%s:%s:%s' % (op, elem, kind) for op in OPS for kind in TYPES
           for elem in (MODES if op.endswith('quantize') else ['e4m3'])],
          '', lambda op, cells: OPS[op['op']](op, cells),
          mxp.blocks_of_32)
