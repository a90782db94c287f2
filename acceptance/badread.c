/*
 * A disk with sectors that cannot be read, for programs that are started with this library:
 *
 *   BADREAD_DISK=/dev/loop7 BADREAD_BYTES=512:512,1048576:4096 LD_PRELOAD=./badread.so PROGRAM...
 *
 * BADREAD_BYTES lists ranges as OFFSET:LENGTH. With BADREAD_MS a read that fails takes so many milliseconds, as it does on a drive. Reads of the disk answer as the kernel does for such a medium: past the page cache
 * (O_DIRECT) a read fails when it touches a bad byte; through the page cache a whole page of 4096 bytes is bad, and a read gives
 * what lies before the page. Everything else goes to libc. JNA looks functions up in the whole process, where this library comes
 * before libc, so that calls by JNA come here as well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "badranges.h"

#define PAGE 4096

static ssize_t (*libc_read)(int, void *, size_t);
static ssize_t (*libc_pread)(int, void *, size_t, off_t);
static ssize_t (*libc_readv)(int, const struct iovec *, int);
static ssize_t (*libc_preadv)(int, const struct iovec *, int, off_t);

static long delay_ms;

__attribute__((constructor)) static void begin(void)
{
    libc_read = dlsym(RTLD_NEXT, "read");
    libc_pread = dlsym(RTLD_NEXT, "pread64");
    libc_readv = dlsym(RTLD_NEXT, "readv");
    libc_preadv = dlsym(RTLD_NEXT, "preadv64");
    take_ranges(getenv("BADREAD_DISK"), getenv("BADREAD_BYTES"));
    const char *delay = getenv("BADREAD_MS");
    delay_ms = delay ? strtol(delay, NULL, 10) : 0;
}

/* Bytes that a read of LENGTH bytes at OFFSET gives; -1 when it fails. */
static ssize_t readable(int fd, off_t offset, size_t length)
{
    int is_direct = fcntl(fd, F_GETFL) & O_DIRECT;
    off_t end = offset + length;
    for (int i = 0; i < count; i++) {
        off_t from = is_direct ? bad[i].from : bad[i].from / PAGE * PAGE;
        off_t to = is_direct ? bad[i].end : (bad[i].end + PAGE - 1) / PAGE * PAGE;
        if (offset < to && from < end)
            end = is_direct || from <= offset ? -1 : from;
    }
    return end < 0 ? -1 : end - offset;
}

static size_t sum(const struct iovec *parts, int n)
{
    size_t bytes = 0;
    while (n-- > 0)
        bytes += parts[n].iov_len;
    return bytes;
}

static ssize_t fail(void)
{
    if (delay_ms > 0) {
        struct timespec pause = { delay_ms / 1000, delay_ms % 1000 * 1000000 };
        nanosleep(&pause, NULL);
    }
    errno = EIO;
    return -1;
}

ssize_t pread64(int fd, void *into, size_t length, off64_t offset)
{
    if (length == 0 || !is_disk(fd))
        return libc_pread(fd, into, length, offset);
    ssize_t most = readable(fd, offset, length);
    return most < 0 ? fail() : libc_pread(fd, into, most, offset);
}

ssize_t pread(int fd, void *into, size_t length, off_t offset)
{
    return pread64(fd, into, length, offset);
}

ssize_t read(int fd, void *into, size_t length)
{
    if (length == 0 || !is_disk(fd))
        return libc_read(fd, into, length);
    ssize_t most = readable(fd, lseek(fd, 0, SEEK_CUR), length);
    return most < 0 ? fail() : libc_read(fd, into, most);
}

/* A read into several parts fails as a whole: no caller may count on getting a piece of it. */
ssize_t preadv64(int fd, const struct iovec *parts, int n, off64_t offset)
{
    size_t length = sum(parts, n);
    return length > 0 && is_disk(fd) && readable(fd, offset, length) != (ssize_t) length
        ? fail() : libc_preadv(fd, parts, n, offset);
}

ssize_t preadv(int fd, const struct iovec *parts, int n, off_t offset)
{
    return preadv64(fd, parts, n, offset);
}

ssize_t readv(int fd, const struct iovec *parts, int n)
{
    size_t length = sum(parts, n);
    return length > 0 && is_disk(fd) && readable(fd, lseek(fd, 0, SEEK_CUR), length) != (ssize_t) length
        ? fail() : libc_readv(fd, parts, n);
}
