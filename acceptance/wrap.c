/*
 * A disk that holds less than it says, and wraps: what lies behind WRAP_BYTES is what lies so many bytes before it. For programs that
 * are started with this library:
 *
 *   WRAP_DISK=/dev/loop7 WRAP_BYTES=8388608 LD_PRELOAD=./wrap.so PROGRAM...
 *
 * To zero, punch or discard by command is not supported, so that the program writes zeros. WRAP_BYTES is a multiple of 4096.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "badranges.h"
#include "refused.h"

static off_t period;

static ssize_t (*libc_pread)(int, void *, size_t, off_t);
static ssize_t (*libc_pwrite)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void begin(void)
{
    libc_pread = dlsym(RTLD_NEXT, "pread64");
    libc_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    take_commands();
    const char *path = getenv("WRAP_DISK"), *bytes = getenv("WRAP_BYTES");
    if (path && bytes) {
        period = strtoll(bytes, NULL, 10);
        take_ranges(path, "0:1"); /* is_disk knows the disk by that */
    }
}

/* Bytes from OFFSET on that lie together. */
static size_t together(off_t offset, size_t length)
{
    size_t most = period - offset % period;
    return length < most ? length : most;
}

ssize_t pread64(int fd, void *into, size_t length, off64_t offset)
{
    return period > 0 && length > 0 && is_disk(fd) ? libc_pread(fd, into, together(offset, length), offset % period)
                                                   : libc_pread(fd, into, length, offset);
}

ssize_t pread(int fd, void *into, size_t length, off_t offset)
{
    return pread64(fd, into, length, offset);
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t offset)
{
    return period > 0 && length > 0 && is_disk(fd) ? libc_pwrite(fd, from, together(offset, length), offset % period)
                                                   : libc_pwrite(fd, from, length, offset);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset)
{
    return pwrite64(fd, from, length, offset);
}

static int refuses(int fd, off_t offset, off_t length)
{
    return period > 0 && offset >= 0 && length > 0 && is_disk(fd);
}
