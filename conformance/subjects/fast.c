/* SPDX-License-Identifier: BSD-3-Clause
 *
 * libmxfast as a pipe subject without the suite's libraries, for machines that have none of them: `fast NAME` answers
 * by the instruction set NAME.
 */
#include "config.h"

#include <mx/conformance.h>
#include <mx/fast.h>

static mx_status answer(void *state, const mx_batch *batch, char why[MXC_LINE])
{
    (void)state;
    (void)why;
    return mxfast_run(batch);
}

int main(int argc, char **argv)
{
    unsigned mask = 0;
    mxv_error error = {0};
    if (argc != 2 || mxfast_isa_mask(argv[1], &mask) != MX_OK) {
        fprintf(stderr, "usage: %s NAME, an instruction set of this build\n", argv[0]);
        return 2;
    }
    if (mxfast_isa_use(mask) != MX_OK) {
        fprintf(stderr, "%s: this machine has no %s\n", argv[0], argv[1]);
        return 77;
    }
    const mxc_service service = {argv[1], PACKAGE_VERSION, "*:*:*", "", NULL, NULL, answer};
    if (mxc_serve(stdin, stdout, &service, &error) == MX_OK)
        return 0;
    fprintf(stderr, "%s: %s\n", argv[0], error.text);
    return 99;
}
