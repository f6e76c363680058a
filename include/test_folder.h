/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Folders of a test program. They lie in one, which the program takes with it when it ends: a test that failed cannot
 * leave its own behind, and neither can a signal. Not installed.
 */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

enum { TEST_FOLDER = 256 }; /* a path, with room for a name after it */

static char test_folders[TEST_FOLDER - 64];
static pid_t test_folders_owner; /* tests run in processes of their own, which end too */

static inline void test_folders_remove(void)
{
    if (getpid() != test_folders_owner)
        return;
    const pid_t child = fork();
    if (child == 0) {
        /* what a test that was killed had started may write on for a moment */
        execlp("sh", "sh", "-c", "rm -rf \"$0\" 2>&- || { sleep 0.2; rm -rf \"$0\"; }", test_folders, (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

/* libcheck ends its child on SIGINT and SIGTERM, but on no other, and then calls this. */
static inline void test_folders_signal(int number)
{
    if (number == SIGHUP && getpid() == test_folders_owner)
        raise(SIGTERM);
    test_folders_remove();
    signal(number, SIG_DFL);
    raise(number);
}

/* Once, first of all in main. */
static inline void test_folders_begin(void)
{
    const char *where = getenv("TMPDIR");
    const int n = snprintf(test_folders, sizeof test_folders, "%s/mxcts-XXXXXX", where && *where ? where : "/tmp");
    if (n >= (int)sizeof test_folders || !mkdtemp(test_folders)) {
        perror(test_folders);
        exit(99);
    }
    setenv("TMPDIR", test_folders, 1);
    test_folders_owner = getpid();
    atexit(test_folders_remove);
    signal(SIGINT, test_folders_signal);
    signal(SIGTERM, test_folders_signal);
    signal(SIGHUP, test_folders_signal);
}

/* A new folder in that one. */
static inline void test_folder(char path[TEST_FOLDER])
{
    snprintf(path, TEST_FOLDER, "%s/XXXXXX", getenv("TMPDIR"));
    ck_assert_ptr_nonnull(mkdtemp(path));
}

#endif
