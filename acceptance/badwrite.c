/*
 * A disk with places that do not take what is written, for programs that are started with this library:
 *
 *   BADWRITE_DISK=/dev/loop7 BADWRITE_BYTES=512:512,1048576:4096 BADWRITE_HOW=lose LD_PRELOAD=./badwrite.so PROGRAM...
 *
 * BADWRITE_BYTES lists ranges as OFFSET:LENGTH. With BADWRITE_HOW=lose a write says that it has succeeded, and what falls into a
 * range is lost. With BADWRITE_HOW=fail a write that touches a range fails as a whole with EIO. To zero, punch or discard such a range by
 * command is not supported, so that the program writes zeros. Reads are those of libc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "badranges.h"

#define BLKDISCARD 0x1277
#define BLKZEROOUT 0x127f

static int fails;

static ssize_t (*libc_write)(int, const void *, size_t);
static ssize_t (*libc_pwrite)(int, const void *, size_t, off_t);
static int (*libc_fallocate)(int, int, off_t, off_t);
static int (*libc_ioctl)(int, unsigned long, void *);

__attribute__((constructor)) static void begin(void)
{
    libc_write = dlsym(RTLD_NEXT, "write");
    libc_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    libc_fallocate = dlsym(RTLD_NEXT, "fallocate64");
    libc_ioctl = dlsym(RTLD_NEXT, "ioctl");
    const char *how = getenv("BADWRITE_HOW");
    if (!how)
        return;
    fails = strcmp(how, "fail") == 0;
    take_ranges(getenv("BADWRITE_DISK"), getenv("BADWRITE_BYTES"));
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

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t offset)
{
    if (!is_disk(fd) || !touches(offset, length))
        return libc_pwrite(fd, from, length, offset);
    if (fails) {
        errno = EIO;
        return -1;
    }
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

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    if (is_disk(fd) && touches(offset, length)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return libc_fallocate(fd, mode, offset, length);
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    return fallocate64(fd, mode, offset, length);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    const unsigned long *range = argument;
    if ((request == BLKDISCARD || request == BLKZEROOUT) && is_disk(fd) && touches(range[0], range[1])) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return libc_ioctl(fd, request, argument);
}
