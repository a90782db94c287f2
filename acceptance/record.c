/*
 * Notes each order that changes files or disks, and what a program says, in the order in which they are given:
 *
 *   RECORD_LOG=log RECORD_PLACES=/mnt/store:/dev/loop7:/tmp/target LD_PRELOAD=./record.so PROGRAM...
 *
 * RECORD_PLACES names folders (all of the file system that they lie on), block devices and regular files. Before an order is given a
 * record with its data goes to the log, and after it one that it has ended, with its result. lab/power/journal.py reads the log; what
 * the log means is told in docs/testing.md, section "Power cuts". An order that changes a place and that this library cannot follow
 * is noted as such, so that nobody takes the log for complete. Each process of the program has the library and adds to the same log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BLKDISCARD 0x1277
#define BLKSECDISCARD 0x127d
#define BLKZEROOUT 0x127f
#define FICLONE 0x40049409
#define FICLONERANGE 0x4020940d
#define MAGIC 0x52574f50 /* "POWR" */
#define MOST_PLACES 16
#define MOST_PARTS 64
#define LOG_FD 700

enum kind { WRITE = 1, LENGTH, ZERO, DISCARD, SYNC, CREATE, LINK, RENAME, UNLINK, FOLDER, OPENED, END, SAID, UNKNOWN };

struct record {
    uint32_t magic, bytes; /* what follows this header */
    uint32_t kind;
    int32_t process;
    uint64_t number; /* of the order; END has that of the order that has ended */
    int64_t time_ns; /* CLOCK_MONOTONIC */
    uint64_t device, inode;
    int64_t offset, count, result;
};

static struct stat places[MOST_PLACES];
static int place_count;
static int log_fd = -1;
static uint64_t last_number;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) \
        real = (result (*)(__VA_ARGS__)) dlsym(RTLD_NEXT, name)

static void die(const char *why)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    char text[200];
    int length = snprintf(text, sizeof text, "record.c: %s: %s\n", why, strerror(errno));
    real(2, text, length);
    _exit(99);
}

__attribute__((constructor)) static void begin(void)
{
    REAL(int, "open64", const char *, int, ...);
    const char *log = getenv("RECORD_LOG");
    const char *named = getenv("RECORD_PLACES");
    if (!log || !named)
        return;
    char text[PATH_MAX * 4];
    snprintf(text, sizeof text, "%s", named);
    for (char *rest = text, *path; (path = strsep(&rest, ":")) && place_count < MOST_PLACES;)
        if (stat(path, &places[place_count]) == 0)
            place_count++;
        else
            die(path);
    int fd = real(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    log_fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, LOG_FD);
    if (log_fd < 0)
        die(log);
    close(fd);
}

static int is_place(const struct stat *found)
{
    for (int i = 0; i < place_count; i++) {
        const struct stat *place = &places[i];
        if (S_ISBLK(place->st_mode) ? S_ISBLK(found->st_mode) && found->st_rdev == place->st_rdev
            : S_ISDIR(place->st_mode) ? !S_ISBLK(found->st_mode) && found->st_dev == place->st_dev
                                      : found->st_dev == place->st_dev && found->st_ino == place->st_ino)
            return 1;
    }
    return 0;
}

/* Whether a descriptor leads to a place; FOUND says what it is. */
static int looks(int fd, struct stat *found)
{
    int before = errno;
    int is = log_fd >= 0 && fstat(fd, found) == 0 && (S_ISREG(found->st_mode) || S_ISBLK(found->st_mode) || S_ISDIR(found->st_mode))
        && is_place(found);
    errno = before;
    return is;
}

static void put(struct record *record, const struct iovec *data, int parts)
{
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    struct iovec all[MOST_PARTS + 1] = {{record, sizeof *record}};
    size_t length = sizeof *record;
    int before = errno;
    if (parts > MOST_PARTS)
        die("too many parts");
    for (int i = 0; i < parts; i++) {
        all[i + 1] = data[i];
        length += data[i].iov_len;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    record->magic = MAGIC;
    record->bytes = length - sizeof *record;
    record->process = getpid();
    record->time_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
    /* One call: the kernel puts records of all threads and processes one behind the other. */
    if (real(log_fd, all, parts + 1) != (ssize_t) length)
        die("the log cannot be written");
    errno = before;
}

static struct record order(enum kind kind, const struct stat *file, off_t offset, off_t count)
{
    struct record found = {.kind = kind, .offset = offset, .count = count};
    found.number = ((uint64_t) getpid() << 32) | __atomic_add_fetch(&last_number, 1, __ATOMIC_SEQ_CST);
    if (file) {
        found.device = S_ISBLK(file->st_mode) ? file->st_rdev : file->st_dev;
        found.inode = S_ISBLK(file->st_mode) ? 0 : file->st_ino;
    }
    return found;
}

static void put_bytes(struct record *record, const void *bytes, size_t length)
{
    struct iovec data = {(void *) bytes, length};
    put(record, &data, 1);
}

/* The order has ended: RESULT is what the caller is told, minus the error number for a failure. */
static void ended(struct record *record, int64_t result)
{
    record->kind = END;
    record->result = result < 0 ? -errno : result;
    put(record, NULL, 0);
}

static void cannot_follow(const char *what)
{
    struct record record = order(UNKNOWN, NULL, 0, 0);
    put_bytes(&record, what, strlen(what));
}

/* ------------------------------------------------------------------------------------------------------------ names */

/* The path of a name without links in its folders, when it lies on a place that is a folder. FOLDER says what the folder is. */
static int real_path(int at, const char *path, char *into, struct stat *folder)
{
    char whole[PATH_MAX], resolved[PATH_MAX], cut[PATH_MAX];
    int before = errno, found = 0;
    if (log_fd < 0 || !path)
        return 0;
    if (*path == '/')
        snprintf(whole, sizeof whole, "%s", path);
    else {
        char link[64], base[PATH_MAX];
        snprintf(link, sizeof link, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length < 0)
            goto out;
        base[length] = 0;
        if (snprintf(whole, sizeof whole, "%s/%s", base, path) >= (int) sizeof whole)
            goto out;
    }
    snprintf(cut, sizeof cut, "%s", whole);
    char *slash = strrchr(cut, '/');
    const char *name = strrchr(whole, '/') + 1;
    *slash = 0;
    if (realpath(slash == cut ? "/" : cut, resolved) && stat(resolved, folder) == 0 && is_place(folder))
        found = snprintf(into, PATH_MAX, "%s/%s", resolved, name) < PATH_MAX;
out:
    errno = before;
    return found;
}

static struct record name_order(enum kind kind, const struct stat *folder, const char *path, const char *to)
{
    struct record record = order(kind, folder, 0, 0);
    struct iovec data[2] = {{(void *) path, strlen(path) + 1}, {(void *) to, to ? strlen(to) + 1 : 0}};
    put(&record, data, 2);
    return record;
}

/* A file is open: its number and its path, so that the reader of the log knows what the number stands for. */
static void opened(int fd)
{
    struct stat found;
    char link[64], path[PATH_MAX];
    if (fd < 0 || !looks(fd, &found))
        return;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length > 0) {
        path[length] = 0;
        struct record record = order(OPENED, &found, fcntl(fd, F_GETFL), 0);
        put_bytes(&record, path, length + 1);
    }
}

typedef int (*opener)(int, const char *, int, ...);

static int open_noted(opener real, int at, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    struct stat folder, file;
    int before = errno;
    int exists = log_fd >= 0 && path && fstatat(at, path, &file, 0) == 0;
    errno = before;
    if (exists && flags & O_TRUNC && is_place(&file) && S_ISREG(file.st_mode)) {
        struct record cut = order(LENGTH, &file, 0, 0);
        put(&cut, NULL, 0);
        int fd = real(at, path, flags, mode);
        ended(&cut, fd);
        opened(fd);
        return fd;
    }
    if ((flags & O_TMPFILE) == O_TMPFILE && real_path(at, path, whole, &folder))
        cannot_follow("O_TMPFILE");
    if (!(flags & O_CREAT) || exists || !real_path(at, path, whole, &folder)) {
        int fd = real(at, path, flags, mode);
        opened(fd);
        return fd;
    }
    struct record made = name_order(CREATE, &folder, whole, NULL);
    int fd = real(at, path, flags, mode);
    if (fd >= 0 && fstat(fd, &file) == 0)
        made.inode = file.st_ino;
    ended(&made, fd);
    return fd;
}

#define MODE_OF(flags, mode) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }

int openat64(int at, const char *path, int flags, ...)
{
    REAL(int, "openat64", int, const char *, int, ...);
    MODE_OF(flags, mode)
    return open_noted(real, at, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    MODE_OF(flags, mode)
    return openat64(at, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, mode)
    return openat64(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int open(const char *path, int flags, ...)
{
    MODE_OF(flags, mode)
    return openat64(AT_FDCWD, path, flags, mode);
}

int creat64(const char *path, mode_t mode)
{
    return openat64(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat(const char *path, mode_t mode)
{
    return creat64(path, mode);
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    char one[PATH_MAX], other[PATH_MAX];
    struct stat folder, into;
    int is_from = real_path(from_at, from, one, &folder), is_to = real_path(to_at, to, other, &into);
    if (!is_from && !is_to)
        return real(from_at, from, to_at, to, flags);
    if (!is_from || !is_to || flags & ~RENAME_NOREPLACE)
        cannot_follow("a rename to or from elsewhere, or an exchange");
    struct record record = name_order(RENAME, is_from ? &folder : &into, is_from ? one : "", is_to ? other : "");
    int result = real(from_at, from, to_at, to, flags);
    ended(&record, result);
    return result;
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* With RECORD_NO_LINKS a place has no hard links, as FAT has none. */
int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    REAL(int, "linkat", int, const char *, int, const char *, int);
    char one[PATH_MAX], other[PATH_MAX];
    struct stat folder, into;
    if (!real_path(to_at, to, other, &into))
        return real(from_at, from, to_at, to, flags);
    if (getenv("RECORD_NO_LINKS")) {
        errno = EPERM;
        return -1;
    }
    if (!real_path(from_at, from, one, &folder) || flags & AT_EMPTY_PATH)
        cannot_follow("a link to elsewhere");
    struct record record = name_order(LINK, &into, one, other);
    int result = real(from_at, from, to_at, to, flags);
    ended(&record, result);
    return result;
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *content, int at, const char *path)
{
    REAL(int, "symlinkat", const char *, int, const char *);
    char whole[PATH_MAX];
    struct stat folder;
    if (real_path(at, path, whole, &folder))
        cannot_follow("a symbolic link");
    return real(content, at, path);
}

int symlink(const char *content, const char *path)
{
    return symlinkat(content, AT_FDCWD, path);
}

int unlinkat(int at, const char *path, int flags)
{
    REAL(int, "unlinkat", int, const char *, int);
    char whole[PATH_MAX];
    struct stat folder;
    if (!real_path(at, path, whole, &folder))
        return real(at, path, flags);
    struct record record = name_order(UNLINK, &folder, whole, NULL);
    int result = real(at, path, flags);
    ended(&record, result);
    return result;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    int result = unlink(path);
    return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

int mkdirat(int at, const char *path, mode_t mode)
{
    REAL(int, "mkdirat", int, const char *, mode_t);
    char whole[PATH_MAX];
    struct stat folder;
    if (!real_path(at, path, whole, &folder))
        return real(at, path, mode);
    struct record record = name_order(FOLDER, &folder, whole, NULL);
    int result = real(at, path, mode);
    ended(&record, result);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

/* ------------------------------------------------------------------------------------------------------------- data */

static size_t sum(const struct iovec *parts, int n)
{
    size_t bytes = 0;
    while (n-- > 0)
        bytes += parts[n].iov_len;
    return bytes;
}

static off_t place_of(int fd)
{
    struct stat found;
    return fcntl(fd, F_GETFL) & O_APPEND && fstat(fd, &found) == 0 ? found.st_size : lseek(fd, 0, SEEK_CUR);
}

static void said(int fd, const struct iovec *parts, int n)
{
    if (log_fd >= 0 && (fd == 1 || fd == 2)) {
        struct record record = order(SAID, NULL, fd, 0);
        put(&record, parts, n);
    }
}

/* A write of several parts, at OFFSET or, with -1, where the descriptor stands. */
static ssize_t write_noted(int fd, const struct iovec *parts, int n, off_t offset, int flags)
{
    REAL(ssize_t, "pwritev2", int, const struct iovec *, int, off_t, int);
    struct stat found;
    if (!looks(fd, &found)) {
        if (offset < 0)
            said(fd, parts, n);
        return real(fd, parts, n, offset, flags);
    }
    struct record record = order(WRITE, &found, offset < 0 ? place_of(fd) : offset, sum(parts, n));
    put(&record, parts, n);
    ssize_t written = real(fd, parts, n, offset, flags);
    ended(&record, written);
    return written;
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int n, off64_t offset, int flags)
{
    return write_noted(fd, parts, n, offset, flags);
}

ssize_t pwritev2(int fd, const struct iovec *parts, int n, off_t offset, int flags)
{
    return write_noted(fd, parts, n, offset, flags);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset)
{
    return write_noted(fd, parts, n, offset, 0);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset)
{
    return write_noted(fd, parts, n, offset, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    struct stat found;
    if (looks(fd, &found))
        return write_noted(fd, parts, n, -1, 0);
    said(fd, parts, n);
    return real(fd, parts, n);
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t offset)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    struct stat found;
    struct iovec part = {(void *) from, length};
    return looks(fd, &found) ? write_noted(fd, &part, 1, offset, 0) : real(fd, from, length, offset);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset)
{
    return pwrite64(fd, from, length, offset);
}

ssize_t write(int fd, const void *from, size_t length)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    struct stat found;
    struct iovec part = {(void *) from, length};
    if (looks(fd, &found))
        return write_noted(fd, &part, 1, -1, 0);
    said(fd, &part, 1);
    return real(fd, from, length);
}

int ftruncate64(int fd, off64_t length)
{
    REAL(int, "ftruncate64", int, off_t);
    struct stat found;
    if (!looks(fd, &found))
        return real(fd, length);
    struct record record = order(LENGTH, &found, length, 0);
    put(&record, NULL, 0);
    int result = real(fd, length);
    ended(&record, result);
    return result;
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

int truncate64(const char *path, off64_t length)
{
    int fd = open64(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int result = ftruncate64(fd, length);
    close(fd);
    return result;
}

int truncate(const char *path, off_t length)
{
    return truncate64(path, length);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    REAL(int, "fallocate64", int, int, off_t, off_t);
    struct stat found;
    if (!looks(fd, &found) || mode == FALLOC_FL_KEEP_SIZE)
        return real(fd, mode, offset, length);
    int zeroes = (mode & FALLOC_FL_PUNCH_HOLE) || mode == (FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE);
    if (!zeroes)
        cannot_follow("fallocate");
    struct record record = order(ZERO, &found, offset, length);
    put(&record, NULL, 0);
    int result = real(fd, mode, offset, length);
    ended(&record, result);
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    return fallocate64(fd, mode, offset, length);
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    REAL(int, "posix_fallocate64", int, off_t, off_t);
    struct stat found;
    if (looks(fd, &found))
        cannot_follow("posix_fallocate");
    return real(fd, offset, length);
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
    return posix_fallocate64(fd, offset, length);
}

int ioctl(int fd, unsigned long request, ...)
{
    REAL(int, "ioctl", int, unsigned long, void *);
    struct stat found;
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    int is_discard = request == BLKDISCARD || request == BLKSECDISCARD;
    if ((request == FICLONE || request == FICLONERANGE) && looks(fd, &found))
        cannot_follow("a clone");
    if ((!is_discard && request != BLKZEROOUT) || !looks(fd, &found))
        return real(fd, request, argument);
    const uint64_t *range = argument;
    struct record record = order(is_discard ? DISCARD : ZERO, &found, range[0], range[1]);
    put(&record, NULL, 0);
    int result = real(fd, request, argument);
    ended(&record, result);
    return result;
}

/* ----------------------------------------------------------------------------- what nothing of ours does with a place */

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags)
{
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    struct stat found;
    if (looks(to, &found))
        cannot_follow("copy_file_range");
    return real(from, from_at, to, to_at, length, flags);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length)
{
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    struct stat found;
    if (looks(to, &found))
        cannot_follow("sendfile");
    return real(to, from, offset, length);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t length)
{
    return sendfile64(to, from, offset, length);
}

ssize_t splice(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags)
{
    REAL(ssize_t, "splice", int, off64_t *, int, off64_t *, size_t, unsigned);
    struct stat found;
    if (looks(to, &found))
        cannot_follow("splice");
    return real(from, from_at, to, to_at, length, flags);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
    REAL(void *, "mmap64", void *, size_t, int, int, int, off_t);
    struct stat found;
    if (fd >= 0 && flags & MAP_SHARED && protection & PROT_WRITE && looks(fd, &found))
        cannot_follow("mmap");
    return real(address, length, protection, flags, fd, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    return mmap64(address, length, protection, flags, fd, offset);
}

/* ------------------------------------------------------------------------------------------------------------- syncs */

static int sync_noted(int (*real)(int), int fd, int is_all)
{
    struct stat found;
    if (!looks(fd, &found))
        return real(fd);
    struct record record = order(SYNC, &found, 0, is_all);
    put(&record, NULL, 0);
    int result = real(fd);
    ended(&record, result);
    return result;
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return sync_noted(real, fd, 0);
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    return sync_noted(real, fd, 0);
}

/* sync_file_range promises nothing when the power goes; sync and syncfs are for all of a file system. */
int syncfs(int fd)
{
    REAL(int, "syncfs", int);
    return sync_noted(real, fd, 1);
}

void sync(void)
{
    REAL(void, "sync", void);
    struct record record = order(SYNC, NULL, 0, 1);
    if (log_fd >= 0)
        put(&record, NULL, 0);
    real();
    if (log_fd >= 0)
        ended(&record, 0);
}
