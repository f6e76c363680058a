#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A subject for mxcts in Python: `cast` and `decode` of all six formats, exact, standard library only.

    mxcts run --subject 'pipe:python3 example.py'

To judge something else, replace cast() and decode(); main() is the whole protocol, mxp/1, described in mxp.h.
"""
import sys
from bisect import bisect_right
from fractions import Fraction

# Exponent bits, fraction bits, bias; largest finite code. INT8's magnitude reads like a format with one exponent bit:
# units of 2^-6 below 1.0, and the same units above.
FORMATS = {'e5m2': (5, 2, 15, 0x7b), 'e4m3': (4, 3, 7, 0x7e), 'e3m2': (3, 2, 3, 0x1f), 'e2m3': (2, 3, 1, 0x1f),
           'e2m1': (2, 1, 1, 0x07), 'int8': (1, 6, 1, 0x7f)}
TYPES = {'fp32': (8, 23, 127), 'bf16': (8, 7, 127), 'fp16': (5, 10, 15), 'fp64': (11, 52, 1023)}
# What this subject does where the specification leaves a choice; it is judged on the packs that agree.
AXES = ('round=rne overflow=saturate nan-to=unspecified nan-code=any zero-sign=keep int8-min=symmetric int8=ocp '
        'subnormal-in=keep subnormal-out=keep')


def value(ebits, mbits, bias, magnitude):
    """The exact value of a pattern without its sign."""
    exp, man = magnitude >> mbits, magnitude & ((1 << mbits) - 1)
    if exp:  # a normal number has a hidden bit
        man, exp = man + (1 << mbits), exp - 1
    return man * Fraction(2) ** (exp + 1 - bias - mbits)


# Per format: where one code's values end and the next one's begin.
MIDPOINTS = {f: [(value(e, m, b, i) + value(e, m, b, i + 1)) / 2 for i in range(largest)]
             for f, (e, m, b, largest) in FORMATS.items()}


def cast(elem, kind, bits):
    ebits, mbits, bias = TYPES[kind]
    negative, magnitude = bits >> (ebits + mbits), bits & ((1 << (ebits + mbits)) - 1)
    inf, largest = ((1 << ebits) - 1) << mbits, FORMATS[elem][3]
    if magnitude > inf:  # NaN: the code 7f where there is one, else the largest value
        return 0x7f if elem in ('e5m2', 'e4m3') else largest
    if magnitude == inf:
        code = largest
    else:
        x = value(ebits, mbits, bias, magnitude)
        code = bisect_right(MIDPOINTS[elem], x)  # ties have gone up: back to the even code
        code -= code % 2 and x == MIDPOINTS[elem][code - 1]
    if elem == 'int8':  # two's complement
        return -code & 0xff if negative else code
    return code | negative << sum(FORMATS[elem][:2])


def decode(elem, kind, code):
    ebits, mbits, bias = TYPES[kind]
    width = sum(FORMATS[elem][:2])
    negative, magnitude = code >> width, code & ((1 << width) - 1)
    if elem == 'int8' and negative:
        magnitude = 0x100 - code
    sign, inf = negative << (ebits + mbits), ((1 << ebits) - 1) << mbits
    if elem == 'e5m2' and magnitude == 0x7c:
        return sign | inf
    if elem in ('e5m2', 'e4m3') and magnitude > FORMATS[elem][3]:
        return inf | 1 << (mbits - 1)  # NaN
    x = value(*FORMATS[elem][:3], magnitude)
    low, high = 0, inf  # every element value is a value of every type: search for its pattern
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if value(ebits, mbits, bias, middle) <= x else (low, middle)
    return sign | low


def main():
    ops, seen = {}, 0
    for line in sys.stdin:
        word = line.split()
        if word[0] == 'mxp':
            print('mxp 1 name=example-py version=1 ops=cast:*:*,decode:*:*', AXES)
        elif word[0] == 'op':  # op 1 cast elem=e4m3 type=fp32 scale=floor ...
            ops[word[1]] = (word[2], word[3][5:], word[4][5:])
            print('ok', word[1])
        elif word[0] == 'c':  # c 1 42 3f800000
            op, elem, kind = ops[word[1]]
            if op == 'cast':
                print('r %s %02x' % (word[2], cast(elem, kind, int(word[3], 16))))
            else:
                print('r %s %0*x' % (word[2], (sum(TYPES[kind][:2]) + 1) // 4, decode(elem, kind, int(word[3], 16))))
            seen += 1
        elif word[0] == 'bye':
            print('bye seen=%d answered=%d refused=0' % (seen, seen))
        sys.stdout.flush()


main()
