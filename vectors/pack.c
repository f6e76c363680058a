/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packs in memory.
 */
#include "vectors/pack.h"

#include <stdlib.h>
#include <string.h>

#include "vectors/text.h"

/* Bytes allowed in ids (1) and in tags (2). */
static const uint8_t allowed[256] = {
    ['a'] = 3, ['b'] = 3, ['c'] = 3, ['d'] = 3, ['e'] = 3, ['f'] = 3, ['g'] = 3, ['h'] = 3, ['i'] = 3, ['j'] = 3,
    ['k'] = 3, ['l'] = 3, ['m'] = 3, ['n'] = 3, ['o'] = 3, ['p'] = 3, ['q'] = 3, ['r'] = 3, ['s'] = 3, ['t'] = 3,
    ['u'] = 3, ['v'] = 3, ['w'] = 3, ['x'] = 3, ['y'] = 3, ['z'] = 3, ['0'] = 3, ['1'] = 3, ['2'] = 3, ['3'] = 3,
    ['4'] = 3, ['5'] = 3, ['6'] = 3, ['7'] = 3, ['8'] = 3, ['9'] = 3, ['.'] = 3, ['-'] = 3, ['_'] = 3, ['A'] = 2,
    ['B'] = 2, ['C'] = 2, ['D'] = 2, ['E'] = 2, ['F'] = 2, ['G'] = 2, ['H'] = 2, ['I'] = 2, ['J'] = 2, ['K'] = 2,
    ['L'] = 2, ['M'] = 2, ['N'] = 2, ['O'] = 2, ['P'] = 2, ['Q'] = 2, ['R'] = 2, ['S'] = 2, ['T'] = 2, ['U'] = 2,
    ['V'] = 2, ['W'] = 2, ['X'] = 2, ['Y'] = 2, ['Z'] = 2, ['='] = 2, ['+'] = 2, [':'] = 2,
};

static int starts_well(char c)
{
    return (allowed[(uint8_t)c] & 2) && !strchr(".-_=+:", c);
}

int mxv_id_ok(const char *id, size_t length)
{
    if (length < 1 || length > MXV_ID_MAX || !starts_well(id[0]))
        return 0;
    for (size_t i = 0; i < length; i++)
        if (!(allowed[(uint8_t)id[i]] & 1))
            return 0;
    return 1;
}

int mxv_tags_ok(const char *tags, size_t length)
{
    if (length == 1 && tags[0] == '-')
        return 1;
    if (length < 1 || length > MXV_TAGS_MAX)
        return 0;
    for (size_t i = 0; i < length; i++) {
        int first = i == 0 || tags[i - 1] == ',';
        if (first ? !starts_well(tags[i]) : tags[i] != ',' && !(allowed[(uint8_t)tags[i]] & 2))
            return 0;
    }
    return tags[length - 1] != ',';
}

/* The columns of a pack: where the pointer lives, cells a case (0: the op has no such column), bytes a cell. */
struct slot {
    void **at;
    size_t cells, bytes;
};

enum { KINDS = 4, SLOTS = 1 + 3 * KINDS };

/* The column of this kind: its cells a case, 0 when the operation has none. */
static size_t cells(const mx_batch *b, int outputs, mx_column_kind kind)
{
    const mx_op_info *op = mx_op_info_of(b->op);
    const mx_column *columns = outputs ? op->out : op->in;

    for (size_t i = 0; i < (outputs ? op->n_out : op->n_in); i++)
        if (columns[i].kind == kind)
            return mx_column_cells(b, &columns[i]);
    return 0;
}

static void slots_of(mxv_pack *p, struct slot s[SLOTS])
{
    mx_batch *b = &p->batch;
    int random = mx_op_info_of(b->op)->rounds && b->profile.round == MX_SR;
    void **in[] = {(void **)&b->in.value, (void **)&b->in.scale, (void **)&b->in.code, (void **)&b->in.byte};
    void **out[] = {&b->out.value, (void **)&b->out.scale, (void **)&b->out.code, (void **)&b->out.byte};
    void **open[] = {&p->open.value, (void **)&p->open.scale, (void **)&p->open.code, (void **)&p->open.byte};
    const mx_column_kind kind[] = {MX_COL_VALUE, MX_COL_SCALE, MX_COL_CODE, MX_COL_BYTE};

    s[0] = (struct slot){(void **)&b->in.random, random ? b->k : 0, sizeof(uint32_t)};
    for (size_t i = 0; i < KINDS; i++) {
        size_t w = kind[i] == MX_COL_VALUE ? mx_type_bytes(b->type) : 1;
        s[1 + 3 * i] = (struct slot){in[i], cells(b, 0, kind[i]), w};
        s[2 + 3 * i] = (struct slot){out[i], cells(b, 1, kind[i]), w};
        s[3 + 3 * i] = (struct slot){open[i], cells(b, 1, kind[i]), 1};
    }
}

static mx_status allocate(mxv_pack *p)
{
    struct slot s[SLOTS];
    size_t count = p->batch.count;

    slots_of(p, s);
    for (size_t i = 0; i < SLOTS; i++) {
        if (!s[i].cells)
            continue;
        if (count > PTRDIFF_MAX / s[i].bytes / s[i].cells)
            return MX_ESIZE;
        void *column = calloc(count, s[i].cells * s[i].bytes);
        if (!column)
            return MX_ENOMEM;
        memcpy(s[i].at, &column, sizeof column);
    }
    if (count > PTRDIFF_MAX / sizeof *p->label)
        return MX_ESIZE;
    p->label = calloc(count, sizeof *p->label);
    p->storage = calloc(1, sizeof(struct mxv_storage));
    return p->label && p->storage ? MX_OK : MX_ENOMEM;
}

mx_status mxv_pack_new(mxv_pack **pack, const mx_batch *shape)
{
    mxv_pack *p;
    mx_status status;

    if (!pack || !mxv_shape_ok(shape) || mx_profile_check(&shape->profile, NULL) != MX_OK)
        return MX_EINVAL;
    if (shape->count == 0)
        return MX_ESIZE;
    p = calloc(1, sizeof *p);
    if (!p)
        return MX_ENOMEM;
    p->batch = *shape;
    p->batch.in = (mx_inputs){0};
    p->batch.out = (mx_outputs){0};
    status = allocate(p);
    if (status != MX_OK) {
        mxv_pack_free(p);
        return status;
    }
    *pack = p;
    return MX_OK;
}

void mxv_pack_free(mxv_pack *pack)
{
    struct slot s[SLOTS];
    struct mxv_storage *storage;

    if (!pack)
        return;
    slots_of(pack, s);
    for (size_t i = 0; i < SLOTS; i++) {
        void *column;
        memcpy(&column, s[i].at, sizeof column);
        free(column);
    }
    storage = pack->storage;
    while (storage && storage->chunks) {
        struct mxv_chunk *next = storage->chunks->next;
        free(storage->chunks);
        storage->chunks = next;
    }
    if (storage)
        free(storage->text);
    free(storage);
    free(pack->label);
    free(pack);
}

/* Room for `size` bytes of text, or NULL. */
static char *text_room(struct mxv_storage *storage, size_t size)
{
    struct mxv_chunk *c = storage->chunks;
    char *text;

    if (!c || c->size - c->used < size) {
        size_t room = size > 65536 - sizeof *c ? size : 65536 - sizeof *c;
        c = malloc(sizeof *c + room);
        if (!c)
            return NULL;
        *c = (struct mxv_chunk){storage->chunks, 0, room};
        storage->chunks = c;
    }
    text = c->text + c->used;
    c->used += size;
    return text;
}

mx_status mxv_pack_label(mxv_pack *pack, size_t i, const char *id, mx_class class_, const char *tags)
{
    size_t n, m;
    char *text;

    if (!pack || i >= pack->batch.count || !id || !tags || !mx_class_name(class_))
        return MX_EINVAL;
    n = strlen(id);
    m = strlen(tags);
    if (!mxv_id_ok(id, n) || !mxv_tags_ok(tags, m))
        return MX_EINVAL;
    text = text_room(pack->storage, n + m + 2);
    if (!text)
        return MX_ENOMEM;
    memcpy(text, id, n + 1);
    memcpy(text + n + 1, tags, m + 1);
    pack->label[i] = (mxv_label){text, class_, text + n + 1};
    return MX_OK;
}
