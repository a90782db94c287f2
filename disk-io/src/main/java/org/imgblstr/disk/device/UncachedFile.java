package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file, being written by somebody else, that is read from below the page cache: what was written comes from where it is kept, and the
 * cache is not filled with it. Where the kernel cannot forget pages (files in memory) it reads what there is. One thread.
 */
public final class UncachedFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(UncachedFile.class);

    private final Path path;
    private final FileChannel channel;
    private int fd = ChannelDisk.NO_FD;
    private boolean canDrop = true;

    private UncachedFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** The file must exist. */
    public static UncachedFile open(Path path) throws IOException {
        return new UncachedFile(path);
    }

    /** Fills {@code into} up to its limit. */
    public void read(long offset, ByteBuffer into) throws DeviceException {
        int length = into.remaining();
        drop(offset, length);
        for (long at = offset; into.hasRemaining(); ) {
            int count = readSome(at, into);
            if (count < 0) {
                throw new DeviceException(
                        path + " ends at byte " + at + ", expected " + into.remaining()
                                + " more; see whether another program has cut it",
                        0,
                        null);
            }
            at += count;
        }
        drop(offset, length);
    }

    private int readSome(long offset, ByteBuffer into) throws DeviceException {
        try {
            return channel.read(into, offset);
        } catch (IOException e) {
            int errno = DeviceErrors.errnoOf(e);
            String found = DeviceErrors.text(errno, e);
            throw new DeviceException(path + ": read at byte " + offset + ": " + found, errno, e);
        }
    }

    /** The descriptor is opened here, because that starts JNA, and the thread that reads has time for it. */
    private void drop(long offset, int length) {
        if (!canDrop) {
            return;
        }
        try {
            if (fd == ChannelDisk.NO_FD) {
                fd = Libc.openForReading(path);
            }
            Libc.dropFromCache(fd, offset, length);
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("{}: the page cache is not emptied: {}", path, e.getMessage());
            canDrop = false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (fd != ChannelDisk.NO_FD) {
            Libc.closeQuietly(fd);
        }
    }
}
