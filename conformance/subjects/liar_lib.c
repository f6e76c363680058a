/* SPDX-License-Identifier: BSD-3-Clause
 *
 * `lib:` subjects that must not pass, one by the environment variable MXC_LIAR, and an honest control. They cast bf16
 * to E2M1. Built a second time with LIAR_WITHOUT_RUN, as an object that lacks mx_adapter_run.
 */
#define _POSIX_C_SOURCE 200809L

#include <mx/adapter.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is(const char *name)
{
    const char *mode = getenv("MXC_LIAR");
    return mode && strcmp(mode, name) == 0;
}

mx_status mx_adapter_describe(mx_adapter_info *info)
{
    if (is("describe-fails"))
        return MX_EINTERNAL;
    *info = (mx_adapter_info){
        .abi = MX_ADAPTER_ABI + (unsigned)is("wrong-abi"),
        .name = is("no-name") ? NULL : "liar",
        .version = "1",
        .ops = is("bad-ops") ? "cast:e9m9:bf16" : "cast:e2m1:bf16",
        .axes = is("bad-axes") ? "round=sideways" : "round=rne zero-sign=keep subnormal-in=keep subnormal-out=keep",
    };
    return MX_OK;
}

#ifndef LIAR_WITHOUT_RUN

#define ONE 0x3f80 /* 1.0: a must in any pack */

static mx_status decline(char *reason, const char *text)
{
    snprintf(reason, 256, "%s", text);
    return MX_EUNSUPPORTED;
}

/* As in liars.c: count the midpoints passed; a tie at an odd code goes up. */
static uint8_t cast(unsigned bits)
{
    static const unsigned midpoint[] = {0x3e80, 0x3f40, 0x3fa0, 0x3fe0, 0x4020, 0x4060, 0x40a0};
    unsigned code = 0;
    for (unsigned i = 0; i < 7; i++)
        code += (bits & 0x7fff) > midpoint[i] || ((bits & 0x7fff) == midpoint[i] && i % 2);
    return (uint8_t)((bits & 0x7fff) > 0x7f80 ? 7 : (bits >> 12 & 8) | code);
}

/* By the signal itself, whatever handler a sanitizer has put there. */
static void die(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

/* What goes wrong after the answers are written. */
static void misbehave(const mx_batch *batch)
{
    uint8_t *code = batch->out.code;
    uint16_t *value = (uint16_t *)(uintptr_t)batch->in.value;
    if (is("writes-after"))
        code[batch->count] = 0;
    if (is("writes-before"))
        code[-1] = 0;
    if (is("writes-inputs"))
        value[0] = (uint16_t)~value[0];
    if (is("wide-code"))
        code[0] |= 0x10;
    for (size_t i = 0; i < batch->count && is("flips-bit"); i++)
        code[i] ^= value[i] == ONE;
    static int asked;
    code[0] ^= is("wrong-again") && asked++;
    code[0] ^= is("wrong-alone") && batch->count == 1;
    code[0] ^= is("wrong-unaligned") && (uintptr_t)value % 64 != 0;
}

mx_status mx_adapter_run(const mx_batch *batch, char reason[256])
{
    const uint16_t *value = batch->in.value;
    if (is("declines"))
        return decline(reason, "not in the mood");
    if (is("declines-silently"))
        return MX_EUNSUPPORTED;
    if (is("declines-later") && batch->count)
        return decline(reason, "changed my mind");
    if (batch->op != MX_OP_CAST || batch->elem != MX_E2M1 || batch->type != MX_BF16 ||
        batch->profile.nan_to > MX_NAN_TO_MAX)
        return decline(reason, "E2M1 from bf16, nan-to=max");
    if (!batch->count)
        return is("wants-cases") ? MX_EINVAL : MX_OK;
    if (is("garbage-status"))
        return (mx_status)12345;
    if (is("fails"))
        return MX_EINTERNAL;
    if (is("crashes"))
        die(SIGSEGV);
    if (is("aborts"))
        die(SIGABRT);
    if (is("exits"))
        exit(0);
    if (is("hangs"))
        for (;;)
            pause();
    for (size_t i = 0; i < batch->count && !is("leaves-outputs"); i++)
        if (!(is("leaves-one") && value[i] == ONE))
            batch->out.code[i] = is("constant") ? 0 : cast(value[i]);
    misbehave(batch);
    return MX_OK;
}

#endif
