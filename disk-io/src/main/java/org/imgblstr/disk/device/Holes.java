package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Where a regular file has nothing stored, as its file system says. Such a range reads as zeros, and asking takes a microsecond where
 * reading would first fill the page cache with them. Every answer is asked for anew, so it holds for files that are being written too.
 * Safe for use by several threads: the position of the descriptor, which asking moves, is of no use to anybody.
 */
final class Holes {
    private final int fd;
    private final FileChannel file;
    private volatile boolean canTell = true;

    /** {@code fd} and {@code file}: of the same regular file; whoever opened them closes them. */
    Holes(int fd, FileChannel file) {
        this.fd = fd;
        this.file = file;
    }

    /** True when nothing is stored between {@code offset} and {@code offset + length}; false as well where nobody knows. */
    boolean contain(long offset, long length) throws IOException {
        return end(offset) >= offset + length;
    }

    /** Where the hole that {@code offset} lies in ends; {@code offset} itself when it lies in none or nobody knows. */
    long end(long offset) throws IOException {
        // A number that was closed may stand for another file by now.
        if (!canTell || !file.isOpen()) {
            return offset;
        }
        try {
            return Math.max(offset, Libc.nextData(fd, offset));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENXIO) {
                // Nothing but hole up to the end; or the file was cut meanwhile, and then there is nothing that reads
                // as zeros.
                return Math.max(offset, file.size());
            }
            canTell = false;
            return offset;
        }
    }
}
