/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The machine that is measured: what it is called, its caches and memory, its load, its clocks.
 */
#include "config.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/bench/bench.h"

/* The text after `key` and a colon in the first such line of a file. */
static int read_field(const char *path, const char *key, char *text, size_t size)
{
    char line[512];
    FILE *in = fopen(path, "r");
    int found = 0;
    while (in && !found && fgets(line, sizeof line, in)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, key, strlen(key)) != 0 || !colon)
            continue;
        snprintf(text, size, "%s", colon + 1 + strspn(colon + 1, " \t"));
        text[strcspn(text, "\n")] = '\0';
        found = 1;
    }
    if (in)
        fclose(in);
    return found;
}

/* Bytes of a cache of this level, as the kernel tells; the largest of those of processor 0. */
static size_t cache_of_sysfs(unsigned level)
{
    size_t most = 0;
    for (unsigned i = 0; i < 8; i++) {
        char path[96], unit = 'B';
        unsigned found = 0;
        unsigned long size = 0;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%u/level", i);
        FILE *in = fopen(path, "r");
        if (!in)
            break;
        int good = fscanf(in, "%u", &found) == 1;
        fclose(in);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%u/size", i);
        in = fopen(path, "r");
        good = in && fscanf(in, "%lu%c", &size, &unit) >= 1 && good;
        if (in)
            fclose(in);
        size_t bytes = (size_t)size << (unit == 'M' ? 20 : unit == 'K' ? 10 : 0);
        if (good && found == level && bytes > most)
            most = bytes;
    }
    return most;
}

/* sysconf counts, on some processors, caches that belong to other cores: it is asked second. */
static size_t cache_bytes(int name, unsigned level)
{
    size_t known = cache_of_sysfs(level);
    long bytes = known == 0 && name >= 0 ? sysconf(name) : 0;
    return bytes > 0 ? (size_t)bytes : known;
}

/* Of those that there are, the ones that this process may run on. */
static unsigned usable_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(CPU_COUNT)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        n = CPU_COUNT(&set);
#endif
    return n > 0 ? (unsigned)n : 1;
}

void bench_machine_read(bench_machine *machine)
{
    int l2 = -1, l3 = -1;
    double load;
#if defined(_SC_LEVEL2_CACHE_SIZE) && defined(_SC_LEVEL3_CACHE_SIZE)
    l2 = _SC_LEVEL2_CACHE_SIZE;
    l3 = _SC_LEVEL3_CACHE_SIZE;
#endif
    *machine = (bench_machine){.load = getloadavg(&load, 1) == 1 ? load : -1};
    if (!read_field("/proc/cpuinfo", "model name", machine->cpu, sizeof machine->cpu))
        snprintf(machine->cpu, sizeof machine->cpu, "unknown");
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    machine->processors = usable_processors();
    machine->memory = pages > 0 && page > 0 ? (size_t)pages * (size_t)page : 0;
    machine->l2 = cache_bytes(l2, 2);
    machine->llc = cache_bytes(l3, 3);
    if (machine->llc == 0)
        machine->llc = machine->l2;
}

json_t *bench_machine_json(const bench_machine *machine)
{
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "cpu", machine->cpu, "processors",
                     (json_int_t)machine->processors, "l2_bytes", (json_int_t)machine->l2, "llc_bytes",
                     (json_int_t)machine->llc, "memory_bytes", (json_int_t)machine->memory, "load", machine->load);
}

double bench_clock(unsigned threads)
{
    struct timespec t;
    clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
