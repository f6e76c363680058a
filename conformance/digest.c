/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conformance/digest.h"

#include <nettle/sha2.h>

#include "vectors/text.h"

void mxc_sha256(char hex[65], const void *text, size_t size)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, size, text);
    sha256_digest(&context, sizeof digest, digest);
    mxv_hex(hex, digest, sizeof digest);
}
