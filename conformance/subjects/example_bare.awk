#!/usr/bin/awk -f
# SPDX-License-Identifier: BSD-3-Clause
# A subject as a filter over bare hex lines: decodes E2M1 to bf16, a code in, a value out, in the same order.
BEGIN { split("0000 3f00 3f80 3fc0 4000 4040 4080 40c0 8000 bf00 bf80 bfc0 c000 c040 c080 c0c0", value, " ") }
{ print value[index("0123456789abcdef", substr($1, 2, 1))] }
