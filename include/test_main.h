/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How every test written with check ends. Not installed.
 */
#ifndef TEST_MAIN_H
#define TEST_MAIN_H

#include <check.h>
#include <stdlib.h>

/* The step of a long loop over numbers: 1, and `n` with sanitizers, which look for what any turn of it shows. */
static inline unsigned test_step(unsigned n)
{
    const char *flags = getenv("MX_SAN_CFLAGS");
    return flags && *flags ? n : 1;
}

/* Run the cases up to the NULL, as one suite. The exit status: 0, 1 when a test failed, 99 when there was none. */
static inline int test_main_cases(TCase *const *cases)
{
    Suite *suite = suite_create("tests");
    SRunner *runner = srunner_create(suite);
    for (; *cases; cases++)
        suite_add_tcase(suite, *cases);
    srunner_run_all(runner, CK_ENV);
    int ran = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return ran == 0 ? 99 : failed != 0;
}

#define test_main(...) test_main_cases((TCase *const[]){__VA_ARGS__, NULL})

#endif
