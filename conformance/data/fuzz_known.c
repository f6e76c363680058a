/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fuzz target for files of known failures: what is read is judged against two cases of a pack, one right and one wrong.
 */
#include "config.h"

#include <mx/conformance.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/batch.h"
#include "conformance/judge/judge.h"
#include "conformance/judge/known.h"
#include "vectors/replay.h"

enum { CASES = 2 };

static void die(const char *what)
{
    fprintf(stderr, "fuzz_known: %s\n", what);
    abort();
}

/* Two casts of 1.0625 to E4M3; 38 is right, and 39 is what was answered to the second. */
static void judge(const mxc_known *known)
{
    static mxv_label label[CASES] = {{.id = "c.e4m3.fp32.ocp.000001", .class_ = MX_MUST, .tags = "-"},
                                     {.id = "c.e4m3.fp32.ocp.000002", .class_ = MX_MUST, .tags = "tie"}};
    static const uint32_t value[CASES] = {0x3f880000, 0x3f880000};
    static uint8_t code[CASES] = {0x38, 0x38};
    static size_t chosen[CASES] = {0, 1};
    static uint8_t fate[CASES] = {MXC_FATE_PASS, MXC_FATE_FAIL};
    static mxc_fail_at failed[1] = {{1, {.cells = 1, .kind = MX_COL_CODE, .want = 0x38, .got = 0x39}}};
    mxv_pack pack = {.label = label};
    pack.batch = (mx_batch){.op = MX_OP_CAST, .elem = MX_E4M3, .type = MX_FP32, .k = 1, .count = CASES};
    mx_profile_apply(&pack.batch.profile, "round=rne", 9, NULL);
    pack.batch.in.value = value;
    pack.batch.out.code = code;
    mxc_report report = {0};
    mxc_pack_result result = {.path = (char *)(uintptr_t) "cast.e4m3.fp32.ocp.mxv", .shape = pack.batch};
    mxc_work w = {
        .pack = &pack, .result = &result, .chosen = chosen, .n = CASES, .fate = fate, .failed = failed, .fails = 1};
    if (mxc_known_begin(&report, known) == MX_OK && mxc_known_pack(known, &report, &w) == MX_OK) {
        size_t holds = 0;
        for (size_t i = 0; i < report.knowns; i++) {
            const mxc_known_result *k = &report.known[i];
            if (k->failed > k->judged || k->judged > CASES || mxc_known_state_of(k) < MXC_KNOWN)
                die("wanted at most the cases that there are");
            holds += k->failed && !k->expired;
        }
        if ((holds != 0) != (w.known[0] != 0) || result.known != (holds != 0))
            die("wanted the failure known when an entry names it");
    }
    free(w.known);
    for (size_t i = 0; i < report.knowns; i++) {
        free(report.known[i].pattern);
        free(report.known[i].link);
        free(report.known[i].reason);
    }
    free(report.known);
    free(report.known_file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mxc_known *known = NULL;
    mxv_error error = {0};
    FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
    if (!in)
        return 0;
    const mx_status status = mxc_known_read(&known, in, "known", "2026-11-26", &error);
    fclose(in);
    if ((status == MX_OK) != (error.text[0] == '\0') || strpbrk(error.text, "\r\n"))
        die("wanted one line for every bad file");
    if (status == MX_EPARSE && (strncmp(error.text, "known:", 6) != 0 || error.line == 0))
        die("wanted the line that is bad");
    if (status == MX_OK)
        judge(known);
    mxc_known_free(status == MX_OK ? known : NULL);
    return 0;
}
