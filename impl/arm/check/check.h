/* SPDX-License-Identifier: BSD-3-Clause
 *
 * As much of the library `check` as the tests here need, for machines that it is not installed for: tests run one after
 * the other in one process, and the first wrong result ends it.
 */
#ifndef IMPL_ARM_CHECK_H
#define IMPL_ARM_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CK_NORMAL, CK_ENV, CHECK_TESTS = 32 };

typedef struct TCase {
    const char *name;
    void (*setup)(void);
    void (*test[CHECK_TESTS])(int);
    int begin[CHECK_TESTS], end[CHECK_TESTS], tests;
} TCase;
typedef TCase Suite;
typedef TCase SRunner;

#define START_TEST(name) static void name(int _i __attribute__((unused)))
#define END_TEST

/* A test program has one case in one suite; the first name given is its own. */
static inline TCase *suite_create(const char *name)
{
    static TCase only;
    only.name = only.name ? only.name : name;
    return &only;
}

static inline TCase *tcase_create(const char *name)
{
    return suite_create(name);
}

static inline void suite_add_tcase(Suite *suite, TCase *one)
{
    (void)suite;
    (void)one;
}

static inline void tcase_set_timeout(TCase *one, double seconds)
{
    (void)one;
    (void)seconds;
}

static inline void tcase_add_checked_fixture(TCase *one, void (*setup)(void), void (*teardown)(void))
{
    (void)teardown;
    one->setup = setup;
}

static inline void tcase_add_loop_test(TCase *one, void (*test)(int), int begin, int end)
{
    if (one->tests == CHECK_TESTS)
        abort();
    one->test[one->tests] = test;
    one->begin[one->tests] = begin;
    one->end[one->tests++] = end;
}

static inline void tcase_add_test(TCase *one, void (*test)(int))
{
    tcase_add_loop_test(one, test, 0, 1);
}

static inline SRunner *srunner_create(Suite *suite)
{
    return suite;
}

static inline void srunner_free(SRunner *runner)
{
    (void)runner;
}

static inline void srunner_run_all(SRunner *runner, int how)
{
    int run = 0;
    (void)how;
    for (int t = 0; t < runner->tests; t++)
        for (int i = runner->begin[t]; i < runner->end[t]; i++, run++) {
            if (runner->setup)
                runner->setup();
            runner->test[t](i);
        }
    printf("%s: %d tests passed\n", runner->name, run);
}

static inline int srunner_ntests_run(const SRunner *runner)
{
    return runner->tests;
}

/* The process has ended when one failed. */
static inline int srunner_ntests_failed(const SRunner *runner)
{
    (void)runner;
    return 0;
}

#define ck_assert_msg(true, ...)                                                                                       \
    ((true) ? (void)0                                                                                                  \
            : (fprintf(stderr, "%s:%d: ", __FILE__, __LINE__), fprintf(stderr, __VA_ARGS__), fputc('\n', stderr),      \
               exit(1)))
#define ck_assert(true) ck_assert_msg(true, "not so: %s", #true)
#define ck_assert_int_eq(x, y)                                                                                         \
    ck_assert_msg((intmax_t)(x) == (intmax_t)(y), "%s is %jd, wanted %jd", #x, (intmax_t)(x), (intmax_t)(y))
#define ck_assert_uint_eq(x, y)                                                                                        \
    ck_assert_msg((uintmax_t)(x) == (uintmax_t)(y), "%s is %ju, wanted %ju", #x, (uintmax_t)(x), (uintmax_t)(y))
#define ck_assert_uint_ne(x, y)       ck_assert((uintmax_t)(x) != (uintmax_t)(y))
#define ck_assert_uint_gt(x, y)       ck_assert((uintmax_t)(x) > (uintmax_t)(y))
#define ck_assert_mem_eq(x, y, bytes) ck_assert(memcmp(x, y, bytes) == 0)
#define ck_assert_ptr_ne(x, y)        ck_assert((const void *)(x) != (const void *)(y))
#define ck_assert_ptr_null(x)         ck_assert((x) == NULL)

#endif
