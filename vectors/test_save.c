/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files are whole or not there, and nothing else is harmed.
 */
#include "config.h"

#include <mx/vectors.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_folder.h"
#include "test_main.h"

static mxv_pack *some_pack(void)
{
    const char *top = getenv("MXCTS_SRCDIR");
    char path[1024];
    mxv_error error = {0};
    mxv_pack *pack = NULL;

    snprintf(path, sizeof path, "%s/vectors/good/quantize.mxv", top ? top : "..");
    ck_assert_msg(mxv_load(&pack, path, &error) == MX_OK, "%s", error.text);
    return pack;
}

static unsigned entries(const char *path)
{
    DIR *dir = opendir(path);
    unsigned n = 0;

    ck_assert_ptr_nonnull(dir);
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

START_TEST(saving)
{
    char directory[TEST_FOLDER], path[TEST_FOLDER + 8];
    mxv_pack *p = some_pack(), *q = NULL;
    mxv_error error = {0};
    struct stat st;
    mode_t mask;

    test_folder(directory);
    snprintf(path, sizeof path, "%s/x.mxv", directory);
    mask = umask(027);
    ck_assert_int_eq(mxv_save(p, path, &error), MX_OK);
    umask(mask);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
    ck_assert_int_eq(mxv_save(p, path, &error), MX_OK); /* over an existing one */
    ck_assert_int_eq(mxv_load(&q, path, &error), MX_OK);
    ck_assert_str_eq(p->sha256, q->sha256);
    p->label[0].id = NULL;
    ck_assert_int_eq(mxv_save(p, path, &error), MX_EINVAL); /* the old file stays, no temporary one is left */
    ck_assert_uint_eq(entries(directory), 1);
    mxv_pack_free(q);
    ck_assert_int_eq(mxv_load(&q, path, &error), MX_OK);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0700), 0); /* a directory in the way: rename fails */
    ck_assert_int_eq(mxv_save(q, path, &error), MX_EIO);
    ck_assert_uint_eq(entries(directory), 1);
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(rmdir(directory), 0);
    ck_assert_int_eq(mxv_save(q, path, &error), MX_EIO); /* no such directory */
    ck_assert_ptr_nonnull(strstr(error.text, "x.mxv: wanted to create a file beside it, found: No such file"));
    mxv_pack_free(p);
    mxv_pack_free(q);
}
END_TEST

/* What a link leads to is written, the link stays; nothing takes the place of a pipe. */
START_TEST(saving_through)
{
    char directory[TEST_FOLDER], path[TEST_FOLDER + 8], through[TEST_FOLDER + 8], line[8] = "";
    mxv_pack *p = some_pack(), *q = NULL;
    mxv_error error = {0};
    struct stat st;
    int pipe_end;

    test_folder(directory);
    snprintf(path, sizeof path, "%s/x.mxv", directory);
    snprintf(through, sizeof through, "%s/y.mxv", directory);
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT, 0600)), 0);
    ck_assert_int_eq(symlink("x.mxv", through), 0);
    ck_assert_int_eq(mxv_save(p, through, &error), MX_OK);
    ck_assert(lstat(through, &st) == 0 && S_ISLNK(st.st_mode));
    ck_assert_int_eq(mxv_load(&q, path, &error), MX_OK);
    ck_assert_str_eq(p->sha256, q->sha256);
    ck_assert_int_eq(unlink(through), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    pipe_end = open(path, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(pipe_end, 0);
    ck_assert_int_eq(mxv_save(p, path, &error), MX_OK);
    ck_assert(lstat(path, &st) == 0 && S_ISFIFO(st.st_mode));
    ck_assert_int_eq(read(pipe_end, line, 6), 6);
    ck_assert_str_eq(line, "#mxv 1");
    close(pipe_end);
    ck_assert_uint_eq(entries(directory), 1);
    unlink(path);
    ck_assert_int_eq(rmdir(directory), 0);
    mxv_pack_free(p);
    mxv_pack_free(q);
}
END_TEST

/* A file that happens to bear the temporary name is somebody else's. */
START_TEST(saving_takes_no_existing_file)
{
    char directory[TEST_FOLDER], path[TEST_FOLDER + 8], theirs[TEST_FOLDER + 40], text[16] = "";
    mxv_pack *p = some_pack();
    FILE *f;

    test_folder(directory);
    snprintf(path, sizeof path, "%s/x.mxv", directory);
    snprintf(theirs, sizeof theirs, "%s.%ld-0.tmp", path, (long)getpid());
    f = fopen(theirs, "wb");
    ck_assert_ptr_nonnull(f);
    fputs("theirs", f);
    fclose(f);
    ck_assert_int_eq(mxv_save(p, path, NULL), MX_OK);
    ck_assert_uint_eq(entries(directory), 2);
    f = fopen(theirs, "rb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(text, 1, sizeof text - 1, f), 6);
    fclose(f);
    ck_assert_str_eq(text, "theirs");
    unlink(theirs);
    unlink(path);
    rmdir(directory);
    mxv_pack_free(p);
}
END_TEST

START_TEST(full_device)
{
    mxv_pack *p = some_pack();
    FILE *full = fopen("/dev/full", "wb");

    if (full) {
        ck_assert_int_eq(mxv_write(p, full), MX_EIO);
        fclose(full);
    }
    mxv_pack_free(p);
}
END_TEST

int main(void)
{
    test_folders_begin();
    TCase *tests = tcase_create("save");
    tcase_add_test(tests, saving);
    tcase_add_test(tests, saving_through);
    tcase_add_test(tests, saving_takes_no_existing_file);
    tcase_add_test(tests, full_device);
    return test_main(tests);
}
