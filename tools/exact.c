/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Exact values as text.
 */
#include "tools/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 22, RUN = 12 };

/* value = num / den * 2^e with num and den odd; e = 0 for zero. */
static long factor(mpz_ptr num, mpz_ptr den, mpq_srcptr value)
{
    mpz_set(num, mpq_numref(value));
    mpz_set(den, mpq_denref(value));
    if (mpz_sgn(num) == 0)
        return 0;
    mp_bitcnt_t up = mpz_scan1(num, 0), down = mpz_scan1(den, 0);
    mpz_tdiv_q_2exp(num, num, up);
    mpz_tdiv_q_2exp(den, den, down);
    return (long)up - (long)down;
}

/* Digits of num * 5^n with the point n places from the right. */
static void decimal(char *text, mpz_srcptr num, unsigned long n)
{
    char digits[128];
    mpz_t scaled;
    mpz_init(scaled);
    mpz_ui_pow_ui(scaled, 5, n);
    mpz_mul(scaled, scaled, num);
    const char *sign = mpz_sgn(scaled) < 0 ? "-" : "";
    mpz_abs(scaled, scaled);
    gmp_snprintf(digits, sizeof digits, "%0*Zd", (int)n + 1, scaled);
    size_t whole = strlen(digits) - n;
    snprintf(text, EXACT_TEXT, n ? "%s%.*s.%s" : "%s%.*s", sign, (int)whole, digits, digits + whole);
    mpz_clear(scaled);
}

/* Whether num * 2^e is short enough to be written in decimal. */
static int is_short(mpz_srcptr num, long e)
{
    if (e >= 0)
        return mpz_sizeinbase(num, 2) + (size_t)e <= 64;
    return -e <= LONGEST && mpz_sizeinbase(num, 10) <= LONGEST;
}

void exact_text(char text[EXACT_TEXT], mpq_srcptr value)
{
    mpz_t num, den;
    mpz_inits(num, den, NULL);
    long e = factor(num, den, value);
    if (mpz_cmp_ui(den, 1) == 0 && is_short(num, e)) {
        if (e > 0)
            mpz_mul_2exp(num, num, (mp_bitcnt_t)e);
        decimal(text, num, e < 0 ? (unsigned long)-e : 0);
    } else if (mpz_cmp_ui(den, 1) == 0) {
        if (mpz_cmpabs_ui(num, 1) == 0)
            snprintf(text, EXACT_TEXT, "%s2^%ld", mpz_sgn(num) < 0 ? "-" : "", e);
        else
            gmp_snprintf(text, EXACT_TEXT, "%Zd*2^%ld", num, e);
    } else if (mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) <= LONGEST) {
        gmp_snprintf(text, EXACT_TEXT, "%Qd", value);
    } else {
        gmp_snprintf(text, EXACT_TEXT, "%Zd/%Zd*2^%ld", num, den, e);
    }
    mpz_clears(num, den, NULL);
}

void exact_hex(char text[EXACT_TEXT], mpq_srcptr value, int negative_zero)
{
    mpz_t num, den;
    mpz_inits(num, den, NULL);
    long e = factor(num, den, value);
    text[0] = '\0';
    if (mpz_sgn(num) == 0) {
        snprintf(text, EXACT_TEXT, "%s0x0p+0", negative_zero ? "-" : "");
    } else if (mpz_cmp_ui(den, 1) == 0 && mpz_sizeinbase(num, 2) <= 400) {
        const char *sign = mpz_sgn(num) < 0 ? "-" : "";
        mpz_abs(num, num);
        size_t bits = mpz_sizeinbase(num, 2) - 1, digits = (bits + 3) / 4;
        e += (long)bits;
        mpz_clrbit(num, bits);
        mpz_mul_2exp(num, num, 4 * digits - bits);
        if (digits)
            gmp_snprintf(text, EXACT_TEXT, "%s0x1.%0*Zxp%+ld", sign, (int)digits, num, e);
        else
            snprintf(text, EXACT_TEXT, "%s0x1p%+ld", sign, e);
    }
    mpz_clears(num, den, NULL);
}

long exact_log2(mpq_srcptr value, int *is)
{
    mpz_t num, den;
    mpz_inits(num, den, NULL);
    long e = factor(num, den, value);
    *is = mpz_cmp_ui(num, 1) == 0 && mpz_cmp_ui(den, 1) == 0;
    mpz_clears(num, den, NULL);
    return *is ? e : 0;
}

/* Append the binary digits, long runs shortened. */
static void put_digits(char *text, const char *digits)
{
    size_t at = strlen(text);
    for (size_t i = 0; digits[i];) {
        size_t run = 1;
        while (digits[i + run] == digits[i])
            run++;
        if (at + RUN + 24 > EXACT_TEXT)
            break;
        if (run > RUN)
            at += (size_t)snprintf(text + at, EXACT_TEXT - at, "%c{%zu}", digits[i], run);
        else
            for (size_t j = 0; j < run; j++)
                text[at++] = digits[i];
        i += run;
    }
    text[at] = '\0';
}

/* text = binary of `whole`, then the `n` binary digits of `below` as guard and sticky. */
static void put_binary(char *text, mpz_srcptr whole, mpz_srcptr below, mp_bitcnt_t n)
{
    char *digits = malloc(mpz_sizeinbase(whole, 2) + n + 4);
    if (!digits)
        return;
    mpz_get_str(digits, 2, whole);
    put_digits(text, digits);
    for (mp_bitcnt_t i = 0; i < n; i++)
        digits[i] = mpz_tstbit(below, n - 1 - i) ? '1' : '0';
    digits[n] = '\0';
    char guard[] = {'|', n ? digits[0] : '0', '|', '\0'};
    strcat(text, guard);
    put_digits(text, n > 1 ? digits + 1 : "0");
    free(digits);
}

void exact_binary(char text[EXACT_TEXT], mpq_srcptr value, mpq_srcptr unit)
{
    mpq_t units;
    mpz_t whole, below;
    text[0] = '\0';
    if (mpq_sgn(unit) == 0)
        return;
    mpq_init(units);
    mpz_inits(whole, below, NULL);
    mpq_div(units, value, unit);
    mp_bitcnt_t n = mpz_scan1(mpq_denref(units), 0);
    if (mpz_sizeinbase(mpq_denref(units), 2) == n + 1 && mpz_sizeinbase(mpq_numref(units), 2) < 4096) {
        mpz_tdiv_q_2exp(whole, mpq_numref(units), n);
        mpz_tdiv_r_2exp(below, mpq_numref(units), n);
        put_binary(text, whole, below, n);
    }
    mpq_clear(units);
    mpz_clears(whole, below, NULL);
}
