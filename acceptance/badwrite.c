/*
 * A disk with places that do not keep what is written, for programs that are started with this library:
 *
 *   BADWRITE_DISK=/dev/loop7 BADWRITE_BYTES=512:512,1048576:4096 BADWRITE_HOW=lose LD_PRELOAD=./badwrite.so PROGRAM...
 *
 * BADWRITE_BYTES lists ranges as OFFSET:LENGTH. BADWRITE_HOW is one of
 *
 *   fail       a write that touches a range fails as a whole with EIO
 *   lose       what falls into a range is lost, and the write says that it has succeeded
 *   flip       one bit of the first byte that falls into a range is written wrong
 *   misplace   a write that touches a range goes BADWRITE_SHIFT bytes further (or less far) as a whole
 *   rot        a bit at the start of each range flips, once, when the range was written, read back and then synced
 *
 * With BADWRITE_TIMES only so many writes are spoilt. To zero, punch or discard such a range by command is not supported, so that the
 * program writes zeros. Reads are those of libc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "badranges.h"
#include "refused.h"

#define PAGE 4096

static enum { FAIL, LOSE, FLIP, MISPLACE, ROT } how;
static long times_left;
static off_t shift;

/* What has become of the ranges that are to rot. */
static enum { FRESH, WRITTEN, READ, ROTTEN } state;

static ssize_t (*libc_write)(int, const void *, size_t);
static ssize_t (*libc_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*libc_pread)(int, void *, size_t, off_t);
static int (*libc_fsync)(int);
static int (*libc_fdatasync)(int);

__attribute__((constructor)) static void begin(void)
{
    static const char *words[] = { "fail", "lose", "flip", "misplace", "rot" };
    libc_write = dlsym(RTLD_NEXT, "write");
    libc_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    libc_pread = dlsym(RTLD_NEXT, "pread64");
    libc_fsync = dlsym(RTLD_NEXT, "fsync");
    libc_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    take_commands();
    const char *word = getenv("BADWRITE_HOW"), *times = getenv("BADWRITE_TIMES"), *distance = getenv("BADWRITE_SHIFT");
    for (int i = FAIL; word && i <= ROT; i++)
        if (strcmp(word, words[i]) == 0) {
            how = i;
            times_left = times ? strtol(times, NULL, 10) : -1;
            shift = distance ? strtoll(distance, NULL, 10) : 0;
            take_ranges(getenv("BADWRITE_DISK"), getenv("BADWRITE_BYTES"));
        }
}

/* The first byte from AT on that is in a range; END when none is before it. */
static off_t next_bad(off_t at, off_t end)
{
    off_t first = end;
    for (int i = 0; i < count; i++)
        if (at < bad[i].end && bad[i].from < first)
            first = at > bad[i].from ? at : bad[i].from;
    return first;
}

/* Where the ranges end that have the byte AT. */
static off_t end_of_bad(off_t at)
{
    for (int i = 0; i < count; i++)
        if (bad[i].from <= at && at < bad[i].end) {
            at = bad[i].end;
            i = -1;
        }
    return at;
}

static int touches(off_t offset, off_t length)
{
    return next_bad(offset, offset + length) < offset + length;
}

/* Whether a write that touches a range is spoilt. */
static int is_due(void)
{
    if (times_left < 0)
        return 1;
    return __atomic_fetch_sub(&times_left, times_left > 0, __ATOMIC_SEQ_CST) > 0;
}

static ssize_t lose(int fd, const void *from, size_t length, off_t offset)
{
    off_t end = offset + length;
    for (off_t at = offset; at < end; at = end_of_bad(at)) {
        off_t stop = next_bad(at, end);
        while (at < stop) {
            ssize_t written = libc_pwrite(fd, (const char *) from + (at - offset), stop - at, at);
            if (written < 0)
                return -1;
            at += written;
        }
        if (at == end)
            break;
    }
    return length;
}

static ssize_t flip(int fd, const void *from, size_t length, off_t offset)
{
    char *copy;
    if (posix_memalign((void **) &copy, PAGE, length) != 0)
        return libc_pwrite(fd, from, length, offset);
    memcpy(copy, from, length);
    copy[next_bad(offset, offset + length) - offset] ^= 1;
    ssize_t written = libc_pwrite(fd, copy, length, offset);
    free(copy);
    return written;
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t offset)
{
    if (!is_disk(fd) || !touches(offset, length) || !is_due())
        return libc_pwrite(fd, from, length, offset);
    switch (how) {
    case FAIL:
        errno = EIO;
        return -1;
    case LOSE:
        return lose(fd, from, length, offset);
    case FLIP:
        return flip(fd, from, length, offset);
    case MISPLACE:
        return libc_pwrite(fd, from, length, offset + shift);
    default:
        state = state == ROTTEN ? ROTTEN : WRITTEN;
        return libc_pwrite(fd, from, length, offset);
    }
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset)
{
    return pwrite64(fd, from, length, offset);
}

/* What is written at the place of the descriptor, or from several parts: nothing of ours does so with a disk. */
ssize_t write(int fd, const void *from, size_t length)
{
    if (!is_disk(fd))
        return libc_write(fd, from, length);
    ssize_t written = pwrite64(fd, from, length, lseek(fd, 0, SEEK_CUR));
    if (written > 0)
        lseek(fd, written, SEEK_CUR);
    return written;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset)
{
    ssize_t sum = 0;
    for (int i = 0; i < n; i++) {
        ssize_t written = pwrite64(fd, parts[i].iov_base, parts[i].iov_len, offset + sum);
        if (written < 0)
            return sum > 0 ? sum : -1;
        sum += written;
        if ((size_t) written < parts[i].iov_len)
            break;
    }
    return sum;
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset)
{
    return pwritev64(fd, parts, n, offset);
}

static int refuses(int fd, off_t offset, off_t length)
{
    return is_disk(fd) && touches(offset, length);
}

/* ----------------------------------------------------------------------------------------------------------------- rot */

ssize_t pread64(int fd, void *into, size_t length, off64_t offset)
{
    if (how == ROT && state == WRITTEN && is_disk(fd) && touches(offset, length))
        state = READ;
    return libc_pread(fd, into, length, offset);
}

ssize_t pread(int fd, void *into, size_t length, off_t offset)
{
    return pread64(fd, into, length, offset);
}

/* By a descriptor of its own, because that of the program may be one past the page cache. */
static void spoil(int fd)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int own = open(name, O_RDWR);
    for (int i = 0; i < count && own >= 0; i++) {
        char byte;
        if (libc_pread(own, &byte, 1, bad[i].from) == 1) {
            byte ^= 1;
            libc_pwrite(own, &byte, 1, bad[i].from);
        }
    }
    if (own >= 0) {
        libc_fsync(own);
        close(own);
    }
}

static int synced(int fd, int result)
{
    if (how == ROT && state == READ && is_disk(fd)) {
        state = ROTTEN;
        spoil(fd);
    }
    return result;
}

int fsync(int fd)
{
    return synced(fd, libc_fsync(fd));
}

int fdatasync(int fd)
{
    return synced(fd, libc_fdatasync(fd));
}
