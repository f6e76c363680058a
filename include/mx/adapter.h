/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The plug-in ABI: a shared object that defines the two functions below can be judged by
 *     mxcts run --subject lib:./my.so
 * It needs this header and mx/types.h only, and links with nothing of mxcts. Both functions are called from one thread
 * of a process of their own: a crash, an abort or a hang is a failure of the subject, not of the suite.
 */
#ifndef MX_ADAPTER_H
#define MX_ADAPTER_H

#include <mx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MX_ADAPTER_ABI 2u

typedef struct mx_adapter_info {
    unsigned abi;        /* MX_ADAPTER_ABI */
    const char *name;    /* one word, static */
    const char *version; /* one word, static */
    const char *ops;     /* "cast:e4m3:fp32,quantize:*:fp32": op:elem:type, `*` for any */
    const char *axes;    /* axes this implementation fixes, "scale=rceil nan-in=block-nan", or "" for none */
} mx_adapter_info;

/* What this implementation is. Fill *info and return MX_OK. */
MX_API mx_status mx_adapter_describe(mx_adapter_info *info);

/* Answer `batch`: dense arrays, see mx_batch; every buffer is followed and preceded by guard bytes, and begins at a
 * multiple of 64 bytes in one call, an element after such in the next. `count` may be 0:
 * then only say whether batches of this op, elem, type, k and profile are accepted. To decline return
 * MX_EUNSUPPORTED and put a one-line reason, NUL-terminated, into reason[256]. Any other status is a failure. */
MX_API mx_status mx_adapter_run(const mx_batch *batch, char reason[256]);

#ifdef __cplusplus
}
#endif

#endif
