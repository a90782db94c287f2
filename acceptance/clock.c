/*
 * The time of day jumps, for programs that are started with this library:
 *
 *   CLOCK_AFTER=2500 CLOCK_JUMP=-3600 LD_PRELOAD=./clock.so PROGRAM...
 *
 * So many milliseconds after its start the process sees a time of day that is so many seconds later or earlier. The monotonic clock goes
 * on as it was.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long after_ms, jump_s;
static struct timespec began;

static int (*libc_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
    const char *after = getenv("CLOCK_AFTER"), *jump = getenv("CLOCK_JUMP");
    libc_clock_gettime = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    libc_clock_gettime(CLOCK_MONOTONIC, &began);
    if (after && jump) {
        after_ms = strtol(after, NULL, 10);
        jump_s = strtol(jump, NULL, 10);
    }
}

/* Seconds to be added by now. */
static long jumped(void)
{
    struct timespec now;
    libc_clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
    return ms >= after_ms ? jump_s : 0;
}

int clock_gettime(clockid_t clock, struct timespec *into)
{
    if (!libc_clock_gettime)
        libc_clock_gettime = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    int result = libc_clock_gettime(clock, into);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && jump_s != 0)
        into->tv_sec += jumped();
    return result;
}

int gettimeofday(struct timeval *restrict into, void *restrict zone)
{
    struct timespec now;
    (void) zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    into->tv_sec = now.tv_sec;
    into->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into)
        *into = now.tv_sec;
    return now.tv_sec;
}
