#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Print every code point of one format with its exact value, from the tables that the specifications print.

    make.py FORMAT > FORMAT.txt        make.py --check DIRECTORY

The tables give the smallest subnormal, the fraction width and the specials. The codes are walked upwards from zero,
one step at a time, the step doubling after each full set of fractions: no bias and no exponent field is used. The
other printed numbers (largest subnormal, normals, maximum) are what the walk must meet on its way.
"""
import sys
from fractions import Fraction
from pathlib import Path

P = Fraction(2)
# OFP8 v1.0 table 2, MX v1.0 sections 5.3.1 to 5.3.3 and table 5: bits, fraction bits, least subnormal, largest subnormal,
# least normal, largest normal, codes of +Inf, codes of positive NaN.
FLOATS = {
    "e5m2": (8, 2, P**-16, 3 * P**-16, P**-14, 57344, [0b0_11111_00], [0b0_11111_01, 0b0_11111_10, 0b0_11111_11]),
    "e4m3": (8, 3, P**-9, 7 * P**-9, P**-6, 448, [], [0b0_1111_111]),
    "e3m2": (6, 2, Fraction("0.0625"), Fraction("0.1875"), Fraction("0.25"), 28, [], []),
    "e2m3": (6, 3, Fraction("0.125"), Fraction("0.875"), Fraction(1), Fraction("7.5"), [], []),
    "e2m1": (4, 1, Fraction("0.5"), Fraction("0.5"), Fraction(1), 6, [], []),
}


def positive_half(bits, fraction_bits, least_sub, largest_sub, least_normal, largest, inf, nan):
    """(class, value) of each code with sign 0."""
    met, value, step, out = [], Fraction(0), least_sub, []
    for code in range(2 ** (bits - 1)):
        if code in inf or code in nan:
            out.append(("inf" if code in inf else "nan", None))
            continue
        out.append(("zero" if value == 0 else "normal" if value >= least_normal else "subnormal", value))
        met.append(value)
        if code >= 2 * 2**fraction_bits and code % 2**fraction_bits == 0:
            step *= 2
        value += step
    subnormals = [v for c, v in out if c == "subnormal"]
    assert (subnormals[0], subnormals[-1]) == (least_sub, largest_sub)
    assert len(subnormals) == 2**fraction_bits - 1 and least_normal in met and met[-1] == largest
    return out


def float_codes(name):
    half = positive_half(*FLOATS[name])
    return [("+", c, v) for c, v in half] + [("-", c, v) for c, v in half]


def int8_codes():
    """MX v1.0 section 5.3.4: two's complement with an implicit scale of 2^-6."""
    values = [Fraction(i, 64) for i in [*range(128), *range(-128, 0)]]
    assert max(values) == 1 + Fraction(63, 64) and min(values) == -2
    return [("-" if v < 0 else "+", "normal" if v else "zero", abs(v)) for v in values]


def e8m0_codes():
    """MX v1.0 table 7: exponents -127 to 127, then NaN; no zero, no Inf, no sign."""
    return [("+", "normal", P**e) for e in range(-127, 128)] + [("+", "nan", None)]


def parts(value):
    """Odd numerator and exponent of two; 0 0 for zero."""
    if value == 0:
        return 0, 0
    n, e = value.numerator, 1 - value.denominator.bit_length()
    while n % 2 == 0:
        n, e = n // 2, e + 1
    return n, e


def decimal(value):
    """All digits of a value, exactly."""
    places = value.denominator.bit_length() - 1
    digits = str(value.numerator * 10**places // value.denominator).zfill(places + 1)
    return digits[: len(digits) - places] + ("." + digits[len(digits) - places :] if places else "")


def text(name):
    codes = float_codes(name) if name in FLOATS else int8_codes() if name == "int8" else e8m0_codes()
    lines = [f"#elem {name} codes={len(codes)}", "#cols code class sign numerator exponent value"]
    for code, (sign, kind, value) in enumerate(codes):
        if value is None:
            lines.append(f"{code:02x} {kind} {sign} - - -")
            continue
        n, e = parts(value)
        shown = f"2^{e}" if name == "e8m0" else decimal(value)
        lines.append(f"{code:02x} {kind} {sign} {n} {e} {shown}")
    return "\n".join(lines) + "\n"


def main():
    names = [*FLOATS, "int8", "e8m0"]
    if len(sys.argv) == 2 and sys.argv[1] in names:
        sys.stdout.write(text(sys.argv[1]))
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        wrong = [n for n in names if (Path(sys.argv[2]) / f"{n}.txt").read_text() != text(n)]
        for n in wrong:
            print(f"{sys.argv[2]}/{n}.txt: wanted what make.py prints, found another text", file=sys.stderr)
        return 1 if wrong else 0
    print(f"usage: make.py {'|'.join(names)} or make.py --check DIRECTORY", file=sys.stderr)
    return 2


sys.exit(main())
