/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzz target for the text of mxp/1. The first byte chooses the reader: the subject's side of a whole conversation, the
 * greeting, or an op line (what is accepted must be written back as it was).
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/mxp.h"
#include "vectors/replay.h"

static void die(const char *what)
{
    fprintf(stderr, "fuzz_mxp: %s\n", what);
    abort();
}

static mx_status answer(void *state, const mx_batch *batch, char why[MXC_LINE])
{
    (void)state;
    (void)why;
    if (mx_batch_check(batch, NULL) != MX_OK)
        die("wanted a well-formed batch, found another");
    return MX_OK;
}

static void converse(const uint8_t *data, size_t size)
{
    const mxc_service service = {.name = "fuzz", .version = "1", .ops = "*:*:*", .axes = "", .run = answer};
    mxv_error error = {0};
    char *said = NULL;
    size_t length = 0;
    FILE *in = fmemopen((void *)(uintptr_t)data, size, "rb"), *out = open_memstream(&said, &length);
    if (!in || !out)
        die("no memory stream");
    mx_status status = mxc_serve(in, out, &service, &error);
    fclose(in);
    fclose(out);
    if ((status == MX_OK) != (error.text[0] == '\0') || strchr(error.text, '\n'))
        die("wanted one line for every failure");
    if (status == MX_OK && !strstr(said, "bye seen="))
        die("wanted bye at the end of a conversation");
    free(said);
}

static void greet(const char *text, size_t length)
{
    mxc_description description;
    char why[MXC_LINE] = "";
    mx_status status = mxp_parse_greeting(&description, text, length, why);
    if ((status == MX_OK) != (why[0] == '\0') || strchr(why, '\n'))
        die("wanted one line for every bad greeting");
    if (status == MX_OK && (!description.name[0] || description.offers > MXC_OFFERS))
        die("wanted a name and offers within bounds");
}

static void op(const char *text, size_t length)
{
    mx_batch shape = {0};
    char why[MXC_LINE] = "", again[MXP_OP_TEXT];
    mx_status status = mxp_parse_op(&shape, text, length, why);
    if ((status == MX_OK) != (why[0] == '\0'))
        die("wanted a reason for every bad op");
    if (status != MX_OK)
        return;
    size_t n = mxp_format_op(7, &shape, again);
    /* Axes may come in any order; written and read again the shape is the same. */
    mx_batch second = {0};
    if (n < 5 || mxp_parse_op(&second, again + 5, n - 5, why) != MX_OK || second.op != shape.op ||
        second.elem != shape.elem || second.type != shape.type || second.k != shape.k ||
        memcmp(&second.profile, &shape.profile, sizeof shape.profile) != 0)
        die("wanted an op to be read again as it was written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    char *text = malloc(size - 1);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    if (data[0] % 3 == 0)
        converse(data + 1, size - 1);
    else if (data[0] % 3 == 1)
        greet(text, size - 1);
    else
        op(text, size - 1);
    free(text);
    return 0;
}
