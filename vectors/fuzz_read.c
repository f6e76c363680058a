/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzz target: any bytes are either refused with a message or are exactly what the writer writes.
 * With libFuzzer (--enable-fuzzers): vectors/fuzz_read vectors/good vectors/bad. Without it replay.c feeds it files.
 */
#include "config.h"

#include <mx/vectors.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mxv_error error = {0};
    mxv_pack *pack = NULL;
    mx_status status;
    char *text;
    size_t length;
    FILE *in;

    if (size == 0)
        return 0;
    in = fmemopen((void *)(uintptr_t)data, size, "rb");
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
    return 0;
}
