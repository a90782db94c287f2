package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.imgblstr.sealing.primitive.Libcrypto;

/**
 * The system calls that Java does not offer. Loading this class starts JNA (about a tenth of a second), so only what writes, or what has
 * already failed, touches it. Numbers are those of linux/fs.h, linux/falloc.h and fcntl.h on x86-64 and aarch64.
 */
public final class Libc {
    private static final int O_RDWR = 2;
    private static final int O_RDONLY = 0;
    private static final int O_EXCL = 0x80;
    private static final int O_CLOEXEC = 0x80000;

    /** Linux gives O_DIRECT another number on each of the two processors that we support. */
    private static final int O_DIRECT = "aarch64".equals(System.getProperty("os.arch")) ? 0x10000 : 0x4000;

    private static final int LOCK_SH_NB = 1 | 4;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;

    /** Bytes from here on, behind the end of any disk, are marks: the place of one tells a process. */
    private static final long MARKS = 1L << 62;

    private static final long MOST_PROCESSES = 1L << 32;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    /** Size of {@code struct flock}, and the offsets of its fields; type and whence stand at its front, two bytes each. */
    private static final int FLOCK_START = 8;

    private static final int FLOCK_LENGTH = 16;
    private static final int FLOCK_BYTES = 32;
    private static final int BLKRRPART = 0x125f;
    private static final int BLKDISCARD = 0x1277;
    private static final int BLKZEROOUT = 0x127f;
    private static final int KEEP_SIZE_PUNCH_HOLE = 1 | 2;
    private static final int FADV_DONTNEED = 4;
    private static final int SEEK_DATA = 3;
    private static final int WAIT_BEFORE_WRITE_WAIT_AFTER = 1 | 2 | 4;
    private static final int AT_FDCWD = -100;
    private static final int RENAME_NOREPLACE = 1;

    /** One more than the largest error number of Linux. */
    private static final int END_ERRNO = 134;

    static {
        Libcrypto.keepJnaFromSearching();
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** Opens for reading and writing. {@code exclusive}: fails with EBUSY when the kernel itself uses the device (mount, swap, LVM). */
    static int openForWriting(Path path, boolean exclusive) {
        return open(path, O_RDWR | O_CLOEXEC | (exclusive ? O_EXCL : 0));
    }

    /** Opens for reading. */
    public static int openForReading(Path path) {
        return open(path, O_RDONLY | O_CLOEXEC);
    }

    /** Opens a block device for reading and holds it exclusively: fails with EBUSY when the kernel or a program holds the device exclusively already. */
    public static int openExclusively(String node) {
        return open(Path.of(node), O_RDONLY | O_EXCL | O_CLOEXEC);
    }

    /** Opens for reading past the page cache: place, length and buffer of each read are multiples of a sector. */
    static int openForDirectReading(Path path) {
        return open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);
    }

    /** Reads up to {@code length} bytes into a direct {@code ByteBuffer}, from its first byte on. */
    static int read(int fd, ByteBuffer direct, int length, long offset) {
        return pread(fd, direct, new NativeLong(length), offset).intValue();
    }

    /** Whether the kernel or a program has a block device open exclusively. */
    public static boolean isHeld(String node) {
        try {
            closeQuietly(openExclusively(node));
            return false;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EBUSY) {
                return true;
            }
            throw e;
        }
    }

    public static void closeQuietly(int fd) {
        try {
            close(fd);
        } catch (LastErrorException ignored) {
            // Callers that need their data on the disk have synced it. The descriptor is free again whatever close
            // says.
        }
    }

    /** Takes the lock of flock(2), which udev and other imagers respect. False only when another program has that lock. */
    static boolean tryLock(int fd) {
        return tryLock(fd, LOCK_EX_NB);
    }

    /** Takes the lock of flock(2) as a shared one: other programs that only read may have the lock as well. */
    public static boolean tryLockShared(int fd) {
        return tryLock(fd, LOCK_SH_NB);
    }

    private static boolean tryLock(int fd, int operation) {
        try {
            flock(fd, operation);
            return true;
        } catch (LastErrorException e) {
            return e.getErrorCode() != Errno.EAGAIN;
        }
    }

    /**
     * Whether another program has a lock of fcntl on these bytes, of the process or of the open file, that would conflict with a lock of ours.
     * Marks of {@link #markAsOurs} do not count.
     *
     * @param isForWriting whether we would write: then locks of programs that only read conflict as well
     * @param length 0: without an end
     */
    public static boolean isRangeLocked(int fd, boolean isForWriting, long start, long length) {
        try (Memory lock = range(isForWriting ? F_WRLCK : F_RDLCK, start, length == 0 ? MARKS - start : length)) {
            fcntl(fd, F_OFD_GETLK, lock);
            return lock.getShort(0) != F_UNLCK;
        }
    }

    /** Marks an open file as one that a process of ours works on, until it is closed. Other marks, and readers, do not conflict. */
    public static void markAsOurs(int fd, long process) {
        try (Memory lock = range(F_RDLCK, MARKS + process, 1)) {
            fcntl(fd, F_OFD_SETLK, lock);
        }
    }

    /** The process of a mark that another open file has; 0 for none. */
    public static long markOf(int fd) {
        try (Memory lock = range(F_WRLCK, MARKS, MOST_PROCESSES)) {
            fcntl(fd, F_OFD_GETLK, lock);
            return lock.getShort(0) == F_UNLCK ? 0 : lock.getLong(FLOCK_START) - MARKS;
        }
    }

    private static Memory range(short type, long start, long length) {
        Memory lock = new Memory(FLOCK_BYTES);
        lock.clear();
        lock.setShort(0, type);
        lock.setLong(FLOCK_START, start);
        lock.setLong(FLOCK_LENGTH, length);
        return lock;
    }

    /** Writes out what the page cache holds of an open file. */
    public static void sync(int fd) {
        fsync(fd);
    }

    static void rereadPartitionTable(int fd) {
        ioctl(fd, new NativeLong(BLKRRPART), Pointer.NULL);
    }

    static void discardBlocks(int fd, long offset, long length) {
        rangeIoctl(fd, BLKDISCARD, offset, length);
    }

    static void zeroBlocks(int fd, long offset, long length) {
        rangeIoctl(fd, BLKZEROOUT, offset, length);
    }

    static void punchHole(int fd, long offset, long length) {
        fallocate(fd, KEEP_SIZE_PUNCH_HOLE, offset, length);
    }

    /** First byte from {@code offset} on for which the file system has something stored; ENXIO when there is none before the end. */
    static long nextData(int fd, long offset) {
        return lseek(fd, offset, SEEK_DATA);
    }

    /** Writes a range's dirty pages out and forgets them, so that the next read comes from the device. */
    static void dropFromCache(int fd, long offset, long length) {
        sync_file_range(fd, offset, length, WAIT_BEFORE_WRITE_WAIT_AFTER);
        posix_fadvise(fd, offset, length, FADV_DONTNEED);
    }

    /** Forgets what the page cache has of a file or device that was synced. A hint: the kernel does not tell whether it followed. */
    static void dropFromCache(int fd) {
        posix_fadvise(fd, 0, 0, FADV_DONTNEED);
    }

    /** Finds the error number of a system message in the user's language, because Java's exceptions have only the message; 0 when no number has that message. */
    static int errnoOf(String message) {
        if (message != null) {
            for (int errno = 1; errno < END_ERRNO; errno++) {
                if (message.endsWith(strerror(errno))) {
                    return errno;
                }
            }
        }
        return 0;
    }

    /**
     * Gives a file another name that nobody has, in one step. False where the file system does not offer that; then nothing has changed.
     *
     * @throws FileAlreadyExistsException when somebody has the name
     */
    public static boolean renameToFreeName(Path from, Path to) throws FileAlreadyExistsException {
        try {
            renameat2(AT_FDCWD, FileNames.terminated(from), AT_FDCWD, FileNames.terminated(to), RENAME_NOREPLACE);
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EEXIST) {
                throw new FileAlreadyExistsException(to.toString());
            }
            return false;
        }
    }

    private static void rangeIoctl(int fd, int request, long offset, long length) {
        try (Memory range = new Memory(2L * Long.BYTES)) {
            range.setLong(0, offset);
            range.setLong(Long.BYTES, length);
            ioctl(fd, new NativeLong(request), range);
        }
    }

    private static int open(Path path, int flags) {
        return open(FileNames.terminated(path), flags);
    }

    private static native int open(byte[] path, int flags) throws LastErrorException;

    private static native NativeLong pread(int fd, ByteBuffer into, NativeLong length, long offset)
            throws LastErrorException;

    private static native int close(int fd) throws LastErrorException;

    private static native int fsync(int fd) throws LastErrorException;

    private static native int fcntl(int fd, int command, Pointer argument) throws LastErrorException;

    private static native int flock(int fd, int operation) throws LastErrorException;

    private static native int ioctl(int fd, NativeLong request, Pointer argument) throws LastErrorException;

    private static native int fallocate(int fd, int mode, long offset, long length) throws LastErrorException;

    private static native int sync_file_range(int fd, long offset, long length, int flags) throws LastErrorException;

    private static native int renameat2(int fromFolder, byte[] from, int toFolder, byte[] to, int flags)
            throws LastErrorException;

    private static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    private static native int posix_fadvise(int fd, long offset, long length, int advice);

    static native String strerror(int errno);
}
