/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference against its witness on seeded random batches: any operation, format, type, block size and setting of
 * all nineteen axes. What test_witness.c does not reach exhaustively is sampled here.
 */
#include "ref/test_draw.h"

#include <stdlib.h>

/* One batch by both; `what` says which failed. */
static void one_batch(uint64_t seed)
{
    static store in;
    static answers out[2];
    mx_batch batch;
    char text[MX_PROFILE_TEXT] = "";

    draw_batch(seed, &batch, &in);
    for (int w = 0; w < 2; w++) {
        mxref_free open = {out[w].open_value, out[w].open_scale, out[w].open_code};
        memset(&out[w], 0xa5, sizeof out[w]); /* cells that must not be written agree too */
        point(&batch, &in, &out[w]);
        ck_assert_int_eq(w ? mxref_witness(&batch, &open) : mxref_run(&batch, &open), MX_OK);
    }
    mx_profile_format(&batch.profile, text, sizeof text);
    ck_assert_msg(memcmp(&out[0], &out[1], sizeof out[0]) == 0, "seed %llu: %s %s %s k=%zu %s",
                  (unsigned long long)seed, mx_op_name(batch.op), mx_elem_name(batch.elem), mx_type_name(batch.type),
                  batch.k, text);
}

/* MX_REF_BATCHES=N asks for more (make check-exhaustive). */
START_TEST(batches)
{
    const char *more = getenv("MX_REF_BATCHES");
    uint64_t n = more ? strtoull(more, NULL, 10) : 100000;

    for (uint64_t seed = 1; seed <= n; seed++)
        one_batch(seed);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("random");

    tcase_set_timeout(cases, 0);
    tcase_add_test(cases, batches);
    tcase_set_timeout(cases, 120);
    return test_main(cases);
}
