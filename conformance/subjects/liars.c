/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pipe subjects that must not pass, one by argument, and one honest control. The honest part casts bf16 to E2M1: small
 * enough to be checked by eye, so that what fails is the lie and nothing else.
 */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const modes[] = {
    "honest",        /* the control: must pass */
    "slow",          /* honest, a byte at a time with pauses: must pass */
    "empty",         /* reads nothing, says nothing, exits 0 */
    "echo",          /* sends back what it was sent */
    "constant",      /* 00 whatever the input */
    "drops-last",    /* never answers the last case, and counts as if it had */
    "answers-twice", /* one case answered twice */
    "wrong-count",   /* every answer right, counts in `bye` wrong */
    "no-bye",        /* every answer right, gone before `bye` */
    "exits-early",   /* exits 0 after 20 answers */
    "dies",          /* killed after 20 answers */
    "bad-exit",      /* a perfect run, then exit status 3 */
    "hangs",         /* silent after 20 answers */
    "floods",        /* answers without end */
    "floods-line",   /* one line without end */
    "garbage",       /* binary noise for an answer */
    "wrong-width",   /* 3 digits for a code */
    "wide-code",     /* a code with bits above the element's width */
    "upper-case",    /* right, but not as the protocol has it */
    "extra-column",  /* an answer too many in a line */
    "unknown-id",    /* an id that was never asked */
    "early-answer",  /* answers before it is asked, before the greeting */
    "wrong-version", /* greets with mxp 2 */
    "no-greeting",   /* silent from the start */
    "refuses-all",   /* `no` to every operation */
    "refuses-cases", /* `ok`, then `u` to every case */
    "no-reason",     /* `no` without a reason */
    "blank",         /* an empty line for an answer to an operation */
    "crashes",       /* dies on a NaN */
    "flips-bit",     /* one bit of one answer */
    "no-flush",      /* keeps its answers in a buffer */
};

static const char *mode;
static unsigned long seen, answered, refused;

static int is(const char *name)
{
    return strcmp(mode, name) == 0;
}

/* Round to nearest, ties to even: count the midpoints passed. A tie at an odd code goes up. */
static unsigned cast(unsigned bits)
{
    static const unsigned midpoint[] = {0x3e80, 0x3f40, 0x3fa0, 0x3fe0, 0x4020, 0x4060, 0x40a0};
    unsigned code = 0;
    for (unsigned i = 0; i < 7; i++)
        code += (bits & 0x7fff) > midpoint[i] || ((bits & 0x7fff) == midpoint[i] && i % 2);
    return (bits & 0x7fff) > 0x7f80 ? 7 : (bits >> 12 & 8) | code;
}

static void write_slowly(const char *text)
{
    for (; *text; text++) {
        putchar(*text);
        fflush(stdout);
    }
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

static void flood(const char *text)
{
    while (fputs(text, stdout) >= 0)
        ;
    exit(1);
}

/* By the signal itself, whatever handler a sanitizer has put there. */
static void die(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

/* What goes wrong instead of the 101st answer. */
static void misbehave(unsigned long id, unsigned code)
{
    if (is("answers-twice"))
        printf("r %lu %02x\n", id, code);
    if (is("exits-early"))
        exit(0);
    if (is("dies"))
        die(SIGKILL);
    if (is("hangs"))
        for (;;)
            pause();
    if (is("floods"))
        flood("r 1 00\n");
    if (is("floods-line"))
        flood("00 00 00 00 ");
    if (is("garbage"))
        fwrite("\0\377\033\r\200\n", 1, 6, stdout);
    if (is("unknown-id"))
        printf("r 4000000000 00\n");
}

static void answer(unsigned long id, unsigned bits)
{
    static char held[64];
    char line[64];
    const int now = seen++ == 20;
    unsigned code = is("constant") ? 0 : cast(bits);
    if (is("crashes") && (bits & 0x7fff) > 0x7f80)
        die(SIGSEGV);
    if (is("refuses-cases")) {
        refused++;
        printf("u %lu not today\n", id);
        return;
    }
    if (now)
        misbehave(id, code);
    if (bits == 0x3f80 && is("flips-bit")) /* 1.0: a must in any pack */
        code ^= 1;
    if (is("wide-code"))
        code |= 0x10;
    answered++;
    snprintf(line, sizeof line,
             is("upper-case")    ? "r %lu %02X\n"
             : is("wrong-width") ? "r %lu %03x\n"
                                 : "r %lu %02x\n",
             id, code);
    if (is("extra-column"))
        snprintf(line, sizeof line, "r %lu %02x %02x\n", id, code, code);
    if (is("slow"))
        write_slowly(line);
    else if (!is("drops-last"))
        fputs(line, stdout);
    else {
        fputs(held, stdout); /* the one before; at `bye` the last is still held */
        memcpy(held, line, sizeof held);
    }
}

static void greet(void)
{
    if (is("no-greeting"))
        for (;;)
            pause();
    if (is("early-answer"))
        printf("r 1 00\n");
    printf("mxp %s name=liar version=%s ops=cast:e2m1:bf16 round=rne zero-sign=keep subnormal-in=keep "
           "subnormal-out=keep\n",
           is("wrong-version") ? "2" : "1", mode);
}

static void open_op(const char *line, unsigned long number)
{
    if (is("refuses-all"))
        printf("no %lu not in the mood\n", number);
    else if (is("no-reason"))
        printf("no %lu\n", number);
    else if (is("blank"))
        putchar('\n');
    else if (!strstr(line, "cast elem=e2m1 type=bf16") || !strstr(line, "round=rne") ||
             !strstr(line, "zero-sign=keep") || strstr(line, "nan-to=smax") || strstr(line, "nan-to=zero"))
        printf("no %lu E2M1 from bf16, rne, zero-sign=keep, nan-to=max\n", number);
    else
        printf("ok %lu\n", number);
}

static int converse(void)
{
    static char line[4096];
    unsigned long number, id;
    unsigned bits;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "c %lu %lu %x", &number, &id, &bits) == 3)
            answer(id, bits);
        else if (sscanf(line, "op %lu", &number) == 1)
            open_op(line, number);
        else if (strncmp(line, "bye", 3) != 0)
            greet();
        else {
            if (is("no-bye"))
                return 0;
            printf("bye seen=%lu answered=%lu refused=%lu\n", seen, is("wrong-count") ? answered + 7 : answered,
                   refused);
            return is("bad-exit") ? 3 : 0;
        }
        if (!is("no-flush"))
            fflush(stdout);
    }
    return 1;
}

static int echo(void)
{
    for (int c; (c = getchar()) != EOF;) {
        putchar(c);
        if (c == '\n')
            fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && !mode && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(argv[1], modes[i]) == 0)
            mode = modes[i];
    if (!mode) {
        fprintf(stderr, "usage: liars MODE, one of:\n");
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
            fprintf(stderr, "  %s\n", modes[i]);
        return 2;
    }
    if (is("no-flush"))
        setvbuf(stdout, NULL, _IOFBF, 1 << 24);
    return is("empty") ? 0 : is("echo") ? echo() : converse();
}
