#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the numpy types of the package ml_dtypes, `cast` and `decode` of the five floating formats.

    pip install ml_dtypes
    mxcts run --subject 'pipe:python3 numpy_ml_dtypes.py'

Its float8_e8m0fnu has no place here: it rounds to the nearest power of two, which is no scale rule.

Version 0.6.0 fails on fp64 sources: it rounds them to fp32 first, so that a value next to a tie is rounded twice.
"""
import mxp

try:
    import ml_dtypes
    import numpy
except ImportError as missing:
    mxp.need('numpy_ml_dtypes.py', missing, 'ml_dtypes')

ELEMENTS = {'e5m2': ml_dtypes.float8_e5m2, 'e4m3': ml_dtypes.float8_e4m3fn, 'e3m2': ml_dtypes.float6_e3m2fn,
            'e2m3': ml_dtypes.float6_e2m3fn, 'e2m1': ml_dtypes.float4_e2m1fn}
# The numpy type of each type of values, and the integer of its width.
TYPES = {'fp32': (numpy.float32, numpy.uint32), 'bf16': (ml_dtypes.bfloat16, numpy.uint16),
         'fp16': (numpy.float16, numpy.uint16), 'fp64': (numpy.float64, numpy.uint64)}
AXES = 'round=rne overflow=special zero-sign=keep subnormal-in=keep subnormal-out=keep'


def refuse(op):
    """Why an operation cannot be followed, or None. Overflow gives Inf or NaN with its sign, NaN keeps its sign."""
    if op['op'] != 'cast':
        return None
    if op['elem'] in ('e5m2', 'e4m3'):
        nan = {'e5m2': 's7e', 'e4m3': 's7f'}[op['elem']]
        if op['nan-code'] not in ('any', nan):
            return 'nan-code: NaN gives ' + nan
        if op['elem'] == 'e4m3' and op['overflow-nan'] == '7f':
            return 'overflow-nan: an overflow gives s7f'
    elif op['nan-to'] != 'unspecified':
        return 'nan-to: NaN gives a zero of the other sign'
    return None


def answer(op, cells):
    value, integer = TYPES[op['type']]
    bits, elem = int(cells[0], 16), ELEMENTS[op['elem']]
    if op['op'] == 'cast':
        return ['%02x' % numpy.array([bits], integer).view(value).astype(elem).view(numpy.uint8)[0]]
    got = numpy.array([bits], numpy.uint8).view(elem).astype(value).view(integer)[0]
    return ['%0*x' % (2 * integer().itemsize, got)]


numpy.seterr(all='ignore')
mxp.serve('ml_dtypes', ml_dtypes.__version__, ['%s:%s:*' % (op, elem) for op in ('cast', 'decode') for elem in ELEMENTS],
          AXES, answer, refuse)
