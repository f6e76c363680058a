#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the package gfloat: `cast`, `decode`, `quantize` and `dequantize` of all six formats, from and to fp64
(`cast` from every type), in five roundings.

    pip install gfloat
    mxcts run --subject 'pipe:python3 gfloat_mx.py' --profile ocp-mx-1.0

What its releases are found to do: doc/systems.md.
"""
from importlib import metadata

import mxp

try:
    import gfloat
    import numpy
    from gfloat import formats
except ImportError as missing:
    mxp.need('gfloat_mx.py', missing, 'gfloat')

BLOCKS = {'e5m2': formats.format_info_mxfp8_e5m2, 'e4m3': formats.format_info_mxfp8_e4m3,
          'e3m2': formats.format_info_mxfp6_e3m2, 'e2m3': formats.format_info_mxfp6_e2m3,
          'e2m1': formats.format_info_mxfp4_e2m1, 'int8': formats.format_info_mxint8}
ROUND = {'rne': gfloat.RoundMode.TiesToEven, 'rna': gfloat.RoundMode.TiesToAway, 'rtz': gfloat.RoundMode.TowardZero,
         'rup': gfloat.RoundMode.TowardPositive, 'rdn': gfloat.RoundMode.TowardNegative}


def cast(op, cells):
    element = BLOCKS[op['elem']].etype
    value, saturates = mxp.number(op['type'], cells[0]), op['overflow'] == 'saturate'
    rounded = gfloat.round_float(element, value, ROUND[op['round']], saturates)
    return ['%02x' % gfloat.encode_float(element, rounded)]


def decode(op, cells):
    return [mxp.fp64(gfloat.decode_float(BLOCKS[op['elem']].etype, int(cells[0], 16)).fval)]


def quantize(op, cells):
    block = BLOCKS[op['elem']]
    values = numpy.array([mxp.number(op['type'], cell) for cell in cells])
    scale = gfloat.compute_scale_amax(block.etype.emax, values)
    return ['%02x' % int(code) for code in gfloat.encode_block(block, scale, values / scale, ROUND[op['round']])]


def dequantize(op, cells):
    return [mxp.fp64(x) for x in gfloat.decode_block(BLOCKS[op['elem']], [int(cell, 16) for cell in cells])]


OPS = {'cast': cast, 'decode': decode, 'quantize': quantize, 'dequantize': dequantize}


def refuse(op):
    if op.get('round', 'rne') not in ROUND:
        return 'round: it has ' + ' '.join(ROUND)
    if op['op'] == 'cast' and 'any' != op['nan-code']:
        return 'nan-code: NaN gives ff'
    if op['op'] == 'cast' and op['overflow'] == 'special' and op['overflow-nan'] != 'any':
        return 'overflow-nan: an overflow gives ff'
    if op['op'] == 'quantize' and op['overflow'] != 'saturate':
        return 'overflow: elements of blocks saturate'
    return None


numpy.seterr(all='ignore')
mxp.serve('gfloat', metadata.version('gfloat'), ['cast:*:*', 'decode:*:fp64', 'quantize:*:fp64', 'dequantize:*:fp64'],
          'scale=floor scale-arith=exact overflow-directed=ieee zero-scale=00 zero-sign=keep int8-min=full '
          'subnormal-in=keep subnormal-out=keep', lambda op, cells: OPS[op['op']](op, cells), refuse)
