/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The nouns as text: names of ids and the op table. One table a noun; index 0 is "not one".
 */
#include <mx/names.h>

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char *const elem_names[] = {NULL, "e5m2", "e4m3", "e3m2", "e2m3", "e2m1", "int8"};
static const unsigned elem_bits[] = {0, 8, 8, 6, 6, 4, 8};
_Static_assert(sizeof elem_names / sizeof *elem_names == MX_ELEM_LAST + 1, "a name for each format");
_Static_assert(sizeof elem_bits / sizeof *elem_bits == MX_ELEM_LAST + 1, "a width for each format");
static const char *const type_names[] = {NULL, "fp32", "bf16", "fp16", "fp64"};
static const size_t type_bytes[] = {0, 4, 2, 2, 8};
_Static_assert(sizeof type_names / sizeof *type_names == MX_TYPE_LAST + 1, "a name for each type");
_Static_assert(sizeof type_bytes / sizeof *type_bytes == MX_TYPE_LAST + 1, "a width for each type");
static const char *const layout_names[] = {NULL, "low-first", "high-first", "split-half", "128x4"};
static const char *const class_names[] = {NULL, "must", "should", "free", "silent"};

static const char *const status_texts[] = {
    [MX_OK] = "success",
    [MX_END] = "no more data",
    [MX_EINVAL] = "an argument is missing, zero or out of range",
    [MX_EUNSUPPORTED] = "not offered by this implementation",
    [MX_ESIZE] = "a size is zero or too large",
    [MX_EALIAS] = "buffers overlap",
    [MX_ENOMEM] = "out of memory",
    [MX_EPARSE] = "malformed text",
    [MX_EIO] = "input or output failed",
    [MX_EDEVICE] = "a device or its runtime failed",
    [MX_ETIMEOUT] = "no answer in time",
    [MX_EPROTOCOL] = "the protocol was broken",
    [MX_EINTERNAL] = "internal error",
};

#define VALUE                                                                                                          \
    {                                                                                                                  \
        MX_COL_VALUE, MX_ONE, "value"                                                                                  \
    }
#define VALUES                                                                                                         \
    {                                                                                                                  \
        MX_COL_VALUE, MX_PER_ELEMENT, "value"                                                                          \
    }
#define SCALE                                                                                                          \
    {                                                                                                                  \
        MX_COL_SCALE, MX_ONE, "scale"                                                                                  \
    }
#define CODE                                                                                                           \
    {                                                                                                                  \
        MX_COL_CODE, MX_ONE, "code"                                                                                    \
    }
#define CODES                                                                                                          \
    {                                                                                                                  \
        MX_COL_CODE, MX_PER_ELEMENT, "code"                                                                            \
    }
#define BYTES                                                                                                          \
    {                                                                                                                  \
        MX_COL_BYTE, MX_PER_BYTE, "byte"                                                                               \
    }
#define SCALES                                                                                                         \
    {                                                                                                                  \
        MX_COL_SCALE, MX_PER_ELEMENT, "scale"                                                                          \
    }

enum {
    PACKED = 1 << MX_LAYOUT_LOW_FIRST | 1 << MX_LAYOUT_HIGH_FIRST | 1 << MX_LAYOUT_SPLIT_HALF,
    TILED = 1 << MX_LAYOUT_128X4
};

/* op, name, is_block, encodes, rounds, n_in, n_out, in, out, has_elem, has_type, is_matrix, layouts: the order of
 * columns is that of vectors/FORMAT. */
static const mx_op_info op_table[] = {
    {MX_OP_DECODE, "decode", 0, 0, 0, 1, 1, {CODE}, {VALUE}, 1, 1, 0, 0},
    {MX_OP_CAST, "cast", 0, 1, 1, 1, 1, {VALUE}, {CODE}, 1, 1, 0, 0},
    {MX_OP_SCALE, "scale", 1, 1, 0, 1, 1, {VALUES}, {SCALE}, 1, 1, 0, 0},
    {MX_OP_SCALED_CAST, "scaled-cast", 0, 1, 1, 2, 1, {VALUE, SCALE}, {CODE}, 1, 1, 0, 0},
    {MX_OP_QUANTIZE, "quantize", 1, 1, 1, 1, 2, {VALUES}, {SCALE, CODES}, 1, 1, 0, 0},
    {MX_OP_DEQUANTIZE, "dequantize", 1, 0, 0, 2, 1, {SCALE, CODES}, {VALUES}, 1, 1, 0, 0},
    {MX_OP_PACK, "pack", 1, 0, 0, 1, 1, {CODES}, {BYTES}, 1, 0, 0, PACKED},
    {MX_OP_UNPACK, "unpack", 1, 0, 0, 1, 1, {BYTES}, {CODES}, 1, 0, 0, PACKED},
    {MX_OP_SWIZZLE, "swizzle", 0, 0, 0, 1, 1, {SCALES}, {BYTES}, 0, 0, 1, TILED},
    {MX_OP_UNSWIZZLE, "unswizzle", 0, 0, 0, 1, 1, {BYTES}, {SCALES}, 0, 0, 1, TILED},
};
_Static_assert(sizeof op_table / sizeof *op_table == MX_OP_LAST, "a row for each operation");

static const char *name_of(const char *const *names, size_t n, size_t id)
{
    return id < n ? names[id] : NULL;
}

static size_t find(const char *const *names, size_t n, const char *text, size_t length)
{
    for (size_t i = 1; i < n && text; i++)
        if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
            return i;
    return 0;
}

const char *mx_status_text(mx_status status)
{
    const char *text = name_of(status_texts, COUNT(status_texts), (size_t)status);
    return text ? text : "unknown status";
}

const char *mx_elem_name(mx_elem elem)
{
    return name_of(elem_names, COUNT(elem_names), (size_t)elem);
}

mx_elem mx_elem_find(const char *text, size_t length)
{
    return (mx_elem)find(elem_names, COUNT(elem_names), text, length);
}

unsigned mx_elem_bits(mx_elem elem)
{
    return (size_t)elem < COUNT(elem_bits) ? elem_bits[elem] : 0;
}

const char *mx_type_name(mx_type type)
{
    return name_of(type_names, COUNT(type_names), (size_t)type);
}

mx_type mx_type_find(const char *text, size_t length)
{
    return (mx_type)find(type_names, COUNT(type_names), text, length);
}

size_t mx_type_bytes(mx_type type)
{
    return (size_t)type < COUNT(type_bytes) ? type_bytes[type] : 0;
}

const char *mx_layout_name(mx_layout layout)
{
    return name_of(layout_names, COUNT(layout_names), (size_t)layout);
}

mx_layout mx_layout_find(const char *text, size_t length)
{
    return (mx_layout)find(layout_names, COUNT(layout_names), text, length);
}

const char *mx_class_name(mx_class class_)
{
    return name_of(class_names, COUNT(class_names), (size_t)class_);
}

mx_class mx_class_find(const char *text, size_t length)
{
    return (mx_class)find(class_names, COUNT(class_names), text, length);
}

const mx_op_info *mx_op_info_of(mx_op op)
{
    size_t i = (size_t)op;
    return i >= 1 && i <= COUNT(op_table) ? &op_table[i - 1] : NULL;
}

const char *mx_op_name(mx_op op)
{
    const mx_op_info *info = mx_op_info_of(op);
    return info ? info->name : NULL;
}

mx_op mx_op_find(const char *text, size_t length)
{
    for (size_t i = 0; i < COUNT(op_table) && text; i++)
        if (strlen(op_table[i].name) == length && memcmp(op_table[i].name, text, length) == 0)
            return op_table[i].op;
    return (mx_op)0;
}
