# SPDX-License-Identifier: BSD-3-Clause
"""What the subjects that use torch share: cells of hexadecimal digits as tensors, and back."""
import torch

import mxp

ELEMENTS = {'e5m2': torch.float8_e5m2, 'e4m3': torch.float8_e4m3fn}  # codes of the others stay bytes
TYPES = {'fp32': (torch.float32, torch.int32, 32), 'bf16': (torch.bfloat16, torch.int16, 16),
         'fp16': (torch.float16, torch.int16, 16)}


def values(kind, cells):
    value, integer, width = TYPES[kind]
    sign = 1 << (width - 1)
    return torch.tensor([(int(cell, 16) ^ sign) - sign for cell in cells], dtype=integer).view(value)


def cells(kind, found):
    integer, width = TYPES[kind][1:]
    return ['%0*x' % (width // 4, bits & ((1 << width) - 1)) for bits in found.view(integer).flatten().tolist()]


def codes(elem, cells, packed=('e2m1',)):
    """Codes as torch has them: bytes of its own type, or packed."""
    found = [int(cell, 16) for cell in cells]
    if elem in packed:
        found = mxp.pack(elem, found)
    found = torch.tensor(found, dtype=torch.uint8)
    return found.view(ELEMENTS[elem]) if elem in ELEMENTS else found


def block(elem, scale, found, packed=('e2m1',)):
    """The cells of a block: its scale byte and its codes."""
    found = found.view(torch.uint8).flatten().tolist()
    return ['%02x' % byte for byte in scale.view(torch.uint8).flatten().tolist() +
            (mxp.unpack(elem, found) if elem in packed else found)]
