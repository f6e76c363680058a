#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the operator Cast of the package onnxruntime on the CPU: `cast` and `decode` of E5M2 and E4M3, from and
to every type, with saturate=1 and 0.

    pip install onnxruntime onnx
    mxcts run --subject 'pipe:python3 onnxruntime_mx.py'

What its releases are found to do: doc/systems.md.
"""
import ctypes
import functools

import mxp

try:
    import numpy
    import onnxruntime
    from onnx import TensorProto, helper
except ImportError as missing:
    mxp.need('onnxruntime_mx.py', missing, 'onnxruntime', 'onnx')

# Of each format and type: ONNX's name, and the integer of its width.
TYPES = {'e5m2': (TensorProto.FLOAT8E5M2, numpy.uint8), 'e4m3': (TensorProto.FLOAT8E4M3FN, numpy.uint8),
         'fp32': (TensorProto.FLOAT, numpy.uint32), 'bf16': (TensorProto.BFLOAT16, numpy.uint16),
         'fp16': (TensorProto.FLOAT16, numpy.uint16), 'fp64': (TensorProto.DOUBLE, numpy.uint64)}


@functools.lru_cache(None)
def session(source, target, saturate):
    """A model of one operator."""
    one = [helper.make_tensor_value_info(name, TYPES[kind][0], [1]) for name, kind in (('in', source), ('out', target))]
    cast = helper.make_node('Cast', ['in'], ['out'], to=TYPES[target][0], saturate=saturate)
    model = helper.make_model(helper.make_graph([cast], 'one', one[:1], one[1:]),
                              opset_imports=[helper.make_opsetid('', 24)], ir_version=10)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])


def answer(op, cells):
    source, target = (op['type'], op['elem']) if op['op'] == 'cast' else (op['elem'], op['type'])
    bits = numpy.array([int(cells[0], 16)], TYPES[source][1])
    given = onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(bits, TYPES[source][0])
    run = session(source, target, int(op.get('overflow') != 'special')).run_with_ort_values
    found, = run(['out'], {'in': given})
    width = TYPES[target][1]().itemsize  # numpy has no such types: the bytes, as they lie in memory
    return ['%0*x' % (2 * width, int.from_bytes(ctypes.string_at(found.data_ptr(), width), 'little'))]


def refuse(op):
    if op['op'] == 'cast' and op['nan-code'] not in ('any', 's7f'):
        return 'nan-code: NaN gives s7f'
    if op['op'] == 'cast' and op['elem'] == 'e4m3' and op['overflow'] == 'special' and op['overflow-nan'] == '7f':
        return 'overflow-nan: an overflow gives s7f'
    return None


onnxruntime.set_default_logger_severity(4)
mxp.serve('onnxruntime', onnxruntime.__version__, ['%s:%s:*' % (op, elem) for op in ('cast', 'decode')
                                                   for elem in ('e5m2', 'e4m3')],
          'round=rne zero-sign=keep subnormal-in=keep subnormal-out=keep', answer, refuse)
