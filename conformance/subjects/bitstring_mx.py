#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the package bitstring: `cast` of all six formats from every type, and `decode` to fp64.

    pip install bitstring
    mxcts run --subject 'pipe:python3 bitstring_mx.py'

What its releases are found to do: doc/systems.md.
"""
import mxp

try:
    import bitstring
except ImportError as missing:
    mxp.need('bitstring_mx.py', missing, 'bitstring')

ELEMENTS = {'e3m2': 'e3m2mxfp', 'e2m3': 'e2m3mxfp', 'e2m1': 'e2m1mxfp', 'int8': 'mxint'}


def kind(op):
    """bitstring's name of an element format: of two of them there is one for each overflow."""
    saturates = op.get('overflow', 'saturate') == 'saturate'
    return ELEMENTS.get(op['elem']) or '%smxfp_%s' % (op['elem'], 'saturate' if saturates else 'overflow')


def answer(op, cells):
    if op['op'] == 'cast':
        return ['%02x' % bitstring.Bits(**{kind(op): mxp.number(op['type'], cells[0])}).uint]
    width = bitstring.Dtype(kind(op)).length
    return [mxp.fp64(getattr(bitstring.Bits(uint=int(cells[0], 16), length=width), kind(op)))]


def refuse(op):
    if op['op'] == 'cast' and op['elem'] in ('e5m2', 'e4m3') and op['nan-code'] != 'any':
        return 'nan-code: NaN gives ff'
    if op['op'] == 'cast' and op['elem'] == 'e4m3' and op['overflow'] == 'special' and op['overflow-nan'] != 'any':
        return 'overflow-nan: an overflow gives ff'
    return None


mxp.serve('bitstring', bitstring.__version__, ['cast:*:*', 'decode:*:fp64'],
          'round=rne int8-min=full int8=ocp zero-sign=keep subnormal-in=keep subnormal-out=keep', answer, refuse)
