/*
 * The disk that badread.c, badwrite.c and wrap.c make bad, and its bad ranges. Each is compiled alone; this file is a part of it.
 */
#ifndef BADRANGES_H
#define BADRANGES_H

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MOST_RANGES 2048

static struct { off_t from, end; } bad[MOST_RANGES];
static int count;
static struct stat disk;

/* Takes the disk PATH and the ranges TEXT, listed as OFFSET:LENGTH with commas between them. Without both no disk is bad. */
static void take_ranges(const char *path, const char *text)
{
    if (!path || !text || stat(path, &disk) != 0)
        return;
    while (count < MOST_RANGES) {
        char *end;
        bad[count].from = strtoll(text, &end, 10);
        if (end == text || *end != ':')
            return;
        bad[count].end = bad[count].from + strtoll(end + 1, &end, 10);
        count++;
        text = *end == ',' ? end + 1 : end;
    }
}

static int is_disk(int fd)
{
    int before = errno;
    struct stat found;
    int same = count > 0 && fstat(fd, &found) == 0
        && (S_ISBLK(disk.st_mode) ? S_ISBLK(found.st_mode) && found.st_rdev == disk.st_rdev
                                  : found.st_dev == disk.st_dev && found.st_ino == disk.st_ino);
    errno = before;
    return same;
}

#endif
