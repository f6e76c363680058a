#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the package pychop, its numpy backend: `quantize` of all six formats from fp32, bf16, fp16 and fp64.

    pip install pychop
    mxcts run --subject 'pipe:python3 pychop_mx.py' --profile ocp-mx-1.0

It has values and no codes: a value is given the code whose value it is, and one that is no value of the format has none.
What its releases are found to do: doc/systems.md.
"""
import mxp

try:
    import importlib.metadata
    import numpy
    import pychop
except ImportError as missing:
    mxp.need('pychop_mx.py', missing, 'pychop')

FLOATS = {'e5m2': (5, 2), 'e4m3': (4, 3), 'e3m2': (3, 2), 'e2m3': (2, 3), 'e2m1': (2, 1)}
NAN = {'e5m2': 0x7f, 'e4m3': 0x7f}
KINDS = {'fp32': numpy.float32, 'bf16': numpy.float32, 'fp16': numpy.float16, 'fp64': numpy.float64}  # numpy has no bf16


def magnitude(ebits, mbits, code):
    """The value of a code with sign 0, Inf and NaN aside."""
    field, fraction, bias = code >> mbits, code & ((1 << mbits) - 1), (1 << (ebits - 1)) - 1
    return (fraction + (1 << mbits if field else 0)) * 2.0 ** (max(field, 1) - bias - mbits)


CODES = {elem: {magnitude(*bits, code): code for code in range(1 << sum(bits))} for elem, bits in FLOATS.items()}


def code_of(elem, value):
    if numpy.isnan(value) and elem not in NAN:
        raise ValueError('it gives NaN, which %s has not' % elem)
    if numpy.isnan(value):
        return NAN[elem]
    if elem == 'int8':
        return int(value * 64) & 0xff
    return CODES[elem][abs(value)] | int(numpy.signbit(value)) << sum(FLOATS[elem])


def byte_of(scale):
    if not 0 < scale < float('inf'):
        raise ValueError('it gives the scale %s, which E8M0 has not' % scale)
    return 127 + int(numpy.log2(scale))


def quantize(op, cells):
    values = numpy.array([mxp.number(op['type'], cell) for cell in cells], KINDS[op['type']])
    name = 'mxint8' if op['elem'] == 'int8' else 'mxfp%d_%s' % (1 + sum(FLOATS[op['elem']]), op['elem'])
    block = pychop.MXTensor(values, name, block_size=len(cells))._impl.blocks[0]
    scale = byte_of(float(block.shared_scale))
    return ['%02x' % byte for byte in [scale] + [code_of(op['elem'], float(v)) for v in block.quantized_elements]]


mxp.serve('pychop', importlib.metadata.version('pychop'),
          ['quantize:%s:%s' % (elem, kind) for elem in [*FLOATS, 'int8'] for kind in KINDS],
          'scale=floor round=rne overflow=saturate zero-scale=00 int8=ocp subnormal-in=keep subnormal-out=keep', quantize)
