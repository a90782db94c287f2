package org.imgblstr.disk.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.imgblstr.disk.device.DeviceException;

/** A file as a volume, for tests: any size, any alignment. */
public final class FileVolume implements BlockSource, AutoCloseable {
    private final FileChannel channel;
    private final long sizeBytes;

    public FileVolume(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.READ);
        sizeBytes = channel.size();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return 512;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        try {
            long at = offset;
            while (into.hasRemaining()) {
                int got = at < 0 ? -1 : channel.read(into, at);
                if (got < 0) {
                    throw new DeviceException("read behind the end, at " + at, 0, null);
                }
                at += got;
            }
        } catch (DeviceException failed) {
            throw failed;
        } catch (IOException failed) {
            throw new DeviceException(failed.getMessage(), 0, failed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
