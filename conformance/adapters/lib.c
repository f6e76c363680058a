/* SPDX-License-Identifier: BSD-3-Clause
 *
 * lib:PATH, a shared object with the interface of mx/adapter.h. It runs in a child process, so that a crash, an abort
 * or a hang is a plain failure; columns lie in shared memory between guard bytes that are checked after every call.
 */
#include "config.h"

#include <mx/adapter.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/adapters/child.h"
#include "conformance/batch.h"
#include "conformance/error.h"

enum { GUARD = 256, ALIGN = 64, OPS_TEXT = 4096 };

/* What the suite asks of the child, and what it says. Both sides are the same program. */
typedef struct lib_request {
    enum { LIB_DESCRIBE = 1, LIB_RUN } what;
    mx_batch batch;  /* columns NULL */
    size_t at[COLS]; /* where each column begins in the shared memory; 0: no such column */
    size_t bytes;    /* of shared memory */
} lib_request;

typedef struct lib_reply {
    mx_status status;
    int refused; /* by the adapter itself, with a reason in `why` */
    char why[MXC_LINE];
    char name[MXC_NAME], version[MXC_NAME]; /* LIB_DESCRIBE only, like the next two */
    char ops[OPS_TEXT], axes[MX_PROFILE_TEXT];
} lib_reply;

typedef struct lib_state {
    mxc_child child;
    char *path;
    int memory; /* descriptor of the shared memory */
    unsigned timeout_ms;
    unsigned calls;
} lib_state;

/* ---- the child ---- */

typedef struct adapter {
    mx_status (*describe)(mx_adapter_info *info);
    mx_status (*run)(const mx_batch *batch, char reason[256]);
} adapter;

static mx_status child_open(adapter *a, const char *path, char *why)
{
    void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!lib) {
        mxc_say(why, MXC_LINE, "cannot be loaded: %s", dlerror());
        return MX_EINVAL;
    }
    void *describe = dlsym(lib, "mx_adapter_describe"), *run = dlsym(lib, "mx_adapter_run");
    if (!describe || !run) {
        mxc_say(why, MXC_LINE,
                "wanted a shared object that defines mx_adapter_describe and mx_adapter_run, found no %s",
                describe ? "mx_adapter_run" : "mx_adapter_describe");
        return MX_EPROTOCOL;
    }
    memcpy(&a->describe, &describe, sizeof describe);
    memcpy(&a->run, &run, sizeof run);
    return MX_OK;
}

static int copy_text(char *to, size_t size, const char *from)
{
    if (!from || strlen(from) >= size)
        return 0;
    memcpy(to, from, strlen(from) + 1);
    return 1;
}

static void child_describe(const adapter *a, lib_reply *reply)
{
    mx_adapter_info info = {0};
    reply->status = a->describe(&info);
    if (reply->status != MX_OK) {
        mxc_say(reply->why, sizeof reply->why, "mx_adapter_describe: %s", mx_status_text(reply->status));
    } else if (info.abi != MX_ADAPTER_ABI) {
        reply->status = MX_EPROTOCOL;
        mxc_say(reply->why, sizeof reply->why, "wanted interface %u of mx/adapter.h, found %u", MX_ADAPTER_ABI,
                info.abi);
    } else if (!copy_text(reply->name, sizeof reply->name, info.name) ||
               !copy_text(reply->version, sizeof reply->version, info.version) ||
               !copy_text(reply->ops, sizeof reply->ops, info.ops) ||
               !copy_text(reply->axes, sizeof reply->axes, info.axes)) {
        reply->status = MX_EPROTOCOL;
        mxc_say(reply->why, sizeof reply->why,
                "mx_adapter_describe: wanted name, version, ops and axes as texts, found one that is NULL or too long");
    }
}

static void child_run(const adapter *a, int memory, const lib_request *request, lib_reply *reply)
{
    char *data = mmap(NULL, request->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (data == MAP_FAILED) {
        reply->status = MX_ENOMEM;
        mxc_say(reply->why, sizeof reply->why, "cannot map %zu bytes of shared memory", request->bytes);
        return;
    }
    mx_batch batch = request->batch;
    for (int c = 0; c < COLS; c++)
        mxc_column_set(&batch, c, request->at[c] ? data + request->at[c] : NULL);
    reply->status = a->run(&batch, reply->why);
    reply->why[sizeof reply->why - 1] = '\0';
    reply->refused = reply->status == MX_EUNSUPPORTED;
    munmap(data, request->bytes);
}

/* Exactly `length` bytes of a pipe; 0 at its end. */
static int move(int fd, void *data, size_t length, int writing)
{
    for (char *at = data; length;) {
        ssize_t n = writing ? write(fd, at, length) : read(fd, at, length);
        if (n == 0 || (n < 0 && errno != EINTR))
            return 0;
        at += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return 1;
}

static void child_body(void *argument)
{
    const lib_state *l = argument;
    adapter a = {0};
    lib_request request;
    while (move(MXC_CHILD_IN, &request, sizeof request, 0)) {
        lib_reply reply = {.status = MX_OK};
        if (!a.run)
            reply.status = child_open(&a, l->path, reply.why);
        if (reply.status == MX_OK && request.what == LIB_DESCRIBE)
            child_describe(&a, &reply);
        else if (reply.status == MX_OK)
            child_run(&a, l->memory, &request, &reply);
        if (!move(MXC_CHILD_OUT, &reply, sizeof reply, 1))
            break;
    }
    _exit(0);
}

/* ---- the suite's side ---- */

static mx_status ask(lib_state *l, const lib_request *request, lib_reply *reply, const char *doing, char why[MXC_LINE])
{
    char end[MXC_NAME] = "closed its pipe", when[MXC_LINE];
    uint64_t deadline = mxc_clock_ms() + l->timeout_ms, now;
    size_t sent = 0, got = 0;
    while (got < sizeof *reply && (now = mxc_clock_ms()) < deadline) {
        if (sent < sizeof *request) {
            ssize_t n = mxc_child_write(&l->child, (const char *)request + sent, sizeof *request - sent);
            sent = n < 0 ? sizeof *request : sent + (size_t)n;
        }
        if (!mxc_child_wait(&l->child, sent < sizeof *request, (unsigned)(deadline - now)))
            continue;
        ssize_t n = mxc_child_read(&l->child, (char *)reply + got, sizeof *reply - got);
        if (n == 0) {
            if (mxc_child_ended(&l->child, 500))
                mxc_exit_text(end, sizeof end, l->child.status);
            mxc_say(when, sizeof when, "while %s", doing);
            mxc_say_gone(why, MXC_LINE, end, when, &l->child.tail);
            return MX_EPROTOCOL;
        }
        got += n > 0 ? (size_t)n : 0;
    }
    if (got == sizeof *reply)
        return MX_OK;
    mxc_say(why, MXC_LINE, "no answer within %u ms while %s", l->timeout_ms, doing);
    return MX_ETIMEOUT;
}

static mx_status lib_describe(void *state, mxc_description *description, char why[MXC_LINE])
{
    static const lib_request request = {.what = LIB_DESCRIBE};
    lib_reply reply = {0};
    char reason[MX_WHY];
    mx_status status = ask(state, &request, &reply, "it was loaded and described", why);
    if (status != MX_OK)
        return status;
    if (reply.status != MX_OK) {
        memcpy(why, reply.why, MXC_LINE);
        return reply.status == MX_EINVAL ? MX_EINVAL : reply.status == MX_EUNSUPPORTED ? MX_EUNSUPPORTED : MX_EPROTOCOL;
    }
    if (!reply.name[0] || !reply.version[0] || strchr(reply.name, ' ') || strchr(reply.version, ' ')) {
        mxc_say(why, MXC_LINE, "mx_adapter_describe: wanted name and version of one word, found '%s' and '%s'",
                reply.name, reply.version);
        return MX_EPROTOCOL;
    }
    memcpy(description->name, reply.name, sizeof reply.name);
    memcpy(description->version, reply.version, sizeof reply.version);
    if (mxc_offers_parse(description, reply.ops, strlen(reply.ops), reason) == MX_OK &&
        mx_profile_parse(&description->declared, reply.axes, strlen(reply.axes), reason) == MX_OK)
        return MX_OK;
    mxc_say(why, MXC_LINE, "mx_adapter_describe: %s", reason);
    return MX_EPROTOCOL;
}

/* ---- shared memory between guards ---- */

typedef struct shared {
    lib_request request;
    size_t length[COLS]; /* bytes of each column */
    char *data;
} shared;

static char guard_byte(size_t offset)
{
    return (char)(0x5c ^ (offset * 37 & 0xff));
}

/* Bytes of an element of a column, which it is aligned for. */
static size_t width_of(const mx_batch *batch, int c)
{
    return c == COL_RANDOM                           ? sizeof(uint32_t)
           : c == COL_IN_VALUE || c == COL_OUT_VALUE ? mx_type_bytes(batch->type)
                                                     : 1;
}

/* Columns begin at multiples of ALIGN; `apart`: an element after such, as kernels take data that is not aligned another
 * way. */
static mx_status lay_out(shared *s, const mx_batch *batch, int apart)
{
    size_t total = GUARD;
    s->request = (lib_request){.what = LIB_RUN, .batch = *batch};
    for (int c = 0; c < COLS; c++) {
        mxc_column_set(&s->request.batch, c, NULL);
        size_t cell = mxc_cell_bytes(batch, c);
        if (!cell)
            continue;
        if (batch->count > (SIZE_MAX / 4 - total) / cell)
            return MX_ESIZE;
        s->length[c] = cell * batch->count;
        s->request.at[c] = total + (apart ? width_of(batch, c) : 0);
        total = (s->request.at[c] + s->length[c] + GUARD + ALIGN - 1) / ALIGN * ALIGN;
    }
    s->request.bytes = total + GUARD;
    return MX_OK;
}

static void fill(const shared *s, const mx_batch *batch)
{
    for (size_t i = 0; i < s->request.bytes; i++)
        s->data[i] = guard_byte(i);
    for (int c = 0; c < COLS; c++) {
        if (s->request.at[c] && s->length[c] && c < COL_OUT_VALUE)
            memcpy(s->data + s->request.at[c], mxc_column(batch, c), s->length[c]);
        else if (s->request.at[c])
            memset(s->data + s->request.at[c], 0xa5, s->length[c]);
    }
}

/* The column that starts last at or before `offset` is the one whose guard was hit. */
static mx_status check_guards(const shared *s, const mx_batch *batch, char why[MXC_LINE])
{
    static const char *const name[] = {"values", "random bits", "scales", "codes", "bytes",
                                       "values", "scales",      "codes",  "bytes"};
    size_t offset = 0;
    for (int c = 0; c < COLS; c++) {
        size_t at = s->request.at[c];
        if (at && c < COL_OUT_VALUE && s->length[c] && memcmp(s->data + at, mxc_column(batch, c), s->length[c]) != 0) {
            mxc_say(why, MXC_LINE, "mx_adapter_run wrote into its input %s", name[c]);
            return MX_EPROTOCOL;
        }
        size_t end = at ? at : offset;
        for (; offset < end; offset++)
            if (s->data[offset] != guard_byte(offset)) {
                mxc_say(why, MXC_LINE, "mx_adapter_run wrote outside its buffers, %zu bytes before the %s %s",
                        at - offset, c < COL_OUT_VALUE ? "input" : "output", name[c]);
                return MX_EPROTOCOL;
            }
        offset = at ? at + s->length[c] : offset;
    }
    for (size_t begin = offset; offset < s->request.bytes; offset++)
        if (s->data[offset] != guard_byte(offset)) {
            mxc_say(why, MXC_LINE, "mx_adapter_run wrote outside its buffers, at byte %zu after the last one",
                    offset - begin);
            return MX_EPROTOCOL;
        }
    return MX_OK;
}

static mx_status map_memory(const lib_state *l, shared *s, char why[MXC_LINE])
{
    s->data = MAP_FAILED;
    if (ftruncate(l->memory, (off_t)s->request.bytes) == 0)
        s->data = mmap(NULL, s->request.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, l->memory, 0);
    if (s->data != MAP_FAILED)
        return MX_OK;
    mxc_say(why, MXC_LINE, "cannot share %zu bytes of memory with it: %s", s->request.bytes, strerror(errno));
    return MX_ENOMEM;
}

static mx_status call(lib_state *l, shared *s, const mx_batch *batch, lib_reply *reply, char why[MXC_LINE])
{
    char doing[MXC_NAME + 64];
    if (map_memory(l, s, why) != MX_OK)
        return MX_ENOMEM;
    fill(s, batch);
    const char *elem = mx_elem_name(batch->elem), *type = mx_type_name(batch->type);
    mxc_say(doing, sizeof doing, "it answered %zu cases of %s:%s:%s", batch->count, mx_op_name(batch->op),
            elem ? elem : "-", type ? type : "-");
    mx_status status = ask(l, &s->request, reply, doing, why);
    if (status == MX_OK)
        status = check_guards(s, batch, why);
    for (int c = COL_OUT_VALUE; c < COLS && status == MX_OK && reply->status == MX_OK; c++)
        if (s->length[c])
            memcpy(mxc_column(batch, c), s->data + s->request.at[c], s->length[c]);
    munmap(s->data, s->request.bytes);
    return status;
}

static mx_status run_batch(lib_state *l, const mx_batch *batch, int *refused, char why[MXC_LINE])
{
    shared s = {0};
    lib_reply reply = {0};
    mx_status status = lay_out(&s, batch, batch->count != 0 && l->calls++ % 2);
    if (status == MX_OK)
        status = call(l, &s, batch, &reply, why);
    *refused = status == MX_OK && reply.refused;
    if (status != MX_OK && !*why)
        mxc_say(why, MXC_LINE, "%s", mx_status_text(status));
    if (status != MX_OK || reply.status == MX_OK)
        return status;
    if (reply.refused)
        mxc_say(why, MXC_LINE, "%s", *reply.why ? reply.why : "declined without a reason");
    else
        mxc_say(why, MXC_LINE, "mx_adapter_run%s: %s%s%s",
                batch->count ? "" : ", asked with count 0 whether it accepts", mx_status_text(reply.status),
                *reply.why ? ": " : "", reply.why);
    return reply.refused ? MX_OK : MX_EPROTOCOL;
}

static mx_status lib_offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    mx_batch none = *shape;
    int refused = 0;
    none.count = 0;
    mx_status status = run_batch(state, &none, &refused, why);
    return refused ? MX_EUNSUPPORTED : status;
}

static mx_status lib_run(void *state, const mx_batch *batch, uint8_t *answer, char why[MXC_LINE])
{
    int refused = 0;
    mx_status status = run_batch(state, batch, &refused, why);
    if (status == MX_OK)
        memset(answer, refused ? MXC_REFUSED : MXC_ANSWERED, batch->count);
    return status;
}

static void lib_destroy(void *state)
{
    lib_state *l = state;
    mxc_child_kill(&l->child);
    if (l->memory >= 0)
        close(l->memory);
    free(l->path);
    free(l);
}

static int any_shared_memory(void)
{
#ifdef MFD_CLOEXEC
    return memfd_create("mxcts", MFD_CLOEXEC);
#else
    FILE *file = tmpfile();
    int fd = file ? dup(fileno(file)) : -1;
    if (file)
        fclose(file);
    return fd;
#endif
}

/* Above the numbers that a child has its pipes at, where files of other threads and of who started us can push it. */
static int shared_memory(void)
{
    const int fd = any_shared_memory(), above = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, MXC_CHILD_OUT + 1);
    if (fd >= 0)
        close(fd);
    return above;
}

mx_status mxc_lib_open(mxc_opened *opened, const char *path, const mxc_subject_options *options, mxv_error *error)
{
    static const mxc_subject_ops ops = {lib_describe, lib_offer, lib_run, NULL, lib_destroy, 0};
    struct stat st;
    if (!*path)
        return mxc_fail(error, MX_EINVAL, "a shared object is wanted, such as lib:./mine.so");
    if (stat(path, &st) != 0)
        return mxc_fail(error, MX_EINVAL, "no such shared object: %s", strerror(errno));
    lib_state *l = calloc(1, sizeof *l);
    if (!l)
        return mxc_no_memory(error);
    l->timeout_ms = options->timeout_ms;
    l->child = (mxc_child){.to = -1, .from = -1, .err = -1};
    /* With a directory in it, so that the loader does not search for it. */
    l->path = realpath(path, NULL);
    l->memory = shared_memory();
    mx_status status =
        l->path && l->memory >= 0 ? MX_OK : mxc_fail(error, MX_EIO, "no shared memory for it: %s", strerror(errno));
    if (status == MX_OK)
        status = mxc_child_start(&l->child, child_body, l, 1, error);
    if (status != MX_OK) {
        lib_destroy(l);
        return status;
    }
    *opened = (mxc_opened){&ops, l, &l->child.tail};
    return MX_OK;
}
