# SPDX-License-Identifier: BSD-3-Clause
"""Write a pipe subject in Python: serve() talks mxp/1, which mxp.h describes. Copy this file; it needs nothing else.

    mxp.serve('foo', '2.1', ['cast:e4m3:fp32'], 'round=rne', answer)
"""
import struct
import sys

# struct's letters for an integer and a value of a type; bf16 is the upper half of fp32.
LETTERS = {'fp64': ('>Q', '>d'), 'fp32': ('>I', '>f'), 'fp16': ('>H', '>e')}


def number(kind, cell):
    """The value of a cell of type `kind`, exactly."""
    bits = int(cell, 16)
    if kind == 'bf16':
        kind, bits = 'fp32', bits << 16
    integer, letter = LETTERS[kind]
    return struct.unpack(letter, struct.pack(integer, bits))[0]


def fp64(value):
    """The fp64 cell of a number."""
    return '%016x' % struct.unpack('>Q', struct.pack('>d', value))


# How many codes share how many bytes.
PACKED = {'e2m1': (2, 1), 'e2m3': (4, 3), 'e3m2': (4, 3)}


def pack(elem, codes):
    """Codes as bytes: a stream of bits, the lowest of each code and byte first."""
    count, size = PACKED[elem]
    width = 8 * size // count
    groups = [codes[at:at + count] for at in range(0, len(codes), count)]
    words = [sum(code << width * i for i, code in enumerate(group)) for group in groups]
    return [byte for word in words for byte in word.to_bytes(size, 'little')]


def unpack(elem, found):
    """The codes in such bytes."""
    count, size = PACKED[elem]
    width = 8 * size // count
    groups = [int.from_bytes(bytes(found[at:at + size]), 'little') for at in range(0, len(found), size)]
    return [group >> width * i & ((1 << width) - 1) for group in groups for i in range(count)]


def blocks_of_32(op):
    """For serve's `refuse`: other blocks, where the operation is of blocks."""
    return None if op.get('k', '32') == '32' else 'k: its blocks are of 32'


def serve(name, version, ops, axes, answer, refuse=lambda op: None):
    """Answer what the suite asks on standard input until it says `bye`.

    name, version  one word each
    ops            what there is, 'cast:e4m3:fp32'; each part may be *
    axes           axes that every operation fixes, 'scale=floor round=rne'
    answer(op, cells)  output cells of one case; all cells are strings of hexadecimal digits
    refuse(op)     why an operation cannot be followed, or None

    An operation is a dictionary: op, elem, type, k and each axis, all strings.
    """
    opened, answered, refused = {}, 0, 0
    for line in sys.stdin:
        word = line.split()
        if word[0] == 'mxp':
            print('mxp 1 name=%s version=%s ops=%s' % (name, version, ','.join(ops)), *axes.split())
        elif word[0] == 'op':  # op 1 quantize elem=e4m3 type=fp32 k=32 scale=floor ...
            op = dict([w.split('=', 1) for w in word[3:]], op=word[2])
            reason = refuse(op)
            opened[word[1]] = op
            print('no %s %s' % (word[1], reason) if reason else 'ok ' + word[1])
        elif word[0] == 'c':  # c 1 42 3f800000 ...
            try:
                print('r', word[2], *answer(opened[word[1]], word[3:]))
                answered += 1
            except Exception as error:  # whatever it is, the suite shall say so: the case was not answered
                said = ' '.join(str(error).split()) or 'no more is said'
                print('u', word[2], '%s: %s' % (type(error).__name__, said))
                refused += 1
        elif word[0] == 'bye':
            print('bye seen=%d answered=%d refused=%d' % (answered + refused, answered, refused))
        sys.stdout.flush()


def need(program, what, *packages):
    """End with 77, nothing to test here, since packages are absent."""
    sys.stderr.write('%s: %s (pip install %s)\n' % (program, what, ' '.join(packages)))
    sys.exit(77)
