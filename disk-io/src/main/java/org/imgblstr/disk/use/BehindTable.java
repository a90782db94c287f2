package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ForwardingSource;

/**
 * A whole disk on which sectors of a GPT that cannot be read count as zero: its other copy has told what they hold, and no signature of
 * anything else lies in them. All other sectors must be readable.
 */
final class BehindTable extends ForwardingSource {
    /** Bytes of the entries: 128 of 128 bytes. */
    private static final int ENTRIES_BYTES = 16 << 10;

    BehindTable(BlockSource disk) {
        super(disk);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        int position = into.position();
        try {
            below.read(offset, into);
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            readPieces(offset, into.position(position));
        }
    }

    private void readPieces(long offset, ByteBuffer into) throws DeviceException {
        int end = into.limit();
        for (long at = offset; into.position() < end; ) {
            int length = (int) Math.min(end - into.position(), sectorBytes() - at % sectorBytes());
            int position = into.position();
            try {
                below.read(at, into.limit(position + length));
            } catch (DeviceException e) {
                if (e.isGone() || !isOfTable(at)) {
                    throw e;
                }
                into.put(position, new byte[length]).position(position + length);
            }
            into.limit(end);
            at += length;
        }
    }

    private boolean isOfTable(long offset) {
        int tableBytes = sectorBytes() + ENTRIES_BYTES;
        boolean isPrimary = offset >= sectorBytes() && offset < sectorBytes() + tableBytes;
        return isPrimary || offset >= sizeBytes() - tableBytes;
    }
}
