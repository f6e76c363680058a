/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files that are whole or not there: written beside their place and renamed.
 */
#include "config.h"

#include <mx/names.h>
#include <mx/vectors.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vectors/text.h"

static mx_status save_error(mxv_error *error, const char *path, const char *wanted, const char *why)
{
    size_t n = strlen(path);

    if (error) {
        error->line = 0;
        mxv_say(error->text, sizeof error->text, "%s%s: wanted %s, found: %s", n > 160 ? "..." : "",
                n > 160 ? path + n - 160 : path, wanted, why);
    }
    return MX_EIO;
}

/* Temporary files that are being written. Of more at once the names are not kept. */
static _Atomic(char *) under_way[1024];
static atomic_int opening; /* threads between opening a file and keeping its name */
static atomic_int abandoned;

/* NULL when there is no room. */
static _Atomic(char *) *keep(char *temporary)
{
    for (size_t i = 0; i < sizeof under_way / sizeof *under_way; i++) {
        char *none = NULL;
        if (atomic_compare_exchange_strong(&under_way[i], &none, temporary))
            return &under_way[i];
    }
    return NULL;
}

void mxv_save_abandon(void)
{
    atomic_store(&abandoned, 1);
    while (atomic_load(&opening)) {
    }
    for (size_t i = 0; i < sizeof under_way / sizeof *under_way; i++) {
        char *temporary = atomic_exchange(&under_way[i], NULL);
        if (temporary)
            unlink(temporary);
    }
}

/* A new file beside `path`, never an existing one; its name in `temporary`. Its mode follows the umask. */
static FILE *open_temporary(const char *path, char *temporary, size_t size)
{
    for (unsigned n = 0; n < 100; n++) {
        int fd;
        mxv_say(temporary, size, "%s.%ld-%u.tmp", path, (long)getpid(), n);
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            FILE *out = fdopen(fd, "wb");
            if (out)
                return out;
            close(fd);
            unlink(temporary);
            return NULL;
        }
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

/* The same with its name kept, as one step for the signals that this thread may get. */
static FILE *open_and_keep(const char *path, char *temporary, size_t size, _Atomic(char *) **kept)
{
    sigset_t all, before;
    FILE *out = NULL;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    atomic_fetch_add(&opening, 1);
    errno = ECANCELED;
    if (!atomic_load(&abandoned))
        out = open_temporary(path, temporary, size);
    if (out)
        *kept = keep(temporary);
    atomic_fetch_sub(&opening, 1);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return out;
}

/* Make the rename itself last: sync the directory. Some file systems cannot, which is no error of ours. */
static void sync_directory(char *path)
{
    char *slash = strrchr(path, '/');
    int fd;

    if (slash)
        slash[1] = '\0';
    fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* What fills `out`, on its way to the disk when it can be told so; closes it. */
static mx_status write_and_close(mxv_writer write, const void *state, FILE *out, int syncs)
{
    mx_status status = write(out, state);

    if (status == MX_OK && fflush(out) != 0)
        status = MX_EIO;
    if (status == MX_OK && syncs && fsync(fileno(out)) != 0)
        status = MX_EIO;
    if (fclose(out) != 0 && status == MX_OK)
        status = MX_EIO;
    return status;
}

static mx_status save_beside(mxv_writer write, const void *state, const char *path, mxv_error *error)
{
    size_t size = strlen(path) + 48;
    char *temporary = malloc(size);
    mx_status status;
    _Atomic(char *) *kept = NULL;
    FILE *out;

    if (!temporary)
        return MX_ENOMEM;
    out = open_and_keep(path, temporary, size, &kept);
    if (!out) {
        status = save_error(error, path, "to create a file beside it", strerror(errno));
        free(temporary);
        return status;
    }
    status = write_and_close(write, state, out, 1);
    if (status == MX_OK && rename(temporary, path) != 0)
        status = MX_EIO;
    if (status == MX_OK) {
        sync_directory(temporary);
    } else {
        save_error(error, path, "to write it", status == MX_EIO ? strerror(errno) : mx_status_text(status));
        unlink(temporary);
    }
    if (!kept || atomic_exchange(kept, NULL)) /* a handler that has taken it may read it yet */
        free(temporary);
    return status;
}

/* A pipe, a device: nothing may take its place. */
static mx_status save_directly(mxv_writer write, const void *state, const char *path, mxv_error *error)
{
    FILE *out = fopen(path, "wb");
    mx_status status = out ? write_and_close(write, state, out, 0) : MX_EIO;

    if (status != MX_OK)
        save_error(error, path, "to write it", status == MX_EIO ? strerror(errno) : mx_status_text(status));
    return status;
}

mx_status mxv_save_by(mxv_writer write, const void *state, const char *path, mxv_error *error)
{
    struct stat st;
    char *target;
    mx_status status;

    if (!write || !path)
        return MX_EINVAL;
    if (stat(path, &st) != 0)
        return save_beside(write, state, path, error);
    target = S_ISREG(st.st_mode) ? realpath(path, NULL) : NULL; /* the link stays, what it leads to is written */
    if (target)
        status = save_beside(write, state, target, error);
    else
        status = save_directly(write, state, path, error);
    free(target);
    return status;
}

static mx_status write_pack(FILE *out, const void *pack)
{
    return mxv_write(pack, out);
}

mx_status mxv_save(const mxv_pack *pack, const char *path, mxv_error *error)
{
    return pack ? mxv_save_by(write_pack, pack, path, error) : MX_EINVAL;
}
