/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sweeps: whole input spaces, shard by shard, against step tables.
 *
 * A domain is one scalar operation on every pattern of a source type: cast; scaled-cast under one scale byte; scale of
 * one-element blocks. It is cut into shards of 2^20 patterns. The digest of a shard is the SHA-256 of its answers as
 * runs ("FIRST ANSWER\n", hex, xx where the profile leaves it free, NaN codes that compare as a class as the
 * reference's), so it can be computed from the step table alone, and costs nothing beside the answers themselves. The
 * digest of a domain is the SHA-256 of its shards' digests, a line each.
 */
#ifndef CONFORMANCE_SWEEP_SWEEP_H
#define CONFORMANCE_SWEEP_SWEEP_H

#include <mx/conformance.h>

#include "conformance/sweep/steps.h"

#define MXC_SHARD       (UINT64_C(1) << 20)
#define MXC_DOMAIN_TEXT 512

typedef struct mxc_domain {
    mx_batch shape;  /* op, elem, type (not fp64), profile */
    uint8_t scale;   /* of scaled-cast */
    uint32_t random; /* under round=sr:N, the bits that every value gets */
} mxc_domain;

/* "scaled-cast elem=e4m3 type=fp32 byte=7f round=rne ...": the operation and the axes that matter to it. Returns the
 * length, 0 when an id is bad. */
size_t mxc_domain_name(const mxc_domain *domain, char text[MXC_DOMAIN_TEXT]);

/* Shards of a domain. */
size_t mxc_domain_shards(const mxc_domain *domain);

typedef struct mxc_shard {
    uint64_t cases;
    uint64_t skipped; /* patterns that the way of asking cannot reach */
    uint64_t wrong;
    uint64_t first_wrong; /* pattern; meaningless when nothing is wrong */
    uint8_t want, got;    /* there */
    char sha256[65];
} mxc_shard;

/* The digest that shard `index` has when every answer is right. */
void mxc_shard_expected(const mxc_domain *domain, const mxc_steps *steps, size_t index, char sha256[65]);

/* How a shard is asked: with the operation itself, or, for a subject that has only `quantize`, scaled-cast patterns in
 * blocks of 32 whose first lane holds an anchor, the largest magnitude that gives the wanted scale byte. Patterns
 * above the anchor would change the scale: they are skipped, and count as such. */
typedef enum mxc_via { MXC_VIA_ITSELF = 1, MXC_VIA_QUANTIZE } mxc_via;

/* A worker: a subject, which must outlive it, and the buffers to ask it with. With MXC_VIA_QUANTIZE the domains are of
 * scaled-cast, and `anchors` is the step table of op scale with the same elem, type and profile. MX_ENOMEM. */
typedef struct mxc_sweeper mxc_sweeper;
mx_status mxc_sweeper_make(mxc_sweeper **sweeper, mxc_subject *subject, mxc_via via, const mxc_steps *anchors);
void mxc_sweeper_free(mxc_sweeper *sweeper);

/* Put every pattern of shard `index` to the subject and compare.
 * MX_EUNSUPPORTED (no anchor gives this byte, or the subject declines), or the subject's failure, in *error. */
mx_status mxc_sweep_shard(mxc_sweeper *sweeper, mxc_shard *result, const mxc_domain *domain, const mxc_steps *steps,
                          size_t index, mxv_error *error);

#endif
