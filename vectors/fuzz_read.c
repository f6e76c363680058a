/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzz target: any bytes are either refused with a message or are exactly what the writer writes.
 * With libFuzzer (--enable-fuzzers): vectors/fuzz_read vectors/good vectors/bad. Without it replay.c feeds it files.
 */
#include "config.h"

#include <mx/vectors.h>

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/replay.h"

static void die(const char *what)
{
    fprintf(stderr, "fuzz_read: %s\n", what);
    abort();
}

/* The text that the writer makes of a pack; the caller frees it. */
static char *written(const mxv_pack *pack, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);

    if (!out || mxv_write(pack, out) != MX_OK || fclose(out) != 0)
        die("wanted an accepted pack written, found an error");
    return text;
}

/* Read the bytes as a pack: refused with one line, or written again as they are. 1 when accepted. */
static int check(const uint8_t *data, size_t size)
{
    FILE *in = fmemopen((void *)(uintptr_t)data, size, "rb");
    mxv_error error = {0};
    mxv_pack *pack = NULL;
    mx_status status;
    char *text;
    size_t length;

    if (!in)
        die("fmemopen failed");
    status = mxv_read(&pack, in, "pack", &error);
    fclose(in);
    if (status != MX_OK) {
        if (pack || strncmp(error.text, "pack:", 5) != 0 || !strstr(error.text, ", found ") || strchr(error.text, '\n'))
            die("wanted one line that says what was wanted and found");
        return 0;
    }
    text = written(pack, &length);
    if (length != size || memcmp(text, data, size) != 0)
        die("wanted write(read(x)) to be x, found another text");
    free(text);
    mxv_pack_free(pack);
    return 1;
}

/* The same text with a right "#end" line in place of the last one: mutations get past the digest. The caller frees. */
static uint8_t *sealed(const uint8_t *data, size_t size, size_t *length)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx sha;
    size_t end = size, lines = 0;
    char *text = malloc(size + 128), *p;

    if (!text)
        die("out of memory");
    for (size_t i = 0; i + 5 < size; i++)
        if (memcmp(data + i, "\n#end", 5) == 0)
            end = i + 1;
    memcpy(text, data, end);
    for (size_t i = 0; i < end; i++)
        lines += text[i] == '\n';
    sha256_init(&sha);
    sha256_update(&sha, end, data);
    sha256_digest(&sha, sizeof digest, digest);
    p = text + end;
    p += sprintf(p, "#end count=%zu sha256=", lines > 4 ? lines - 4 : 0);
    for (size_t i = 0; i < sizeof digest; i++)
        p += sprintf(p, "%02x", digest[i]);
    *p++ = '\n';
    *length = (size_t)(p - text);
    return (uint8_t *)text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *again;
    size_t length;

    if (size == 0)
        return 0;
    again = sealed(data, size, &length);
    if (check(data, size) && !check(again, length))
        die("wanted a sealed pack accepted again, found it refused");
    check(again, length);
    free(again);
    return 0;
}
