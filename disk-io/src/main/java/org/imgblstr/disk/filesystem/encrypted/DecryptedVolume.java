package org.imgblstr.disk.filesystem.encrypted;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;

/** What lies within an encrypted volume, decrypted where it is read. One thread. */
final class DecryptedVolume implements BlockSource {
    /** What is decrypted at once. */
    private static final int PIECE_BYTES = 256 << 10;

    private final BlockSource below;
    private final EncryptedLayout layout;
    private final SectorCipher cipher;

    DecryptedVolume(BlockSource below, EncryptedLayout layout, SectorCipher cipher) {
        this.below = below;
        this.layout = layout;
        this.cipher = cipher;
    }

    @Override
    public long sizeBytes() {
        return layout.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return Math.max(below.sectorBytes(), layout.sectorBytes());
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        if (offset < 0 || offset > sizeBytes() - into.remaining()) {
            throw new DeviceException("read at " + offset + " leaves the decrypted volume of " + sizeBytes(), 0, null);
        }
        long at = offset;
        while (into.hasRemaining()) {
            EncryptedLayout.Segment segment = layout.at(at);
            int count = (int) Math.min(into.remaining(), segment.end() - at);
            if (segment.place() == EncryptedLayout.NOWHERE) {
                into.put(new byte[count]);
            } else {
                count = decrypt(segment, at - segment.first(), count, into);
            }
            at += count;
        }
    }

    /** Puts up to {@code count} bytes from {@code offset} of a segment on; how many. */
    private int decrypt(EncryptedLayout.Segment segment, long offset, int count, ByteBuffer into)
            throws DeviceException {
        int sector = layout.sectorBytes();
        int skipped = (int) (offset % sector);
        long first = segment.place() + offset - skipped;
        int length = (int) Math.min(PIECE_BYTES, ((long) skipped + count + sector - 1) / sector * sector);
        ByteBuffer piece = ByteBuffer.allocate(length);
        below.read(first, piece);
        byte[] bytes = piece.array();
        try {
            for (int at = 0; at < length; at += sector) {
                cipher.decrypt(bytes, at, sector, first + at);
            }
        } catch (GeneralSecurityException e) {
            throw new DeviceException("cannot be decrypted: " + e.getMessage(), 0, e);
        }
        int put = Math.min(count, length - skipped);
        into.put(bytes, skipped, put);
        return put;
    }
}
