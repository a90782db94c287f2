/*
 * Commands that a disk refuses: to zero, punch or discard a range. badwrite.c and wrap.c say by `refuses` of which ranges. This file is a
 * part of each. A program that is refused so writes zeros.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#define BLKDISCARD 0x1277
#define BLKZEROOUT 0x127f

static int (*libc_fallocate)(int, int, off_t, off_t);
static int (*libc_ioctl)(int, unsigned long, void *);

/* Whether a command for this range of this descriptor is not supported. */
static int refuses(int fd, off_t offset, off_t length);

static void take_commands(void)
{
    libc_fallocate = dlsym(RTLD_NEXT, "fallocate64");
    libc_ioctl = dlsym(RTLD_NEXT, "ioctl");
}

static int refuse(void)
{
    errno = EOPNOTSUPP;
    return -1;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    return refuses(fd, offset, length) ? refuse() : libc_fallocate(fd, mode, offset, length);
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
    int is_known = request == BLKDISCARD || request == BLKZEROOUT;
    return is_known && refuses(fd, range[0], range[1]) ? refuse() : libc_ioctl(fd, request, argument);
}

#endif
