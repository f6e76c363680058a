/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Both sides of mxp/1: the subject's side word for word, malformed requests, greetings, and the pipe subject against
 * small shell scripts that get it wrong.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/ref.h>

#include <stdlib.h>
#include <string.h>

#include "conformance/adapters/mxp.h"
#include "conformance/error.h"
#include "test_main.h"

#define AXES                                                                                                           \
    "scale=floor scale-arith=exact round=rne overflow=saturate overflow-directed=ieee nan-in=block-nan "               \
    "inf-in=block-nan nan-to=unspecified zero-scale=00 scale-over=nan zero-sign=keep int8-min=symmetric int8=ocp "     \
    "subnormal-in=keep subnormal-out=keep nan-code=any overflow-nan=any under-nan-scale=any decode-over=any"

/* ---- the subject's side ---- */

/* Refuses batches with a NaN pattern first, so that `u` is seen. */
static mx_status answer(void *state, const mx_batch *batch, char why[MXC_LINE])
{
    (void)state;
    const uint16_t *value = batch->in.value;
    if (batch->op == MX_OP_CAST && value[0] == 0x7fc0) {
        mxc_say(why, MXC_LINE, "no NaN here");
        return MX_EUNSUPPORTED;
    }
    return mxref_run(batch, NULL);
}

static mx_status offer(void *state, const mx_batch *shape, char why[MXC_LINE])
{
    (void)state;
    mxc_say(why, MXC_LINE, "k above 4");
    return shape->k > 4 ? MX_EUNSUPPORTED : MX_OK;
}

static const mxc_service service = {.name = "test",
                                    .version = "1",
                                    .ops = "cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:*",
                                    .axes = "round=rne",
                                    .offer = offer,
                                    .run = answer};

static const struct conversation {
    const char *in, *out;
    mx_status status;
    const char *error;
} conversations[] = {
    {"mxp 1 nonce=9f\nbye\n",
     "mxp 1 name=test version=1 ops=cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:* round=rne\nbye seen=0 "
     "answered=0 refused=0\n",
     MX_OK, ""},
    {"mxp 1 nonce=9f\nop 1 cast elem=e2m1 type=bf16 " AXES "\nc 1 7 40a0\nc 1 4294967295 8000\nc 1 3 7f80\nbye\n",
     "mxp 1 name=test version=1 ops=cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:* round=rne\nok 1\nr 7 06\nr "
     "4294967295 08\nr 3 07\n"
     "bye seen=3 answered=3 refused=0\n",
     MX_OK, ""},
    {"mxp 1 nonce=9f\nop 5 cast elem=e2m1 type=bf16 " AXES "\nc 5 1 7fc0\nop 6 cast elem=e3m2 type=bf16 " AXES
     "\nbye\n",
     "mxp 1 name=test version=1 ops=cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:* round=rne\nok 5\nu 1 no NaN "
     "here\n"
     "no 6 not among the operations\nbye seen=1 answered=0 refused=1\n",
     MX_OK, ""},
    {"mxp 1 nonce=9f\nop 1 quantize elem=e4m3 type=bf16 k=2 " AXES
     "\nc 1 0 3f80 4000\nop 2 quantize elem=e4m3 type=bf16 k=5 " AXES "\nbye\n",
     "mxp 1 name=test version=1 ops=cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:* round=rne\nok 1\nr 0 78 70 "
     "78\nno 2 k above 4\n"
     "bye seen=1 answered=1 refused=0\n",
     MX_OK, ""},
    {"mxp 1 nonce=9f\nop 1 pack elem=e2m1 k=4 layout=low-first " AXES
     "\nc 1 0 00 01 06 08\nop 2 swizzle rows=1 cols=2 layout=128x4 " AXES "\nbye\n",
     "mxp 1 name=test version=1 ops=cast:e2m1:bf16,quantize:*:bf16,pack:*:*,unswizzle:*:* round=rne\nok 1\nr 0 10 "
     "86\nno 2 not among the operations\nbye seen=1 answered=1 refused=0\n",
     MX_OK, ""},
    {"hello\n", "", MX_EPARSE, "request line 1: wanted mxp 1 nonce=..."},
    {"mxp 2 nonce=1\n", "", MX_EPARSE, "request line 1: wanted mxp 1 nonce=..."},
    {"mxp 1 nonce=1\nhi\n", NULL, MX_EPARSE, "request line 2: wanted op, c or bye"},
    {"mxp 1 nonce=1\nbye now\n", NULL, MX_EPARSE, "request line 2: wanted bye and nothing after it"},
    {"mxp 1 nonce=1\nc 1 1 00\n", NULL, MX_EPARSE, "request line 2: a case of an op that was not accepted"},
    {"mxp 1 nonce=1\nc 1\n", NULL, MX_EPARSE, "request line 2: wanted c OP-NUMBER CASE-ID COLUMNS"},
    {"mxp 1 nonce=1\nop x cast\n", NULL, MX_EPARSE, "request line 2: wanted op NUMBER OPERATION ..."},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 k=2 " AXES "\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1  type=bf16 " AXES "\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 " AXES " scale=ceil\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 " AXES "\nop 1 cast elem=e2m1 type=bf16 " AXES "\n", NULL, MX_EPARSE,
     "request line 3: this op number was used before"},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 " AXES "\nc 1 0 40A0\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 " AXES "\nc 1 0 40a0 \n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\nop 1 cast elem=e2m1 type=bf16 " AXES "\nc 1 0 40a00\n", NULL, MX_EPARSE, NULL},
    {"mxp 1 nonce=1\n", NULL, MX_EPROTOCOL, "the requests ended without bye after line 1"},
    {"mxp 1 nonce=1\nby", NULL, MX_EPROTOCOL, "the requests ended without bye after line 1, in the middle of a line"},
};

START_TEST(conversation)
{
    const struct conversation *c = &conversations[_i];
    char *said = NULL, text[4096];
    size_t length = 0;
    mxv_error error = {0};
    memcpy(text, c->in, strlen(c->in) + 1);
    FILE *in = fmemopen(text, strlen(text), "r"), *out = open_memstream(&said, &length);
    ck_assert_int_eq(mxc_serve(in, out, &service, &error), c->status);
    fclose(in);
    fclose(out);
    if (c->out)
        ck_assert_str_eq(said, c->out);
    if (c->error)
        ck_assert_str_eq(error.text, c->error);
    ck_assert((c->status == MX_OK) == (error.text[0] == '\0'));
    free(said);
}
END_TEST

/* ---- greetings ---- */

static const struct greeting {
    const char *line, *error; /* NULL: accepted */
} greetings[] = {
    {"mxp 1 name=a version=1 ops=cast:e4m3:fp32", NULL},
    {"mxp 1 ops=*:*:* version=2.1-rc name=b scale=rceil round=sr:8", NULL},
    {"mxp 1 name=a version=1 ops=", NULL},
    {"mxp 1 name=a version=1", "greeting: wanted name=, version= and ops=, found 'mxp 1 name=a version=1'"},
    {"mxp 1 name=a ops=*:*:*", "greeting: wanted name=, version= and ops=, found 'mxp 1 name=a ops=*:*:*'"},
    {"mxp 1  name=a version=1 ops=*:*:*",
     "greeting: wanted single spaces and none at the end, found 'mxp 1  name=a version=1 ops=*:*:*'"},
    {"mxp 1 name=a version=1 ops=*:*:* ",
     "greeting: wanted single spaces and none at the end, found 'mxp 1 name=a version=1 ops=*:*:* '"},
    {"mxp 1 name=a name=b version=1 ops=*:*:*", "greeting: wanted name= and version= once, of 1 to 63 characters"},
    {"mxp 1 name= version=1 ops=*:*:*", "greeting: wanted name= and version= once, of 1 to 63 characters"},
    {"mxp 1 name=a version=1 ops=*:*:* ops=*:*:*", "greeting: wanted ops= once"},
    {"mxp 1 name=a version=1 ops=cast:e4m3",
     "greeting: wanted ops as op:elem:type,... (at most 128, * for any), found 'cast:e4m3'"},
    {"mxp 1 name=a version=1 ops=*:*:*,",
     "greeting: wanted ops as op:elem:type,... (at most 128, * for any), found '*:*:*'"},
    {"mxp 1 name=a version=1 ops=*:*:* scale=floor scale=ceil", "greeting: axis scale stands twice"},
    {"mxp 1 name=a version=1 ops=*:*:* colour=red", "greeting: wanted the name of an axis, found 'colour'"},
    {"hello", "greeting: wanted 'mxp 1 name=... version=... ops=...', found 'hello'"},
    {"", "greeting: wanted 'mxp 1 name=... version=... ops=...', found ''"},
};

START_TEST(greeting)
{
    const struct greeting *g = &greetings[_i];
    mxc_description description;
    char why[MXC_LINE] = "";
    mx_status status = mxp_parse_greeting(&description, g->line, strlen(g->line), why);
    ck_assert_int_eq(status, g->error ? MX_EPROTOCOL : MX_OK);
    ck_assert_str_eq(why, g->error ? g->error : "");
}
END_TEST

/* ---- the suite's side, against scripts ---- */

#define GREET "read x; echo mxp 1 name=s version=1 ops=cast:e2m1:bf16; "

static const struct script {
    const char *command;
    mx_status open, run, bye;
    const char *error; /* of the first that is not MX_OK */
} scripts[] = {
    {GREET "read x; echo ok 1; read x; echo r 06", MX_OK, MX_EPROTOCOL, MX_EPROTOCOL,
     "output line 3: wanted 'r CASE COLUMNS' or 'u CASE REASON', found 'r 06'"},
    {GREET "while read what n id x; do case $what in op) echo ok $n;; c) echo r $id 06;; bye) echo bye seen=1 "
           "answered=1 refused=0;; esac; done",
     MX_OK, MX_OK, MX_OK, ""},
    {"no-such-command-here", MX_EIO, MX_OK, MX_OK, NULL},
    {"true", MX_EPROTOCOL, MX_OK, MX_OK, "the subject exited with status 0 while its greeting was waited for"},
    {"exit 5", MX_EPROTOCOL, MX_OK, MX_OK, "the subject exited with status 5 while its greeting was waited for"},
    {"kill -SEGV $$", MX_EPROTOCOL, MX_OK, MX_OK,
     "the subject was killed by signal 11 (Segmentation fault) while its greeting was waited for"},
    {"sleep 60", MX_ETIMEOUT, MX_OK, MX_OK, "no greeting within 300 ms (does it flush its output after every line?)"},
    {"exec >&-; sleep 60", MX_EPROTOCOL, MX_OK, MX_OK,
     "the subject closed its output while its greeting was waited for"},
    {"cat", MX_EPROTOCOL, MX_OK, MX_OK, "greeting: it sends back what it was sent"},
    {"yes | tr -d '\\n'", MX_EPROTOCOL, MX_OK, MX_OK,
     "output line 1: wanted at most 8704 characters, found more without an end"},
    {GREET "read x; echo ok 2", MX_OK, MX_EPROTOCOL, MX_EPROTOCOL,
     "output line 2: wanted 'ok 1' or 'no 1 REASON', found 'ok 2'"},
    {GREET "read x; echo no 1 not today; read x; echo bye seen=0 answered=0 refused=0", MX_OK, MX_EUNSUPPORTED, MX_OK,
     "not today"},
    {GREET "read x; echo ok 1; read x; echo r 6 06", MX_OK, MX_EPROTOCOL, MX_EPROTOCOL,
     "output line 3: answers case 6, which was not asked"},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 6", MX_OK, MX_EPROTOCOL, MX_EPROTOCOL, NULL},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 06; read x; echo bye seen=2 answered=1 refused=0", MX_OK,
     MX_OK, MX_EPROTOCOL, "counts at bye: wanted seen=1 answered=1 refused=0, found seen=2 answered=1 refused=0"},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 06; read x; echo bye", MX_OK, MX_OK, MX_EPROTOCOL,
     "output line 4: wanted 'bye seen=N answered=N refused=N', found 'bye'"},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 06; read x; echo bye seen=1 answered=1 refused=0; echo more",
     MX_OK, MX_OK, MX_EPROTOCOL, "wanted no output after bye, found 'more'"},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 06; read x; echo bye seen=1 answered=1 refused=0; exit 9",
     MX_OK, MX_OK, MX_EPROTOCOL, "the subject exited with status 9 after bye"},
    {GREET "read x; echo ok 1; read c n id x; echo r $id 06; read x; echo bye seen=1 answered=1 refused=0; sleep 60",
     MX_OK, MX_OK, MX_ETIMEOUT, NULL},
    {GREET "read x; echo ok 1; read c n id x; kill -9 $$", MX_OK, MX_EPROTOCOL, MX_EPROTOCOL,
     "the subject was killed by signal 9 (Killed) after 0 of 1 answers"},
};

static mx_status run_one(mxc_subject *subject, mxv_error *error)
{
    static uint16_t value = 0x40a0;
    uint8_t code = 0xa5, said = 0;
    char why[MX_WHY];
    mx_batch batch = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_BF16, .k = 1, .count = 1};
    ck_assert(mx_profile_parse(&batch.profile, AXES, strlen(AXES), why) == MX_OK);
    mx_status status = mxc_subject_offer(subject, &batch, error);
    batch.in.value = &value;
    batch.out.code = &code;
    if (status == MX_OK)
        status = mxc_subject_run(subject, &batch, &said, error);
    if (status == MX_OK)
        ck_assert(said == MXC_ANSWERED && code == 6);
    return status;
}

START_TEST(script)
{
    const struct script *s = &scripts[_i];
    const mxc_subject_options options = {.timeout_ms = s->open == MX_ETIMEOUT || s->bye == MX_ETIMEOUT ? 300 : 5000};
    mxc_subject *subject = NULL;
    mxv_error error = {0}, second = {0};
    char spec[1024];
    mxc_say(spec, sizeof spec, "pipe:%s", s->command);
    ck_assert_int_eq(mxc_subject_open(&subject, spec, &options, &error), s->open);
    if (s->open == MX_OK) {
        ck_assert_int_eq(run_one(subject, &error), s->run);
        ck_assert_int_eq(mxc_subject_bye(subject, *error.text ? &second : &error), s->bye);
        mxc_subject_free(subject);
    }
    if (s->error)
        ck_assert_str_eq(error.text, s->error);
}
END_TEST

START_TEST(answers_twice)
{
    static const uint16_t value[2] = {0x40a0, 0x40a0};
    uint8_t code[2] = {0xa5, 0xa5}, said[2];
    char why[MX_WHY];
    mxc_subject *subject = NULL;
    mxv_error error = {0};
    mx_batch batch = {.op = MX_OP_CAST, .elem = MX_E2M1, .type = MX_BF16, .k = 1, .count = 2};
    ck_assert(mx_profile_parse(&batch.profile, AXES, strlen(AXES), why) == MX_OK);
    batch.in.value = value;
    batch.out.code = code;
    ck_assert(mxc_subject_open(&subject,
                               "pipe:" GREET "read x; echo ok 1; read c n id x; echo r $id 06; echo r $id 06; read x",
                               NULL, &error) == MX_OK);
    ck_assert_int_eq(mxc_subject_run(subject, &batch, said, &error), MX_EPROTOCOL);
    ck_assert_msg(strstr(error.text, "output line 4: answers case ") &&
                      strstr(error.text, ", which it had answered before"),
                  "%s", error.text);
    ck_assert_int_eq(said[0] + said[1], MXC_ANSWERED);
    mxc_subject_free(subject);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("mxp");
    tcase_add_loop_test(tests, conversation, 0, sizeof conversations / sizeof *conversations);
    tcase_add_loop_test(tests, greeting, 0, sizeof greetings / sizeof *greetings);
    tcase_add_loop_test(tests, script, 0, sizeof scripts / sizeof *scripts);
    tcase_add_test(tests, answers_twice);
    return test_main(tests);
}
