package org.imgblstr.disk.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.disk.device.DeviceException;

/** Gathers what is written into large blocks, so that a file server sees few and whole writes. One thread. */
public final class FileOutput implements Closeable {
    /** A multiple of every block size in use; 2 MiB is where larger writes stop being faster. */
    public static final int BLOCK_BYTES = 2 << 20;

    private static final int ENOSPC = 28;

    private final Path path;
    private final WritableByteChannel channel;
    private final FileReadBack readBack;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private long written;

    /**
     * @param path what messages name
     * @param readBack told of what was written; null when nothing is read back
     */
    FileOutput(Path path, WritableByteChannel channel, FileReadBack readBack) {
        this.path = path;
        this.channel = channel;
        this.readBack = readBack;
    }

    /** Offset in the file of the next byte. */
    long position() {
        return written + block.position();
    }

    /** Takes the bytes between position and limit, which stay as they are. */
    void put(ByteBuffer from) throws IOException {
        int at = from.position();
        int left = from.remaining();
        while (left > 0) {
            int part = Math.min(left, block.remaining());
            block.put(block.position(), from, at, part);
            block.position(block.position() + part);
            at += part;
            left -= part;
            if (!block.hasRemaining()) {
                flush();
            }
        }
    }

    /** Leaves out bytes that are not written: the next one goes so many bytes behind the last. The channel must be moved there as well. */
    void skip(long bytes) throws IOException {
        flush();
        written += bytes;
    }

    void flush() throws IOException {
        block.flip();
        int bytes = block.limit();
        long checksum = readBack == null ? 0 : TrackChecksum.of(block);
        try {
            while (block.hasRemaining()) {
                written += channel.write(block);
            }
        } catch (IOException e) {
            throw failed("writing", e);
        }
        block.clear();
        if (readBack != null && bytes > 0) {
            readBack.onWritten(written - bytes, bytes, checksum);
        }
    }

    /** Makes a failure say what failed where; {@code doing} is a verb in -ing. */
    IOException failed(String doing, IOException cause) {
        if (cause instanceof ClosedChannelException || cause instanceof NameTakenException) {
            return cause;
        }
        String why = cause.getMessage();
        boolean isFull = why != null && (why.contains("No space left") || why.contains("quota exceeded"));
        String advice = isFull ? "; free some space or choose another place" : "";
        String message = path + ": " + doing + " the file failed after " + written + " bytes: " + why + advice;
        return new DeviceException(message, isFull ? ENOSPC : 0, cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
