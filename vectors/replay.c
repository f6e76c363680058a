/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs a fuzz target over files without libFuzzer. Each file is given as it is, cut at every tenth of its length, and
 * with a bit of one byte flipped at a few places: cheap, repeatable neighbours of the corpus.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/replay.h"

enum { FILE_MAX = 1 << 20, CUTS = 10, FLIPS = 97 };

/* A heap copy of the exact size, so that a sanitizer sees one byte too many. */
static void give(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        exit(99);
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int replay_file(const char *path)
{
    static uint8_t data[FILE_MAX];
    FILE *in = fopen(path, "rb");
    size_t size;

    if (!in) {
        perror(path);
        return 0;
    }
    size = fread(data, 1, sizeof data, in);
    fclose(in);
    give(data, size);
    for (size_t i = 0; i < CUTS; i++)
        give(data, size * i / CUTS);
    for (size_t i = 0; i < FLIPS && size; i++) {
        uint8_t *byte = &data[size * i / FLIPS], before = *byte;
        *byte ^= (uint8_t)(1u << (i % 8));
        give(data, size);
        *byte = before;
    }
    return 1;
}

/* Files replayed below a directory. */
static unsigned replay_directory(const char *path)
{
    DIR *dir = opendir(path);
    unsigned n = 0;
    char name[4096];

    if (!dir) {
        perror(path);
        return 0;
    }
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.' && snprintf(name, sizeof name, "%s/%s", path, e->d_name) < (int)sizeof name)
            n += (unsigned)replay_file(name);
    closedir(dir);
    return n;
}

/* replay DIRECTORY...; without arguments vectors/good and vectors/bad of the source tree. */
int main(int argc, char **argv)
{
    const char *source = getenv("MXCTS_SRCDIR");
    char path[4096];
    unsigned n = 0;

    for (int i = 1; i < argc; i++)
        n += replay_directory(argv[i]);
    for (int i = 0; i < 2 && argc == 1; i++) {
        snprintf(path, sizeof path, "%s/vectors/%s", source ? source : ".", i ? "bad" : "good");
        n += replay_directory(path);
    }
    if (n < 2) {
        fprintf(stderr, "replay: wanted files to replay, found %u\n", n);
        return 99;
    }
    printf("replayed %u files, %d variants each\n", n, 1 + CUTS + FLIPS);
    return 0;
}
