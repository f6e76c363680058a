/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which instruction sets there are, which of them this machine has, and which one is used.
 */
#include "config.h"

#include <stdatomic.h>
#include <string.h>

#include "impl/kernels.h"

#if defined(MX_HAVE_AVX2) || defined(MX_HAVE_AVX512)
#include <cpuid.h>

/* What the operating system saves: XCR0, or 0 when it says nothing. */
static unsigned saved_registers(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
        return 0;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    return a;
}

static unsigned leaf7_ebx(unsigned *ecx)
{
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
        b = c = 0;
    *ecx = c;
    return b;
}

int mxfast_cpu_has_avx2(void)
{
    const unsigned ymm = 0x6; /* XMM and upper halves of YMM */
    unsigned a, b, c, d, ecx;
    return (saved_registers() & ymm) == ymm && __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) &&
           (leaf7_ebx(&ecx) & bit_AVX2);
}

int mxfast_cpu_has_avx512(void)
{
    const unsigned zmm = 0xe6, need = bit_AVX512F | bit_AVX512BW | bit_AVX512VL; /* mask registers, both ZMM parts */
    unsigned ecx;
    return mxfast_cpu_has_avx2() && (saved_registers() & zmm) == zmm && (leaf7_ebx(&ecx) & need) == need &&
           (ecx & bit_AVX512VBMI);
}

/* The vendor's name in the order of cpuid's registers: "AuthenticAMD". */
static int is_amd(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0, &a, &b, &c, &d) && b == 0x68747541 && d == 0x69746e65 && c == 0x444d4163;
}
#else
static int is_amd(void)
{
    return 0;
}
#endif

/* -1: not set yet. */
static atomic_int reads_ahead = -1;

int mxfast_reads_ahead(void)
{
    int known = atomic_load_explicit(&reads_ahead, memory_order_relaxed);
    if (known < 0)
        mxfast_reads_ahead_is(known = is_amd());
    return known;
}

void mxfast_reads_ahead_is(int known)
{
    atomic_store_explicit(&reads_ahead, known, memory_order_relaxed);
}

static const mxfast_kernels *const table[] = {
#define MX_ISA(isa) &mxfast_kernels_##isa,
#include "impl/isa.def"
#undef MX_ISA
};
enum { TABLE = sizeof table / sizeof *table };

/* The mask in force; 0: not set yet, all are allowed. */
static atomic_uint allowed;

const char *mxfast_isa_name(unsigned i)
{
    return i < TABLE ? table[i]->name : NULL;
}

unsigned mxfast_isa_available(void)
{
    static atomic_uint known; /* bit 0 is always set once it is */
    unsigned mask = atomic_load_explicit(&known, memory_order_relaxed);
    if (mask != 0)
        return mask;
    for (unsigned i = 0; i < TABLE; i++)
        mask |= (unsigned)(table[i]->available() != 0) << i;
    atomic_store_explicit(&known, mask, memory_order_relaxed);
    return mask;
}

mx_status mxfast_isa_mask(const char *names, unsigned *mask)
{
    unsigned found = 0;
    if (names == NULL || mask == NULL)
        return MX_EINVAL;
    for (const char *at = names;; at++) {
        size_t length = strcspn(at, ",");
        unsigned one = length == 3 && memcmp(at, "all", 3) == 0 ? (1u << TABLE) - 1 : 0;
        for (unsigned i = 0; i < TABLE; i++)
            if (strlen(table[i]->name) == length && memcmp(at, table[i]->name, length) == 0)
                one = 1u << i;
        if (one == 0)
            return MX_EINVAL;
        found |= one;
        at += length;
        if (*at == '\0')
            break;
    }
    *mask = found;
    return MX_OK;
}

/* MX_OK when a set of the mask is there. */
static mx_status check_mask(unsigned mask)
{
    if (mask == 0 || mask >> TABLE != 0)
        return MX_EINVAL;
    return (mask & mxfast_isa_available()) == 0 ? MX_EUNSUPPORTED : MX_OK;
}

mx_status mxfast_isa_use(unsigned mask)
{
    mx_status status = check_mask(mask);
    if (status == MX_OK)
        atomic_store(&allowed, mask);
    return status;
}

unsigned mxfast_isa_allowed(void)
{
    unsigned mask = atomic_load(&allowed);
    return mask == 0 ? (1u << TABLE) - 1 : mask;
}

/* The last available set of a mask; 0, portable, when none is. */
static unsigned best_of(unsigned mask)
{
    unsigned best = 0;
    mask &= mxfast_isa_available();
    for (unsigned i = 0; i < TABLE; i++)
        if (mask >> i & 1)
            best = i;
    return best;
}

unsigned mxfast_isa_used(void)
{
    return 1u << best_of(mxfast_isa_allowed());
}

const mxfast_kernels *mxfast_dispatch(void)
{
    return table[best_of(mxfast_isa_allowed())];
}

mx_status mxfast_kernels_of(const mxfast_kernels **kernels, unsigned mask)
{
    mx_status status = check_mask(mask);
    if (status == MX_OK)
        *kernels = table[best_of(mask)];
    return status;
}
