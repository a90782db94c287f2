package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;

/** The first bytes of an array as a volume, for tests. Notes what is read. */
public final class MemoryVolume implements BlockSource {
    private final byte[] content;
    private final long sizeBytes;
    private final List<long[]> reads = new ArrayList<>();
    private long bytesRead;

    public MemoryVolume(byte[] content, long sizeBytes) {
        this.content = content;
        this.sizeBytes = sizeBytes;
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
        if (offset < 0 || offset > sizeBytes - into.remaining()) {
            throw new DeviceException("read behind the end, at " + offset, 0, null);
        }
        reads.add(new long[] {offset, offset + into.remaining()});
        bytesRead += into.remaining();
        into.put(content, (int) offset, into.remaining());
    }

    /** What was read, as {from, end}. */
    public List<long[]> reads() {
        return reads;
    }

    public long bytesRead() {
        return bytesRead;
    }
}
