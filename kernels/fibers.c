/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels/fibers.h"

#include <stdatomic.h>
#include <stdlib.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

#include "kernels/lanes.h"

#define STACK ((size_t)64 * 1024)

/* ---- switching stacks ---- */

#if defined(__x86_64__)

/* swapcontext asks the kernel for the signal mask each time; a group makes a hundred thousand switches. What the
 * System V ABI lets a callee keep lies on the stack, so that a context is its stack pointer. */
typedef struct context {
    void *sp;
} context;

void mxg_fiber_switch(void **save, void *load);
__asm__(".text\n"
        ".globl mxg_fiber_switch\n"
        ".hidden mxg_fiber_switch\n"
        ".type mxg_fiber_switch, @function\n"
        "mxg_fiber_switch:\n"
        "    pushq %rbp\n    pushq %rbx\n    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n    popq %rbx\n    popq %rbp\n"
        "    ret\n"
        ".size mxg_fiber_switch, .-mxg_fiber_switch\n");

static void context_switch(context *from, context *to)
{
    mxg_fiber_switch(&from->sp, to->sp);
}

static void context_make(context *c, unsigned char *stack, void (*entry)(void))
{
    void **top = (void **)(void *)(stack + STACK);

    /* entry as if called: the stack 8 short of a multiple of 16, no return address */
    top[-1] = NULL;
    top[-2] = (void *)(uintptr_t)entry;
    for (int i = 3; i <= 8; i++)
        top[-i] = NULL;
    c->sp = top - 8;
}

#else

typedef ucontext_t context;

static void context_switch(context *from, context *to)
{
    swapcontext(from, to);
}

static void context_make(context *c, unsigned char *stack, void (*entry)(void))
{
    getcontext(c);
    c->uc_stack.ss_sp = stack;
    c->uc_stack.ss_size = STACK;
    c->uc_link = NULL;
    makecontext(c, entry, 0);
}

#endif

/* ---- lanes ---- */

typedef enum lane_state { READY, AT_BARRIER, AT_SHUFFLE, DONE } lane_state;

typedef struct lane {
    context context;
    lane_state state;
    int line; /* where it waits */
    uint32_t value, mask;
} lane;

typedef struct group {
    lane lanes[MXG_GROUP];
    context scheduler;
    unsigned char *stacks;
    mxg_body body;
    const mxg_job *job;
    uint32_t current, index;
} group;

/* One group runs at a time in a thread. */
static _Thread_local group *running;

uint32_t mxg_lane_index(void)
{
    return running->current;
}
uint32_t mxg_group_index(void)
{
    return running->index;
}
void mxg_lane_add(uint64_t *to, uint64_t value)
{
    *to += value;
}

void mxg_lane_min(uint64_t *to, uint64_t value)
{
    if (value < *to)
        *to = value;
}

static void wait_as(lane_state state, int line)
{
    lane *l = &running->lanes[running->current];

    l->state = state;
    l->line = line;
    context_switch(&l->context, &running->scheduler);
}

void mxg_lane_sync(int line)
{
    wait_as(AT_BARRIER, line);
}

uint32_t mxg_lane_shuffle(uint32_t value, uint32_t mask, int line)
{
    lane *l = &running->lanes[running->current];

    l->value = value;
    l->mask = mask;
    wait_as(AT_SHUFFLE, line);
    return l->value;
}

static void enter(void)
{
    running->body(*running->job);
    running->lanes[running->current].state = DONE;
    context_switch(&running->lanes[running->current].context, &running->scheduler);
}

static void start_group(group *g, uint32_t index)
{
    g->index = index;
    for (uint32_t i = 0; i < MXG_GROUP; i++) {
        lane *l = &g->lanes[i];

        l->state = READY;
        context_make(&l->context, g->stacks + i * STACK, enter);
    }
}

/* 1 when all of lanes [first, first + n) are in the same state, at the same place. */
static int together(const group *g, uint32_t first, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const lane *a = &g->lanes[first], *b = &g->lanes[first + i];

        if (a->state != b->state || (a->state != DONE && a->line != b->line))
            return 0;
    }
    return 1;
}

/* Every lane's value for its partner within 32. */
static void exchange(group *g, uint32_t first, uint32_t width)
{
    uint32_t was[64];

    for (uint32_t i = 0; i < width; i++)
        was[i] = g->lanes[first + i].value;
    for (uint32_t i = 0; i < width; i++) {
        g->lanes[first + i].value = was[i ^ (g->lanes[first + i].mask & 31u)];
        g->lanes[first + i].state = READY;
    }
}

/* Run a wave up to its next barrier or its end. */
static mx_status run_wave(group *g, uint32_t first, uint32_t width)
{
    for (;;) {
        for (uint32_t i = first; i < first + width; i++) {
            g->current = i;
            if (g->lanes[i].state == READY)
                context_switch(&g->scheduler, &g->lanes[i].context);
        }
        if (!together(g, first, width))
            return MX_EINTERNAL;
        if (g->lanes[first].state != AT_SHUFFLE)
            return MX_OK;
        exchange(g, first, width);
    }
}

static mx_status run_group(group *g, uint32_t width)
{
    for (;;) {
        for (uint32_t first = 0; first < MXG_GROUP; first += width) {
            mx_status status = run_wave(g, first, width);

            if (status != MX_OK)
                return status;
        }
        if (!together(g, 0, MXG_GROUP))
            return MX_EINTERNAL;
        if (g->lanes[0].state == DONE)
            return MX_OK;
        for (uint32_t i = 0; i < MXG_GROUP; i++)
            g->lanes[i].state = READY;
    }
}

/* ---- a group's stacks ---- */

/* 16 MiB, given from launch to launch: sanitizers mark all of it each time that it is allocated. */
static _Atomic(unsigned char *) spare;

static unsigned char *stacks_take(void)
{
    unsigned char *kept = atomic_exchange(&spare, NULL);

    return kept ? kept : aligned_alloc(64, MXG_GROUP * STACK);
}

static void stacks_give(unsigned char *stacks)
{
    free(atomic_exchange(&spare, stacks));
}

/* A library of these may be closed again. */
__attribute__((destructor)) static void stacks_drop(void)
{
    stacks_give(NULL);
}

mx_status mxg_fibers_run(mxg_body body, const mxg_job *job, uint64_t grid, unsigned width)
{
    group *g = calloc(1, sizeof *g), *outer = running;
    mx_status status = MX_OK;

    if (g)
        g->stacks = stacks_take();
    if (!g || !g->stacks) {
        free(g);
        return MX_ENOMEM;
    }
    g->body = body;
    g->job = job;
    running = g;
    for (uint32_t i = 0; status == MX_OK && i < grid; i++) {
        start_group(g, i);
        status = run_group(g, width);
    }
    running = outer;
    /* lanes that were given up half-way left frames on theirs */
    if (status == MX_OK)
        stacks_give(g->stacks);
    else
        free(g->stacks);
    free(g);
    return status;
}
