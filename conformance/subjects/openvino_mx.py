#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pipe subject: the operation Convert of the package openvino on the CPU: `cast` and `decode` of E5M2, E4M3 and E2M1,
from and to fp32, bf16 and fp16, the first two from and to fp64 too.

    pip install openvino
    mxcts run --subject 'pipe:python3 openvino_mx.py'

What its releases are found to do: doc/systems.md.
"""
import functools

import mxp

try:
    import numpy
    import openvino
    from openvino import opset15
except ImportError as missing:
    mxp.need('openvino_mx.py', missing, 'openvino')

# Of each format and type: OpenVINO's name, and the integer of its width.
TYPES = {'e5m2': (openvino.Type.f8e5m2, numpy.uint8), 'e4m3': (openvino.Type.f8e4m3, numpy.uint8),
         'e2m1': (openvino.Type.f4e2m1, numpy.uint8), 'fp32': (openvino.Type.f32, numpy.uint32),
         'bf16': (openvino.Type.bf16, numpy.uint16), 'fp16': (openvino.Type.f16, numpy.uint16),
         'fp64': (openvino.Type.f64, numpy.uint64)}
LANES = 2  # two codes of E2M1 share a byte
core = openvino.Core()


@functools.lru_cache(None)
def convert(source, target):
    """A model of one operation; f32 as the precision to infer with keeps it from computing in bf16."""
    given = opset15.parameter([LANES], TYPES[source][0])
    model = openvino.Model([opset15.convert(given, TYPES[target][0].get_type_name())], [given])
    return core.compile_model(model, 'CPU', {'INFERENCE_PRECISION_HINT': 'f32'}).create_infer_request()


def tensor_bytes(kind, cell):
    """The case in the first lane, a zero in the second."""
    return numpy.array([int(cell, 16)] + [0] * (kind != 'e2m1'), TYPES[kind][1])


def answer(op, cells):
    source, target = (op['type'], op['elem']) if op['op'] == 'cast' else (op['elem'], op['type'])
    request = convert(source, target)
    given = openvino.Tensor(tensor_bytes(source, cells[0]), openvino.Shape([LANES]), TYPES[source][0])
    request.infer([given])
    found = request.get_output_tensor(0).data
    bits = int(found.view(TYPES[target][1]).flatten()[0])
    return ['%02x' % (bits & 15) if target == 'e2m1' else '%0*x' % (2 * TYPES[target][1]().itemsize, bits)]


mxp.serve('openvino', openvino.__version__.split('-')[0],
          ['%s:%s:%s' % (op, elem, kind) for op in ('cast', 'decode') for elem in ('e5m2', 'e4m3', 'e2m1')
           for kind in ('fp32', 'bf16', 'fp16', 'fp64') if (elem, kind) != ('e2m1', 'fp64')],
          'round=rne overflow=special zero-sign=keep subnormal-in=keep subnormal-out=keep', answer)
