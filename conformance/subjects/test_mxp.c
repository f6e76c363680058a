/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The subject's side of mxp/1: whole conversations, word for word. The subject under test answers every output cell
 * with the sum of its input cells, so that a cell read or written at the wrong place or width shows.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mxp.h"
#include "test_main.h"

static const char *open_op(void *self, mxp_op *op)
{
    (void)self;
    return mxp_is(op, "scale", "ceil") ? "not ceil" : NULL;
}

static const char *answer(void *self, const mxp_op *op, const uint64_t *in, uint64_t *out)
{
    uint64_t sum = 0;
    (void)self;
    for (size_t i = 0; i < op->n_in; i++)
        sum += in[i];
    if (sum == 0xdead)
        return "dead";
    for (size_t i = 0; i < op->n_out; i++)
        out[i] = sum + i;
    return NULL;
}

#define HELLO    "mxp 1 name=sum version=1 ops=*:*:*\n"
#define ACCEPTED HELLO "ok 7\n"

static const struct conversation {
    const char *name, *suite, *dut;
    int status;
} conversations[] = {
    {"decode", "mxp 1 nonce=1\nop 7 decode elem=e4m3 type=bf16 round=rne\nc 7 1 7f\nbye\n",
     ACCEPTED "r 1 007f\nbye seen=1 answered=1 refused=0\n", 0},
    {"cast", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp64 round=rne\nc 7 12 0000000000000042\nbye\n",
     ACCEPTED "r 12 42\nbye seen=1 answered=1 refused=0\n", 0},
    {"cast with random bits", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32 round=sr:9\nc 7 1 00000040 00f\nbye\n",
     ACCEPTED "r 1 4f\nbye seen=1 answered=1 refused=0\n", 0},
    {"scale", "mxp 1 nonce=1\nop 7 scale elem=int8 type=fp16 k=3 round=sr:8\nc 7 1 0001 0002 0004\nbye\n",
     ACCEPTED "r 1 07\nbye seen=1 answered=1 refused=0\n", 0},
    {"scaled-cast",
     "mxp 1 nonce=1\nop 7 scaled-cast elem=e4m3 type=fp32 round=sr:32\nc 7 1 00000001 00000002 04\nbye\n",
     ACCEPTED "r 1 07\nbye seen=1 answered=1 refused=0\n", 0},
    {"quantize", "mxp 1 nonce=1\nop 7 quantize elem=e4m3 type=bf16 k=2 round=rne\nc 7 1 0001 0002\nbye\n",
     ACCEPTED "r 1 03 04 05\nbye seen=1 answered=1 refused=0\n", 0},
    {"dequantize", "mxp 1 nonce=1\nop 7 dequantize elem=e4m3 type=fp32 k=2 round=rne\nc 7 1 01 02 04\nbye\n",
     ACCEPTED "r 1 00000007 00000008\nbye seen=1 answered=1 refused=0\n", 0},
    {"a refused operation", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32 scale=ceil round=rne\nbye\n",
     HELLO "no 7 not ceil\nbye seen=0 answered=0 refused=0\n", 0},
    {"a refused case", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32 round=rne\nc 7 9 0000dead\nbye\n",
     ACCEPTED "u 9 dead\nbye seen=1 answered=0 refused=1\n", 0},
    {"two operations at once",
     "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=bf16 round=rne\nop 8 decode elem=e4m3 type=fp16\nc 7 1 0001\n"
     "c 8 2 02\nc 7 3 0003\nbye\n",
     ACCEPTED "ok 8\nr 1 01\nr 2 0002\nr 3 03\nbye seen=3 answered=3 refused=0\n", 0},
    {"no bye", "mxp 1 nonce=1\n", HELLO, 1},
    {"another version", "mxp 10 nonce=1\nbye\n", "", 1},
    {"an operation of other columns", "mxp 1 nonce=1\nop 7 swizzle rows=1 cols=1 layout=128x4\nbye\n",
     HELLO "no 7 swizzle is not one that mxp.c serves\nbye seen=0 answered=0 refused=0\n", 0},
    {"an operation without a type", "mxp 1 nonce=1\nop 7 cast elem=e4m3\nbye\n", HELLO, 1},
    {"a case before its operation", "mxp 1 nonce=1\nc 7 1 00\nbye\n", HELLO, 1},
    {"a case of a refused operation",
     "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32 scale=ceil round=rne\nc 7 1 00000000\nbye\n",
     HELLO "no 7 not ceil\n", 1},
    {"too few digits", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32\nc 7 1 0000000\nbye\n", ACCEPTED, 1},
    {"too many digits", "mxp 1 nonce=1\nop 7 cast elem=e4m3 type=fp32\nc 7 1 000000000\nbye\n", ACCEPTED, 1},
    {"a cell too few", "mxp 1 nonce=1\nop 7 quantize elem=e4m3 type=bf16 k=2\nc 7 1 0000\nbye\n", ACCEPTED, 1},
    {"a cell too many", "mxp 1 nonce=1\nop 7 decode elem=e4m3 type=bf16\nc 7 1 00 00\nbye\n", ACCEPTED, 1},
    {"upper case", "mxp 1 nonce=1\nop 7 decode elem=e4m3 type=bf16\nc 7 1 0A\nbye\n", ACCEPTED, 1},
};

/* A conversation through a file and a pipe of our own; this process's stdin and stdout are the subject's. */
static int converse(const char *suite, char *heard, size_t size)
{
    static const mxp_subject subject = {"sum", "1", "*:*:*", "", open_op, answer};
    FILE *in = tmpfile(), *out = tmpfile();
    const int keep_in = dup(0), keep_out = dup(1);
    ck_assert(in && out);
    fputs(suite, in);
    rewind(in);
    fflush(stdout);
    dup2(fileno(in), 0);
    dup2(fileno(out), 1);
    int status = mxp_serve(&subject, NULL);
    fflush(stdout);
    dup2(keep_in, 0);
    dup2(keep_out, 1);
    rewind(out);
    heard[fread(heard, 1, size - 1, out)] = '\0';
    fclose(in);
    fclose(out);
    return status;
}

START_TEST(conversation)
{
    const struct conversation *c = &conversations[_i];
    char heard[4096];
    int status = converse(c->suite, heard, sizeof heard);
    ck_assert_msg(strcmp(heard, c->dut) == 0, "%s: wanted\n%s\nfound\n%s", c->name, c->dut, heard);
    ck_assert_msg(status == c->status, "%s: wanted status %d, found %d", c->name, c->status, status);
}
END_TEST

/* A line of more than a megabyte, in one piece and answered in one piece. */
START_TEST(largest_block)
{
    enum { K = 65536 };
    static char suite[17 * K + 256], heard[3 * K + 256];
    char *end = suite + sprintf(suite, "mxp 1 nonce=1\nop 7 quantize elem=e4m3 type=fp64 k=%d\nc 7 1", K);
    for (int i = 0; i < K; i++)
        end += sprintf(end, " %016x", i == K - 1 ? 5 : 0);
    sprintf(end, "\nbye\n");
    ck_assert_int_eq(converse(suite, heard, sizeof heard), 0);
    const char *answer_line = strstr(heard, "r 1 05 06 07");
    ck_assert_ptr_nonnull(answer_line);
    ck_assert_uint_eq(strcspn(answer_line, "\n"), 3 + 3 * (K + 1));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("conversations");
    tcase_add_loop_test(cases, conversation, 0, sizeof conversations / sizeof *conversations);
    tcase_add_test(cases, largest_block);
    return test_main(cases);
}
