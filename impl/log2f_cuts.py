#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints log2f.def: how close to a power of two a number must be for fl32(log2 x) to be an integer.

Between integers log2 x is irrational, so it rounds to the integer n exactly when |log2 x - n| < h, half the spacing of
24-bit numbers on that side of n. h is 2^-i with i from 14 (|n| up to 2047) to 25 (below n = 1, above n = -1). So
  x below 2^n: x = 2^n (1 - d) rounds up to n   when d < 1 - 2^-h    row "below", times 2^64;
  x above 2^n: x = 2^n (1 + d) rounds down to n when d < 2^h - 1     rows "above", times 2^63 and the significand of the
                                                                     divisor, 1 or that of a format's largest value.
Entries are rounded down: no significand of 53 bits, left-aligned in 64, falls on one, as they are irrational."""
from decimal import Decimal, getcontext, ROUND_FLOOR

getcontext().prec = 80
TWO = Decimal(2)
DIVISORS = [("1", Decimal(1)), ("3/2", Decimal(3) / 2), ("7/4", Decimal(7) / 4), ("15/8", Decimal(15) / 8),
            ("127/64", Decimal(127) / 64)]


def row(tag, values):
    cells = [f"0x{int(v.to_integral_value(ROUND_FLOOR)):016x}" for v in values]
    lines = ["    " + ", ".join(cells[i:i + 4]) for i in range(0, len(cells), 4)]
    print(f"{tag}(\n" + ",\n".join(lines) + ")")


half = [TWO ** -(TWO ** -i) for i in range(14, 26)]  # 2^-h
print("/* SPDX-License-Identifier: BSD-3-Clause")
print(" *\n * Made by impl/log2f_cuts.py, which says what the numbers are. Columns: h = 2^-14 ... 2^-25. */")
row("MX_LOG2F_BELOW", [(1 - p) * TWO ** 64 for p in half])
for name, sig in DIVISORS:
    print(f"/* divisor {name} */")
    row("MX_LOG2F_ABOVE", [(1 / p - 1) * sig * TWO ** 63 for p in half])
